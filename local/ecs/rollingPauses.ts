import type { Cancel } from '../contract.ts';
import { goBack } from './breaker.ts';
import { failDeployment, openServiceDeployment, primaryOf } from './deployments.ts';
import type { Context, Service } from './model.ts';
import { hooksDue, reviewHooks, startHooks } from './shifting/hooks.ts';
import type { Stage } from './shifting/model.ts';

/**
 * Pauses of rolling deployments. AWS announced them for every strategy (What's New, 2026-05-19) and does not say at which
 * stages: here before its tasks start and after they are healthy, which is disputed.
 */

type RollingStage = Extract<Stage, 'PRE_SCALE_UP' | 'POST_SCALE_UP'>;

/** Whether the open deployment waits at this stage. `again`: has the service processed after so many milliseconds. */
export function isPaused(
  ctx: Context,
  service: Service,
  stage: RollingStage,
  again: (milliseconds: number) => Cancel,
): boolean {
  const open = openServiceDeployment(service);
  const primary = primaryOf(service);
  if (open === undefined || open.rollback !== undefined || primary?.rolloutState !== 'IN_PROGRESS')
    return false;
  if (!pausesAt(ctx, stage) || (stage === 'PRE_SCALE_UP' && open.pause?.stage === 'POST_SCALE_UP'))
    return false;
  if (open.pause?.stage !== stage) {
    open.pause?.wake?.();
    open.pause = { stage, hooks: [], wake: undefined };
    startHooks(ctx, service, open, open.pause, ['PAUSE']);
  }
  const { pause } = open;
  pause.wake?.();
  pause.wake = undefined;
  const state = reviewHooks(ctx, service, open, pause);
  if (state === 'passed') return false;
  if (state === 'open') {
    const due = hooksDue(ctx, pause);
    if (due !== undefined) pause.wake = again(due - ctx.clock.now());
    return true;
  }
  failDeployment(ctx, service, primary, state.failed);
  goBack(ctx, service, primary, true);
  return false;
}

function pausesAt(ctx: Context, stage: RollingStage): boolean {
  const { rollingPauses } = ctx.disputed();
  return rollingPauses === 'both' || (rollingPauses === 'beforeTasks' && stage === 'PRE_SCALE_UP');
}
