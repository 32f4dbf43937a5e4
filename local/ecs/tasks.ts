import type { JsonObject } from '../contract.ts';
import { parseDuration } from '../duration.ts';
import { newNetwork, newVolume } from './attachments.ts';
import type { Tag, TaskDefinition } from './definition.ts';
import { emitTask } from './events.ts';
import { armHealth } from './health.ts';
import type { Cluster, Container, Context, Task, TaskOwner } from './model.ts';
import { moveTask } from './moving.ts';
import { arnOf } from './names.ts';
import { digestIn, pullImage } from './pull.ts';
import { objects, text, texts } from './read.ts';
import type { ServiceTarget } from './routing.ts';
import { beginStop } from './stopping.ts';
import { type Later, laterFor, reportNews } from './timers.ts';

/** How a task starts, from PROVISIONING to RUNNING. About 15 to 20 s on Fargate, as in captures. */

const ENI = 4_000;
/** Random share of each delay, so that the tasks of one deployment differ. */
const JITTER = 900;
const BEFORE_PULL = 2_000;
const BEFORE_START = 2_000;
const ACTIVATION = 1_500;
/** A task with a command override exits after this time, unless a behavior sets something else. */
const COMMAND_TIME = 5_000;

export interface Launch {
  readonly cluster: Cluster;
  readonly definition: TaskDefinition;
  readonly group: string;
  readonly startedBy?: string;
  readonly launchType: string;
  readonly capacityProvider?: string;
  /** `awsvpcConfiguration`. */
  readonly network?: JsonObject;
  /** `volumeConfigurations`. */
  readonly volumes?: readonly JsonObject[];
  readonly overrides?: JsonObject;
  readonly enableExecuteCommand?: boolean;
  readonly tags?: readonly Tag[];
  readonly owner?: TaskOwner;
  readonly targets?: readonly ServiceTarget[];
}

/** Starts a task: it is PROVISIONING, and continues on the clock. */
export function launchTask(ctx: Context, launch: Launch): Task {
  const task = newTask(ctx, launch);
  emitTask(ctx, task);
  provision(ctx, task);
  return task;
}

/** Continues a restored task from its status, or with the rest of its run time. */
export function resumeStart(ctx: Context, task: Task): void {
  switch (task.lastStatus) {
    case 'PROVISIONING':
      provision(ctx, task);
      return;
    case 'PENDING':
      laterFor(ctx, task)(BEFORE_PULL, () => pull(ctx, task));
      return;
    case 'ACTIVATING':
      laterFor(ctx, task)(ACTIVATION, () => run(ctx, task));
      return;
    default:
      work(ctx, task, ctx.clock.now() - (task.startedAt ?? 0));
  }
}

function provision(ctx: Context, task: Task): void {
  laterFor(ctx, task)(ENI + ctx.ids.random() * JITTER, () => {
    if (task.network !== undefined) task.network.status = 'ATTACHED';
    moveTask(ctx, task, 'PENDING');
    laterFor(ctx, task)(BEFORE_PULL, () => pull(ctx, task));
  });
}

/** A task that has been running for long, without events: for services that exist from the start. */
export function settledTask(ctx: Context, launch: Launch): Task {
  const task = newTask(ctx, launch);
  const now = ctx.clock.now();
  for (const container of task.containers) {
    pullImage(ctx, task, container);
    container.lastStatus = 'RUNNING';
    container.health = container.spec.healthCheck === undefined ? 'UNKNOWN' : 'HEALTHY';
    container.runtimeId = runtimeId(ctx, task);
    openLog(ctx, task, container);
  }
  for (const target of task.targets) task.targetHealth.set(target.targetGroup, 'HEALTHY');
  if (task.network !== undefined) task.network.status = 'ATTACHED';
  task.connectivityAt = now;
  task.pullStartedAt = now;
  task.pullStoppedAt = now;
  task.startedAt = now;
  task.lastStatus = 'RUNNING';
  task.version = 4;
  task.seasoned = true;
  task.healthy = true;
  return task;
}

function newTask(ctx: Context, launch: Launch): Task {
  const { cluster, definition } = launch;
  const id = ctx.ids.hex(32);
  const now = ctx.clock.now();
  const network =
    launch.network === undefined ? undefined : newNetwork(ctx, launch.network, cluster.tasks.size);
  const task: Task = {
    arn: arnOf(ctx, `task/${cluster.name}/${id}`),
    id,
    cluster,
    definition,
    createdAt: now,
    group: launch.group,
    ...(launch.startedBy === undefined ? {} : { startedBy: launch.startedBy }),
    launchType: launch.launchType,
    ...(launch.capacityProvider === undefined ? {} : { capacityProvider: launch.capacityProvider }),
    ...(network === undefined ? {} : { network }),
    volumes: (launch.volumes ?? []).map((each) => newVolume(ctx, each)),
    overrides: launch.overrides ?? {},
    enableExecuteCommand: launch.enableExecuteCommand ?? false,
    ...(launch.owner === undefined ? {} : { owner: launch.owner }),
    targets: launch.targets ?? [],
    containers: definition.containers.map((spec) => ({
      arn: arnOf(ctx, `container/${cluster.name}/${id}/${ctx.ids.uuid()}`),
      spec,
      lastStatus: 'PENDING',
      health: 'UNKNOWN',
    })),
    timers: new Set(),
    tags: launch.tags ?? [],
    lastStatus: 'PROVISIONING',
    desiredStatus: 'RUNNING',
    version: 1,
    updatedAt: now,
    targetHealth: new Map(),
    seasoned: false,
    healthy: false,
  };
  cluster.tasks.set(id, task);
  return task;
}

