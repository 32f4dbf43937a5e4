import { type GlobMachine, type GlobPart, machineOf, reached, readGlob, step } from '../domain/glob.ts';

/** Which tags a glob can match at all, and whether some globs together match all that another one does. */

/** OCI distribution specification, "Pulling manifests": what a tag looks like. */
export const TAG_GRAMMAR = /^[A-Za-z0-9_][A-Za-z0-9._-]{0,127}$/;

const ALPHABET = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.-'];
const LONGEST_TAG = 128;
/** Combinations of states after which two sets of globs are too different to compare. */
const MOST_STEPS = 2_000;

const digit = (character: string) => character >= '0' && character <= '9';
const exactly = (wanted: string): GlobPart => ({ kind: 'one', of: (character) => character === wanted });
const number: readonly GlobPart[] = [
  { kind: 'one', of: digit },
  { kind: 'many', of: digit },
];
const anything: GlobPart = { kind: 'many', of: () => true };

/** Versions as semver tags have them, a leading "v" and "_" for the "+" of build metadata included: wider than any range. */
const VERSIONS: readonly GlobPart[] = [
  { kind: 'either', alternatives: [[exactly('v')], []] },
  ...number,
  exactly('.'),
  ...number,
  exactly('.'),
  ...number,
  { kind: 'either', alternatives: [[], [exactly('-'), anything], [exactly('_'), anything]] },
];

/** Whether some valid tag matches. What is no glob matches none. */
export function canMatch(glob: string): boolean {
  const machine = machineOfGlob(glob);
  return machine !== undefined && acceptsSome(machine);
}

function acceptsSome(machine: GlobMachine): boolean {
  let at = reached(machine, [machine.start]);
  for (let length = 1; length <= LONGEST_TAG && at.size > 0; length += 1) {
    const next = charactersAt(length).flatMap((character) => [...step(machine, at, character)]);
    at = new Set(next);
    if (at.has(machine.end)) return true;
  }
  return false;
}

/** What a policy takes: a glob, one tag, or versions. */
export type Taken = { readonly glob: string } | { readonly tag: string } | 'versions';

/**
 * Whether some valid tag is taken, and each of them matches one of the globs. Where that takes too long to find out:
 * false.
 */
export function ignoresAll(globs: readonly string[], taken: Taken): boolean {
  const wanted = machineOfTaken(taken);
  const ignored = globs.flatMap((glob) => machineOfGlob(glob) ?? []);
  if (!wanted || ignored.length === 0 || !acceptsSome(wanted)) return false;
  return !hasTagOutside(wanted, ignored);
}

function machineOfTaken(taken: Taken): GlobMachine | undefined {
  if (taken === 'versions') return machineOf(VERSIONS);
  return 'tag' in taken ? machineOf([...taken.tag].map(exactly)) : machineOfGlob(taken.glob);
}

function machineOfGlob(glob: string): GlobMachine | undefined {
  const read = readGlob(glob);
  return 'fault' in read ? undefined : machineOf(read.parts);
}

/** The first character of a tag is a letter, a digit or "_". */
function charactersAt(length: number): readonly string[] {
  return length === 1 ? ALPHABET.filter((character) => !'.-'.includes(character)) : ALPHABET;
}

/** All machines at once, breadth first; the first of them takes, the others ignore. */
function hasTagOutside(wanted: GlobMachine, ignored: readonly GlobMachine[]): boolean {
  const machines = [wanted, ...ignored];
  let open: (readonly ReadonlySet<number>[])[] = [
    machines.map((machine) => reached(machine, [machine.start])),
  ];
  const seen = new Set<string>();
  for (let length = 1; length <= LONGEST_TAG && open.length > 0; length += 1) {
    const next: (readonly ReadonlySet<number>[])[] = [];
    for (const at of open) {
      for (const character of charactersAt(length)) {
        const then = machines.map((machine, index) => step(machine, at[index] ?? new Set(), character));
        const [taken, ...others] = then;
        if (!taken || taken.size === 0) continue;
        if (taken.has(wanted.end) && !others.some((other, index) => other.has(ignored[index]?.end ?? -1)))
          return true;
        const key = then.map((states) => [...states].sort((a, b) => a - b).join()).join(';');
        if (seen.has(key)) continue;
        seen.add(key);
        if (seen.size > MOST_STEPS) return true;
        next.push(then);
      }
    }
    open = next;
  }
  return false;
}
