import { shortDigest } from '../domain/image.ts';
import type { JsonObject } from './json.ts';
import { type Headroom, headroomOf, type Pushes, type RepositoryImage, removalsBy } from './lifecycle.ts';
import { rulesOf } from './lifecycleRules.ts';

/** Whether a lifecycle policy may be set on a repository as it is. Pure. */

/** An image that has to stay. */
export interface ImageUse {
  readonly digest: string;
  /** "live in web", "what web rolls back to". */
  readonly as: string;
}

/** A repository with its images and what uses them. */
export interface Listing {
  readonly images: readonly RepositoryImage[];
  readonly uses: readonly ImageUse[];
  readonly pushes: Pushes;
  /** Epoch milliseconds. */
  readonly now: number;
}

export interface LifecycleCheck {
  /** Why the policy is not set, and what to do. */
  readonly refused?: string;
  readonly notes: readonly string[];
}

export function checkLifecycle(policy: JsonObject, listing: Listing): LifecycleCheck {
  const { rules, faults } = rulesOf(policy);
  const notes = faults.map((fault) => `the lifecycle policy cannot be checked: ${fault}`);
  const { images, uses, pushes, now } = listing;
  const removed = new Map(removalsBy(rules, images, now).map((removal) => [removal.digest, removal]));
  const lost = uses.flatMap(({ digest, as }) => {
    const removal = removed.get(digest);
    return removal === undefined
      ? []
      : [`rule ${removal.rule} would ${removal.does} ${named(digest, images)}, ${as}`];
  });
  if (lost.length > 0)
    return {
      refused: `the lifecycle policy is not set: ${lost.join('; ')}. Keep more images, or select others`,
      notes,
    };
  const kept = uses.filter(({ digest }) => images.some((image) => image.digest === digest));
  const digests = new Set(kept.map(({ digest }) => digest));
  const headroom = headroomText(headroomOf(digests, rules, images, pushes, now));
  return { notes: headroom === undefined ? notes : [...notes, headroom] };
}

function named(digest: string, images: readonly RepositoryImage[]): string {
  const [tag] = images.find((image) => image.digest === digest)?.tags ?? [];
  return tag === undefined ? shortDigest(digest) : `${tag} (${shortDigest(digest)})`;
}

/** "the first image in use would expire in about 12 pushes that do not go live". */
export function headroomText({ pushes, days }: Headroom): string | undefined {
  const when = [
    ...(pushes === undefined ? [] : [`in about ${pushes} ${pushes === 1 ? 'push' : 'pushes'}`]),
    ...(days === undefined ? [] : [`in ${days} days`]),
  ];
  if (when.length === 0) return undefined;
  return `unless other images go live, the first image in use is removed ${when.join(' or ')}`;
}
