import type { EventDraft, Json, JsonObject } from '../contract.ts';
import { isList, isObject } from '../stack/json.ts';
import { compileMatcher, type Matcher } from './matchers.ts';

/**
 * Whether a rule could match an event, judged by little of it: most events of ECS are of no interest to any rule, and
 * building one costs more than everything else that a task does. Never says no where the whole event would match.
 */
type Early = (event: Pick<EventDraft, 'source' | 'detail-type'>, known: JsonObject) => boolean;

interface Clause {
  readonly name: string;
  readonly matchers: readonly Matcher[];
}

/** `known`: the members of an event's detail that need no building; undefined for absent ones. */
export function compileEarly(pattern: JsonObject): Early {
  const envelope = clausesOf(pattern).filter(({ name }) => name === 'source' || name === 'detail-type');
  const detail = isObject(pattern.detail) ? clausesOf(pattern.detail) : [];
  return (event, known) =>
    envelope.every(({ name, matchers }) =>
      fits(matchers, name === 'source' ? event.source : event['detail-type']),
    ) && detail.every(({ name, matchers }) => !(name in known) || fits(matchers, known[name]));
}

/** The fields with plain values; nested ones and alternatives are left to the whole pattern. */
function clausesOf(pattern: JsonObject): readonly Clause[] {
  return Object.entries(pattern).flatMap(([name, values]) =>
    isList(values) && name !== '$or'
      ? [{ name, matchers: values.map((value) => compileMatcher(value, [name])) }]
      : [],
  );
}

function fits(matchers: readonly Matcher[], value: Json | undefined): boolean {
  return matchers.some((matcher) => {
    if (matcher.kind === 'absent') return value === undefined;
    return value !== undefined && (matcher.kind === 'present' || matcher.test(value));
  });
}
