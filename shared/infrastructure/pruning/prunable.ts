/** Which old revisions of an app nothing needs any more. Pure. */

/** A revision of a family of the app. */
export interface KnownRevision {
  readonly arn: string;
  /** The number behind the family. */
  readonly number: number;
  readonly family: string;
  /** A release of this app registered it. */
  readonly isOurs: boolean;
  /** Digests of its images. */
  readonly digests: readonly string[];
  /** Epoch milliseconds; absent: it is ACTIVE. */
  readonly deregisteredAt?: number;
}

export interface Needs {
  /** ARNs of revisions that a service, a deployment, a task, a rule or a schedule uses. */
  readonly used: ReadonlySet<string>;
  /** Digests that are live, or that a rollback can return to. */
  readonly digests: ReadonlySet<string>;
  /** How many of the newest revisions of each family stay. */
  readonly keep: number;
  /** Epoch milliseconds. */
  readonly now: number;
}

export interface Pruning {
  /** ARNs, oldest first. */
  readonly deregister: readonly string[];
  /** ARNs of revisions that were deregistered long ago. */
  readonly delete: readonly string[];
}

/** Milliseconds from deregistering to deleting: until then a revision is still described. */
const BEFORE_DELETION = 30 * 24 * 3_600_000;

/** @param revisions all ACTIVE and INACTIVE revisions of the app's families */
export function prunable(revisions: readonly KnownRevision[], needs: Needs): Pruning {
  const old = revisions.filter((revision) => revision.isOurs && !isNeeded(revision, needs));
  const isActive = ({ deregisteredAt }: KnownRevision) => deregisteredAt === undefined;
  const newest = new Set(
    [...new Set(revisions.map(({ family }) => family))].flatMap((family) =>
      revisions
        .filter((revision) => revision.family === family && isActive(revision))
        .toSorted((a, b) => b.number - a.number)
        .slice(0, needs.keep)
        .map(({ arn }) => arn),
    ),
  );
  return {
    deregister: inOrder(old.filter((revision) => isActive(revision) && !newest.has(revision.arn))),
    delete: inOrder(
      old.filter(({ deregisteredAt = Number.NaN }) => deregisteredAt + BEFORE_DELETION <= needs.now),
    ),
  };
}

function isNeeded({ arn, digests }: KnownRevision, needs: Needs): boolean {
  return needs.used.has(arn) || digests.some((digest) => needs.digests.has(digest));
}

function inOrder(revisions: readonly KnownRevision[]): readonly string[] {
  return revisions.toSorted((a, b) => a.number - b.number).map(({ arn }) => arn);
}
