import type { Network, TaskCapacity } from '../domain/app.ts';
import { defined } from '../domain/defined.ts';
import type { Launch } from '../domain/launch.ts';
import type { Cause, Failure, Release } from '../domain/release.ts';
import type { Run, RunningTask, RunOutcome, RunOwner } from '../domain/run.ts';
import { unknownIn } from './unknown.ts';

/** One release task as items have it, and as a run. */

export interface StoredTask {
  readonly name: string;
  readonly container: string;
  readonly phase: 'before' | 'after';
  readonly state: 'pending' | 'starting' | 'running' | 'stopping' | 'succeeded' | 'failed';
  readonly revision?: string;
  readonly place?: Place;
  readonly taskArn?: string;
  readonly attempt: number;
  readonly startedAt?: number;
  readonly endedAt?: number;
  readonly exitCode?: number;
  readonly cause?: Cause;
  readonly earlierTasks?: readonly string[];
  readonly giveUpAt?: number;
  readonly ending?: string;
  /** Written only by versions in which a release did not fail before its task had stopped. */
  readonly endsAs?: Failure['outcome'];
  /** These three are not known to the first versions, which keep them. */
  readonly otherTasks?: readonly string[];
  readonly earlier?: Run['earlier'];
  readonly refusals?: number;
}

export interface Place {
  readonly network?: Network;
  readonly capacity?: TaskCapacity;
  readonly launch: Launch;
}

const TASK_MEMBERS: Readonly<Record<keyof StoredTask, true>> = {
  name: true,
  container: true,
  phase: true,
  state: true,
  revision: true,
  place: true,
  taskArn: true,
  attempt: true,
  startedAt: true,
  endedAt: true,
  exitCode: true,
  cause: true,
  earlierTasks: true,
  giveUpAt: true,
  ending: true,
  endsAs: true,
  otherTasks: true,
  earlier: true,
  refusals: true,
};

const RUN_MEMBERS: Readonly<Record<keyof Run, true>> = {
  id: true,
  task: true,
  owner: true,
  askedAt: true,
  state: true,
  container: true,
  count: true,
  command: true,
  image: true,
  revision: true,
  network: true,
  capacity: true,
  launch: true,
  notTaken: true,
  attempt: true,
  triedSince: true,
  refusals: true,
  earlier: true,
  tasks: true,
  startedAt: true,
  attemptedAt: true,
  endedAt: true,
  deadline: true,
  lookedAt: true,
  exitCode: true,
  cause: true,
  tail: true,
  tailOf: true,
  outcome: true,
  reason: true,
  skips: true,
  endsAs: true,
  stoppedBy: true,
};

export type StoredRelease = Release & { readonly tasks?: readonly StoredTask[] };

export function storedTaskOf(run: Run, release: string): StoredTask | undefined {
  const { owner, task, container, attempt, revision, network, capacity, launch, earlier, tasks } = run;
  if (owner.kind !== 'release' || owner.release !== release) return undefined;
  const [first, ...others] = tasks;
  const isStopped = run.endsAs !== undefined;
  const isEnded = run.state === 'ended';
  return {
    ...unknownIn(run, RUN_MEMBERS, TASK_MEMBERS),
    name: task,
    container,
    phase: owner.phase,
    state: storedStateOf(run),
    attempt,
    ...defined({
      revision,
      place: launch && { ...defined({ network, capacity }), launch },
      taskArn: first?.taskArn,
      startedAt: run.triedSince,
      endedAt: run.endedAt,
      exitCode: run.exitCode,
      cause: run.cause,
      earlierTasks: earlier.length > 0 ? earlier.flatMap(({ taskArns }) => taskArns) : undefined,
      giveUpAt: isStopped && !isEnded ? run.deadline : undefined,
      ending: isStopped && isEnded ? run.reason : undefined,
      otherTasks: others.length > 0 ? others.map(({ taskArn }) => taskArn) : undefined,
      earlier: earlier.length > 0 ? earlier : undefined,
      refusals: run.refusals,
    }),
  };
}

