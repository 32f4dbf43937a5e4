import semver from 'semver';

/**
 * Why a version must not be deployed over another one: versions read the state of their neighbors only (decision 18).
 * Undefined if it may.
 */
export function skippedVersions(from: string | undefined, to: string | undefined): string | undefined {
  const [before, after] = [semver.parse(from), semver.parse(to)];
  if (before === null || after === null || areNeighbors(before, after)) return undefined;
  const next = nextTo(before, after);
  return `Fairway ${to} might not read the state that ${from} wrote, since minor versions are between them. Deploy ${next} first, then one minor version after the other`;
}

/** Of a major version, the last minor version is not known. */
function areNeighbors(one: semver.SemVer, other: semver.SemVer): boolean {
  if (one.major === other.major) return Math.abs(one.minor - other.minor) <= 1;
  const later = semver.gt(one, other) ? one : other;
  return Math.abs(one.major - other.major) === 1 && later.minor === 0;
}

function nextTo(before: semver.SemVer, after: semver.SemVer): string {
  const isUpgrade = semver.gt(after, before);
  if (isUpgrade && before.major === after.major) return `${before.major}.${before.minor + 1}`;
  if (isUpgrade) return `the next minor version after ${before.major}.${before.minor}`;
  return before.minor > 0
    ? `${before.major}.${before.minor - 1}`
    : `the minor version before ${before.major}.0`;
}
