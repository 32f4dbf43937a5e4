import type { TaskCapacity } from './app.ts';
import type { Platform } from './image.ts';
import { describeRegistry, isSameRegistry, type Registry, type Repository, registryOf } from './registry.ts';
import { copyTags, type RevisionTag, releaseTags } from './revisionTags.ts';

export { isOurs, latestBaseOf, type RevisionTag, releaseIdOf } from './revisionTags.ts';

/** JSON as AWS sent it, members that no SDK knows included. */
export type Raw = null | boolean | number | string | readonly Raw[] | RawDefinition;
export interface RawDefinition {
  readonly [member: string]: Raw | undefined;
}

/**
 * The members that DescribeTaskDefinition answers and RegisterTaskDefinition does not take.
 * Source: the difference of TaskDefinition and RegisterTaskDefinitionRequest in the ECS API model.
 */
export const OUTPUT_ONLY: readonly string[] = [
  'taskDefinitionArn',
  'revision',
  'status',
  'requiresAttributes',
  'compatibilities',
  'registeredAt',
  'registeredBy',
  'deregisteredAt',
  'deleteRequestedAt',
];

interface RevisionRequest {
  readonly taskDefinition: RawDefinition;
  readonly tags: readonly RevisionTag[];
  readonly app: string;
  readonly stack: string;
  /** Containers to change; empty: all whose image is of the repository. */
  readonly containers: readonly string[];
  readonly repository: Repository;
  readonly image: { readonly digest: string; readonly tag: string };
  readonly release: { readonly id: string; readonly number: number };
  readonly gitRevision?: string;
  readonly latestBase?: string;
}

type Revision =
  | {
      /** Input of RegisterTaskDefinition. */
      readonly register: RawDefinition;
      readonly changedContainers: readonly string[];
      /** Keys of the base's own tags that had to give way: only where it has the 50 that ECS allows. */
      readonly droppedTags: readonly string[];
    }
  | { readonly refused: string };

/** A new revision: equal to its base in every member but the image of the matching containers and the tags. */
export function nextRevision(request: RevisionRequest): Revision {
  const { taskDefinition, image, repository } = request;
  const chosen = chooseContainers(taskDefinition, request.containers, repository);
  if ('refused' in chosen) return chosen;
  const digests = new Map(chosen.names.map((name) => [name, image.digest]));
  const { tags, dropped } = releaseTags(request.tags, request);
  const register = withImages(taskDefinition, digests, repository.name, tags);
  return { register, changedContainers: chosen.names, droppedTags: dropped };
}

/** An identical revision whose images are pinned: for rolling back to one that is INACTIVE or names a tag. */
export function pinnedCopy(
  taskDefinition: RawDefinition,
  tags: readonly RevisionTag[],
  digests: Readonly<Record<string, string>>,
  release: { readonly id: string; readonly number: number; readonly app: string; readonly stack: string },
): RawDefinition {
  return withImages(taskDefinition, new Map(Object.entries(digests)), undefined, copyTags(tags, release));
}

type Chosen = { readonly names: readonly string[] } | { readonly refused: string };

/** Which containers take the image: the registry is part of its name, so the same name elsewhere is another image. */
export function chooseContainers(
  taskDefinition: RawDefinition,
  named: readonly string[],
  repository: Repository,
): Chosen {
  const containers = containersOf(taskDefinition);
  const present = containers.map((container) => container.name);
  const missing = named.filter((name) => !present.includes(name));
  if (missing.length > 0) {
    return { refused: `it has no container ${missing.join(', ')}, only ${present.join(', ')}` };
  }
  const elsewhere = containers.find((one) => named.includes(one.name) && !isAt(one, repository));
  if (elsewhere)
    return { refused: `its container ${elsewhere.name} ${runsElsewhere(elsewhere, repository)}` };
  if (named.length > 0) return { names: named };
  const sameName = containers.filter(({ image }) => parseImage(image)?.repository === repository.name);
  const matching = sameName.filter((one) => isAt(one, repository));
  if (matching.length > 0) return { names: matching.map((container) => container.name) };
  const foreign = sameName.find((one) => registryOfImage(one) !== undefined);
  const what = foreign ? `: its container ${foreign.name} ${runsElsewhere(foreign, repository)}` : '';
  return { refused: `no container of it runs an image of the repository ${repository.name}${what}` };
}