function pull(ctx: Context, task: Task): void {
  const later = laterFor(ctx, task);
  task.connectivityAt = ctx.clock.now();
  task.pullStartedAt = ctx.clock.now();
  let longest = 0;
  for (const container of task.containers) {
    const pulled = pullImage(ctx, task, container);
    if (!pulled.ok) {
      later(pulled.milliseconds, () => {
        container.reason = pulled.reason;
        failStart(ctx, task, 'TaskFailedToStart', pulled.reason, pulled.resolution);
      });
      return;
    }
    longest = Math.max(longest, pulled.milliseconds);
  }
  later(longest, () => {
    task.pullStoppedAt = ctx.clock.now();
    reportNews(task, 'resolved');
    const slowest = Math.max(
      0,
      ...task.containers.map(({ behaviour }) => parseDuration(behaviour?.startAfter ?? '0s')),
    );
    later(BEFORE_START + slowest, () => start(ctx, task));
  });
}

function failStart(ctx: Context, task: Task, stopCode: string, reason: string, resolution: boolean): void {
  task.fault = resolution ? 'resolution' : 'start';
  beginStop(ctx, task, { stopCode, reason });
}

function start(ctx: Context, task: Task): void {
  const failing = task.containers.find(({ behaviour }) => behaviour?.failToStart !== undefined);
  const failure = failing?.behaviour?.failToStart;
  if (failing !== undefined && failure !== undefined) {
    failing.reason = failure.reason;
    failStart(ctx, task, failure.stopCode, failure.reason, false);
    return;
  }
  for (const container of task.containers) {
    container.lastStatus = 'RUNNING';
    container.runtimeId = runtimeId(ctx, task);
  }
  moveTask(ctx, task, 'ACTIVATING');
  laterFor(ctx, task)(ACTIVATION, () => run(ctx, task));
}

function runtimeId(ctx: Context, task: Task): string {
  return `${task.id}-${ctx.ids.digits(10)}`;
}

function run(ctx: Context, task: Task): void {
  task.startedAt = ctx.clock.now();
  moveTask(ctx, task, 'RUNNING');
  for (const container of task.containers) writeLines(ctx, task, container);
  work(ctx, task, 0);
  reportNews(task, 'running');
}

/** Schedules what running containers do, `elapsed` milliseconds after their start. */
function work(ctx: Context, task: Task, elapsed: number): void {
  const rest = laterFor(ctx, task);
  const later: Later = (milliseconds, then) => rest(Math.max(0, milliseconds - elapsed), then);
  for (const container of task.containers) {
    if (container.lastStatus === 'STOPPED') continue;
    const exit = exitOf(task, container);
    if (exit !== undefined) later(exit.after, () => exitContainer(ctx, task, container, exit));
    const interrupt = container.behaviour?.interruptAfter;
    if (interrupt !== undefined) later(parseDuration(interrupt), () => interruptTask(ctx, task));
  }
  armHealth(ctx, task, later);
}

function writeLines(ctx: Context, task: Task, container: Container): void {
  const log = openLog(ctx, task, container);
  if (log === undefined) return;
  for (const line of container.behaviour?.logs ?? []) ctx.writeLog(log.group, log.stream, line);
}

/** The log driver creates the stream when the container starts. */
function openLog(ctx: Context, task: Task, { spec }: Container) {
  const { logs, name } = spec;
  if (logs === undefined) return undefined;
  const stream = logs.prefix === undefined ? task.id : `${logs.prefix}/${name}/${task.id}`;
  ctx.openLog?.(logs.group, stream);
  return { group: logs.group, stream };
}

interface Exit {
  readonly after: number;
  readonly code: number;
  readonly reason?: string;
}

function exitOf(task: Task, container: Container): Exit | undefined {
  const exit = container.behaviour?.exit;
  if (exit === 'never') return undefined;
  if (exit !== undefined) return { ...exit, after: parseDuration(exit.after) };
  const commanded = objects(task.overrides, 'containerOverrides').some(
    (each) => text(each, 'name') === container.spec.name && texts(each, 'command').length > 0,
  );
  return task.owner === undefined && commanded ? { after: COMMAND_TIME, code: 0 } : undefined;
}

function exitContainer(ctx: Context, task: Task, container: Container, exit: Exit): void {
  container.lastStatus = 'STOPPED';
  container.exitCode = exit.code;
  if (exit.reason !== undefined) container.reason = exit.reason;
  if (!container.spec.essential) {
    moveTask(ctx, task, task.lastStatus);
    return;
  }
  task.fault = 'exit';
  beginStop(ctx, task, {
    stopCode: 'EssentialContainerExited',
    reason: 'Essential container in task exited',
  });
}

function interruptTask(ctx: Context, task: Task): void {
  beginStop(ctx, task, {
    stopCode: 'SpotInterruption',
    reason: 'Your Spot Task was interrupted.',
    warn: true,
  });
}

/** Digests in the task definition itself, by container. */
export function namedDigests(definition: TaskDefinition): Map<string, string> {
  const digests = new Map<string, string>();
  for (const { name, image } of definition.containers) {
    const digest = digestIn(image);
    if (digest !== undefined) digests.set(name, digest);
  }
  return digests;
}
