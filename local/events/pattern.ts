import type { Json, JsonObject } from '../contract.ts';
import { describe, isList, isObject } from '../stack/json.ts';
import { compileMatcher, type Matcher } from './matchers.ts';

/** Longest pattern in characters (EventBridge user guide, "Quotas"). */
const PATTERN_LIMIT = 2048;

type Matches = (value: Json | undefined) => boolean;

/**
 * Compiles an event pattern (EventBridge user guide, "Amazon EventBridge event patterns" and "Comparison operators").
 * Fields are AND, the values of a field are OR; in an array of the event one element suffices, and fields below
 * an array of objects must agree on one element. An invalid pattern is an error that names the path.
 */
export function compilePattern(pattern: JsonObject): (event: JsonObject) => boolean {
  const length = JSON.stringify(pattern).length;
  if (length > PATTERN_LIMIT) {
    throw new Error(
      `invalid event pattern: ${length} characters exceed EventBridge's limit of ${PATTERN_LIMIT}`,
    );
  }
  const compiled = compileObject(pattern, []);
  return (event) => compiled(event)(event);
}

/** Gets the whole event first, since `exists: false` checks more than the current array element. */
type Compiled = (event: JsonObject) => Matches;

function compileObject(pattern: JsonObject, path: readonly string[]): Compiled {
  const entries = Object.entries(pattern);
  if (entries.length === 0) throw invalid(path, 'an empty object matches nothing');
  const fields = entries.map(([key, value = null]) =>
    key === '$or' ? compileAlternatives(value, path) : compileField(key, value, path),
  );
  return (event) => {
    const tests = fields.map((field) => field(event));
    return (value) => candidates(value).some((candidate) => tests.every((test) => test(candidate)));
  };
}

/** `$or`: at least one of several patterns must match besides the fields around it. */
function compileAlternatives(value: Json, path: readonly string[]): Compiled {
  const place = [...path, '$or'];
  if (!isList(value) || value.length < 2) throw invalid(place, 'must be an array of at least two patterns');
  const alternatives = value.map((each, index) => {
    if (!isObject(each)) throw invalid([...place, String(index)], 'must be an object');
    return compileObject(each, path);
  });
  return (event) => {
    const tests = alternatives.map((alternative) => alternative(event));
    return (candidate) => tests.some((test) => test(candidate));
  };
}

function compileField(key: string, value: Json, path: readonly string[]): Compiled {
  const place = [...path, key];
  const member = (candidate: Json | undefined): Json | undefined =>
    isObject(candidate) ? candidate[key] : undefined;
  if (isObject(value)) {
    const nested = compileObject(value, place);
    return (event) => {
      const test = nested(event);
      return (candidate) => test(member(candidate));
    };
  }
  if (!isList(value)) throw invalid(place, `must be an array or an object, found ${describe(value)}`);
  if (value.length === 0) throw invalid(place, 'an empty array matches nothing');
  const matchers = value.map((each, index) => compileMatcher(each, [...place, String(index)]));
  return (event) => (candidate) => {
    const values = leafValues(member(candidate));
    return matchers.some((matcher) => fits(matcher, values, event, place));
  };
}

function fits(
  matcher: Matcher,
  values: readonly Json[],
  event: JsonObject,
  path: readonly string[],
): boolean {
  if (matcher.kind === 'absent') return leaves(event, path).length === 0;
  if (matcher.kind === 'present') return values.length > 0;
  return values.some(matcher.test);
}

/** An object stands for itself, an array for each of its elements. */
function candidates(value: Json | undefined): readonly (Json | undefined)[] {
  if (!isList(value)) return [value];
  const elements = value.flatMap(candidates);
  return elements.length > 0 ? elements : [undefined];
}

/** Only leaves can be matched: not objects, but the scalars in an array. */
function leafValues(value: Json | undefined): readonly Json[] {
  if (value === undefined || isObject(value)) return [];
  return isList(value) ? value.flatMap(leafValues) : [value];
}

function leaves(value: Json | undefined, path: readonly string[]): readonly Json[] {
  const [key, ...rest] = path;
  if (key === undefined) return leafValues(value);
  if (isList(value)) return value.flatMap((each) => leaves(each, path));
  return isObject(value) ? leaves(value[key], rest) : [];
}

function invalid(path: readonly string[], why: string): Error {
  return new Error(`invalid event pattern at ${path.length === 0 ? 'the top' : path.join('.')}: ${why}`);
}
