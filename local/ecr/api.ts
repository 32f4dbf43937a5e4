import { AwsError, type JsonObject, type ServiceApi } from '../contract.ts';
import { flag, object, objects, page, present, required, seconds, text, texts } from '../ecs/read.ts';
import { referrersOf } from './referrers.ts';
import { type Registry, repositoryNotFound } from './registry.ts';
import type { Repository, StoredImage } from './repository.ts';
import { scanOperations } from './scans.ts';
import { settingOperations, settingsOf } from './settings.ts';
import { detailView, imageView, repositoryView } from './views.ts';

interface EcrOptions {
  readonly registry: Registry;
  readonly account: string;
  /** The password of the user `AWS` in the registry. */
  readonly password: string;
  /** The URL of a blob. */
  readonly blobUrl: (repository: string, digest: string) => string;
  readonly now: () => number;
}

/** ECR's API, with parsed members. Errors in AWS's words. */
export function ecrApi(options: EcrOptions): ServiceApi {
  return {
    service: 'ecr',
    operations: {
      ...repositoryOperations(options),
      ...settingOperations({ ...options, named: (input) => repositoryOf(options, input) }),
      ...scanOperations({ ...options, named: (input) => repositoryOf(options, input) }),
      ...imageOperations(options),
      ...listOperations(options),
      ...transferOperations(options),
    },
  };
}

/** Operations on repositories. */
function repositoryOperations(options: EcrOptions): ServiceApi['operations'] {
  const { registry, account } = options;
  return {
    CreateRepository: (input) => ({
      repository: repositoryView(
        registry.create(required(input, 'repositoryName'), settingsOf(input)),
        account,
      ),
    }),
    DescribeRepositories(input) {
      const names = texts(input, 'repositoryNames');
      const foreign = (text(input, 'registryId') ?? account) !== account;
      const all = foreign ? [] : [...registry.repositories.values()];
      const found = names.length > 0 ? names.map((name) => named(options, input, name)) : all;
      const { items, next } = page(found, input, { usual: 100, most: 1000 });
      return { repositories: items.map((repository) => repositoryView(repository, account)), ...next };
    },
    DeleteRepository(input) {
      const repository = repositoryOf(options, input);
      if (repository.images.size > 0 && flag(input, 'force') !== true) {
        const message = `The repository with name '${repository.name}' in registry with id '${account}' cannot be deleted because it still contains images`;
        throw new AwsError('RepositoryNotEmptyException', message);
      }
      registry.repositories.delete(repository.name);
      return { repository: repositoryView(repository, account) };
    },
  };
}

/** Operations on images that the caller names. */
function imageOperations(options: EcrOptions): ServiceApi['operations'] {
  const { registry, account } = options;
  return {
    PutImage(input) {
      const repository = repositoryOf(options, input);
      const tag = text(input, 'imageTag');
      const image = registry.put({
        repository: repository.name,
        manifest: required(input, 'imageManifest'),
        mediaType: text(input, 'imageManifestMediaType'),
        tag,
        digest: text(input, 'imageDigest'),
      });
      return { image: imageView(repository, image, account, tag) };
    },
    BatchGetImage(input) {
      const repository = repositoryOf(options, input);
      const images: JsonObject[] = [];
      const failures: JsonObject[] = [];
      for (const { imageTag, imageDigest } of objects(input, 'imageIds')) {
        const imageId = present({ imageTag, imageDigest });
        const tag = text(imageId, 'imageTag');
        const image = registry.find(repository, { tag, digest: text(imageId, 'imageDigest') });
        if (image) images.push(imageView(repository, image, account, tag));
        else
          failures.push({
            imageId,
            failureCode: 'ImageNotFound',
            failureReason: 'Requested image not found',
          });
      }
      return { images, failures };
    },
    BatchDeleteImage: (input) => batchDelete(options, input),
  };
}

function batchDelete(options: EcrOptions, input: JsonObject): JsonObject {
  const { registry } = options;
  const repository = repositoryOf(options, input);
  const imageIds: JsonObject[] = [];
  const failures: JsonObject[] = [];
  for (const { imageTag, imageDigest } of objects(input, 'imageIds')) {
    const imageId = present({ imageTag, imageDigest });
    const tag = text(imageId, 'imageTag');
    const digest = text(imageId, 'imageDigest');
    const wanted = {
      ...(tag === undefined ? {} : { tag }),
      ...(digest === undefined ? {} : { digest }),
    };
    const parent = [...repository.images.values()].find(
      (image) => digest !== undefined && image.children.includes(digest),
    );
    if (parent) {
      const failureReason = 'Requested image referenced by manifest list';
      failures.push({ imageId, failureCode: 'ImageReferencedByManifestList', failureReason });
      continue;
    }
    const removed = registry.remove(repository.name, wanted);
    if (removed)
      imageIds.push({ imageDigest: removed.digest, ...(tag === undefined ? {} : { imageTag: tag }) });
    else
      failures.push({
        imageId,
        failureCode: 'ImageNotFound',
        failureReason: 'Requested image not found',
      });
  }
  return { imageIds, failures };
}

