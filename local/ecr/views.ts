import type { JsonObject } from '../contract.ts';
import { present, seconds } from '../ecs/read.ts';
import { subjectOf } from './referrers.ts';
import type { Repository, StoredImage } from './repository.ts';

export function repositoryView(repository: Repository, account: string): JsonObject {
  return present({
    repositoryArn: repository.arn,
    registryId: account,
    repositoryName: repository.name,
    repositoryUri: repository.uri,
    createdAt: seconds(repository.createdAt),
    imageTagMutability: repository.mutability,
    imageTagMutabilityExclusionFilters: repository.exclusions,
    imageScanningConfiguration: { scanOnPush: repository.scanOnPush },
    encryptionConfiguration: repository.encryption ?? { encryptionType: 'AES256' },
  });
}

export function imageView(
  repository: Repository,
  image: StoredImage,
  account: string,
  tag: string | undefined,
): JsonObject {
  return {
    registryId: account,
    repositoryName: repository.name,
    imageId: present({ imageDigest: image.digest, imageTag: tag }),
    imageManifest: image.manifest,
    imageManifestMediaType: image.mediaType,
  };
}

export function detailView(repository: Repository, image: StoredImage, account: string): JsonObject {
  return present({
    registryId: account,
    repositoryName: repository.name,
    imageDigest: image.digest,
    imageTags: image.tags.size > 0 ? [...image.tags] : undefined,
    imageSizeInBytes: image.size,
    imagePushedAt: seconds(image.pushedAt),
    imageManifestMediaType: image.mediaType,
    artifactMediaType: image.artifactMediaType,
    subjectManifestDigest: subjectOf(image.manifest),
    imageStatus: 'ACTIVE',
  });
}