function isAt(container: ContainerImage, registry: Registry): boolean {
  return isSameRegistry(registryOfImage(container), registry);
}

function registryOfImage({ image }: ContainerImage): Registry | undefined {
  return registryOf(parseImage(image)?.registry ?? '');
}

function runsElsewhere(container: ContainerImage, home: Registry): string {
  const registry = registryOfImage(container);
  if (!registry)
    return `runs ${container.image}, which names no ECR registry, so the place of its new image is unknown`;
  return `runs ${container.image}, from ${describeRegistry(registry)}, and images are pushed to ${describeRegistry(home)}`;
}

/** The digest that all of these containers are pinned to, if they are pinned and agree. */
export function pinnedDigest(taskDefinition: RawDefinition, names: readonly string[]): string | undefined {
  const images = containersOf(taskDefinition).filter((container) => names.includes(container.name));
  const digests = new Set(images.map((container) => parseImage(container.image)?.digest));
  const [only] = digests;
  return digests.size === 1 ? only : undefined;
}

interface ContainerImage {
  readonly name: string;
  readonly image: string;
}

export function containersOf(taskDefinition: RawDefinition): readonly ContainerImage[] {
  const list = taskDefinition.containerDefinitions;
  if (!Array.isArray(list)) return [];
  return list.flatMap((container: Raw) => {
    if (!isObject(container)) return [];
    const { name, image } = container;
    return typeof name === 'string' && typeof image === 'string' ? [{ name, image }] : [];
  });
}

/**
 * Which containers end their task when they end, by name. AWS adds containers that the definition does not name.
 * Source: ECS API reference, ContainerDefinition, essential.
 */
export function essentialByName({ containerDefinitions }: RawDefinition): ReadonlyMap<string, boolean> {
  if (!Array.isArray(containerDefinitions)) return new Map();
  return new Map(
    containerDefinitions.flatMap((container: Raw) =>
      isObject(container) && typeof container.name === 'string'
        ? [[container.name, container.essential !== false] as const]
        : [],
    ),
  );
}

interface ImageReference {
  /** Registry host; empty for images without one. */
  readonly registry: string;
  readonly repository: string;
  readonly tag?: string;
  readonly digest?: string;
}

const DIGEST = /^sha256:[0-9a-f]{64}$/;

/** Takes an image reference apart: `host/repository[:tag][@digest]`. In one pass: others write these. */
export function parseImage(reference: string): ImageReference | undefined {
  const [name = '', digest, ...more] = reference.split('@');
  if (more.length > 0 || (digest !== undefined && !DIGEST.test(digest))) return undefined;
  const first = name.slice(0, Math.max(0, name.indexOf('/')));
  // A first part without a dot or a port is a part of the repository.
  const registry = /[.:]/.test(first.slice(1)) ? first : '';
  const path = registry === '' ? name : name.slice(registry.length + 1);
  const colon = path.indexOf(':');
  const repository = colon === -1 ? path : path.slice(0, colon);
  const tag = colon === -1 ? undefined : path.slice(colon + 1);
  if (repository === '' || tag === '') return undefined;
  return {
    registry,
    repository,
    ...(tag === undefined ? {} : { tag }),
    ...(digest === undefined ? {} : { digest }),
  };
}

/** Whether its tasks have their own network interface: only then does RunTask take a network (ECS API, RunTask). */
export function hasNetwork({ networkMode }: RawDefinition): boolean {
  return networkMode === 'awsvpc';
}

/**
 * What the definition runs on, in OCI's words; a part is absent where the instance decides it. Only Fargate has a default,
 * X86_64 on Linux. Source: ECS API reference, RuntimePlatform; Amazon ECS Developer Guide, "Task definition parameters".
 */
