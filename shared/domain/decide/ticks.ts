import { reviewAlerts, reviewAt } from '../alerts/noticing.ts';
import { counted } from '../counted.ts';
import { describeEffect } from '../effects.ts';
import { announceApp } from '../kernel/announcing.ts';
import type { Context, ReleaseDraft } from '../kernel/context.ts';
import { lookAtWhatRuns } from '../kernel/deployments.ts';
import { deadlineOf, waitsForRate } from '../kernel/rateLimits.ts';
import type { Release } from '../release.ts';
import { timedOut } from '../releases/deadlines.ts';
import { listInTime } from '../releases/listing.ts';
import { lookAtAll, lookAtSilentRollouts } from '../releases/looking.ts';
import { remindersDueAt, remindOfPauses } from '../releases/pauses.ts';
import { openTask } from '../releases/releaseTasks.ts';
import { lookAtDueShifts, shiftsDueAt } from '../releases/shiftLooks.ts';
import { withOwner } from '../releases/taskEnds.ts';
import { type Run, starterOf } from '../run.ts';
import { lookAtRun, runsDueAt, silenceOf, tickRun } from '../runs/ticking.ts';
import type { AppState } from '../state.ts';

/** What does not get done within this time is reported. */
const STUCK = 15 * 60_000;

/** The sweep came by. */
export function tick(ctx: Context): string {
  const { state, now } = ctx;
  reportStuck(ctx);
  reviewAlerts(ctx);
  listInTime(ctx);
  if (state.adoptedAt === undefined) {
    lookAtWhatRuns(ctx);
    return tickRuns(ctx) ?? 'first sight of the app';
  }
  const runs = tickRuns(ctx);
  const { release } = state;
  if (!release) return runs ?? 'nothing is in progress';
  const overdue =
    now >= deadlineOf(release, now) && hasDeadline(release) ? timedOut(ctx, release) : undefined;
  if (overdue !== undefined) return overdue;
  remindOfPauses(ctx, release);
  const shifts = lookAtDueShifts(ctx, release);
  if (now - release.lookedAt < silenceOfRelease(release, state.runs))
    return shifts ?? runs ?? 'the release was checked recently';
  release.lookedAt = now;
  look(ctx, release);
  return 'the release has been silent: looking';
}

/** Undefined: nothing to do. */
function tickRuns(ctx: Context): string | undefined {
  const said = [...ctx.state.runs].flatMap((run) => withOwner(ctx, run, () => tickRun(ctx, run)) ?? []);
  return said.length === 0 ? undefined : said.join('; ');
}

/** Failed, and without a service to roll back, it waits for its task alone. */
function hasDeadline({ failure, step }: Pick<Release, 'failure' | 'step'>): boolean {
  return !failure || step === 'rollingBack';
}

/** As for its task, if one is in progress: its events may be lost. */
function silenceOfRelease(
  { id }: Pick<Release, 'id'>,
  runs: readonly Pick<Run, 'state' | 'owner' | 'id'>[],
): number {
  const open = runs.find((run) => starterOf(run) === id && run.state === 'stopping');
  return silenceOf(open ?? { state: 'running' });
}

/** What has been tried for long and does not get done is reported once: a push must not end in silence. */
function reportStuck(ctx: Context): void {
  const { state, app, now } = ctx;
  const stuck = state.outbox.filter(
    (entry) =>
      describeEffect(entry.effect) !== undefined &&
      !entry.reported &&
      now - entry.since >= STUCK &&
      !waitsForRate(state, entry, now),
  );
  const [first] = stuck;
  if (!first) return;
  for (const entry of stuck) entry.reported = true;
  const minutes = Math.round((now - first.since) / 60_000);
  const why = first.why === undefined ? '' : `: ${first.why.replace(/\.$/, '')}`;
  const others = stuck.length === 1 ? '' : ` Also waiting: ${counted(stuck.length - 1, 'other effect')}.`;
  const sentence = `Fairway has been retrying for ${minutes} min to ${describeEffect(first.effect)} for ${app.name}${why}. It keeps retrying.${others}`;
  announceApp(ctx, 'stuck', 'warning', sentence);
}

function look(ctx: Context, release: ReleaseDraft): void {
  if (release.step === 'preparing') {
    if (release.services.some((rollout) => !rollout.before)) lookAtAll(ctx);
    return;
  }
  const run = openTask(ctx, release);
  if (run) lookAtRun(ctx, run);
  lookAtSilentRollouts(ctx, release);
}

/**
 * When the sweep should next look at this app, in epoch milliseconds; undefined: only when something happens.
 * `leaseUntil` is set while a function performs effects: if it crashes, the sweep takes over then.
 */
export function dueAt(state: AppState, leaseUntil: number | undefined): number | undefined {
  const times: number[] = [];
  for (const entry of state.outbox) times.push(Math.max(entry.notBefore ?? 0, leaseUntil ?? entry.since));
  times.push(...runsDueAt(state));
  if (state.listSoonAt !== undefined) times.push(state.listSoonAt);
  if (state.release) times.push(...releaseDueAt(state.release, state.runs));
  for (const alert of state.alerts?.alerts ?? []) if (!alert.end) times.push(reviewAt(alert));
  return times.length === 0 ? undefined : Math.min(...times);
}

function releaseDueAt(release: Release, runs: readonly Run[]): readonly number[] {
  const deadline = hasDeadline(release) ? [release.deadline] : [];
  const shifts = shiftsDueAt(release) ?? [];
  const times = [...deadline, release.lookedAt + silenceOfRelease(release, runs)];
  return times.concat(shifts, remindersDueAt(release));
}
