import { type Json, omit, present } from '../json.ts';
import type { Resource } from '../kind.ts';
import { jsonOf } from './jsonOf.ts';
import type { RepositorySource } from './schema.ts';

const SHORT = ['scanOnPush', 'tagMutability', 'except', 'encryption', 'policy', 'tags', 'ignore'];

export function repositoryOf(name: string, source: RepositorySource): Resource {
  const { scanOnPush, tagMutability, except, tags = {}, ignore = [] } = source;
  const json = jsonOf(source);
  const members = present({
    ...omit(json, SHORT),
    ...withValue('imageScanningConfiguration', scanOnPush, (value) => ({ scanOnPush: value })),
    ...withValue('imageTagMutability', tagMutability, (value) => value),
    ...withValue('imageTagMutabilityExclusionFilters', except, (filters) =>
      filters.map((filter) => ({ filterType: 'WILDCARD', filter })),
    ),
    ...withValue('encryptionConfiguration', json.encryption, (value) => value),
    ...withValue('repositoryPolicy', json.policy, (value) => value),
  });
  return { kind: 'repository', name, members, tags, ignore };
}

/** `null` stays: it resets the member. */
function withValue<Value>(
  member: string,
  value: Value | null | undefined,
  form: (value: Value) => Json,
): Readonly<Record<string, Json>> {
  if (value === undefined) return {};
  return { [member]: value === null ? null : form(value) };
}
