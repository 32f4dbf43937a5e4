import { hostOf } from '../domain/registry.ts';
import { isObject, type Json, type JsonObject, objectsAt } from './json.ts';
import type { Place } from './kind.ts';

/**
 * Images of an app's repository in declared task definitions. Releases decide which image runs, so that these are left
 * out of plans: a container has a marker in place of its image until a revision is registered.
 */

const MARKER = 'imageOf';
const DECLARED = 'declared';

/** In place of the image of a container that releases deploy. */
export function imageOf(repository: string): JsonObject {
  return { [MARKER]: repository };
}

/** The same in another account or region, where no first image is looked up: it starts with what is declared. */
export function foreignImageOf(declared: string): JsonObject {
  return { [MARKER]: declared, [DECLARED]: declared };
}

function markedRepository(image: Json | undefined): string | undefined {
  const repository = isObject(image) ? image[MARKER] : undefined;
  return typeof repository === 'string' ? repository : undefined;
}

function declaredImage(image: Json | undefined): string | undefined {
  const declared = isObject(image) ? image[DECLARED] : undefined;
  return typeof declared === 'string' ? declared : undefined;
}

/** The definition without the images that releases decide. */
export function withoutImages(members: JsonObject): JsonObject {
  return withContainers(members, (container) => {
    if (markedRepository(container.image) === undefined) return container;
    const { image: _, ...others } = container;
    return others;
  });
}

/** The definition without the images of containers that exist: they keep theirs. */
export function withoutKnownImages(members: JsonObject, actual: JsonObject): JsonObject {
  const known = new Set(objectsAt(actual, 'containerDefinitions').map(({ name }) => name));
  return withContainers(members, (container) => {
    if (markedRepository(container.image) === undefined || !known.has(container.name)) return container;
    const { image: _, ...others } = container;
    return others;
  });
}

/** The repositories whose images releases decide. */
export function repositoriesIn(members: JsonObject): readonly string[] {
  return objectsAt(members, 'containerDefinitions').flatMap(({ image }) =>
    declaredImage(image) === undefined ? (markedRepository(image) ?? []) : [],
  );
}

/** The first repository of a container that needs an image and has none. */
export function missingImage(
  members: JsonObject,
  firstImage: (repository: string) => string | undefined,
): string | undefined {
  return repositoriesIn(members).find((repository) => firstImage(repository) === undefined);
}

/** The definition with the first image of each repository, by digest. */
export function withFirstImages(
  members: JsonObject,
  { account, region }: Place,
  firstImage: (repository: string) => string | undefined,
): JsonObject {
  return withContainers(members, (container) => {
    const repository = markedRepository(container.image);
    if (repository === undefined) return container;
    const declared = declaredImage(container.image);
    if (declared !== undefined) return { ...container, image: declared };
    const image = `${hostOf({ account, region })}/${repository}@${firstImage(repository) ?? ''}`;
    return { ...container, image };
  });
}

function withContainers(members: JsonObject, change: (container: JsonObject) => JsonObject): JsonObject {
  if (members.containerDefinitions === undefined) return members;
  return { ...members, containerDefinitions: objectsAt(members, 'containerDefinitions').map(change) };
}
