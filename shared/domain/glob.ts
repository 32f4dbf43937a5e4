/**
 * Globs over image tags: `*`, `?`, `[a-f]`, `[!a-f]` and `{main,dev}`, compared with the whole tag.
 * A tag is matched in one pass that visits each state of the glob at most once per character, so that no tag that
 * someone pushes can take longer than another of its length.
 */

/** A piece of a glob: one character out of some, any number of them, or one of several alternatives. */
type GlobPart =
  | { readonly kind: 'one'; readonly of: CharacterTest }
  | { readonly kind: 'many'; readonly of: CharacterTest }
  | { readonly kind: 'either'; readonly alternatives: readonly (readonly GlobPart[])[] };

type CharacterTest = (character: string) => boolean;

/** What a glob consists of, or why it is none: the end of a sentence that begins with "expected". */
type ReadGlob = { readonly parts: readonly GlobPart[] } | { readonly fault: string };

/** Longer ones are nested more deeply than anyone reads. */
const LONGEST = 500;

class NotAGlob extends Error {}

export function readGlob(glob: string): ReadGlob {
  if (glob.length > LONGEST) return { fault: `expected a glob of at most ${LONGEST} characters` };
  if (glob.startsWith('!'))
    return { fault: 'expected a glob without "!" in front: name the tags to leave out under "ignore"' };
  const fault = faultOfExpression(glob);
  if (fault !== undefined) return { fault };
  try {
    const reader: Reader = { glob, at: 0 };
    const parts = readParts(reader, '');
    return { parts };
  } catch (error) {
    if (error instanceof NotAGlob) return { fault: error.message };
    throw error;
  }
}

/**
 * Regular expressions that can be read as globs, but then match other tags than their author expects: as a glob, `.*`
 * matches what begins with a dot, and `[0-9]{1,3}` a digit before a 1 or a 3.
 */
function faultOfExpression(glob: string): string | undefined {
  const instead = (written: string, write: string) =>
    `expected a glob, not a regular expression: instead of "${written}" write ${write}`;
  if (/^\/.*\/[a-z]*$/.test(glob)) return instead(glob, 'a glob without slashes, such as "main-*"');
  const [, set = '', count] = /(\[[^\]]*\])(\{\d*,?\d*\})/.exec(glob) ?? [];
  if (count !== undefined) return instead(`${set}${count}`, `"${set}" once for each character, or "*"`);
  const [, any] = /(?:^|[-_.{,])(\.[*?])/.exec(glob) ?? [];
  return any === undefined ? undefined : instead(any, any === '.*' ? '"*"' : '"?"');
}

interface Reader {
  readonly glob: string;
  at: number;
}

/** Everything up to one of the characters that `end` names, or to the end of the glob. */
function readParts(reader: Reader, end: string): readonly GlobPart[] {
  const parts: GlobPart[] = [];
  while (reader.at < reader.glob.length && !end.includes(reader.glob.charAt(reader.at)))
    parts.push(readPart(reader));
  return parts;
}

function readPart(reader: Reader): GlobPart {
  const character = reader.glob.charAt(reader.at);
  reader.at += 1;
  switch (character) {
    case '*':
      refuseGroup(reader);
      return { kind: 'many', of: () => true };
    case '?':
      refuseGroup(reader);
      return { kind: 'one', of: () => true };
    case '[':
      return readSet(reader);
    case '{':
      return readAlternatives(reader);
    case '\\':
      return literal(readEscaped(reader));
    case '(':
    case ')':
    case '|':
      throw groups();
    case '^':
    case '$':
      throw new NotAGlob(
        `expected a glob, not a regular expression: it is compared with the whole tag, without "${character}"`,
      );
    case '+':
      throw new NotAGlob('expected a glob, not a regular expression: instead of "+" write "*"');
    default:
      refuseGroup(reader);
      return readLiteral(character);
  }
}

function refuseGroup(reader: Reader): void {
  if (reader.glob.charAt(reader.at) === '(') throw groups();
}

function groups(): NotAGlob {
  return new NotAGlob(
    'expected a glob of *, ?, [] and {} only: instead of a group such as "@(a|b)" write "{a,b}"',
  );
}

function readLiteral(character: string): GlobPart {
  if (/[A-Za-z0-9_.-]/.test(character)) return literal(character);
  throw new NotAGlob(
    `expected a glob that a tag can match: tags consist of letters, digits, _ . and -, not "${character}"`,
  );
}

function literal(wanted: string): GlobPart {
  return { kind: 'one', of: (character) => character === wanted };
}

/** A tag has no special characters but `.`, `_` and `-`: a backslash before a letter is of a regular expression. */
function readEscaped(reader: Reader): string {
  const escaped = reader.glob.charAt(reader.at);
  reader.at += 1;
  if (/^[._-]$/.test(escaped)) return escaped;
  const instead = escaped === 'd' ? 'instead of "\\d" write "[0-9]"' : `"\\${escaped}" has no meaning in it`;
  throw new NotAGlob(`expected a glob, not a regular expression: ${instead}`);
}

