import type { Context, ReleaseDraft } from '../kernel/context.ts';
import { rememberLost } from '../kernel/lostStarts.ts';
import { cancelEffects, enqueue, isUnsent } from '../kernel/outbox.ts';
import { ACCEPT_WITHIN, STOP_WITHIN } from '../kernel/stopTimes.ts';

/** Ending the tasks that a failed release still has under way: nothing of a release runs on after its end. */

type Run = ReleaseDraft['tasks'][number];

const SECOND = 1000;
const MINUTE = 60 * SECOND;
/**
 * Waits between the looks for a task whose start may have been sent. ECS answers are eventually consistent: a task may
 * be missing from them for seconds to minutes after RunTask (Amazon ECS Developer Guide, "API eventual consistency").
 */
const WAITS = [5 * SECOND, 15 * SECOND, 40 * SECOND, MINUTE, 2 * MINUTE];
/** ECS may not answer the looks either. */
const FIND_WITHIN = 30 * MINUTE;

/** The task that a release has under way, if any: release tasks run one after the other. */
export function openTask(release: ReleaseDraft): Run | undefined {
  return release.tasks.find(({ state }) => ['starting', 'running', 'stopping'].includes(state));
}

/** The release has failed: its task is stopped, or looked for where it is unknown whether it was started. */
export function abandonTask(ctx: Context, release: ReleaseDraft): void {
  const run = openTask(release);
  if (run?.state === 'running') stopTask(ctx, release, run);
  if (run?.state === 'starting') abandonStart(ctx, release, run);
}

/** It need not be looked for any longer. */
function stopLooking(ctx: Context, run: Run): void {
  cancelEffects(ctx, ({ key, effect }) => key === keyOf(run) && effect.kind === 'findTask');
}

/** Has ECS stop a task; the release ends once ECS says that it has stopped. */
export function stopTask(ctx: Context, release: ReleaseDraft, run: Run): void {
  if (run.taskArn === undefined) return;
  stopLooking(ctx, run);
  run.state = 'stopping';
  run.giveUpAt = ctx.now + ACCEPT_WITHIN;
  askToStop(ctx, release, run.taskArn);
}

/** ECS has accepted the order. It may be given again, which takes no more time. */
export function stopAccepted(ctx: Context, release: ReleaseDraft, taskArn: string): string {
  const run = release.tasks.find((other) => other.taskArn === taskArn);
  if (run?.state === 'stopping' && run.giveUpAt !== undefined)
    run.giveUpAt = Math.min(run.giveUpAt, ctx.now + STOP_WITHIN);
  return 'ECS is stopping it';
}

export function askToStop(ctx: Context, release: ReleaseDraft, taskArn: string): void {
  const why = release.failure?.cause.sentence ?? 'its release has failed';
  const reason = `Fairway v${release.number}: ${why}`.slice(0, 255);
  enqueue(ctx, `stop:${taskArn}`, { kind: 'stopTask', taskArn, reason });
}

/** A start that was certainly not sent is dropped. RunTask is never repeated to find out about any other. */
function abandonStart(ctx: Context, release: ReleaseDraft, run: Run): void {
  const start = ctx.state.outbox.find(
    ({ effect }) => effect.kind === 'runTask' && effect.releaseId === release.id && effect.task === run.name,
  );
  if (start && isUnsent(ctx, start)) {
    cancelEffects(ctx, (entry) => entry === start);
    closeTask(ctx, release, run, `${run.name} was not started.`);
    return;
  }
  run.giveUpAt = ctx.now + FIND_WITHIN;
  const sentBefore = start === undefined || start.attempt > 0;
  const effect = { ...find(release, run), sentBefore };
  if (!start) {
    enqueue(ctx, keyOf(run), effect);
    return;
  }
  // An answer of RunTask that is on its way names this key.
  start.effect = effect;
  start.since = ctx.now;
  for (const member of ['notBefore', 'why', 'reported', 'again'] as const) delete start[member];
}

function find(release: ReleaseDraft, run: Run) {
  return {
    kind: 'findTask',
    task: run.name,
    releaseId: release.id,
    attempt: run.attempt,
    looks: 0,
    sentBefore: true,
  } as const;
}

function keyOf(run: Run): string {
  return `run:${run.name}:${run.attempt}`;
}

/** Nothing was found: looks again later. False: that was the last look. */
export function lookAgain(ctx: Context, release: ReleaseDraft, run: Run, looks: number): boolean {
  const wait = WAITS[looks];
  if (wait === undefined) return false;
  const effect = { ...find(release, run), looks: looks + 1 };
  enqueue(ctx, keyOf(run), effect, { notBefore: ctx.now + wait });
  return true;
}

/** Looks for a task of a failed release, from the first look on. */
export function lookForStart(ctx: Context, release: ReleaseDraft, run: Run): void {
  enqueue(ctx, keyOf(run), find(release, run));
}

/** The task of a failed release is no longer waited for: `ending` says why. */
export function closeTask(ctx: Context, release: ReleaseDraft, run: Run, ending: string): void {
  run.state = 'failed';
  run.endedAt = ctx.now;
  run.ending = ending;
  stopLooking(ctx, run);
  if (!release.notes.includes(ending)) release.notes.push(ending);
}

/** It is unknown whether it was started: if it appears, it is stopped. */
export function loseStart(ctx: Context, release: ReleaseDraft, run: Run, why: string): void {
  rememberLost(ctx, { releaseId: release.id, release: release.number, task: run.name });
  closeTask(ctx, release, run, `Whether ${run.name} was started is unknown: ${why}.`);
}

/** What a failed release waits for. */
export function waitsFor({ name, state }: Run): string {
  if (state === 'starting') return `Whether ${name} has started is being found out.`;
  return `${name} is being stopped.`;
}
