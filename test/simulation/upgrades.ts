import type { SchemaVersion } from '../../shared/aws/storedState.ts';
import type { Release } from '../../shared/domain/release.ts';
import type { AppState } from '../../shared/domain/state.ts';
import type { Store } from '../../shared/store.ts';
import { createDice } from './dice.ts';
import type { Plan, Replacement } from './script.ts';

/** Functions that are replaced by those of the next version in the middle of a run, and by the earlier ones again. */

const FUNCTIONS = ['image-pushed', 'ecs-changed', 'run-task', 'sweep', 'operate'];
/** CloudFormation replaces functions within moments; a deployment that is stuck leaves some of them for longer. */
const LONGEST = 15 * 60_000;
const MARK = 'markOfNewer';

/** The same run, with an upgrade and, mostly, a downgrade. Drawn from separate dice. */
export function withUpgrades(plan: Plan): Plan {
  const dice = createDice(plan.seed ^ 0x1f83d9ab);
  const begins = Math.floor(dice.random() * plan.calmAt * 0.6);
  const replaced = (schema: SchemaVersion, from: number): Replacement => ({
    schema,
    at: Object.fromEntries(FUNCTIONS.map((name) => [name, from + dice.between(0, LONGEST)])),
  });
  const back = begins + dice.between(0, plan.calmAt / 2);
  return {
    ...plan,
    replacements: [replaced(2, begins), ...(dice.chance(0.7) ? [replaced(1, back)] : [])],
  };
}

/** The form that the function writes by then, counted from the start. */
export function schemaAt(replacements: readonly Replacement[], name: string, at: number): SchemaVersion {
  const done = replacements.filter((replacement) => (replacement.at[name] ?? 0) <= at);
  return done.at(-1)?.schema ?? 1;
}

/** A store of the next version: it writes a member of releases that the earlier version does not know. */
export function marking(store: Store): Store {
  const marked = (release: Release): Release => Object.assign({}, release, { [MARK]: true });
  return {
    ...store,
    save({ state, ...next }, dueAt) {
      const release = state.release && { release: marked(state.release) };
      return store.save({ ...next, state: { ...state, ...release, ended: state.ended.map(marked) } }, dueAt);
    },
  };
}

/** The releases of a state that have what only the next version writes. */
export function markedIn(state: AppState): readonly string[] {
  return releasesIn(state).flatMap((release) => (MARK in release ? [release.id] : []));
}

export function releasesIn({ release, ended }: AppState): readonly Release[] {
  return [...(release ? [release] : []), ...ended];
}
