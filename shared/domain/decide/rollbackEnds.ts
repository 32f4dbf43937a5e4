import type { ReleaseOutcome } from '../release.ts';
import { announceApp, type ReleaseDraft, type Turn } from './draft.ts';
import { holdInstead } from './holding.ts';

/** A rollback that ends without being live: the image that people wanted gone may run again. */
export function rollbackEnded(turn: Turn, release: ReleaseDraft, outcome: ReleaseOutcome): void {
  const { app } = turn;
  const from = rolledBackFrom(release);
  if (from === undefined || outcome === 'live' || outcome === 'superseded') return;
  const how = outcome === 'rolledBack' ? 'was cancelled' : 'failed';
  const rollback = `rollback of ${app.name} to ${release.image.tag} (v${release.number}) ${how}`;
  const runs = whatRuns(release, outcome, from);
  const next = `\`fairway rollback ${app.name}\` goes on to an earlier image.`;
  holdInstead(turn, 'Fairway', `the ${rollback}: ${runs}`);
  announceApp(turn, 'rollbackFailed', 'failure', `The ${rollback}: ${runs}. ${app.name} is held. ${next}`);
}

/** Tag of the image that an open rollback takes away; undefined: it takes none away. */
export function rolledBackFrom({ trigger, previous, image }: ReleaseDraft): string | undefined {
  if (trigger.kind !== 'rollback' || previous?.digest === image.digest) return undefined;
  return previous?.tag;
}

/** "1.2.0, the image that was rolled back from". */
export function nameOfBadImage(from: string): string {
  return `${from}, the image that was rolled back from`;
}

function whatRuns({ services }: ReleaseDraft, outcome: ReleaseOutcome, from: string): string {
  const changed = services.filter(({ state }) => state !== 'pending' && state !== 'unchanged');
  if (changed.length === 0) return `${nameOfBadImage(from)}, still runs`;
  if (outcome !== 'stranded' && changed.every(({ state }) => state === 'back'))
    return `${nameOfBadImage(from)}, runs again`;
  return `services may run ${nameOfBadImage(from)}: check them at once`;
}
