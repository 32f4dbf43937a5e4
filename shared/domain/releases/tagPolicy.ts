import compare from 'semver/functions/compare.js';
import prerelease from 'semver/functions/prerelease.js';
import satisfies from 'semver/functions/satisfies.js';
import valid from 'semver/functions/valid.js';
import type { ImageSource } from '../app.ts';
import { matchesGlob } from '../glob.ts';

/** Whether a tag matches for an app, and if not, why, in words for the ledger. */
type TagVerdict = { readonly counts: true } | { readonly counts: false; readonly reason: string };

/** What is needed of an image to say which of two is newer. */
export interface Candidacy {
  readonly tag: string;
  /** Epoch milliseconds. */
  readonly pushedAt: number;
}

/** Signatures, attestations and SBOMs are kept beside an image under tags made of its digest. Source: cosign, OCI 1.1 referrers tag schema. */
const REFERRER = /^sha256-[0-9a-f]{64}(\.\w+)?$/;

/** Checks a tag against the app's policy. */
export function judgeTag(source: ImageSource, tag: string): TagVerdict {
  if (REFERRER.test(tag)) return no(`tag "${tag}" is of a signature or attestation, not of an image`);
  const ignored = source.ignore.find((glob) => matchesGlob(tag, glob));
  if (ignored !== undefined) return no(`tag "${tag}" is ignored by "${ignored}"`);
  const { tags } = source;
  switch (tags.kind) {
    case 'semver':
      return judgeVersion(tag, tags.range);
    case 'newest':
      return matchesGlob(tag, tags.match.glob)
        ? { counts: true }
        : no(`tag "${tag}" does not match "${tags.match.glob}"`);
    case 'digest':
      return tag === tags.tag
        ? { counts: true }
        : no(`tag "${tag}" is not "${tags.tag}", the tag that the app follows`);
  }
}

function judgeVersion(tag: string, range: string): TagVerdict {
  const version = versionOf(tag);
  if (version === undefined) return no(`tag "${tag}" is not a semantic version, so it cannot match ${range}`);
  if (satisfies(version, range)) return { counts: true };
  const isPrerelease = prerelease(version) !== null && satisfies(version, range, { includePrerelease: true });
  const why = isPrerelease
    ? ': a prerelease matches only if the range names a prerelease of the same version'
    : '';
  return no(`version ${tag} is outside ${range}${why}`);
}

/** Which of two images is newer: positive when `a` is. A moving tag is never older than what it pointed at before. */
export function compareImages(source: ImageSource, a: Candidacy, b: Candidacy): number {
  if (source.tags.kind === 'digest') return 0;
  if (source.tags.kind === 'newest') return a.pushedAt - b.pushedAt;
  const [first, second] = [versionOf(a.tag), versionOf(b.tag)];
  // What ran before Fairway may carry any tag: a version is newer than no version.
  if (first === undefined || second === undefined)
    return Number(first !== undefined) - Number(second !== undefined);
  return compare(first, second) || a.pushedAt - b.pushedAt;
}

/** The newest image that counts. */
export function newestOf<Item extends Candidacy>(
  source: ImageSource,
  images: readonly Item[],
): Item | undefined {
  const counting = images.filter((image) => judgeTag(source, image.tag).counts);
  return counting.toSorted((a, b) => compareImages(source, b, a))[0];
}

/**
 * "v1.2.0" and "1.2.0" are the same version; anything else must be one to the letter. Tags cannot hold the "+" of
 * build metadata: people write "_" for it, as Helm does. Build metadata has no precedence.
 */
function versionOf(tag: string): string | undefined {
  const version = tag.replace(/^v/, '').replace('_', '+');
  return /^\d/.test(version) ? (valid(version) ?? undefined) : undefined;
}

function no(reason: string): TagVerdict {
  return { counts: false, reason };
}
