import { type Handlers, onlyReported } from '../kernel/handlers.ts';
import { alertAnnounced } from './book.ts';
import { recoverySeen, stoppedSeen, troubleSeen } from './judging.ts';

/** What the answers to an alert's effects mean. */
export const ALERT_EFFECTS: Handlers<
  'lookAtStopped' | 'lookAtTrouble' | 'lookForRecovery' | 'announceAlert'
> = {
  lookAtStopped: {
    answered: (ctx, effect, { tasks }) => stoppedSeen(ctx, effect, tasks),
    refused: onlyReported,
  },
  lookAtTrouble: {
    answered: (ctx, effect, answer) =>
      answer.kind === 'troubleSeen' ? troubleSeen(ctx, effect, answer) : 'nothing was seen',
    refused: onlyReported,
  },
  lookForRecovery: {
    answered: (ctx, _, { services }) => recoverySeen(ctx, services),
    refused: onlyReported,
  },
  announceAlert: {
    answered: (ctx, { channel, alert }, { memory }) => alertAnnounced(ctx, channel, alert, memory),
    refused: onlyReported,
  },
};
