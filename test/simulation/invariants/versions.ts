import type { Played } from '../play.ts';
import { markedIn, releasesIn } from '../upgrades.ts';

/** What a newer version has written stays in the item, whichever version writes it afterwards. */
export function nothingNewerIsLost({ world }: Played): string[] {
  const known = new Set<string>();
  return world.history.saves.flatMap(({ by, state }) => {
    const marked = new Set(markedIn(state));
    const lost = releasesIn(state).filter(({ id }) => known.has(id) && !marked.has(id));
    for (const id of marked) known.add(id);
    return lost.map(({ number }) => `${by} lost what the newer version had written of v${number}`);
  });
}
