import { announceRelease } from '../kernel/announcing.ts';
import { causeOf } from '../kernel/causes.ts';
import type { Context, ReleaseDraft } from '../kernel/context.ts';
import type { Cause } from '../release.ts';
import type { RunDraft } from '../runs/parts.ts';
import { settingsOf } from '../runs/settings.ts';
import { failRelease } from './failing.ts';
import { askForLines } from './lines.ts';
import { proceed } from './proceeding.ts';
import { hasSucceeded, noteEnding } from './releaseTasks.ts';
import { finishRollback } from './rollingBack.ts';
import { closeStep } from './steps.ts';

/** What becomes of a release when one of its tasks has gone on: the run itself says how it goes. */

/** Has a run go on by `act`, and then the release that owns it, if one does. Answers why. */
export function withOwner<Reason extends string | undefined>(
  ctx: Context,
  run: RunDraft,
  act: () => Reason,
): Reason | string {
  const before = { state: run.state, attempts: run.earlier.length };
  const reason = act();
  const { owner } = run;
  const { release } = ctx.state;
  if (owner.kind !== 'release' || owner.release !== release?.id || reason === undefined) return reason;
  if (run.state === 'ended')
    return release.failure ? abandonedTaskEnded(ctx, release, run) : ended(ctx, release, run);
  if (run.endsAs !== undefined && !release.failure) return failed(ctx, release, run);
  if (run.earlier.length > before.attempts) repeated(ctx, release, run);
  else if (run.state !== before.state) announceRelease(ctx, release);
  return reason;
}

function ended(ctx: Context, release: ReleaseDraft, run: RunDraft): string {
  if (!hasSucceeded(run)) return failed(ctx, release, run);
  closeStep(release, run.task, 'done', ctx.now);
  announceRelease(ctx, release);
  proceed(ctx);
  return `${run.task} succeeded`;
}

function failed(ctx: Context, release: ReleaseDraft, run: RunDraft): string {
  const cause = (run.cause as Cause | undefined) ?? causeOf('timeout', `${run.task} was stopped.`);
  // Earlier versions had a release fail only once its task had stopped.
  const outcome = run.endsAs === 'stopped' ? ({ outcome: 'rolledBack' } as const) : {};
  if (run.state !== 'ended' || run.endsAs === undefined || hasStopped(run))
    return failRelease(ctx, release, { task: run.task, cause, ...outcome });
  noteEnding(release, run);
  const sentence = cause.sentence.replace(/ and was stopped\.$/, '.');
  return failRelease(ctx, release, { task: run.task, cause: { ...cause, sentence }, ...outcome });
}

function hasStopped({ tasks }: RunDraft): boolean {
  return tasks.length > 0 && tasks.every(({ stopped }) => stopped);
}

/** The task took too long, or did not start in time: it is stopped, or looked for, before the release ends. */
export function taskTimedOut(ctx: Context, release: ReleaseDraft, run: RunDraft): string {
  // Earlier versions had a release fail only once its task had stopped.
  if (run.endsAs !== undefined) return failed(ctx, release, run);
  const minutes = Math.round((settingsOf(ctx.app, run)?.timeout ?? 0) / 60_000);
  const what = run.state === 'starting' ? 'did not start' : 'did not end';
  const cause = causeOf('timeout', `${run.task} ${what} within ${minutes} min.`);
  return failRelease(ctx, release, { task: run.task, cause });
}

/** A failed release no longer waits for its task: it ends, unless services are still on their way back. */
function abandonedTaskEnded(ctx: Context, release: ReleaseDraft, run: RunDraft): string {
  const { failure } = release;
  if (failure && run.outcome === 'timedOut' && hasStopped(run)) {
    failure.cause.sentence = failure.cause.sentence.replace(/\.$/, ' and was stopped.');
    delete run.reason;
  }
  noteEnding(release, run);
  if (failure?.task === run.task) askForLines(ctx, release);
  announceRelease(ctx, release);
  return finishRollback(ctx, release);
}

/** Each attempt has its own time. */
function repeated(ctx: Context, release: ReleaseDraft, run: RunDraft): void {
  const attempt = run.earlier.at(-1);
  if (attempt?.retried || attempt?.ran)
    release.notes.push(`attempt ${run.earlier.length} of ${run.task}: ${attempt.why}`);
  release.deadline = (run.triedSince ?? ctx.now) + (settingsOf(ctx.app, run)?.timeout ?? 0);
  announceRelease(ctx, release);
}
