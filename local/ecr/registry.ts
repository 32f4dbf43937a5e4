import { createHash } from 'node:crypto';
import { registryOf } from '../../shared/domain/registry.ts';
import { AwsError, type Clock, type Emit, type ImageStore } from '../contract.ts';
import { matchesWildcard } from '../iam/wildcard.ts';
import type { Place } from '../place.ts';
import { imageEvent, replicationEvent } from './events.ts';
import { describeManifest, platformsOf } from './manifest.ts';
import type { Repository, StoredImage } from './repository.ts';

interface RegistryOptions {
  readonly clock: Clock;
  readonly emit: Emit;
  readonly account: string;
  readonly region: string;
  /** Whether the images of another registry can be pulled; absent: none can. */
  readonly isReadable?: (registry: Place) => boolean;
  /** Called after a push. */
  readonly onPush?: (where: Repository, image: StoredImage, tag: string | undefined) => void;
}

type RepositorySettings = Partial<
  Pick<Repository, 'mutability' | 'exclusions' | 'scanOnPush' | 'encryption' | 'tags'>
>;

interface PutManifest {
  readonly repository: string;
  readonly manifest: string;
  readonly mediaType?: string | undefined;
  readonly tag?: string | undefined;
  readonly digest?: string | undefined;
}

/** An image of another registry, with its blobs. */
interface Replica extends Omit<PutManifest, 'digest'> {
  readonly from: Place;
  readonly blobs: readonly Uint8Array[];
}

/** ECR's repositories, in memory. */
export interface Registry {
  readonly repositories: Map<string, Repository>;
  create(name: string, options?: RepositorySettings): Repository;
  /** Throws RepositoryNotFoundException. */
  repository(name: string): Repository;
  putBlob(repository: string, content: Uint8Array): string;
  /** One PutImage: one tag, one push event. Source: Amazon ECR User Guide, "Amazon ECR events and EventBridge". */
  put(input: PutManifest): StoredImage;
  /** Stores an image that ECR replicated, with an event. Its repository is created. */
  replicate(input: Replica): void;
  /** Removes a tag, or the whole image; emits DELETE. */
  remove(
    repository: string,
    wanted: { readonly tag?: string; readonly digest?: string },
  ): StoredImage | undefined;
  find(
    repository: Repository,
    wanted: { readonly tag?: string | undefined; readonly digest?: string | undefined },
  ): StoredImage | undefined;
  readonly images: ImageStore;
  reset(): void;
  keep(): unknown;
  resume(kept: unknown): void;
}

export function createRegistry(options: RegistryOptions): Registry {
  const repositories = new Map<string, Repository>();
  const ecr: RegistryState = { ...options, repositories };
  return {
    repositories,
    create: (name, settings) => create(ecr, name, settings),
    repository: (name) => repository(ecr, name),
    putBlob(name, content) {
      const digest = digestOf(content);
      repository(ecr, name).blobs.set(digest, content);
      return digest;
    },
    put: (input) => put(ecr, input),
    replicate: (input) => replicate(ecr, input),
    remove: (name, wanted) => remove(ecr, name, wanted),
    find,
    images: { resolve: (reference) => resolve(ecr, reference) },
    keep: () => repositories,
    resume(kept) {
      const old: typeof repositories = kept instanceof Map ? kept : new Map();
      for (const [name, found] of old) repositories.set(name, found);
    },
    reset: () => repositories.clear(),
  };
}

interface RegistryState extends RegistryOptions {
  readonly repositories: Map<string, Repository>;
}

function resolve(ecr: RegistryState, reference: string): ReturnType<ImageStore['resolve']> {
  const parts = /^([^/]+)\/([^:@]+)(?::([^@]+))?(?:@(.+))?$/.exec(reference);
  const owner = parts?.[1] === undefined ? undefined : registryOf(parts[1]);
  if (!parts || !owner) return undefined;
  if (owner.account !== ecr.account || owner.region !== ecr.region)
    return ecr.isReadable?.(owner) ? undefined : 'foreign';
  const [, , name = '', tag, digest] = parts;
  const where = ecr.repositories.get(name);
  const image = where && find(where, digest === undefined ? { tag: tag ?? 'latest' } : { digest });
  if (!where || !image) return 'notFound';
  return {
    digest: image.digest,
    repository: name,
    tags: [...image.tags],
    platforms: platformsOf(where, image),
  };
}

function create(ecr: RegistryState, name: string, settings: RepositorySettings = {}): Repository {
  checkName('repositoryName', name, REPOSITORY);
  const { mutability = 'MUTABLE' } = settings;
  if (!MUTABILITIES.includes(mutability)) {
    const set = `[${MUTABILITIES.join(', ')}]`;
    throw invalidAt('imageTagMutability', `Member must satisfy enum value set: ${set}`);
  }
  if (ecr.repositories.has(name)) {
    const message = `The repository with name '${name}' already exists in the registry with id '${ecr.account}'`;
    throw new AwsError('RepositoryAlreadyExistsException', message);
  }
  const made: Repository = {
    name,
    arn: `arn:aws:ecr:${ecr.region}:${ecr.account}:repository/${name}`,
    uri: `${ecr.account}.dkr.ecr.${ecr.region}.amazonaws.com/${name}`,
    createdAt: ecr.clock.now(),
    ...settings,
    mutability,
    scanOnPush: settings.scanOnPush ?? false,
    images: new Map(),
    blobs: new Map(),
  };
  ecr.repositories.set(name, made);
  return made;
}

function repository(ecr: RegistryState, name: string): Repository {
  const found = ecr.repositories.get(name);
  if (found) return found;
  throw repositoryNotFound(name, ecr.account);
}