/** Operations that list images. */
function listOperations(options: EcrOptions): ServiceApi['operations'] {
  const { account } = options;
  return {
    DescribeImages(input) {
      const repository = repositoryOf(options, input);
      const ids = objects(input, 'imageIds');
      if (ids.length > 0) {
        return {
          imageDetails: ids.map((id) =>
            detailView(repository, findOrThrow(options, repository, id), account),
          ),
        };
      }
      const filter = object(input, 'filter');
      const status = (filter && text(filter, 'tagStatus')) ?? 'ANY';
      const matching = [...repository.images.values()].filter((image) => hasStatus(image, status));
      const { items, next } = page(matching, input, { usual: 100, most: 1000 });
      return { imageDetails: items.map((image) => detailView(repository, image, account)), ...next };
    },
    ListImages(input) {
      const repository = repositoryOf(options, input);
      const filter = object(input, 'filter');
      const status = (filter && text(filter, 'tagStatus')) ?? 'ANY';
      const ids = [...repository.images.values()]
        .filter((image) => hasStatus(image, status))
        .flatMap((image) => idsOf(image));
      const { items, next } = page(ids, input, { usual: 100, most: 1000 });
      return { imageIds: items, ...next };
    },
    ListImageReferrers(input) {
      const repository = repositoryOf(options, input);
      const subject = required(object(input, 'subjectId') ?? {}, 'imageDigest');
      const types = texts(object(input, 'filter') ?? {}, 'artifactTypes');
      const found = referrersOf(repository, subject)
        .filter(({ artifactType = '' }) => types.length === 0 || types.includes(artifactType))
        .map((referrer) => ({ ...referrer, artifactStatus: 'ACTIVE' }));
      const { items, next } = page(found, input, { usual: 20, most: 50 });
      return { referrers: items, ...next };
    },
  };
}

/** Operations that a client needs to push and pull. */
function transferOperations(options: EcrOptions): ServiceApi['operations'] {
  const { password, blobUrl, now } = options;
  return {
    BatchCheckLayerAvailability(input) {
      const repository = repositoryOf(options, input);
      const layers = texts(input, 'layerDigests').map((layerDigest) => ({
        layerDigest,
        layerAvailability: repository.blobs.has(layerDigest) ? 'AVAILABLE' : 'UNAVAILABLE',
      }));
      return { layers, failures: [] };
    },
    GetDownloadUrlForLayer(input) {
      const repository = repositoryOf(options, input);
      const layerDigest = required(input, 'layerDigest');
      if (!repository.blobs.has(layerDigest)) {
        const message = `The layer with digest '${layerDigest}' does not exist within the repository with name '${repository.name}'`;
        throw new AwsError('LayersNotFoundException', message);
      }
      return { layerDigest, downloadUrl: blobUrl(repository.name, layerDigest) };
    },
    GetAuthorizationToken() {
      return {
        authorizationData: [
          {
            authorizationToken: Buffer.from(`AWS:${password}`).toString('base64'),
            expiresAt: seconds(now() + 12 * 3_600_000),
            proxyEndpoint: new URL(blobUrl('x', 'x')).origin,
          },
        ],
      };
    },
  };
}

function repositoryOf(options: EcrOptions, input: JsonObject): Repository {
  return named(options, input, required(input, 'repositoryName'));
}

/** Throws RepositoryNotFoundException, for every repository of another registry. */
function named({ registry, account }: EcrOptions, input: JsonObject, name: string): Repository {
  const owner = text(input, 'registryId') ?? account;
  if (owner !== account) throw repositoryNotFound(name, owner);
  return registry.repository(name);
}

function findOrThrow({ registry, account }: EcrOptions, repository: Repository, id: JsonObject): StoredImage {
  const tag = text(id, 'imageTag');
  const digest = text(id, 'imageDigest');
  const image = registry.find(repository, { tag, digest });
  if (image) return image;
  const what = `{imageDigest:'${digest ?? 'null'}', imageTag:'${tag ?? 'null'}'}`;
  const message = `The image with imageId ${what} does not exist within the repository with name '${repository.name}' in the registry with id '${account}'`;
  throw new AwsError('ImageNotFoundException', message);
}

function hasStatus(image: StoredImage, status: string): boolean {
  if (status === 'TAGGED') return image.tags.size > 0;
  if (status === 'UNTAGGED') return image.tags.size === 0;
  return true;
}

function idsOf(image: StoredImage): JsonObject[] {
  if (image.tags.size === 0) return [{ imageDigest: image.digest }];
  return [...image.tags].map((imageTag) => ({ imageDigest: image.digest, imageTag }));
}
