import { execFile, execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { linkDependencies, packagedOnce, SOURCES } from './example.ts';
import { ROOT } from './once.ts';

/** A version of before, in the history. */
export interface Earlier {
  /** "0.1.0". */
  readonly name: string;
  readonly commit: string;
  /** Whether it is a package. The first version was deployed from a checkout. */
  readonly isPackage: boolean;
}

/** What is in every commit that builds a package. */
const BUILD = 'build/main.ts';

/**
 * The version before the one that is being worked on. Where that one was not a package yet, also the first commit that
 * is one. None where the history is not there, as in a shallow clone.
 */
export function earlierVersions(): readonly Earlier[] {
  if (!hasHistory()) return [];
  const name = previousOf(readFileSync(join(ROOT, 'CHANGELOG.md'), 'utf8'));
  const commit = commitOf(name);
  const isPackage = git('ls-tree', '--name-only', commit, BUILD) !== '';
  const previous = { name, commit, isPackage };
  return isPackage ? [previous] : [previous, firstPackage()];
}

function firstPackage(): Earlier {
  const [commit = ''] = git('log', '--reverse', '--format=%H', '--', BUILD).split('\n');
  return { name: 'the first package', commit, isPackage: true };
}

/** A project of a version that was deployed from a checkout, with this `fairway.yml` packaged. */
export function packagedCheckout({ commit }: Earlier, configuration: string): Promise<string> {
  const digest = createHash('sha256').update(configuration).digest('hex').slice(0, 12);
  return packagedOnce(`previous-${commit}-${digest}`, async (directory) => {
    await extract(commit, directory, SOURCES);
    await writeFile(join(directory, 'fairway.yml'), configuration);
    await linkDependencies(directory);
  });
}

/** The `fairway.yml` of a version, with a name that `migrate` replaces. The first version had only that name. */
export function exampleOf({ commit, isPackage }: Earlier): string {
  const example = git('show', `${commit}:fairway.yml`);
  return isPackage ? example.replace(/^defaults:$/m, `$&\n  onFailure: putBack`) : example;
}

/** The newest version of a changelog; of a changelog without unreleased changes, the one before it. */
export function previousOf(changelog: string): string {
  const [unreleased = '', ...sections] = changelog.split(/^## \[(?=\d)/m);
  const versions = sections.map((section) => section.slice(0, section.indexOf(']')));
  const version = /^- /m.test(unreleased) ? versions[0] : versions[1];
  if (version !== undefined) return version;
  throw new Error('CHANGELOG.md has no version before this one');
}

/** The commit of a tag; without tags, the first one whose changelog has the version. */
function commitOf(version: string): string {
  const tag = git('tag', '--list', `v${version}`);
  if (tag !== '') return git('rev-parse', `${tag}^{commit}`);
  const released = ['log', '--reverse', '--format=%H', `-S## [${version}]`, '--', 'CHANGELOG.md'];
  const [commit = ''] = git(...released).split('\n');
  if (commit !== '') return commit;
  throw new Error(`the history has no version ${version}: run git fetch --tags`);
}

/** The files of a commit; default: all. */
export async function extract(
  commit: string,
  directory: string,
  paths: readonly string[] = [],
): Promise<void> {
  await mkdir(directory, { recursive: true });
  const archive = join(directory, 'sources.tar');
  git('archive', `--output=${archive}`, commit, ...paths);
  await promisify(execFile)('tar', ['-xf', archive, '-C', directory]);
  await rm(archive);
}

function hasHistory(): boolean {
  try {
    return git('rev-parse', '--is-shallow-repository') === 'false';
  } catch {
    return false;
  }
}

function git(...args: readonly string[]): string {
  return execFileSync('git', [...args], { cwd: ROOT, encoding: 'utf8', stdio: 'pipe' }).trim();
}
