import { isObject, type JsonObject, objectAt, objectsAt, parsed, textAt } from './json.ts';
import type { Aws } from './kind.ts';
import { INDEX_TYPES, imageIn, type RepositoryImage } from './lifecycle.ts';
import { batches } from './reading.ts';

/** Indexes of multi-arch images, and the images of one platform that they name. */

/** BatchGetImage takes 100. Source: ECR API reference. */
const MOST_IMAGES = 100;

/** An image that an index names, for one platform or with attestations. */
interface Child {
  readonly digest: string;
  readonly index: string;
  readonly isAttestation: boolean;
}

export async function childrenOf(
  repositoryName: string,
  indexes: readonly string[],
  aws: Aws,
): Promise<readonly Child[]> {
  const answers = await Promise.all(
    batches(indexes, MOST_IMAGES).map((digests) => {
      const imageIds = digests.map((imageDigest) => ({ imageDigest }));
      return aws('ecr', 'BatchGetImage', { repositoryName, imageIds, acceptedMediaTypes: INDEX_TYPES });
    }),
  );
  return answers.flatMap((answer) => objectsAt(answer, 'images').flatMap(childrenIn));
}

function childrenIn(image: JsonObject): readonly Child[] {
  const manifest = parsed(textAt(image, 'imageManifest') ?? '');
  const index = textAt(objectAt(image, 'imageId'), 'imageDigest') ?? '';
  if (!isObject(manifest)) return [];
  return objectsAt(manifest, 'manifests').map((child) => ({
    digest: textAt(child, 'digest') ?? '',
    index,
    isAttestation: objectAt(child, 'platform').os === 'unknown',
  }));
}

/**
 * The images of a listing. Where one in use has no tag, they have the indexes that name them: a task reports the digest
 * of its platform, and ECR keeps that image as long as its index.
 */
export async function imagesIn(
  repositoryName: string,
  details: readonly JsonObject[],
  isUsed: (digest: string) => boolean,
  aws: Aws,
): Promise<readonly RepositoryImage[]> {
  const images = details.map(imageIn);
  if (!images.some(({ digest, tags }) => tags.length === 0 && isUsed(digest))) return images;
  const indexes = images.filter(({ isIndex }) => isIndex).map(({ digest }) => digest);
  const byDigest = new Map<string, readonly string[]>();
  for (const { digest, index } of await childrenOf(repositoryName, indexes, aws))
    byDigest.set(digest, [...(byDigest.get(digest) ?? []), index]);
  return images.map((image) => {
    const referencedBy = byDigest.get(image.digest);
    return referencedBy === undefined ? image : { ...image, referencedBy };
  });
}
