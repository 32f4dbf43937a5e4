import type { Behaviour } from './contract.ts';

/** The active behaviors, oldest first. */
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
