import { join } from 'node:path';
import {
  DescribeServicesCommand,
  DescribeTaskDefinitionCommand,
  DescribeTasksCommand,
  ECSClient,
  ListTasksCommand,
} from '@aws-sdk/client-ecs';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { type Cloud, startCloud } from '../../local/cloud.ts';
import { loadConfiguration } from '../../shared/config/load.ts';
import type { OperatorAnswer, OperatorRequest } from '../../shared/domain/operator.ts';
import { packagedExample } from '../packaged/example.ts';
import { ROOT } from '../packaged/once.ts';
import { type PackagedOtherwise, packagedFor } from '../packaged/otherwise.ts';

const CREDENTIALS = { region: 'us-east-1', credentials: { accessKeyId: 'test', secretAccessKey: 'test' } };

interface CallRecord {
  readonly caller: string;
  readonly service: string;
  readonly operation: string;
  readonly status: number;
}

/** @param packaged where it is packaged already */
async function example(packaged?: string): Promise<PackagedOtherwise> {
  return {
    configuration: loadConfiguration(join(ROOT, 'fairway.yml')),
    directory: packaged ?? join(await packagedExample(), '.serverless'),
    // It is everybody's.
    remove: async () => undefined,
  };
}

/** 04:00 UTC: the example's nightly task has run, and does not run again for most of a day. */
function nextMorning(): number {
  const DAY = 24 * 60 * 60_000;
  return Math.ceil(Date.now() / DAY) * DAY + 4 * 60 * 60_000;
}

