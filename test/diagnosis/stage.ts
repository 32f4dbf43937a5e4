import { Readable } from 'node:stream';
import type { GetLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { ECSClient } from '@aws-sdk/client-ecs';
import { clean } from '../../shared/announce/text.ts';
import { createEcs } from '../../shared/aws/ecs.ts';
import { createLogs } from '../../shared/aws/logs.ts';
import { explained } from '../../shared/domain/diagnosis/lastLines.ts';
import { diagnoseEvents } from '../../shared/domain/diagnosis/serviceEvents.ts';
import type { LogTail } from '../../shared/domain/logs.ts';
import type { Cause } from '../../shared/domain/release.ts';
import { aTime } from '../builders.ts';

/** Plays what AWS and the containers said through the real adapters and the diagnosis: only AWS's answers are fake. */

export interface Situation {
  readonly stoppedTasks?: readonly Stopped[];
  /** Oldest first; "(service web) …" as ECS writes it. A number is how many minutes before the deployment it came. */
  readonly serviceEvents?: readonly (string | readonly [text: string, minutesBefore: number])[];
  /** Why ECS ended the deployment, in its own words. */
  readonly deploymentReason?: string;
  /** Lines of the only container, or lines by container. `@5000 text` is an event 5 s after the first. */
  readonly logs?: readonly string[] | Readonly<Record<string, readonly string[]>>;
  /** By container: log configurations other than `awslogs`, and groups that may not be read. */
  readonly drivers?: Readonly<Record<string, string>>;
}

export interface Stopped {
  readonly stopCode?: string;
  readonly stoppedReason?: string;
  /** Seconds between its start and its stop. */
  readonly ran?: number;
  readonly containers?: readonly {
    readonly name: string;
    readonly exitCode?: number;
    readonly reason?: string;
    readonly essential?: boolean;
    readonly healthStatus?: string;
    readonly injected?: boolean;
  }[];
  readonly attachments?: readonly {
    readonly type: string;
    readonly status: string;
    readonly statusReason?: string;
  }[];
}

const START = Date.parse('2026-11-01T10:00:00Z');
const DEPLOYMENT = 'ecs-svc/1234567890';
const REVISION = 'arn:aws:ecs:us-east-1:111122223333:task-definition/web:7';
const SERVICE = 'web';

/** What people are notified of; undefined: nothing was found. */
export async function played(
  situation: Situation,
): Promise<{ readonly cause: Cause | undefined; readonly tail: LogTail }> {
  const ecs = createEcs({ ecs: ecsClient(situation) }, aTime());
  const found = await ecs.firstCause('app', SERVICE, DEPLOYMENT);
  const told = found?.cause ?? ofDeployment(situation.deploymentReason);
  if (!told || !found) return { cause: told, tail: { lines: [], elsewhere: [] } };
  const options = { ...aTime(), region: 'us-east-1', mask: clean };
  const logs = createLogs(() => logsClient(situation) as never, ecs, options);
  const tail = await logs.tail(REVISION, found.taskArns, told.container);
  return { cause: explained(told, tail), tail };
}

function ofDeployment(reason: string | undefined): Cause | undefined {
  return reason === undefined ? undefined : diagnoseEvents(SERVICE, [reason]);
}

function ecsClient(situation: Situation): ECSClient {
  return new ECSClient({
    region: 'us-east-1',
    credentials: { accessKeyId: 'x', secretAccessKey: 'x' },
    // Signing takes a tenth of the time, and no one checks it here.
    signer: { sign: async (request) => request },
    maxAttempts: 1,
    requestHandler: {
      async handle({ headers, body }: { headers: Record<string, string>; body: Uint8Array }) {
        const operation = headers['x-amz-target']?.split('.')[1] ?? '';
        const answer = JSON.stringify(
          answerOf(situation, operation, JSON.parse(new TextDecoder().decode(body))),
        );
        const response = {
          statusCode: 200,
          headers: { 'content-type': 'application/x-amz-json-1.1' },
          body: Readable.from([Buffer.from(answer)]),
        };
        return { response };
      },
    } as never,
  });
}

function answerOf(situation: Situation, operation: string, input: { desiredStatus?: string }) {
  const { stoppedTasks = [], serviceEvents = [] } = situation;
  const tasks = stoppedTasks.map(taskOf);
  switch (operation) {
    case 'ListTasks':
      return { taskArns: input.desiredStatus === 'STOPPED' ? tasks.map(({ taskArn }) => taskArn) : [] };
    case 'DescribeTasks':
      return { tasks };
    case 'DescribeTaskDefinition':
      return { taskDefinition: definitionOf(situation), tags: [] };
    case 'DescribeServices':
      return {
        services: [
          {
            serviceName: SERVICE,
            deployments: [DEPLOYED],
            events: serviceEvents.map(serviceEvent).toReversed(),
          },
        ],
      };
    default:
      throw new Error(`${operation} is not faked`);
  }
}

/** Seconds, as ECS's protocol has them. */
const seconds = (at: number) => at / 1_000;

const DEPLOYED = { id: DEPLOYMENT, status: 'PRIMARY', taskDefinition: REVISION, createdAt: seconds(START) };

function serviceEvent(event: NonNullable<Situation['serviceEvents']>[number], index: number) {
  const [message, before] = typeof event === 'string' ? [event, -1 - index / 60] : event;
  return { message, createdAt: seconds(START - before * 60_000) };
}

function definitionOf({ stoppedTasks = [], drivers = {} }: Situation) {
  const containers = stoppedTasks[0]?.containers ?? [];
  return {
    taskDefinitionArn: REVISION,
    family: 'web',
    containerDefinitions: containers
      .filter(({ injected }) => !injected)
      .map(({ name, essential }) => ({
        name,
        image: '111122223333.dkr.ecr.us-east-1.amazonaws.com/web:1.0.0',
        ...(essential === undefined ? {} : { essential }),
        logConfiguration: {
          logDriver: drivers[name] ?? 'awslogs',
          options: { 'awslogs-group': '/ecs/web', 'awslogs-stream-prefix': 'ecs' },
        },
      })),
  };
}

function taskOf({ stopCode, stoppedReason, ran, containers = [], attachments }: Stopped, index: number) {
  const startedAt = START + 10_000 + index * 1_000;
  return {
    taskArn: `arn:aws:ecs:us-east-1:111122223333:task/app/${index}`,
    taskDefinitionArn: REVISION,
    lastStatus: 'STOPPED',
    startedBy: DEPLOYMENT,
    stopCode,
    stoppedReason,
    ...(ran === undefined ? {} : { startedAt: seconds(startedAt) }),
    stoppingAt: seconds(startedAt + (ran ?? 0) * 1_000),
    containers: containers.map(({ name, exitCode, reason, healthStatus }) => ({
      name,
      exitCode,
      reason,
      healthStatus,
    })),
    attachments: attachments?.map(({ type, status, statusReason }) => ({
      type,
      status,
      details: statusReason === undefined ? [] : [{ name: 'statusReason', value: statusReason }],
    })),
  };
}

function logsClient(situation: Situation) {
  const streams = streamsOf(situation);
  return {
    async send({ input }: GetLogEventsCommand) {
      const [, container = '', task = ''] = (input.logStreamName ?? '').split('/');
      const events = task === '0' ? (streams[container] ?? []) : [];
      const limit = input.limit ?? 10_000;
      const to = input.nextToken === undefined ? events.length : Number(input.nextToken.slice(2));
      const from = Math.max(0, to - limit);
      return {
        events: events.slice(from, to),
        nextForwardToken: `f/${to}`,
        nextBackwardToken: `b/${from}`,
      };
    },
  };
}

/** Events by container. The first task that logged is the only one that is read. */
function streamsOf({ logs = [], stoppedTasks }: Situation) {
  const [first] = stoppedTasks?.[0]?.containers ?? [];
  const byContainer = isLines(logs) ? { [first?.name ?? 'app']: logs } : logs;
  return Object.fromEntries(
    Object.entries(byContainer).map(([container, lines]) => [container, lines.map(eventOf)]),
  );
}

function isLines(logs: NonNullable<Situation['logs']>): logs is readonly string[] {
  return Array.isArray(logs);
}

function eventOf(line: string, index: number) {
  const [, after, text] = /^@(\d+) ([\s\S]*)$/.exec(line) ?? [undefined, String(index), line];
  return { timestamp: START + 10_000 + Number(after), message: text ?? '' };
}
