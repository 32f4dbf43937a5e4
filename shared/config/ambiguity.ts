import type { Language } from './automaton.ts';

/**
 * Whether a regular expression may take exponentially long: JavaScript tries every way in which a text can be
 * matched, and a repetition that can match the same text in two ways doubles the ways with each round. A release
 * judges tags inside a function, and the sweep all of them, so that one tag would stop both. Undefined: too large to
 * tell. Repetitions with an upper bound are not looked at, though they can take long too.
 *
 * Builds the automaton of Glushkov, one state for each character of the pattern, and counts the ways from each to
 * the next. Source: Weber and Seidl, "On the degree of ambiguity of finite automata" (1991), criterion EDA.
 */
export function hasAmbiguousLoop(language: Language): boolean | undefined {
  const ways = waysOf(language);
  if (ways === undefined) return undefined;
  const loops = ways.next.map((_, at) => reach([at], (from) => [...(ways.next[from]?.keys() ?? [])]));
  const inLoop = (a: number, b: number): boolean => (loops[a]?.has(b) && loops[b]?.has(a)) ?? false;
  const within = ways.next.map((next, at) => [...next].filter(([to]) => inLoop(at, to)));
  if (within.some((next) => next.some(([, count]) => count > 1))) return true;

  const looping = within.flatMap((next, at) => (next.length > 0 ? [at] : []));
  if (looping.length > MOST_LOOPING) return undefined;
  const pairsAfter = (pair: number): number[] => {
    const [left, right] = [within[Math.floor(pair / SIDE)] ?? [], within[pair % SIDE] ?? []];
    return left.flatMap(([a]) => right.flatMap(([b]) => (ways.overlap(a, b) ? [a * SIDE + b] : [])));
  };
  const reachable = new Map<number, ReadonlySet<number>>();
  const after = (pair: number): ReadonlySet<number> => {
    const known = reachable.get(pair) ?? reach([pair], pairsAfter);
    reachable.set(pair, known);
    return known;
  };
  // Two ways that part at a state, go on by the same text, and meet at that state again.
  return looping.some((at) => {
    const same = at * SIDE + at;
    return [...after(same)].some((pair) => pair % (SIDE + 1) !== 0 && after(pair).has(same));
  });
}

const MOST_STATES = 1000;
const MOST_LOOPING = 40;
/** Two states as one number. */
const SIDE = MOST_STATES;

/** What may come first or last of a part, with the number of ways; how many ways there are to be empty. */
interface Part {
  readonly first: ReadonlyMap<number, number>;
  readonly last: ReadonlyMap<number, number>;
  readonly empty: number;
}

interface Ways {
  /** By state, the states that may follow, with the number of ways. */
  readonly next: readonly ReadonlyMap<number, number>[];
  overlap(a: number, b: number): boolean;
}

class TooLarge extends Error {}

function waysOf(language: Language): Ways | undefined {
  const characters: ReadonlySet<string>[] = [];
  const next: Map<number, number>[] = [];
  const follow = (last: Part['last'], first: Part['first']): void => {
    for (const [from, before] of last) {
      for (const [to, after] of first) next[from]?.set(to, (next[from]?.get(to) ?? 0) + before * after);
    }
  };
  const join = (a: Part, b: Part): Part => {
    follow(a.last, b.first);
    return {
      first: sum(a.first, b.first, a.empty),
      last: sum(b.last, a.last, b.empty),
      empty: Math.min(2, a.empty * b.empty),
    };
  };
  const build = (part: Language): Part => {
    if (part.kind === 'one') {
      if (characters.length >= MOST_STATES) throw new TooLarge();
      const at = characters.push(part.of) - 1;
      next.push(new Map());
      return { first: new Map([[at, 1]]), last: new Map([[at, 1]]), empty: 0 };
    }
    if (part.kind === 'sequence') return part.parts.map(build).reduce(join, NOTHING);
    if (part.kind === 'either') {
      return part.parts.map(build).reduce(
        (a, b) => ({
          first: sum(a.first, b.first, 1),
          last: sum(a.last, b.last, 1),
          empty: Math.min(2, a.empty + b.empty),
        }),
        { ...NOTHING, empty: 0 },
      );
    }
    let whole = NOTHING;
    for (let times = 0; times < part.min; times += 1) whole = join(whole, build(part.part));
    if (part.max === Infinity) {
      const round = build(part.part);
      follow(round.last, round.first);
      return join(whole, { ...round, empty: 1 });
    }
    // JavaScript takes no round that is empty, so that there is one way to be empty: no round.
    for (let times = part.min; times < part.max; times += 1)
      whole = join(whole, { ...build(part.part), empty: 1 });
    return whole;
  };
  try {
    build(language);
  } catch (error) {
    if (error instanceof TooLarge) return undefined;
    throw error;
  }
  const overlap = (a: number, b: number): boolean =>
    [...(characters[a] ?? [])].some((character) => characters[b]?.has(character));
  return { next, overlap };
}

const NOTHING: Part = { first: new Map(), last: new Map(), empty: 1 };

function sum(a: Part['first'], b: Part['first'], times: number): Part['first'] {
  const whole = new Map(a);
  if (times > 0) for (const [at, count] of b) whole.set(at, (whole.get(at) ?? 0) + count * times);
  return whole;
}

/** What can be reached from some by at least one step. */
function reach(from: readonly number[], after: (at: number) => readonly number[]): ReadonlySet<number> {
  const reached = new Set<number>();
  const open = from.flatMap(after);
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    if (reached.has(at)) continue;
    reached.add(at);
    open.push(...after(at));
  }
  return reached;
}
