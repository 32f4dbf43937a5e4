import type { Network, TaskCapacity } from '../domain/app.ts';
import { defined } from '../domain/defined.ts';
import type { EffectOf } from '../domain/effects.ts';
import type { Launch } from '../domain/launch.ts';
import type { Cause, Failure, Release } from '../domain/release.ts';
import type { Run, RunningTask, RunOutcome, RunOwner } from '../domain/run.ts';
import { tasksOf } from '../domain/runs/parts.ts';
import type { AppState, PendingEffect } from '../domain/state.ts';

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
  const named = { task, releaseId, attempt };
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
  const start = { kind: 'startRun', run: id, release: releaseId, task, attempt, count: 1 } as const;
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
