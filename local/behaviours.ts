import type { Behaviour } from './contract.ts';

/** The behaviours that were ordered, oldest first. */
export function createBehaviours() {
  let ordered: Behaviour[] = [];
  return {
    add: (behaviour: Behaviour) => void ordered.push(behaviour),
    list: (): readonly Behaviour[] => ordered,
    reset() {
      ordered = [];
    },
  };
}