function find(
  where: Repository,
  wanted: { readonly tag?: string | undefined; readonly digest?: string | undefined },
): StoredImage | undefined {
  if (wanted.digest !== undefined) return where.images.get(wanted.digest);
  return [...where.images.values()].find((image) => wanted.tag !== undefined && image.tags.has(wanted.tag));
}

function put(ecr: RegistryState, input: PutManifest): StoredImage {
  const where = repository(ecr, input.repository);
  const digest = digestOf(input.manifest);
  if (input.digest !== undefined && input.digest !== digest) {
    throw new AwsError(
      'ImageDigestDoesNotMatchException',
      `The digest ${input.digest} is not that of the manifest, ${digest}`,
    );
  }
  const described = describeManifest(input.manifest, input.mediaType);
  const missing = described.children.find((child) => !where.images.has(child));
  if (missing !== undefined) {
    const message = `The manifest refers to ${missing}, which is not in the repository '${where.name}'`;
    throw new AwsError('ReferencedImagesNotFoundException', message);
  }
  const known = where.images.get(digest);
  const { tag } = input;
  if (tag !== undefined) checkName('imageTag', tag, TAG);
  if (known && (tag === undefined || known.tags.has(tag))) {
    const message = `Image with digest '${digest}' and tag '${tag ?? ''}' already exists in the repository with name '${where.name}' in registry with id '${ecr.account}'`;
    throw new AwsError('ImageAlreadyExistsException', message);
  }
  const image = store(ecr, where, input);
  ecr.emit(imageEvent('PUSH', where, image, tag ?? ''));
  ecr.onPush?.(where, image, tag);
  return image;
}

/** Stores the image, unless it is known, and gives it the tag. */
function store(ecr: RegistryState, where: Repository, { manifest, mediaType, tag }: PutManifest) {
  if (tag !== undefined) takeTag(where, tag);
  const digest = digestOf(manifest);
  const image: StoredImage = where.images.get(digest) ?? {
    digest,
    manifest,
    pushedAt: ecr.clock.now(),
    tags: new Set(),
    ...describeManifest(manifest, mediaType),
  };
  if (tag !== undefined) image.tags.add(tag);
  where.images.set(digest, image);
  return image;
}

/** A tag that is there and immutable keeps its image: the replicated one has no tag. */
function replicate(ecr: RegistryState, { from, blobs, tag: wanted, ...input }: Replica): void {
  const where = ecr.repositories.get(input.repository) ?? create(ecr, input.repository);
  const known = where.images.get(digestOf(input.manifest));
  if (known && (wanted === undefined || known.tags.has(wanted))) return;
  const isTaken = wanted !== undefined && find(where, { tag: wanted }) && isImmutable(where, wanted);
  const tag = isTaken ? undefined : wanted;
  for (const content of blobs) where.blobs.set(digestOf(content), content);
  const image = store(ecr, where, { ...input, tag });
  ecr.emit(replicationEvent(from, where, image, tag ?? ''));
}

function takeTag(where: Repository, tag: string): void {
  const holder = find(where, { tag });
  if (!holder) return;
  if (isImmutable(where, tag)) {
    const message = `The image tag '${tag}' already exists in the '${where.name}' repository and cannot be overwritten because the repository is immutable.`;
    throw new AwsError('ImageTagAlreadyExistsException', message);
  }
  holder.tags.delete(tag);
}

/** A tag that a filter excludes has the opposite of the repository's setting. */
function isImmutable({ mutability, exclusions = [] }: Repository, tag: string): boolean {
  const excluded = exclusions.some(({ filter }) => matchesWildcard(String(filter), tag));
  return mutability.startsWith('IMMUTABLE') !== (mutability.endsWith('WITH_EXCLUSION') && excluded);
}

function remove(
  ecr: RegistryState,
  name: string,
  wanted: { readonly tag?: string; readonly digest?: string },
): StoredImage | undefined {
  const where = repository(ecr, name);
  const image = find(where, wanted);
  if (!image) return undefined;
  if (wanted.tag !== undefined && wanted.digest === undefined) image.tags.delete(wanted.tag);
  else image.tags.clear();
  if (image.tags.size === 0) where.images.delete(image.digest);
  ecr.emit(imageEvent('DELETE', where, image, wanted.tag ?? ''));
  return image;
}

export function repositoryNotFound(name: string, account: string): AwsError {
  const message = `The repository with name '${name}' does not exist in the registry with id '${account}'`;
  return new AwsError('RepositoryNotFoundException', message);
}

// Source: ECR API reference, CreateRepository and PutImage.
const REPOSITORY = /^(?=.{2,256}$)(?:[a-z0-9]+(?:[._-][a-z0-9]+)*\/)*[a-z0-9]+(?:[._-][a-z0-9]+)*$/;
const TAG = /^[A-Za-z0-9_][A-Za-z0-9._-]{0,299}$/;
export const MUTABILITIES: readonly string[] = [
  'MUTABLE',
  'IMMUTABLE',
  'MUTABLE_WITH_EXCLUSION',
  'IMMUTABLE_WITH_EXCLUSION',
];

function checkName(member: string, name: string, allowed: RegExp): void {
  if (!allowed.test(name)) throw invalidAt(member, `must satisfy regular expression '${allowed.source}'`);
}

/** ECR's error for an invalid value. */
export function invalidAt(member: string, constraint: string): AwsError {
  return new AwsError(
    'InvalidParameterException',
    `Invalid parameter at '${member}' failed to satisfy constraint: '${constraint}'`,
  );
}

export function digestOf(content: string | Uint8Array): string {
  return `sha256:${createHash('sha256').update(content).digest('hex')}`;
}
