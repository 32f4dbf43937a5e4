import { failedAlone, serviceActed, stoppedAlone } from './alerts/noticing.ts';
import { withinBounds } from './bounds.ts';
import { copyOf, isSame } from './data.ts';
import { answered } from './decide/answers.ts';
import { operator } from './decide/operators.ts';
import { tick } from './decide/ticks.ts';
import type { Circumstances, Decision, DomainEvent } from './events.ts';
import type { Context } from './kernel/context.ts';
import { listingFailed } from './releases/listing.ts';
import { deploymentEnded } from './releases/looking.ts';
import { pushed } from './releases/pushes.ts';
import { hookChanged } from './releases/shiftLooks.ts';
import { taskStopped } from './releases/stoppedTasks.ts';
import { withOwner } from './releases/taskEnds.ts';
import { separateOrders } from './releases/waiting.ts';
import { beginQueued, scheduled } from './runs/asking.ts';
import { forgetEndedRuns } from './runs/ending.ts';
import { runTaskStopped } from './runs/following.ts';
import { stoppedRunOf, stoppedRunRuns, taskRuns } from './runs/lateTasks.ts';
import { runOfTask } from './runs/parts.ts';
import { scheduleChecked } from './runs/schedules.ts';
import type { AppState } from './state.ts';

/**
 * Decides what an event means for an app. Pure: time, ids and configuration come in as values,
 * and what is to be done comes out as pending effects in the new state's outbox.
 */
export function decide(state: AppState, event: DomainEvent, circumstances: Circumstances): Decision {
  const ctx: Context = { state: copyOf(state) as Context['state'], ...circumstances };
  separateOrders(ctx.state);
  const { reason, refused } = react(ctx, withinBounds(event));
  if (refused) return { state, reason, changed: false, refused };
  forgetEndedRuns(ctx);
  beginQueued(ctx);
  const next = ctx.state as AppState;
  const changed = !isSame(next, state);
  const wantsListing = state.listSoonAt !== undefined && next.listSoonAt === undefined;
  return { state: next, reason, changed, ...(wantsListing && { wantsListing }) };
}

function react(ctx: Context, event: DomainEvent): { reason: string; refused?: boolean } {
  switch (event.type) {
    case 'imagePushed':
      return { reason: pushed(ctx, event) };
    case 'taskStopped': {
      const { release } = ctx.state;
      const run = runOfTask(ctx, event.taskArn);
      if (run) return { reason: runTaskStopped(ctx, run, event.taskArn) };
      const alone = stoppedAlone(ctx, event);
      if (alone !== undefined) return { reason: alone };
      return { reason: release ? taskStopped(ctx, release, event) : 'no release is open' };
    }
    case 'taskRuns': {
      const run = stoppedRunOf(ctx, event);
      if (!run) return { reason: taskRuns(ctx, event) };
      return { reason: withOwner(ctx, run, () => stoppedRunRuns(ctx, run, event.taskArn)) };
    }
    case 'deploymentEnded': {
      const alone = failedAlone(ctx, event);
      const reason = deploymentEnded(ctx, event);
      return { reason: alone ?? reason };
    }
    case 'hookChanged':
      return { reason: hookChanged(ctx, event) };
    case 'serviceAction':
      return { reason: serviceActed(ctx, event) };
    case 'tick':
      return { reason: tick(ctx) };
    case 'operator':
      return operator(ctx, event.request);
    case 'scheduled':
      return { reason: scheduled(ctx, event) };
    case 'scheduleChecked':
      return { reason: scheduleChecked(ctx, event) };
    case 'listingFailed':
      return { reason: listingFailed(ctx, event) };
    case 'answered':
      return { reason: answered(ctx, event.key, event.answer) };
  }
}

/** An app that Fairway has not seen yet. */
export function initialState(app: string): AppState {
  return {
    app,
    ended: [],
    lastNumber: 0,
    blockedImages: [],
    liveHistory: [],
    knownDeployments: {},
    liveDigests: {},
    outbox: [],
    channelMemory: {},
    runs: [],
    schedules: {},
    askedRuns: [],
  };
}
