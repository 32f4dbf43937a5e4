import { ALPHABET, hasTagOutside, type Language } from './automaton.ts';

/**
 * Which tags a glob or a regular expression can match, as finite automata over the characters a tag may have.
 * Answers "can this match anything at all?" and "does this ignore everything?" for the patterns people write;
 * for what it cannot read (look-around, back references, extended globs) it says that it cannot tell.
 */

/** OCI distribution specification, "Pulling manifests": what a tag looks like. */
export const TAG_GRAMMAR = /^[A-Za-z0-9_][A-Za-z0-9._-]{0,127}$/;

const anyCharacter: Language = { kind: 'one', of: new Set(ALPHABET) };
const anything: Language = { kind: 'repeat', part: anyCharacter, min: 0, max: Infinity };

/** Thrown inside the readers below, caught at their door. */
class Unreadable extends Error {}

/** The tags that a regular expression finds (anywhere in the tag unless anchored); undefined: cannot tell. */
export function languageOfPattern(pattern: string): Language | undefined {
  return orUndefined(pattern, () => {
    const reader = new Reader(pattern);
    const whole = readAlternatives(reader, true);
    if (!reader.done()) throw new Unreadable();
    return whole;
  });
}

/**
 * Where picomatch has ways of its own: negation, groups, quotes, alternatives, repetition, folders, and escapes
 * that its regular expression reads as classes.
 */
