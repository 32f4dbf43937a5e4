import type { Difference } from './compare.ts';
import { type JsonObject, objectsAt, textAt } from './json.ts';
import type { Actual, Place, Resource, Tags } from './kind.ts';

/** Tags: the declared ones, and those that say who owns a resource. */

/** On everything that `apply` creates: the installation that did. */
export const INSTALLATION_TAG = 'fairway:installation';
const STACK_TAG = 'aws:cloudformation:stack-name';

/** The tags of a new resource. */
export function tagsForNew({ tags }: Pick<Resource, 'tags'>, place: Place): Readonly<Record<string, string>> {
  const own = Object.entries(tags).filter((entry): entry is [string, string] => entry[1] !== null);
  return { ...Object.fromEntries(own), [INSTALLATION_TAG]: place.installation };
}

/** Who else owns a resource, so that it is read only; undefined: no one. */
export function otherOwner({ tags }: Pick<Actual, 'tags'>, place: Place): string | undefined {
  const stack = tags[STACK_TAG];
  if (stack !== undefined) return `the CloudFormation stack ${stack}`;
  const installation = tags[INSTALLATION_TAG];
  return installation === undefined || installation === place.installation
    ? undefined
    : `the installation ${installation}`;
}

/** Differences of declared tags: `tags.team`. */
export function tagDifferences(declared: Tags, actual: Actual['tags']): readonly Difference[] {
  return Object.entries(declared).flatMap(([key, value]): readonly Difference[] => {
    const from = actual[key];
    if (from === (value ?? undefined)) return [];
    return [{ path: `tags.${key}`, from, to: value ?? undefined }];
  });
}

/** Tags to set and keys to remove, so that nothing differs any more. */
export function tagChanges(found: readonly Difference[]): {
  readonly set: Readonly<Record<string, string>>;
  readonly remove: readonly string[];
} {
  const ofTags = found.flatMap(({ path, to }) =>
    path.startsWith('tags.') ? [{ key: path.slice('tags.'.length), to }] : [],
  );
  return {
    set: Object.fromEntries(ofTags.flatMap(({ key, to }) => (typeof to === 'string' ? [[key, to]] : []))),
    remove: ofTags.flatMap(({ key, to }) => (to === undefined ? [key] : [])),
  };
}

/** `{team: 'x'}` → `[{key: 'team', value: 'x'}]`. ECR writes `Key` and `Value`. */
export function tagList(
  tags: Readonly<Record<string, string>>,
  form: 'lower' | 'upper' = 'lower',
): JsonObject[] {
  return Object.entries(tags).map(([key, value]) =>
    form === 'lower' ? { key, value } : { Key: key, Value: value },
  );
}

/** The tags of an answer, in either form. */
export function tagsIn(answer: JsonObject, member = 'tags'): Readonly<Record<string, string>> {
  return Object.fromEntries(
    objectsAt(answer, member).flatMap((tag) => {
      const key = textAt(tag, 'key') ?? textAt(tag, 'Key');
      return key === undefined ? [] : [[key, textAt(tag, 'value') ?? textAt(tag, 'Value') ?? '']];
    }),
  );
}