export function runtimePlatformOf(taskDefinition: RawDefinition, onFargate: boolean): Partial<Platform> {
  const platform = taskDefinition.runtimePlatform;
  const { cpuArchitecture = onFargate ? 'X86_64' : undefined } = isObject(platform) ? platform : {};
  const { operatingSystemFamily = onFargate ? 'LINUX' : undefined } = isObject(platform) ? platform : {};
  return {
    ...(typeof operatingSystemFamily === 'string' && { os: osOf(operatingSystemFamily) }),
    ...(typeof cpuArchitecture === 'string' && { architecture: architectureOf(cpuArchitecture) }),
  };
}

function osOf(family: string): string {
  return family.startsWith('WINDOWS') ? 'windows' : 'linux';
}

function architectureOf(cpu: string): string {
  return cpu === 'ARM64' ? 'arm64' : 'amd64';
}

/** Whether all tasks of this capacity run on Fargate. Absent: the cluster decides, and that is unknown. */
export function isFargate(capacity: TaskCapacity | undefined): boolean {
  if (!capacity) return false;
  if ('launchType' in capacity) return capacity.launchType === 'FARGATE';
  return capacity.providers.every(({ provider }) => /^FARGATE(_SPOT)?$/.test(provider));
}

/** Why an image of these platforms cannot run there; undefined when it can, or when that is unknown. */
export function platformFits(platforms: readonly Platform[], wanted: Partial<Platform>): string | undefined {
  const { os, architecture } = wanted;
  const fits = (one: Platform) =>
    (os === undefined || one.os === os) && (architecture === undefined || one.architecture === architecture);
  if (platforms.length === 0 || platforms.some(fits)) return undefined;
  const offered = platforms.map((one) => `${one.os}/${one.architecture}`).join(', ');
  const there = [os, architecture].filter((part) => part !== undefined).join('/');
  return `it was built for ${offered}, and the task runs on ${there}`;
}

/** The ARN of a definition that ECS has described. */
export function arnOf({ taskDefinitionArn }: RawDefinition): string | undefined {
  return typeof taskDefinitionArn === 'string' ? taskDefinitionArn : undefined;
}

/** `family:revision` of an ARN. */
export function revisionName(arn: string): string {
  return arn.slice(arn.lastIndexOf('/') + 1);
}

/** "web-app" and 11 of an ARN or of "web-app:11". */
export function familyAndRevision(reference: string): {
  readonly family: string;
  readonly revision?: number;
} {
  const [family = '', revision] = reference.slice(reference.lastIndexOf('/') + 1).split(':');
  return revision === undefined ? { family } : { family, revision: Number(revision) };
}

function withImages(
  taskDefinition: RawDefinition,
  digests: ReadonlyMap<string, string>,
  repository: string | undefined,
  tags: readonly RevisionTag[],
): RawDefinition {
  const kept = Object.entries(taskDefinition).filter(([member]) => !OUTPUT_ONLY.includes(member));
  const definition: Record<string, Raw | undefined> = Object.fromEntries(kept);
  const list = taskDefinition.containerDefinitions;
  if (Array.isArray(list))
    definition.containerDefinitions = list.map((one: Raw) => repin(one, digests, repository));
  if (tags.length > 0) definition.tags = tags.map(({ key, value }) => ({ key, value }));
  return definition;
}

function repin(container: Raw, digests: ReadonlyMap<string, string>, repository: string | undefined): Raw {
  if (!isObject(container) || typeof container.name !== 'string' || typeof container.image !== 'string')
    return container;
  const digest = digests.get(container.name);
  const reference = parseImage(container.image);
  if (digest === undefined || !reference) return container;
  const host = reference.registry === '' ? '' : `${reference.registry}/`;
  return { ...container, image: `${host}${repository ?? reference.repository}@${digest}` };
}

function isObject(value: Raw | undefined): value is RawDefinition {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
