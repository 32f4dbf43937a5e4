import { BlockList, isIP } from 'node:net';
import type { Json, JsonObject } from '../contract.ts';
import { describe, isList, isObject } from '../stack/json.ts';

/** One entry of a pattern's list. `present` and `absent` ask for the field, the others test one value of it. */
export type Matcher =
  | { readonly kind: 'present' }
  | { readonly kind: 'absent' }
  | { readonly kind: 'value'; readonly test: (value: Json) => boolean };

type Test = (value: Json) => boolean;
type Path = readonly string[];

/** Compiles one entry of a pattern's list; an invalid one is an error that names the path. */
export function compileMatcher(entry: Json, path: Path): Matcher {
  if (!isObject(entry)) return { kind: 'value', test: equalTo(entry, path) };
  const [operator, argument] = onlyMember(entry, path);
  const place = [...path, operator];
  if (operator === 'exists') {
    if (typeof argument !== 'boolean')
      throw invalid(place, `must be true or false, found ${describe(argument)}`);
    return { kind: argument ? 'present' : 'absent' };
  }
  const compile = OPERATORS[operator];
  if (!compile) throw invalid(path, `unknown operator ${operator}`);
  return { kind: 'value', test: compile(argument, place) };
}

const OPERATORS: Readonly<Record<string, (argument: Json, path: Path) => Test>> = {
  prefix: (argument, path) => affix(argument, path, (text, part) => text.startsWith(part)),
  suffix: (argument, path) => affix(argument, path, (text, part) => text.endsWith(part)),
  'equals-ignore-case': (argument, path) => {
    const wanted = text(argument, path).toLowerCase();
    return onText((value) => value.toLowerCase() === wanted);
  },
  wildcard: (argument, path) => {
    const pattern = wildcardPattern(text(argument, path), path);
    return onText((value) => pattern.test(value));
  },
  'anything-but': anythingBut,
  numeric,
  cidr,
};

/** What `anything-but` can contain; each accepts a value or a list. */
const EXCLUDABLE = ['prefix', 'suffix', 'equals-ignore-case', 'wildcard'];

function anythingBut(argument: Json, path: Path): Test {
  if (isObject(argument)) {
    const [operator, values] = onlyMember(argument, path);
    const compile = OPERATORS[operator];
    if (!compile || !EXCLUDABLE.includes(operator)) throw invalid(path, `${operator} cannot be excluded`);
    const tests = oneOrMore(values, [...path, operator]).map((value) => compile(value, [...path, operator]));
    return (value) => !tests.some((test) => test(value));
  }
  const excluded = oneOrMore(argument, path).map((value) => {
    if (typeof value === 'string' || typeof value === 'number') return value;
    throw invalid(path, `takes strings and numbers, found ${describe(value)}`);
  });
  return (value) => !excluded.some((each) => each === value);
}

function equalTo(wanted: Json, path: Path): Test {
  if (isList(wanted)) throw invalid(path, 'an array cannot contain an array');
  return (value) => value === wanted;
}

function affix(argument: Json, path: Path, holds: (text: string, part: string) => boolean): Test {
  if (!isObject(argument)) {
    const part = text(argument, path);
    return onText((value) => holds(value, part));
  }
  const [operator, value] = onlyMember(argument, path);
  if (operator !== 'equals-ignore-case') throw invalid(path, `unknown operator ${operator}`);
  const part = text(value, [...path, operator]).toLowerCase();
  return onText((actual) => holds(actual.toLowerCase(), part));
}

const COMPARISONS: Readonly<Record<string, (actual: number, bound: number) => boolean>> = {
  '=': (actual, bound) => actual === bound,
  '<': (actual, bound) => actual < bound,
  '<=': (actual, bound) => actual <= bound,
  '>': (actual, bound) => actual > bound,
  '>=': (actual, bound) => actual >= bound,
};

/** Bounds that EventBridge accepts. */
const NUMERIC_BOUND = 5e9;

function numeric(argument: Json, path: Path): Test {
  if (!isList(argument) || (argument.length !== 2 && argument.length !== 4)) {
    throw invalid(path, 'must be one or two pairs of comparison and number');
  }
  const tests: ((actual: number) => boolean)[] = [];
  for (let index = 0; index < argument.length; index += 2) {
    const [operator, bound] = [argument[index], argument[index + 1]];
    const compare = typeof operator === 'string' ? COMPARISONS[operator] : undefined;
    if (!compare) throw invalid(path, `unknown comparison ${describe(operator)}`);
    if (typeof bound !== 'number' || Math.abs(bound) > NUMERIC_BOUND) {
      throw invalid(path, `expected a number within ±5e9, found ${describe(bound)}`);
    }
    tests.push((actual) => compare(actual, bound));
  }
  if (argument.length === 4 && !isRange(argument))
    throw invalid(path, 'two comparisons must bound a range: ">" before "<"');
  return (value) => typeof value === 'number' && tests.every((test) => test(value));
}

function isRange(pairs: readonly Json[]): boolean {
  const [low, from, high, to] = pairs;
  return String(low).startsWith('>') && String(high).startsWith('<') && Number(from) < Number(to);
}

function cidr(argument: Json, path: Path): Test {
  const [address = '', prefix = ''] = text(argument, path).split('/');
  const version = isIP(address);
  const bits = Number(prefix);
  if (version === 0 || !/^\d{1,3}$/.test(prefix) || bits > (version === 6 ? 128 : 32)) {
    throw invalid(path, `not an address block: ${describe(argument)}`);
  }
  const block = new BlockList();
  block.addSubnet(address, bits, version === 6 ? 'ipv6' : 'ipv4');
  return onText((value) => isIP(value) === version && block.check(value, version === 6 ? 'ipv6' : 'ipv4'));
}

/** `*` matches any number of characters; `\*` and `\\` are literal. */
function wildcardPattern(source: string, path: Path): RegExp {
  if (/(?:^|[^\\])(?:\\\\)*\*\*/.test(source)) throw invalid(path, 'consecutive * are not allowed');
  let pattern = '';
  for (let index = 0; index < source.length; index += 1) {
    const character = source[index] ?? '';
    const next = source[index + 1] ?? '';
    if (character === '\\') {
      if (next !== '*' && next !== '\\') throw invalid(path, 'a \\ must be followed by * or \\');
      pattern += `\\${next}`;
      index += 1;
    } else {
      pattern += character === '*' ? '.*' : character.replace(/[.+?^${}()|[\]]/g, '\\$&');
    }
  }
  return new RegExp(`^${pattern}$`, 's');
}

function onText(test: (text: string) => boolean): Test {
  return (value) => typeof value === 'string' && test(value);
}

function onlyMember(object: JsonObject, path: Path): readonly [string, Json] {
  const [only, ...others] = Object.entries(object);
  if (!only || others.length > 0) throw invalid(path, 'must have exactly one operator');
  return [only[0], only[1] ?? null];
}

function oneOrMore(value: Json, path: Path): readonly Json[] {
  const values = isList(value) ? value : [value];
  if (values.length === 0) throw invalid(path, 'an empty array excludes nothing');
  return values;
}

function text(value: Json, path: Path): string {
  if (typeof value === 'string') return value;
  throw invalid(path, `expected a string, found ${describe(value)}`);
}

function invalid(path: Path, why: string): Error {
  return new Error(`invalid event pattern at ${path.join('.')}: ${why}`);
}
