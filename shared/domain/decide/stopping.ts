import { openTask } from './abandoning.ts';
import { causeOf, type ReleaseDraft, type Turn } from './draft.ts';
import { failRelease } from './ending.ts';

/** A person ends the open release. What it changed rolls back. */
export function stopRelease(
  turn: Turn,
  release: ReleaseDraft,
  who: string,
  how: string,
): { readonly reason: string; readonly refused?: boolean } {
  if (release.failure) return { reason: `v${release.number} is rolling back already`, refused: true };
  const cause = causeOf('person', `${who} ${how} v${release.number}.`);
  failRelease(turn, release, { cause, outcome: 'rolledBack' });
  const open = openTask(release);
  if (open) return { reason: `v${release.number} is stopped: it ends once ${open.name} has stopped` };
  return { reason: `v${release.number} is stopped and rolls back` };
}
