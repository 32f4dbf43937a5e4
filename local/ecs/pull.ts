import { behaviourFor } from '../behaviour.ts';
import type { Container, Context, Task } from './model.ts';
import { platformName, platformOf, runsOn } from './platform.ts';

/** The result of pulling a container's image. */
type Pull =
  | { readonly ok: true; readonly milliseconds: number }
  | {
      readonly ok: false;
      readonly milliseconds: number;
      readonly reason: string;
      readonly resolution: boolean;
    };

const QUICK = 6_000;
const SLOW = 120_000;
const NOT_FOUND = 2_000;
const REFUSED = 2_000;
/** How often the agent tries before it reports a wrong platform. */
const WRONG_PLATFORM = 12_000;

/**
 * Looks up how this container behaves from now on and pulls its image; on success the container knows its digest.
 * Wording of failures as Fargate's `stoppedReason` (AWS docs: task_cannot_pull_image).
 */
export function pullImage(ctx: Context, task: Task, container: Container): Pull {
  const { spec } = container;
  const pinned = spec.pinned ? task.owner?.digestOf(spec.name) : undefined;
  const reference = pinned === undefined ? spec.image : pinnedReference(spec.image, pinned);
  const found = ctx.images.resolve(reference);
  const image = typeof found === 'string' ? undefined : found;
  const behaviour = behaviourFor(ctx.behaviours(), {
    images: imageNames(spec.image, image),
    family: task.definition.family,
    container: spec.name,
    for: task.owner === undefined ? 'task' : 'service',
  });
  if (behaviour !== undefined) container.behaviour = behaviour;
  const unresolved = pinned === undefined && !spec.image.includes('@');

  if (found === 'notFound' || behaviour?.pull === 'notFound') {
    return {
      ok: false,
      milliseconds: NOT_FOUND,
      reason: `CannotPullContainerError: pull image manifest has been retried 1 time(s): failed to resolve ref ${reference}: not found`,
      resolution: unresolved,
    };
  }
  if (behaviour?.pull === 'denied' || (found === 'foreign' && behaviour?.pull !== 'ok')) {
    const host = spec.image.split('/')[0] ?? spec.image;
    return {
      ok: false,
      milliseconds: REFUSED,
      reason: `CannotPullContainerError: pull image manifest has been retried 1 time(s): failed to resolve ref ${reference}: pulling from host ${host} failed with status code [manifests ${reference.split(/[:@]/).at(-1)}]: 403 Forbidden`,
      resolution: unresolved,
    };
  }
  const platform = platformOf(task.definition.document, task.launchType);
  const platforms = image?.platforms ?? [];
  const missing = platforms.length > 0 && !platforms.some((each) => runsOn(platform, each));
  if (missing || behaviour?.pull === 'wrongPlatform') {
    return {
      ok: false,
      milliseconds: WRONG_PLATFORM,
      reason: `CannotPullContainerError: pull image manifest has been retried 7 time(s): image Manifest does not contain descriptor matching platform '${platformName(platform)}'`,
      resolution: false,
    };
  }
  const digest = image?.digest ?? pinned ?? digestIn(spec.image);
  if (digest !== undefined) container.imageDigest = digest;
  return { ok: true, milliseconds: behaviour?.pull === 'slow' ? SLOW : QUICK };
}

export function digestIn(reference: string): string | undefined {
  const at = reference.indexOf('@');
  return at < 0 ? undefined : reference.slice(at + 1);
}

/** `host/repo:tag` and a digest → `host/repo@digest`. */
function pinnedReference(image: string, digest: string): string {
  return `${withoutVersion(image)}@${digest}`;
}

function withoutVersion(image: string): string {
  const [name = image] = image.split('@');
  const colon = name.lastIndexOf(':');
  return colon > name.lastIndexOf('/') ? name.slice(0, colon) : name;
}

/** All names of an image, for the rules of behaviors. */
export function imageNames(
  reference: string,
  image:
    | { readonly digest: string; readonly repository: string; readonly tags: readonly string[] }
    | undefined,
): readonly string[] {
  const slash = reference.indexOf('/');
  const host = reference.slice(0, Math.max(0, slash));
  const short = /[.:]/.test(host) ? reference.slice(slash + 1) : reference;
  const names = [reference, short, withoutVersion(short)];
  if (image === undefined) return names;
  const { repository, digest, tags } = image;
  return [...names, repository, `${repository}@${digest}`, ...tags.map((tag) => `${repository}:${tag}`)];
}
