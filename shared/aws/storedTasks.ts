import type { Network, TaskCapacity } from '../domain/app.ts';
import { defined } from '../domain/defined.ts';
import type { EffectOf } from '../domain/effects.ts';
import type { Launch } from '../domain/launch.ts';
import type { Cause, Failure, Release } from '../domain/release.ts';
import type { Run, RunningTask, RunOutcome, RunOwner } from '../domain/run.ts';
import { tasksOf } from '../domain/runs/parts.ts';
import type { AppState, PendingEffect } from '../domain/state.ts';
import { unknownIn } from './unknown.ts';

/**
 * Release tasks as items have them: as a part of their release, and with separate effects. The first versions did not
 * have them as runs, and read what this one writes while CloudFormation replaces one function after the other.
 */

interface StoredTask {
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

interface Place {
  readonly network?: Network;
  readonly capacity?: TaskCapacity;
  readonly launch: Launch;
}

type StoredEffect =
  | {
      readonly kind: 'runTask';
      readonly task: string;
      readonly revision: string;
      readonly releaseId: string;
      readonly attempt: number;
      readonly place?: Place;
      readonly firstAt: number;
    }
  | {
      readonly kind: 'findTask';
      readonly task: string;
      readonly releaseId: string;
      readonly attempt: number;
      readonly looks: number;
      readonly sentBefore: boolean;
    };

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

const START_MEMBERS: Readonly<Record<keyof EffectOf<'startRun'>, true>> = {
  kind: true,
  run: true,
  release: true,
  task: true,
  attempt: true,
  container: true,
  count: true,
  revision: true,
  command: true,
  network: true,
  capacity: true,
  launch: true,
  firstAt: true,
  find: true,
};

const STORED_START_MEMBERS: Readonly<Record<MemberOf<StoredEffect>, true>> = {
  kind: true,
  task: true,
  revision: true,
  releaseId: true,
  attempt: true,
  place: true,
  firstAt: true,
  looks: true,
  sentBefore: true,
};

type MemberOf<Union> = Union extends unknown ? keyof Union : never;

type StoredRelease = Release & { readonly tasks?: readonly StoredTask[] };
type StoredEntry = Omit<PendingEffect, 'effect'> & {
  readonly effect: PendingEffect['effect'] | StoredEffect;
};

/** A state whose release tasks are parts of their releases. */
export type StoredState = Omit<AppState, 'release' | 'ended' | 'outbox'> & {
  readonly release?: StoredRelease;
  readonly ended: readonly StoredRelease[];
  readonly outbox: readonly StoredEntry[];
};

/** Takes the runs of releases back into them. */
export function withinReleases(state: AppState): StoredState {
  const { release, ended, runs, outbox } = state;
  const whole = (one: Release): StoredRelease => ({
    ...one,
    tasks: runs.flatMap((run) => storedTaskOf(run, one.id) ?? []),
  });
  return {
    ...state,
    ...(release && { release: whole(release) }),
    ended: ended.map(whole),
    runs: runs.filter(({ owner }) => owner.kind !== 'release'),
    outbox: outbox.map(storedEntry),
  };
}

/** Makes runs of the release tasks, before the others. */
export function asRuns(state: StoredState): AppState {
  const { release, ended, runs, outbox } = state;
  const releases = [...(release ? [release] : []), ...ended];
  const ofReleases = releases.flatMap((one) => (one.tasks ?? []).map((task) => runOf(one, task)));
  return {
    ...state,
    ...(release && { release: withoutTasks(release) }),
    ended: ended.map(withoutTasks),
    runs: [...ofReleases, ...runs],
    outbox: outbox.map((entry) => readEntry(entry, ofReleases)),
  };
}

function withoutTasks({ tasks: _, ...release }: StoredRelease): Release {
  return release;
}

function storedTaskOf(run: Run, release: string): StoredTask | undefined {
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

function runOf(release: StoredRelease, task: StoredTask): Run {
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

function idOf(release: string, task: string): string {
  return `${release}/${task}`;
}

function storedEntry(entry: PendingEffect): StoredEntry {
  const { effect } = entry;
  if (effect.kind !== 'startRun' || effect.release === undefined) return entry;
  const { release: releaseId, task, attempt, find } = effect;
  const key = `run:${task}:${attempt}`;
  const named = { ...unknownIn(effect, START_MEMBERS, STORED_START_MEMBERS), task, releaseId, attempt };
  if (find)
    return {
      ...entry,
      key,
      effect: { kind: 'findTask', ...named, looks: 0, sentBefore: find.sentBefore },
    };
  const { revision, firstAt, network, capacity, launch } = effect;
  const place = launch && { ...defined({ network, capacity }), launch };
  return { ...entry, key, effect: { kind: 'runTask', ...named, revision, firstAt, ...defined({ place }) } };
}

function readEntry(entry: StoredEntry, runs: readonly Run[]): PendingEffect {
  const { effect } = entry;
  if (effect.kind !== 'runTask' && effect.kind !== 'findTask') return { ...entry, effect };
  const { releaseId, task, attempt } = effect;
  const id = idOf(releaseId, task);
  return { ...entry, key: `start:${id}:${attempt}`, effect: startOf(entry.since, effect, runs) };
}

function startOf(since: number, effect: StoredEffect, runs: readonly Run[]): EffectOf<'startRun'> {
  const { releaseId, task, attempt } = effect;
  const id = idOf(releaseId, task);
  const run = runs.find((other) => other.id === id);
  const unknown = unknownIn(effect, STORED_START_MEMBERS, START_MEMBERS);
  const start = {
    ...unknown,
    kind: 'startRun',
    run: id,
    release: releaseId,
    task,
    attempt,
    count: 1,
  } as const;
  const container = run?.container ?? task;
  if (effect.kind === 'runTask') {
    const { revision, firstAt, place } = effect;
    return { ...start, container, revision, firstAt, ...place };
  }
  const known = runs
    .filter(({ owner }) => 'release' in owner && owner.release === releaseId)
    .flatMap(tasksOf);
  return {
    ...start,
    container,
    revision: run?.revision ?? '',
    firstAt: run?.triedSince ?? since,
    find: { since, known, maybeSent: true, sentBefore: effect.sentBefore },
  };
}
