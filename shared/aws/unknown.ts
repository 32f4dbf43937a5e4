import { isEffectKind } from '../domain/effects.ts';
import type { AppState } from '../domain/state.ts';

/**
 * What a newer version has written and this one does not know. It is kept, so that a downgrade and the upgrade after it
 * lose nothing.
 */

/** Names of members, each as the key of `true`: the compiler checks that none is missing. */
type Known = Readonly<Record<string, true>>;

/** The members whose names are in none of the lists. */
export function unknownIn(value: object, ...known: readonly Known[]): object {
  const others = Object.entries(value).filter(([name]) => !known.some((names) => Object.hasOwn(names, name)));
  return Object.fromEntries(others);
}

/** Takes pending effects of unknown kinds out of the outbox: no one here can perform them, or say what they do. */
export function withoutUnknownEffects(state: AppState): AppState {
  const outbox = state.outbox.filter(({ effect }) => isEffectKind(effect.kind));
  if (outbox.length === state.outbox.length) return state;
  const unknownEffects = state.outbox.filter(({ effect }) => !isEffectKind(effect.kind));
  return { ...state, outbox, unknownEffects };
}

/** The reverse of `withoutUnknownEffects`. */
export function withUnknownEffects({ unknownEffects = [], ...state }: AppState): AppState {
  return unknownEffects.length === 0 ? state : { ...state, outbox: [...state.outbox, ...unknownEffects] };
}