function storedStateOf({ state, outcome }: Run): StoredTask['state'] {
  switch (state) {
    case 'queued':
    case 'preparing':
      return 'pending';
    case 'ended':
      return outcome === 'succeeded' ? 'succeeded' : 'failed';
    case 'starting':
    case 'running':
    case 'stopping':
      return state;
  }
}

export function runOf(release: StoredRelease, task: StoredTask): Run {
  const { name, container, phase, state, attempt, revision, place, startedAt, endedAt, exitCode } = task;
  const owner: RunOwner = { kind: 'release', release: release.id, number: release.number, phase };
  const isEnded = outcomeOf(task) !== undefined;
  return {
    ...unknownIn(task, TASK_MEMBERS, RUN_MEMBERS),
    id: idOf(release.id, name),
    task: name,
    owner,
    askedAt: release.startedAt,
    state: stateOf(state),
    container,
    count: 1,
    attempt,
    earlier: earlierOf(release, task),
    tasks: runningTasksOf(task, isEnded),
    deadline: task.giveUpAt ?? release.deadline,
    lookedAt: release.lookedAt,
    ...place,
    ...defined({
      revision,
      endedAt,
      exitCode,
      triedSince: startedAt,
      startedAt: task.taskArn === undefined ? undefined : startedAt,
      attemptedAt: task.taskArn === undefined ? undefined : startedAt,
      refusals: task.refusals,
      outcome: outcomeOf(task),
      cause: isEnded || !release.failure ? task.cause : undefined,
    }),
    ...endOf(release, task),
  };
}

function stateOf(state: StoredTask['state']): Run['state'] {
  switch (state) {
    case 'pending':
      return 'queued';
    case 'succeeded':
    case 'failed':
      return 'ended';
    case 'starting':
    case 'running':
    case 'stopping':
      return state;
  }
}

function outcomeOf({ state }: StoredTask): RunOutcome | undefined {
  return state === 'succeeded' || state === 'failed' ? state : undefined;
}

/** What a run that is stopped, or was, ends as. */
function endOf({ failure }: StoredRelease, task: StoredTask): Partial<Pick<Run, 'endsAs' | 'reason'>> {
  const { name, state, ending, cause, endsAs } = task;
  if (ending !== undefined) return { endsAs: 'stopped', reason: ending };
  const isOpen = state === 'starting' || state === 'running' || state === 'stopping';
  if (isOpen && failure) {
    const isLate = failure.task === name && failure.cause.kind === 'timeout';
    return { endsAs: isLate ? 'timedOut' : 'stopped', reason: failure.cause.sentence };
  }
  if (state !== 'stopping') return {};
  return {
    endsAs: endsAs === 'rolledBack' ? 'stopped' : 'timedOut',
    ...(cause && { reason: cause.sentence }),
  };
}

function runningTasksOf({ taskArn, otherTasks = [], exitCode }: StoredTask, stopped: boolean): RunningTask[] {
  const others = otherTasks.map((other) => ({ taskArn: other, stopped }));
  if (taskArn === undefined) return others;
  return [{ taskArn, stopped, ...defined({ exitCode }) }, ...others];
}

/** The first versions know only the tasks of earlier attempts. */
function earlierOf({ startedAt }: StoredRelease, task: StoredTask): Run['earlier'] {
  const { earlier = [], earlierTasks = [] } = task;
  const known = new Set(earlier.flatMap(({ taskArns }) => taskArns));
  const others = earlierTasks.filter((taskArn) => !known.has(taskArn));
  if (others.length === 0) return earlier;
  const endedAt = task.startedAt ?? startedAt;
  const why = `There was no capacity to start ${task.name}.`;
  return [...earlier, { endedAt, why, taskArns: others, ran: false, retried: false }];
}

export function idOf(release: string, task: string): string {
  return `${release}/${task}`;
}
