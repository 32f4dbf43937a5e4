import { valid } from 'semver';

/** A policy guessed from the tags that were seen. A guess: the file says so. */
export interface TagGuess {
  readonly tags: Readonly<Record<string, string>>;
  /** Of which tags it was guessed, for the comment. */
  readonly seen: readonly string[];
}

const MOVING = ['latest', 'stable', 'production', 'prod', 'live', 'main', 'master', 'release'];
const COMMIT = /^[0-9a-f]{7,40}$/;
/** Any commit, and no name of a branch. */
const COMMIT_GLOB = `${'[0-9a-f]'.repeat(7)}*`;
const MOST_SHOWN = 3;

/**
 * @param running the tags of the images that run
 * @param others further tags of the repository, which count where nothing runs by tag
 */
export function guessTags(running: readonly string[], others: readonly string[]): TagGuess {
  const seen = [...new Set(running.length > 0 ? running : others)];
  return { tags: policyOf(seen), seen: seen.slice(0, MOST_SHOWN) };
}

function policyOf(seen: readonly string[]): TagGuess['tags'] {
  if (seen.length > 0 && seen.every((tag) => valid(tag) !== null)) return { semver: '>=0.0.0' };
  const moving = MOVING.find((tag) => seen.includes(tag));
  if (moving !== undefined) return { digest: moving };
  if (seen.some((tag) => valid(tag) !== null) && !seen.some((tag) => COMMIT.test(tag)))
    return { semver: '>=0.0.0' };
  if (seen.length > 0 && seen.every((tag) => COMMIT.test(tag))) return { newest: COMMIT_GLOB };
  const prefix = commonPrefix(seen);
  return { newest: prefix === undefined ? '*' : `${prefix}*` };
}

/** "main-" of main-41 and main-42-0a1b2c3: the part up to the first separator, if all have the same. */
function commonPrefix(seen: readonly string[]): string | undefined {
  const prefixes = new Set(seen.map((tag) => /^[A-Za-z]+[-_.]/.exec(tag)?.[0]));
  const [only] = prefixes;
  return prefixes.size === 1 ? only : undefined;
}
