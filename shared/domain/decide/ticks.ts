import { reviewAlerts, reviewAt } from '../alerts/noticing.ts';
import { counted } from '../counted.ts';
import { describeEffect } from '../effects.ts';
import { announceApp } from '../kernel/announcing.ts';
import { causeOf } from '../kernel/causes.ts';
import type { Context, ReleaseDraft } from '../kernel/context.ts';
import { lookAtWhatRuns } from '../kernel/deployments.ts';
import { enqueue } from '../kernel/outbox.ts';
import type { Release } from '../release.ts';
import { failRelease } from '../releases/failing.ts';
import { listInTime } from '../releases/listing.ts';
import { lookAtAll, lookAtRollouts } from '../releases/looking.ts';
import { finishRollback } from '../releases/rollingBack.ts';
import { giveUpTask, taskTimedOut } from '../releases/tasks.ts';
import { endRollout } from '../releases/verdict.ts';
import { runsDueAt, tickRuns } from '../runs/ticking.ts';
import type { AppState } from '../state.ts';

/** A release that has been silent for this long is checked: its events may be lost. */
const SILENCE = 5 * 60_000;
/** A task that is being stopped should have stopped by then. */
const SILENCE_OF_STOPPING = 3 * 60_000;
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
    return 'first sight of the app';
  }
  const runs = tickRuns(ctx);
  const { release } = state;
  if (!release) return runs ?? 'nothing is under way';
  const givenUp = giveUpTask(ctx, release);
  if (givenUp !== undefined) return givenUp;
  if (now >= release.deadline && hasDeadline(release)) return timedOut(ctx, release);
  if (now - release.lookedAt < silenceOf(release)) return 'the release was checked recently';
  release.lookedAt = now;
  look(ctx, release);
  return 'the release has been silent: looking';
}

/** Failed, and without a service to roll back, it waits for its task alone. */
function hasDeadline({ failure, step }: Pick<Release, 'failure' | 'step'>): boolean {
  return !failure || step === 'rollingBack';
}

function silenceOf({ tasks }: Pick<Release, 'tasks'>): number {
  return tasks.some(({ state }) => state === 'stopping') ? SILENCE_OF_STOPPING : SILENCE;
}

/** What has been tried for long and does not get done is reported once: a push must not end in silence. */
function reportStuck(ctx: Context): void {
  const { state, app, now } = ctx;
  const stuck = state.outbox.filter(
    ({ effect, reported, since }) =>
      describeEffect(effect) !== undefined && !reported && now - since >= STUCK,
  );
  const [first] = stuck;
  if (!first) return;
  for (const entry of stuck) entry.reported = true;
  const minutes = Math.round((now - first.since) / 60_000);
  const why = first.why === undefined ? '' : `: ${first.why}`;
  const others = stuck.length === 1 ? '' : ` Also waiting: ${counted(stuck.length - 1, 'other effect')}.`;
  const sentence = `Fairway has been retrying for ${minutes} min to ${describeEffect(first.effect)} for ${app.name}${why}. It keeps retrying.${others}`;
  announceApp(ctx, 'stuck', 'warning', sentence);
}

function look(ctx: Context, release: ReleaseDraft): void {
  if (release.step === 'preparing') {
    if (release.services.some((rollout) => !rollout.before)) lookAtAll(ctx);
    return;
  }
  for (const run of release.tasks) {
    if (run.taskArn === undefined || (run.state !== 'running' && run.state !== 'stopping')) continue;
    enqueue(ctx, `task:${run.taskArn}`, { kind: 'lookAtTask', taskArn: run.taskArn });
  }
  lookAtRollouts(ctx, release);
}

function timedOut(ctx: Context, release: ReleaseDraft): string {
  const minutes = Math.round(ctx.app.timeouts.rollout / 60_000);
  switch (release.step) {
    case 'preparing': {
      const sentence = `v${release.number} could not begin within ${minutes} min.`;
      return failRelease(ctx, release, { cause: causeOf('timeout', sentence, release.notes) });
    }
    case 'migrating':
    case 'verifying': {
      const run = release.tasks.find((other) => ['starting', 'running', 'stopping'].includes(other.state));
      if (!run) return 'no release task is under way';
      return taskTimedOut(ctx, release, run);
    }
    case 'rolling': {
      const slow = release.services.find(
        (rollout) => rollout.state === 'rolling' || rollout.state === 'updating',
      );
      const rollout = slow ?? release.services[0];
      return rollout ? endRollout(ctx, release, rollout, { kind: 'timeout' }) : 'no service is rolling';
    }
    case 'rollingBack': {
      for (const rollout of release.services) {
        delete rollout.doubtedAt;
        if (rollout.state === 'rollingBack') rollout.state = 'rollbackFailed';
      }
      return finishRollback(ctx, release);
    }
  }
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
  if (state.release) times.push(...releaseDueAt(state.release));
  for (const alert of state.alerts?.alerts ?? []) if (!alert.end) times.push(reviewAt(alert));
  return times.length === 0 ? undefined : Math.min(...times);
}

function releaseDueAt(release: Release): readonly number[] {
  const open = release.tasks.filter(({ state }) => state === 'starting' || state === 'stopping');
  const givenUp = open.flatMap(({ giveUpAt }) => giveUpAt ?? []);
  const deadline = hasDeadline(release) ? [release.deadline] : [];
  return [...deadline, release.lookedAt + silenceOf(release), ...givenUp];
}
