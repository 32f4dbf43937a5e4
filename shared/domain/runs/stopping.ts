import type { EffectOf } from '../effects.ts';
import type { Context } from '../kernel/context.ts';
import { rememberLost } from '../kernel/lostStarts.ts';
import { enqueue, isUnsent } from '../kernel/outbox.ts';
import type { Cause } from '../release.ts';
import { type RunOutcome, starterOf } from '../run.ts';
import { endRun } from './ending.ts';
import { hasRun, kept, type RunDraft, tasksOf } from './parts.ts';

/** Stopping a run: nothing of it runs on after its end. */

const MINUTE = 60_000;
/**
 * How long a task is waited for from the time ECS accepts the order to stop it: it kills what has not stopped after its
 * stopTimeout, two minutes at most (ECS API, ContainerDefinition).
 */
const STOP_WITHIN = 10 * MINUTE;
/** Before ECS has accepted the order, it is not waited for less than that. */
const ACCEPT_WITHIN = 30 * MINUTE;
/** How long ECS is asked whether it has started a task: it may not answer that either. */
const FIND_WITHIN = 30 * MINUTE;

/** Stops what runs; the run ends as `outcome` when ECS says that its tasks have stopped. */
export function stopTasks(ctx: Context, run: RunDraft, outcome: RunOutcome, reason: string): string {
  if (run.endsAs !== undefined) return `${run.task} is being stopped already`;
  run.endsAs = outcome;
  run.reason = reason;
  if (run.state === 'queued' || isYetToStart(ctx, run)) return endStopped(ctx, run, { how: 'notStarted' });
  if (run.state === 'starting') findStart(ctx, run);
  // What is being prepared or started is stopped as soon as it is known what came of it.
  if (run.state !== 'running') return `${run.task} is stopped once it is known whether it has started`;
  return stopStarted(ctx, run);
}

/** Whether no function can have begun to start it. */
function isYetToStart(ctx: Context, run: RunDraft): boolean {
  const start = startOf(ctx, run);
  return run.state === 'starting' && start !== undefined && isUnsent(ctx, start);
}

function startOf({ state }: Context, run: RunDraft) {
  return state.outbox.find(({ effect }) => effect.kind === 'startRun' && effect.run === run.id);
}

/**
 * RunTask is not repeated to find out whether it has started tasks: they are looked for, in place of a start that is
 * pending, whose answer may be on its way under the same key.
 */
function findStart(ctx: Context, run: RunDraft): void {
  const start = startOf(ctx, run);
  if (start?.effect.kind !== 'startRun') return;
  run.deadline = ctx.now + FIND_WITHIN;
  start.effect.find = findOf(ctx, run, start.attempt > 0);
  start.since = ctx.now;
  for (const member of ['notBefore', 'why', 'reported', 'again'] as const) delete start[member];
}

function findOf(ctx: Context, run: RunDraft, sentBefore: boolean) {
  return { since: ctx.now, known: knownTasks(ctx, run), maybeSent: true, sentBefore };
}

/** Tasks that are not those that are looked for: of earlier attempts, and of other runs for the same. */
function knownTasks({ state }: Context, run: RunDraft): string[] {
  const starter = starterOf(run);
  return state.runs.filter((other) => starterOf(other) === starter).flatMap(tasksOf);
}

/** It is unknown whether RunTask was carried out: what it has started is looked for and stopped. */
export function loseTrack(ctx: Context, run: RunDraft, effect: EffectOf<'startRun'>, cause: Cause): string {
  run.endsAs = 'failed';
  run.reason = cause.sentence;
  run.cause = kept(cause);
  run.deadline = ctx.now + FIND_WITHIN;
  lookFor(ctx, { ...effect, find: findOf(ctx, run, true) });
  return `${cause.sentence} ${run.task} is looked for.`;
}

/** Looks for what an attempt has started. */
export function lookFor(ctx: Context, effect: EffectOf<'startRun'>): void {
  enqueue(ctx, `start:${effect.run}:${effect.attempt}`, effect);
}

/** Its tasks are known: ECS is asked to stop them. */
export function stopStarted(ctx: Context, run: RunDraft): string {
  run.state = 'stopping';
  run.deadline = ctx.now + ACCEPT_WITHIN;
  run.lookedAt = ctx.now;
  for (const { taskArn, stopped } of run.tasks) if (!stopped) askToStop(ctx, run, taskArn);
  return `${run.task} is being stopped: ${run.reason ?? ''}`;
}