/** The local cloud with the packaged example, or another `fairway.yml`, driven over HTTP only. */
export async function startTestCloud(
  text?: string,
  startAt = nextMorning(),
  { empty = false, packageDirectory }: { readonly empty?: boolean; readonly packageDirectory?: string } = {},
) {
  const packaged = text === undefined ? await example(packageDirectory) : await packagedFor(text);
  const cloud: Cloud = await startCloud({
    port: 0,
    speed: 'max',
    configuration: packaged.configuration,
    packageDirectory: packaged.directory,
    startAt,
    empty,
  });
  const { url } = cloud;
  const ecs = new ECSClient({ ...CREDENTIALS, endpoint: url });
  const lambda = new LambdaClient({ ...CREDENTIALS, endpoint: url });

  async function control<T>(path: string, body?: unknown): Promise<T> {
    const response = await fetch(`${url}/_local/${path}`, {
      ...(body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${path}: ${response.status} ${text}`);
    return JSON.parse(text);
  }

  /** Waits until nothing is running and nothing is due but the sweep. */
  async function quiet(): Promise<void> {
    for (let tries = 0; tries < 600; tries += 1) {
      const { idle } = await control<{ idle: boolean }>('clock');
      if (idle) return;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    throw new Error('the local cloud did not become quiet within 30 s');
  }

  /** Asks until it is so, while time passes as it does. */
  async function until(isSo: () => Promise<boolean>): Promise<void> {
    for (let tries = 0; tries < 300; tries += 1) {
      if (await isSo()) return;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    throw new Error(`it did not come to that: ${JSON.stringify(await status())}`);
  }

  /** Functions stay warm: starting them is most of what a test takes. */
  const reset = () => control('reset', { keepWarm: true });

  /** Lets Fairway see the apps for the first time. */
  async function adopted(): Promise<void> {
    await control('clock', { advance: '6m' });
    await quiet();
  }

  async function operate(request: OperatorRequest, alias?: string): Promise<OperatorAnswer> {
    const command = new InvokeCommand({
      FunctionName: 'fairway-production-operate',
      ...(alias === undefined ? {} : { Qualifier: alias }),
      Payload: new TextEncoder().encode(JSON.stringify(request)),
    });
    const { Payload, FunctionError } = await lambda.send(command);
    const text = new TextDecoder().decode(Payload);
    if (FunctionError !== undefined) throw new Error(text);
    return JSON.parse(text);
  }

  async function status(app = 'web') {
    const answer = await operate({ command: 'status', app });
    if (!answer.ok || !answer.apps?.[0]) throw new Error(JSON.stringify(answer));
    return answer.apps[0];
  }

  async function releases(app = 'web') {
    const answer = await operate({ command: 'releases', app });
    if (!answer.ok || !answer.releases) throw new Error(JSON.stringify(answer));
    return answer.releases;
  }

  /** Lets simulated time pass until a release of this tag has ended and nothing waits; answers it. */
  async function settled(tag: string, app = 'web', limitMinutes = 60) {
    for (let minutes = 0; minutes < limitMinutes; minutes += 1) {
      await quiet();
      const now = await status(app);
      const [newest] = await releases(app);
      if (!now.open && !now.waiting && newest?.tag === tag) return newest;
      await control('clock', { advance: '1m' });
    }
    throw new Error(`no end after ${limitMinutes} simulated minutes: ${JSON.stringify(await status(app))}`);
  }

  return {
    url,
    cloud,
    control,
    quiet,
    until,
    operate,
    status,
    releases,
    settled,
    async push(tag: string, more: object = {}): Promise<string> {
      const { digest } = await control<{ digest: string }>('push', {
        repository: 'web-app',
        tag,
        content: tag,
        ...more,
      });
      return digest;
    },
    behave: (rule: object) => control('behaviours', rule),
    fault: (rule: object) => control('faults', rule),
    calls: (after = 0) => control<CallRecord[]>(`calls?after=${after}`),
    messages: () => control<{ at: string; kind: string; update: boolean; payload: unknown }[]>('messages'),
    reset,
    adopted,
    /** As it was at the start, with time as fast as it goes. */
    async fresh() {
      await reset();
      await control('clock', { speed: 'max' });
      await adopted();
    },
    ecs,
    async service(name = 'web-app') {
      const { services } = await ecs.send(
        new DescribeServicesCommand({ cluster: 'app-prod', services: [name] }),
      );
      const service = services?.[0];
      if (!service) throw new Error('the service is missing');
      const { taskDefinition } = await ecs.send(
        new DescribeTaskDefinitionCommand({ taskDefinition: service.taskDefinition }),
      );
      return { ...service, image: taskDefinition?.containerDefinitions?.[0]?.image ?? '' };
    },
    async stoppedTasks(serviceName = 'web-app') {
      const cluster = 'app-prod';
      const list = new ListTasksCommand({ cluster, serviceName, desiredStatus: 'STOPPED' });
      const { taskArns: tasks = [] } = await ecs.send(list);
      return (await ecs.send(new DescribeTasksCommand({ cluster, tasks }))).tasks ?? [];
    },
    /** A call to ECS without an SDK, which would drop what it does not know. */
    async raw(operation: string, input: object): Promise<Record<string, unknown>> {
      const response = await fetch(url, {
        method: 'POST',
        headers: {
          'content-type': 'application/x-amz-json-1.1',
          'x-amz-target': `AmazonEC2ContainerServiceV20141113.${operation}`,
        },
        body: JSON.stringify(input),
      });
      if (!response.ok) throw new Error(`${operation}: ${await response.text()}`);
      return JSON.parse(await response.text());
    },
    /** How many migration tasks there ever were. */
    async migrations(): Promise<number> {
      const lists = await Promise.all(
        (['RUNNING', 'STOPPED'] as const).map((desiredStatus) =>
          ecs.send(new ListTasksCommand({ cluster: 'app-prod', family: 'db-migrate', desiredStatus })),
        ),
      );
      return lists.flatMap(({ taskArns = [] }) => taskArns).length;
    },
    async stop() {
      ecs.destroy();
      lambda.destroy();
      await cloud.stop();
      await packaged.remove();
    },
  };
}

export type TestCloud = Awaited<ReturnType<typeof startTestCloud>>;
