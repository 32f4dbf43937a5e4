import type { EffectKind } from '../effects.ts';
import { causeOf } from '../kernel/causes.ts';
import type { Context, ReleaseDraft } from '../kernel/context.ts';
import { starterOf } from '../run.ts';
import { lookAtRun } from '../runs/ticking.ts';
import { failRelease } from './failing.ts';
import { lookAtRollouts } from './looking.ts';
import { openTask } from './releaseTasks.ts';
import { finishRollback } from './rollingBack.ts';
import { lookForPauses } from './shiftLooks.ts';
import { countsAgainstBudget } from './shifts.ts';
import { taskTimedOut } from './taskEnds.ts';
import { endRollout } from './verdict.ts';

/** The time of a release's step is over. Undefined: nothing of it has a deadline now. */
export function timedOut(ctx: Context, release: ReleaseDraft): string | undefined {
  const minutes = Math.round(ctx.app.timeouts.rollout / 60_000);
  switch (release.step) {
    case 'preparing': {
      const sentence = `v${release.number} did not start within ${minutes} min.`;
      return failRelease(ctx, release, { cause: causeOf('timeout', sentence, release.notes) });
    }
    case 'migrating':
    case 'verifying': {
      const run = openTask(ctx, release);
      if (!run) return 'no release task is in progress';
      return lastLook(ctx, release) ?? taskTimedOut(ctx, release, run);
    }
    case 'rolling': {
      const slow = release.services.find(countsAgainstBudget);
      if (slow) return lastLook(ctx, release) ?? endRollout(ctx, release, slow, { kind: 'timeout' });
      // Steps and bakes follow from the configuration, and people decide when they like.
      release.deadline = ctx.now + ctx.app.timeouts.rollout;
      return undefined;
    }
    case 'rollingBack': {
      const looks = lastLook(ctx, release);
      if (looks !== undefined) return looks;
      if (!release.services.some(isPausedOnTheWayBack)) return giveUpRollback(ctx, release);
      release.deadline = ctx.now + ctx.app.timeouts.rollBack;
      return undefined;
    }
  }
}

/** ECS waits for a person, or for the timeout of the pause: that is no failure of the rollback. */
function isPausedOnTheWayBack({ state, pauses = [] }: ReleaseDraft['services'][number]): boolean {
  return state === 'rollingBack' && pauses.some(({ continuedBy }) => continuedBy === undefined);
}

function giveUpRollback(ctx: Context, release: ReleaseDraft): string {
  if (isLooking(ctx, release))
    release.notes.push('Fairway could not read from ECS what runs: check whether it rolled back');
  for (const rollout of release.services) {
    delete rollout.doubtedAt;
    if (rollout.state === 'rollingBack') rollout.state = 'rollbackFailed';
  }
  return finishRollback(ctx, release);
}

/** For longer than this, no answer is waited for, milliseconds. */
const LONGEST_WAIT = 30 * 60_000;

/**
 * Functions may have been unable to look for as long as ECS had time. So what ECS does is given up after a look that is
 * newer than the deadline. Whether that was answered, the pending effect shows: an answer may get lost. Undefined: it
 * was, or no answer comes.
 */
function lastLook(ctx: Context, release: ReleaseDraft): string | undefined {
  const { lastLookAt = 0, deadline } = release;
  if (lastLookAt < deadline) {
    release.lastLookAt = ctx.now;
    lookAtRollouts(ctx, release);
    lookForPauses(ctx, release);
    const run = openTask(ctx, release);
    if (run?.state === 'running') lookAtRun(ctx, run);
  }
  const isOver = ctx.now - (release.lastLookAt ?? 0) >= LONGEST_WAIT;
  return isOver || !isLooking(ctx, release) ? undefined : 'its time is over: looking once more';
}

/**
 * Effects of a release that show how its deployments and tasks ended. An order to roll back looks first, and so does the
 * repeat of UpdateService.
 */
const LOOKS: readonly EffectKind[] = [
  'lookAtServices',
  'lookAtShifts',
  'readServiceDeployments',
  'rollBack',
  'lookAtTask',
];

/** Whether the answer to a last look is pending, apart from the tasks of other runs. */
function isLooking({ state }: Context, release: ReleaseDraft): boolean {
  const others = state.runs.filter((run) => starterOf(run) !== release.id).flatMap(({ tasks }) => tasks);
  return state.outbox.some(
    ({ effect, attempt }) =>
      (LOOKS.includes(effect.kind) || (effect.kind === 'updateService' && attempt > 0)) &&
      !(effect.kind === 'lookAtTask' && others.some(({ taskArn }) => taskArn === effect.taskArn)),
  );
}