export function askToStop(ctx: Context, { task, reason = 'stopped' }: RunDraft, taskArn: string): void {
  const why = `Fairway, ${task}: ${reason}`.slice(0, 255);
  enqueue(ctx, `stop:${taskArn}`, { kind: 'stopTask', taskArn, reason: why });
}

/** ECS has accepted an order to stop a task; the last one decides. An order that is repeated takes no more time. */
export function stopAccepted(ctx: Context, run: RunDraft): string {
  const until = ctx.now + STOP_WITHIN;
  const isFirst = run.deadline > until || run.deadline <= ctx.now;
  if (run.endsAs !== undefined && isFirst && !isYetToStop(ctx, run)) run.deadline = until;
  return 'ECS is stopping it';
}

/** Whether an order to stop a task of it has not been accepted yet. */
export function isYetToStop({ state }: Context, { tasks }: RunDraft): boolean {
  return state.outbox.some(
    ({ effect }) => effect.kind === 'stopTask' && tasks.some(({ taskArn }) => taskArn === effect.taskArn),
  );
}

/** ECS refuses to stop a task: once none is left to be stopped, nothing that Fairway could wait for will end the run. */
export function notStopped(ctx: Context, run: RunDraft, cause: Cause): string {
  if (run.endsAs === undefined) return cause.sentence;
  if (isYetToStop(ctx, run))
    return `a task of ${run.task} could not be stopped, others are still to be: ${cause.sentence}`;
  return endStopped(ctx, run, { how: 'refused', cause });
}

/** How it ended that a run was stopped. */
type StopEnd =
  | { readonly how: 'stopped' | 'endedBefore' | 'vanished' | 'unconfirmed' }
  /** `cause`: what kept it from being started besides. */
  | { readonly how: 'notStarted'; readonly cause?: Cause }
  /** ECS refuses to stop it. */
  | { readonly how: 'refused'; readonly cause: Cause }
  /** Whether it was started is unknown: if a task of it appears, it is stopped. */
  | { readonly how: 'unknown'; readonly cause: Cause };

/** Ends a run that was stopped. */
export function endStopped(ctx: Context, run: RunDraft, end: StopEnd): string {
  const { endsAs = 'stopped', owner, task } = run;
  if (end.how === 'unknown')
    rememberLost(ctx, {
      releaseId: starterOf(run),
      task,
      ...(owner.kind === 'release' && { release: owner.number }),
    });
  const isItsOwn = end.how === 'endedBefore' || end.how === 'vanished';
  const more = 'cause' in end && end.cause ? { cause: end.cause } : {};
  // Its release has failed for another reason, and says how the task ended besides.
  if (owner.kind === 'release')
    return endRun(ctx, run, isItsOwn ? 'failed' : endsAs, sentenceOf(run, end), more);
  const neverRan = endsAs === 'failed' && end.how !== 'stopped' && !hasRun(run);
  const reason = `${run.reason ?? 'stopped'}${doubtOf(end)}`;
  return endRun(ctx, run, neverRan ? 'neverStarted' : endsAs, reason, more);
}

function sentenceOf({ task, exitCode, earlier }: RunDraft, end: StopEnd): string {
  switch (end.how) {
    case 'notStarted':
      return `${task} was not started${earlier.some(({ ran }) => ran) ? ' again' : ''}.`;
    case 'stopped':
      return `${task} was stopped.`;
    case 'endedBefore': {
      const how = exitCode === undefined ? 'had ended' : `had exited with code ${exitCode}`;
      return `${task} ${how} before it could be stopped.`;
    }
    case 'vanished':
      return `${task} is no longer known to ECS, so how it ended is unknown.`;
    case 'unconfirmed':
      return `ECS has not confirmed that ${task} stopped: it may still run.`;
    case 'refused':
      return `${task} may still run because it could not be stopped: ${end.cause.sentence}`;
    case 'unknown':
      return end.cause.sentence;
  }
}

function doubtOf(end: StopEnd): string {
  switch (end.how) {
    case 'notStarted':
    case 'stopped':
    case 'endedBefore':
    case 'vanished':
      return '';
    case 'unconfirmed':
      return '; ECS has not confirmed that it stopped';
    case 'refused':
      return `; it may still run because it could not be stopped: ${end.cause.sentence}`;
    case 'unknown':
      return `; it may still run: ${end.cause.sentence}`;
  }
}
