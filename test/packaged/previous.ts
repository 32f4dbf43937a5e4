import { execFile } from 'node:child_process';
import { mkdir, readFile, rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { packagedOnce, SOURCES } from './example.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const execute = promisify(execFile);

/** The version before the one that is being worked on, and a project with its example packaged. */
export async function packagedPrevious(): Promise<{ readonly version: string; readonly project: string }> {
  const version = previousOf(await readFile(join(ROOT, 'CHANGELOG.md'), 'utf8'));
  const commit = await commitOf(version);
  return {
    version,
    project: await packagedOnce(`previous-${commit}`, (directory) => checkOut(commit, directory)),
  };
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
async function commitOf(version: string): Promise<string> {
  const tagged = await git('rev-parse', '--verify', '--quiet', `v${version}^{commit}`).catch(() => '');
  const released = ['log', '--reverse', '--format=%H', `-S## [${version}]`, '--', 'CHANGELOG.md'];
  const [commit] = [tagged, ...(await git(...released)).split('\n')].filter((hash) => hash !== '');
  if (commit !== undefined && !(await isShallow())) return commit;
  throw new Error(`the history has no version ${version}: run git fetch --unshallow --tags`);
}

async function isShallow(): Promise<boolean> {
  return (await git('rev-parse', '--is-shallow-repository')) === 'true';
}

/** The sources of a commit, with the dependencies of today. */
async function checkOut(commit: string, directory: string): Promise<void> {
  await mkdir(directory, { recursive: true });
  const archive = join(directory, 'sources.tar');
  await git('archive', `--output=${archive}`, commit, ...SOURCES);
  await execute('tar', ['-xf', archive, '-C', directory]);
  await rm(archive);
  await symlink(join(ROOT, 'node_modules'), join(directory, 'node_modules'), 'junction');
}

async function git(...args: readonly string[]): Promise<string> {
  const { stdout } = await execute('git', [...args], { cwd: ROOT });
  return stdout.trim();
}
