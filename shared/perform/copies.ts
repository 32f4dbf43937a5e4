import type { App } from '../domain/app.ts';
import type { EffectOf } from '../domain/effects.ts';
import { type Home, repositoryOf } from '../domain/registry.ts';
import { chooseContainers, pinnedCopy, pinnedDigest, type RawDefinition } from '../domain/revision.ts';
import type { RevisionTag } from '../domain/revisionTags.ts';

interface Described {
  readonly taskDefinition: RawDefinition;
  readonly tags: readonly RevisionTag[];
}

/**
 * What to register so that a service runs what it ran before, where its old revision can no longer be trusted:
 * it is INACTIVE, or names a tag that may have moved. Undefined: the old revision will do.
 */
export function copyToRollBackTo(
  home: Home,
  app: App,
  effect: EffectOf<'rollBack'>,
  { taskDefinition, tags }: Described,
): RawDefinition | undefined {
  const service = app.services.find((other) => other.name === effect.service);
  const chosen = chooseContainers(taskDefinition, service?.containers ?? [], repositoryOf(home, app));
  const names = 'refused' in chosen ? [] : chosen.names;
  const unpinned = names.length > 0 && pinnedDigest(taskDefinition, names) === undefined;
  const { digest } = effect;
  const pins = digest !== undefined && unpinned;
  if (taskDefinition.status !== 'INACTIVE' && !pins) return undefined;
  const digests = pins ? Object.fromEntries(names.map((name) => [name, digest])) : {};
  const release = { id: effect.releaseId, number: effect.release, app: app.name, stack: home.stack };
  return pinnedCopy(taskDefinition, tags, digests, release);
}

/** Whether two revisions would run the same: all but their tags, what only ECS says of them, and the order of things. */
export function isSameDefinition(one: RawDefinition, other: RawDefinition): boolean {
  return fingerprint(one) === fingerprint(other);
}

function fingerprint(taskDefinition: RawDefinition): string {
  const { tags, ...definition } = pinnedCopy(
    taskDefinition,
    [],
    {},
    { id: '', number: 0, app: '', stack: '' },
  );
  return sortedJson(definition);
}

/** ECS does not promise to answer lists and members in the order in which they came. */
function sortedJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(sortedJson).sort().join()}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const members = Object.entries(value).map(
    ([name, member]) => `${JSON.stringify(name)}:${sortedJson(member)}`,
  );
  return `{${members.sort().join()}}`;
}
