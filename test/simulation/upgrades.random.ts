import type { Release } from '../../shared/domain/release.ts';
import type { Store } from '../../shared/store.ts';
import { judge } from './judge.ts';
import { planFor } from './plan.ts';
import { play } from './play.ts';
import { withUpgrades } from './upgrades.ts';

describe('functions that change their version in the middle of releases', () => {
  it.each([2, 4])(
    'keep every promise in the run of seed %i',
    async (seed) => {
      expect(judge(await play(withUpgrades(planFor(seed))))).toEqual([]);
    },
    60_000,
  );

  it('are found out where a version drops what it does not know', async () => {
    const known = (release: Release): Release =>
      JSON.parse(JSON.stringify(release, (name, value) => (name.endsWith('OfNewer') ? undefined : value)));
    const forgetting = (store: Store): Store => ({
      ...store,
      async load(app) {
        const stored = await store.load(app);
        const { state } = stored ?? {};
        if (!stored || !state) return undefined;
        const release = state.release && { release: known(state.release) };
        return { ...stored, state: { ...state, ...release, ended: state.ended.map(known) } };
      },
    });
    const violations = judge(await play(withUpgrades(planFor(4)), { store: forgetting }));
    expect(violations.map(({ invariant }) => invariant)).toContain('nothing newer is lost');
  }, 60_000);
});
