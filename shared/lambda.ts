import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Context } from 'aws-lambda';
import configuration from '#configuration';
import type { Announce } from './announce/announce.ts';
import { clean } from './announce/text.ts';
import type { AuditMemory } from './audit/news.ts';
import { createApplyLock } from './aws/applyLock.ts';
import { createAuditMemory } from './aws/auditMemory.ts';
import { createClients, type Time } from './aws/clients.ts';
import { createImages } from './aws/ecr.ts';
import { createEcs } from './aws/ecs.ts';
import { createStore } from './aws/table.ts';
import { stackName } from './domain/stackName.ts';
import type { createAnnouncing } from './lambda/announcing.ts';
import { loadBalancersWhenNeeded, logsWhenNeeded } from './lambda/whenNeeded.ts';
import { createLogger, leaving } from './lambda/withRedaction.ts';
import type { Invoked } from './operate/operate.ts';
import { createPerformEcs } from './perform/perform.ts';
import type { ApplyLock, Ecs, Images, Logs } from './ports.ts';
import type { Runtime } from './runtime.ts';

/** What a handler is given: the event as it came, not yet parsed, and the runtime it acts on. */
interface Invocation {
  readonly event: unknown;
  readonly invoked: Invoked;
  readonly runtime: Runtime;
  readonly images: Images;
  readonly logs: Logs;
  readonly ecs: Ecs;
}

interface Persistence {
  /** Waits for ECS's rates even if other invocations use them up: one function has to. */
  readonly persists?: boolean;
}

/** SDK calls are cut off this long before the invocation is, so that nothing of a dead one lands later. */
const MARGIN = 1_000;

const logger = createLogger();
const clients = createClients();

/**
 * Wraps a handler: wiring, logger context and the error policy. What cannot be done by trying again was
 * recorded by the loop already; whatever is thrown is logged and thrown on, so that Lambda tries again.
 */
export function onInvocation<Result>(
  handle: (invocation: Invocation) => Promise<Result>,
  { persists = false }: Persistence = {},
) {
  return async (event: unknown, context: Context): Promise<Result> => {
    logger.addContext(context);
    const deadline = Date.now() + context.getRemainingTimeInMillis() - MARGIN;
    return leaving(logger, event, () =>
      handle({ event, invoked: invokedBy(context), ...wire(context, deadline, persists) }),
    );
  };
}

/** The ARN of an invocation by an alias ends with it: "…:function:fairway-production-operate:read". */
function invokedBy(context: Context): Invoked {
  const { awsRequestId } = context;
  const [, , , , , , , qualifier] = partsOfArn(context);
  return { requestId: awsRequestId, ...(qualifier === undefined ? {} : { qualifier }) };
}

/** None in `serverless invoke local`, which has no ARN. */
function partsOfArn(context: Context): readonly string[] {
  const arn: string | undefined = context.invokedFunctionArn;
  return arn?.split(':') ?? [];
}

function wire(context: Context, deadline: number, persists: boolean): Omit<Invocation, 'event' | 'invoked'> {
  const now = Date.now;
  const time = { now, deadline: () => deadline, sleep: (span: number) => sleep(span) };
  const images = createImages(clients, time);
  const ecs = createEcs(clients, time, persists);
  const [, , , region = process.env.AWS_REGION ?? '', account = ''] = partsOfArn(context);
  const logs = logsWhenNeeded(ecs, { ...time, region, mask: clean });
  const home = { account, region, stack: stackName(configuration) };
  const loadBalancers = configuration.diagnosis?.loadBalancers ? loadBalancersWhenNeeded(time) : undefined;
  const runtime: Runtime = {
    configuration,
    location: { environment: configuration.environment, region, account },
    store: createStore(clients, { table: environment('TABLE_NAME'), ...time }),
    pace: ecs.pace,
    performEcs: createPerformEcs({ ecs, home, images, logs, loadBalancers, now }),
    tell: async (...given) => (await announcing()).tell(...given),
    ...time,
    freshId: () => randomUUID(),
    owner: `${context.functionName}/${context.awsRequestId}`,
    log: (message, facts, level = 'info') => logger[level](message, facts),
    notifyOperations: async (announcement) => (await announcing()).notifyOperations(announcement),
  };
  return { runtime, images, logs, ecs };
}

let announcingOfInstance: ReturnType<typeof createAnnouncing> | undefined;

/** One for all invocations of an instance. */
async function announcing(): Promise<ReturnType<typeof createAnnouncing>> {
  const { createAnnouncing } = await import('./lambda/announcing.ts');
  announcingOfInstance ??= createAnnouncing({
    channels: configuration.channels,
    topicArn: environment('TOPIC_ARN'),
    command: configuration.command,
    slackApiUrl: process.env.SLACK_API_URL,
    warn: (message, facts) => logger.warn(message, facts),
  });
  return announcingOfInstance;
}

/** The memory of the function `audit`. */
export function auditMemory(time: Time) {
  return createAuditMemory<AuditMemory>(clients, environment('TABLE_NAME'), time);
}

/** Sends to the channels of the configuration, and throws what goes wrong. */
export const announceNow: Announce = async (...given) => (await announcing()).announce(...given);

/** Only the function `operate` keeps it. */
export function applyLock(time: Time): ApplyLock {
  return createApplyLock(clients, {
    table: environment('TABLE_NAME'),
    now: time.now,
    deadline: time.deadline,
    sleep: time.sleep,
  });
}

/** Only the function `operate` knows them. */
export function queuesOfParkedEvents(): readonly string[] {
  return [environment('UNDELIVERED_EVENTS_URL'), environment('FAILED_INVOCATIONS_URL')];
}

function environment(name: string): string {
  const value = process.env[name];
  if (value) return value;
  throw new Error(`the environment variable ${name} is missing: deploy the stack again`);
}
