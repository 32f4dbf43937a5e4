import { failedAlone, serviceActed, stoppedAlone } from './alerts/noticing.ts';
import { withinBounds } from './bounds.ts';
import { copyOf, isSame } from './data.ts';
import { answered } from './decide/answers.ts';
import { operator } from './decide/operators.ts';
import { tick } from './decide/ticks.ts';
import type { Circumstances, Decision, DomainEvent } from './events.ts';
import type { Turn } from './kernel/draft.ts';
import { taskStopped } from './releases/failing.ts';
import { taskRuns } from './releases/lateTasks.ts';
import { listingFailed } from './releases/listing.ts';
import { deploymentEnded } from './releases/looking.ts';
import { pushed } from './releases/pushes.ts';
import { separateOrders } from './releases/waiting.ts';
import { beginQueued, scheduled } from './runs/asking.ts';
import { forgetEndedRuns } from './runs/ending.ts';
import { runTaskStopped } from './runs/following.ts';
import { runOfTask } from './runs/parts.ts';
import { scheduleChecked } from './runs/schedules.ts';
import type { AppState } from './state.ts';

/**
 * Decides what an event means for an app. Pure: time, ids and configuration come in as values,
 * and what is to be done comes out as pending effects in the new state's outbox.
 */
export function decide(state: AppState, event: DomainEvent, circumstances: Circumstances): Decision {
  const turn: Turn = { state: copyOf(state) as Turn['state'], ...circumstances };
  separateOrders(turn.state);
  const { reason, refused } = react(turn, withinBounds(event));
  if (refused) return { state, reason, changed: false, refused };
  forgetEndedRuns(turn);
  beginQueued(turn);
  const next = turn.state as AppState;
  const changed = !isSame(next, state);
  const wantsListing = state.listSoonAt !== undefined && next.listSoonAt === undefined;
  return { state: next, reason, changed, ...(wantsListing && { wantsListing }) };
}

function react(turn: Turn, event: DomainEvent): { reason: string; refused?: boolean } {
  switch (event.type) {
    case 'imagePushed':
      return { reason: pushed(turn, event) };
    case 'taskStopped': {
      const { release } = turn.state;
      const run = runOfTask(turn, event.taskArn);
      if (run) return { reason: runTaskStopped(turn, run, event.taskArn) };
      const alone = stoppedAlone(turn, event);
      if (alone !== undefined) return { reason: alone };
      return { reason: release ? taskStopped(turn, release, event) : 'no release is open' };
    }
    case 'taskRuns':
      return { reason: taskRuns(turn, event) };
    case 'deploymentEnded': {
      const alone = failedAlone(turn, event);
      const reason = deploymentEnded(turn, event);
      return { reason: alone ?? reason };
    }
    case 'serviceAction':
      return { reason: serviceActed(turn, event) };
    case 'tick':
      return { reason: tick(turn) };
    case 'operator':
      return operator(turn, event.request);
    case 'scheduled':
      return { reason: scheduled(turn, event) };
    case 'scheduleChecked':
      return { reason: scheduleChecked(turn, event) };
    case 'listingFailed':
      return { reason: listingFailed(turn, event) };
    case 'answered':
      return { reason: answered(turn, event.key, event.answer) };
  }
}

/** An app that Fairway has not seen yet. */
export function unseen(app: string): AppState {
  return {
    app,
    ended: [],
    lastNumber: 0,
    spent: [],
    proven: [],
    known: {},
    digests: {},
    outbox: [],
    memories: {},
    runs: [],
    schedules: {},
    askedRuns: [],
  };
}
