import { createIds } from '../../local/ids.ts';

/** Everything random in a run comes from dice of its seed: the same seed throws the same. */
export interface Dice {
  /** In [0, 1). */
  random(): number;
  /** True with this probability. */
  chance(probability: number): boolean;
  /** A whole number from `least` to `most`. */
  between(least: number, most: number): number;
  pick<Item>(items: readonly [Item, ...Item[]]): Item;
  uuid(): string;
}

export function createDice(seed: number): Dice {
  const ids = createIds(seed);
  const between = (least: number, most: number) => least + Math.floor(ids.random() * (most - least + 1));
  return {
    random: ids.random,
    chance: (probability) => ids.random() < probability,
    between,
    pick: (items) => items[between(0, items.length - 1)] ?? items[0],
    uuid: ids.uuid,
  };
}