const OWN_WAYS = /^!|^\.\/|["|()+]|\*\*.*\/|\/.*\*\*|\\\w|\[[^\]]*\[/;

/** The tags that a glob matches whole; undefined: cannot tell. */
export function languageOfGlob(glob: string): Language | undefined {
  return orUndefined(glob, () => {
    if (OWN_WAYS.test(glob)) throw new Unreadable();
    const reader = new Reader(glob);
    const whole = readGlob(reader, false);
    if (!reader.done()) throw new Unreadable();
    return whole;
  });
}

/** False when no valid tag is in the language; undefined: cannot tell. */
export function canMatch(language: Language): boolean | undefined {
  return hasTagOutside(language, { kind: 'either', parts: [] });
}

/** True when every valid tag of `taken` is also in `ignored`; undefined: cannot tell. */
export function swallows(ignored: readonly Language[], taken: Language): boolean | undefined {
  const outside = hasTagOutside(taken, { kind: 'either', parts: ignored });
  return outside === undefined ? undefined : !outside;
}

class Reader {
  private readonly text: string;
  private at = 0;
  constructor(text: string) {
    this.text = text;
  }
  peek(): string {
    return this.text.charAt(this.at);
  }
  rest(): string {
    return this.text.slice(this.at);
  }
  take(length = 1): string {
    const taken = this.text.slice(this.at, this.at + length);
    this.at += length;
    return taken;
  }
  done(): boolean {
    return this.at >= this.text.length;
  }
}

/** Longer ones are nested more deeply than anyone reads, or can be read here. */
const LONGEST_READ = 500;

function orUndefined(text: string, read: () => Language): Language | undefined {
  if (text.length > LONGEST_READ) return undefined;
  try {
    return read();
  } catch (error) {
    if (error instanceof Unreadable || error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** JavaScript itself says which characters an atom such as `[a-f]`, `\d` or `.` stands for. */
function oneOf(atom: string): Language {
  const expression = new RegExp(`^(?:${atom})$`);
  return { kind: 'one', of: new Set(ALPHABET.filter((character) => expression.test(character))) };
}

function literal(character: string): Language {
  return { kind: 'one', of: new Set([character]) };
}

function readAlternatives(reader: Reader, outermost: boolean): Language {
  const parts = [readSequence(reader, outermost)];
  while (reader.peek() === '|') {
    reader.take();
    parts.push(readSequence(reader, outermost));
  }
  return { kind: 'either', parts };
}

function readSequence(reader: Reader, outermost: boolean): Language {
  const parts: Language[] = [];
  let openStart = outermost;
  let openEnd = outermost;
  if (outermost && reader.peek() === '^') {
    reader.take();
    openStart = false;
  }
  while (!reader.done() && reader.peek() !== '|' && reader.peek() !== ')') {
    if (reader.peek() === '$') {
      reader.take();
      if (!outermost || !(reader.done() || reader.peek() === '|')) throw new Unreadable();
      openEnd = false;
      break;
    }
    parts.push(readQuantified(reader));
  }
  return {
    kind: 'sequence',
    parts: [...(openStart ? [anything] : []), ...parts, ...(openEnd ? [anything] : [])],
  };
}

function readQuantified(reader: Reader): Language {
  const part = readAtom(reader);
  const [text, least, comma, most] = /^(?:[*+?]|\{(\d+)(,?)(\d*)\})\??/.exec(reader.rest()) ?? [];
  if (text === undefined) return part;
  reader.take(text.length);
  if (text.startsWith('*')) return { kind: 'repeat', part, min: 0, max: Infinity };
  if (text.startsWith('+')) return { kind: 'repeat', part, min: 1, max: Infinity };
  if (text.startsWith('?')) return { kind: 'repeat', part, min: 0, max: 1 };
  const min = Number(least);
  const max = comma === '' ? min : most === '' ? Infinity : Number(most);
  return { kind: 'repeat', part, min, max };
}

function readAtom(reader: Reader): Language {
  const next = reader.peek();
  if (next === '(') return readGroup(reader);
  if (next === '[') {
    const text = /^\[\^?(?:\\.|[^\]\\])*\]/.exec(reader.rest())?.[0];
    if (text === undefined) throw new Unreadable();
    return oneOf(reader.take(text.length));
  }
  if (next === '\\') {
    const escaped = reader.take(2);
    if (/^\\[bBkpPucx1-9]/.test(escaped)) throw new Unreadable();
    return oneOf(escaped);
  }
  if ('^$*+?{'.includes(next)) throw new Unreadable();
  return next === '.' ? oneOf(reader.take()) : literal(reader.take());
}

function readGroup(reader: Reader): Language {
  const opening = /^\((\?:|\?<[A-Za-z]\w*>|(?!\?))/.exec(reader.rest())?.[0];
  if (opening === undefined) throw new Unreadable();
  reader.take(opening.length);
  const inner = readAlternatives(reader, false);
  if (reader.take() !== ')') throw new Unreadable();
  return inner;
}

function readGlob(reader: Reader, inBraces: boolean): Language {
  const parts: Language[] = [];
  while (!reader.done()) {
    const next = reader.peek();
    if (inBraces && (next === ',' || next === '}')) break;
    parts.push(readGlobPart(reader, next));
  }
  return { kind: 'sequence', parts };
}

function readGlobPart(reader: Reader, next: string): Language {
  if (next === '{') return readBraces(reader);
  if (next === '[') {
    const text = /^\[[!^]?(?:\\.|[^\]\\])+\]/.exec(reader.rest())?.[0];
    if (text === undefined) throw new Unreadable();
    return oneOf(reader.take(text.length).replace(/^\[!/, '[^'));
  }
  reader.take();
  if (next === '*') return anything;
  if (next === '?') return anyCharacter;
  return literal(next === '\\' ? reader.take() : next);
}

function readBraces(reader: Reader): Language {
  if (/^\{[^{},]*(?:\.\.[^{},]*)?\}/.test(reader.rest())) throw new Unreadable();
  const parts: Language[] = [];
  do {
    reader.take();
    parts.push(readGlob(reader, true));
  } while (reader.peek() === ',');
  if (reader.take() !== '}') throw new Unreadable();
  return { kind: 'either', parts };
}

/** Versions as semver tags spell them, a leading "v" and "_" for the "+" of build metadata included: wider than any range. */
export const versions = languageOfPattern('^v?\\d+\\.\\d+\\.\\d+(-[0-9A-Za-z.-]+)?(_[0-9A-Za-z.-]+)?$');