function readSet(reader: Reader): GlobPart {
  const [whole, not = '', members = ''] =
    /^([!^]?)(\]?(?:\\.|[^\]\\])*)\]/.exec(reader.glob.slice(reader.at)) ?? [];
  if (whole === undefined || members === '')
    throw new NotAGlob('expected characters and a "]" after each "["');
  if (members.includes('[:'))
    throw new NotAGlob('expected characters in "[]", not a class such as "[:digit:]": write "[0-9]"');
  reader.at += whole.length;
  const tests = testsOf(members);
  const isIn: CharacterTest = (character) => tests.some((test) => test(character));
  return { kind: 'one', of: not === '' ? isIn : (character) => !isIn(character) };
}

function testsOf(members: string): readonly CharacterTest[] {
  const tests: CharacterTest[] = [];
  const reader: Reader = { glob: members, at: 0 };
  const take = (): string => {
    const character = members.charAt(reader.at);
    reader.at += 1;
    return character === '\\' ? readEscaped(reader) : character;
  };
  while (reader.at < members.length) {
    const first = take();
    const isRange = members.charAt(reader.at) === '-' && reader.at + 1 < members.length;
    if (isRange) reader.at += 1;
    const last = isRange ? take() : first;
    if (last < first)
      throw new NotAGlob(`expected a range from the lower to the higher character, not "${first}-${last}"`);
    tests.push((character) => character >= first && character <= last);
  }
  return tests;
}

function readAlternatives(reader: Reader): GlobPart {
  const alternatives: (readonly GlobPart[])[] = [];
  const start = reader.at;
  let end = ',';
  while (end === ',') {
    alternatives.push(readParts(reader, ',}'));
    end = reader.glob.charAt(reader.at);
    reader.at += 1;
  }
  const inside = reader.glob.slice(start, reader.at - 1);
  if (end !== '}') throw new NotAGlob('expected a "}" after each "{"');
  if (/^[^,{}]*\.\.[^,{}]*$/.test(inside))
    throw new NotAGlob(
      `expected alternatives in "{}", not the range "${inside}": write "{1,2,3}" or "[1-3]"`,
    );
  if (alternatives.length === 1)
    throw new NotAGlob(`expected alternatives with a comma between them in "{}", not only "${inside}"`);
  return { kind: 'either', alternatives };
}

/** A glob as a machine: what each state takes, and where it leads. Without `on` it leads there at once. */
interface GlobMachine {
  readonly states: readonly GlobState[];
  readonly start: number;
  readonly end: number;
}

interface GlobState {
  readonly on?: CharacterTest;
  readonly to: readonly number[];
}

function machineOf(parts: readonly GlobPart[]): GlobMachine {
  const states: GlobState[] = [];
  const add = (state: GlobState): number => states.push(state) - 1;
  const build = (some: readonly GlobPart[], after: number): number =>
    some.reduceRight((next, part) => buildPart(part, next), after);
  const buildPart = (part: GlobPart, next: number): number => {
    switch (part.kind) {
      case 'one':
        return add({ on: part.of, to: [next] });
      case 'many': {
        // The state that stays is the next one to be added.
        const fork = add({ to: [states.length + 1, next] });
        add({ on: part.of, to: [fork] });
        return fork;
      }
      case 'either':
        return add({ to: part.alternatives.map((alternative) => build(alternative, next)) });
    }
  };
  const end = add({ to: [] });
  return { start: build(parts, end), states, end };
}

/** These states, and all that they lead to at once. */
function reached({ states }: GlobMachine, from: Iterable<number>): ReadonlySet<number> {
  const found = new Set(from);
  for (const at of found) {
    const state = states[at];
    if (state && !state.on) for (const next of state.to) found.add(next);
  }
  return found;
}

/** Where a character leads from these states. */
function step(machine: GlobMachine, from: ReadonlySet<number>, character: string): ReadonlySet<number> {
  const next = new Set<number>();
  for (const at of from) {
    const state = machine.states[at];
    if (state?.on?.(character)) for (const to of state.to) next.add(to);
  }
  return reached(machine, next);
}

/** Globs come from fairway.yml: there are few, and each is used for every tag. */
const machines = new Map<string, GlobMachine | undefined>();

function machineFor(glob: string): GlobMachine | undefined {
  if (!machines.has(glob)) {
    const read = readGlob(glob);
    machines.set(glob, 'fault' in read ? undefined : machineOf(read.parts));
  }
  return machines.get(glob);
}

/** Whether a glob matches the whole tag. What is no glob matches nothing. */
export function matchesGlob(tag: string, glob: string): boolean {
  const machine = machineFor(glob);
  if (!machine) return false;
  let at = reached(machine, [machine.start]);
  for (const character of tag) at = step(machine, at, character);
  return at.has(machine.end);
}
