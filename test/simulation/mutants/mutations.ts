import type { Ecs, PerformEcs } from '../../../shared/ports.ts';
import type { Store } from '../../../shared/store.ts';
import type { Mutation } from '../functions.ts';

export const store = (change: (store: Store) => Partial<Store>): Mutation => ({
  store: (real) => ({ ...real, ...change(real) }),
});
export const ecs = (change: (ecs: Ecs) => Partial<Ecs>): Mutation => ({
  ecs: (real) => ({ ...real, ...change(real) }),
});
export const perform = (change: (real: PerformEcs) => PerformEcs): Mutation => ({ performEcs: change });
