/** A set of tags: built from patterns by `tag-language.ts`, compared here as finite automata. */
export type Language =
  | { readonly kind: 'one'; readonly of: ReadonlySet<string> }
  | { readonly kind: 'sequence'; readonly parts: readonly Language[] }
  | { readonly kind: 'either'; readonly parts: readonly Language[] }
  | { readonly kind: 'repeat'; readonly part: Language; readonly min: number; readonly max: number };

export const ALPHABET = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.-'];

const LONGEST_TAG = 128;
const NEVER_FIRST = new Set(['.', '-']);
const MOST_STATES = 4000;

class TooLarge extends Error {}

/** Each state has edges on characters and edges on nothing. */
interface State {
  readonly silent: number[];
  readonly edges: { readonly of: ReadonlySet<string>; readonly to: number }[];
}

interface Automaton {
  readonly states: State[];
  readonly start: number;
  readonly end: number;
}

function automatonOf(language: Language): Automaton | undefined {
  const states: State[] = [];
  const add = (): number => states.push({ silent: [], edges: [] }) - 1;
  const link = (from: number, to: number): void => {
    states[from]?.silent.push(to);
  };
  const build = (part: Language, from: number): number => {
    if (states.length > MOST_STATES) throw new TooLarge();
    if (part.kind === 'one') {
      const to = add();
      states[from]?.edges.push({ of: part.of, to });
      return to;
    }
    if (part.kind === 'sequence') return part.parts.reduce((at, next) => build(next, at), from);
    if (part.kind === 'either') {
      const to = add();
      for (const branch of part.parts) {
        const entry = add();
        link(from, entry);
        link(build(branch, entry), to);
      }
      return to;
    }
    let at = from;
    for (let times = 0; times < part.min; times += 1) at = build(part.part, at);
    const to = add();
    if (part.max === Infinity) {
      const loop = add();
      link(at, loop);
      link(build(part.part, loop), loop);
      link(loop, to);
      return to;
    }
    link(at, to);
    for (let times = part.min; times < part.max; times += 1) {
      at = build(part.part, at);
      link(at, to);
    }
    return to;
  };
  try {
    const start = add();
    return { states, start, end: build(language, start) };
  } catch (error) {
    if (error instanceof TooLarge) return undefined;
    throw error;
  }
}

function closure(automaton: Automaton, seeds: Iterable<number>): ReadonlySet<number> {
  const reached = new Set<number>();
  const open = [...seeds];
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    if (reached.has(at)) continue;
    reached.add(at);
    open.push(...(automaton.states[at]?.silent ?? []));
  }
  return reached;
}

function step(automaton: Automaton, from: ReadonlySet<number>, character: string): ReadonlySet<number> {
  const seeds: number[] = [];
  for (const at of from) {
    for (const edge of automaton.states[at]?.edges ?? []) if (edge.of.has(character)) seeds.push(edge.to);
  }
  return closure(automaton, seeds);
}

/**
 * Whether some valid tag is in `taken` and not in `ignored`; undefined: too large to tell.
 * Walks both automata together, one character at a time, to the length of the longest tag.
 */
export function hasTagOutside(taken: Language, ignored: Language): boolean | undefined {
  const inside = automatonOf(taken);
  const outside = automatonOf(ignored);
  if (inside === undefined || outside === undefined) return undefined;

  const nameOf = (states: ReadonlySet<number>): string => [...states].sort((a, b) => a - b).join(',');
  let layer = [{ in: closure(inside, [inside.start]), out: closure(outside, [outside.start]) }];
  const seen = new Set<string>();
  for (let length = 1; length <= LONGEST_TAG && layer.length > 0; length += 1) {
    const next: typeof layer = [];
    for (const at of layer) {
      for (const character of ALPHABET) {
        if (length === 1 && NEVER_FIRST.has(character)) continue;
        const states = step(inside, at.in, character);
        if (states.size === 0) continue;
        const other = step(outside, at.out, character);
        if (states.has(inside.end) && !other.has(outside.end)) return true;
        const name = `${nameOf(states)}/${nameOf(other)}`;
        if (seen.has(name)) continue;
        if (seen.size > MOST_STATES) return undefined;
        seen.add(name);
        next.push({ in: states, out: other });
      }
    }
    layer = next;
  }
  return false;
}
