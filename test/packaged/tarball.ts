import { execFile } from 'node:child_process';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { linkDependencies, SOURCES } from './example.ts';
import { hashOf, madeOnce, ROOT } from './once.ts';
import { extract } from './previous.ts';

const execute = promisify(execFile);
/** What `npm pack` reads, besides what the Serverless Framework does. */
const PACKED = [
  'build',
  'cli',
  'docs',
  'examples',
  'local',
  'CHANGELOG.md',
  'SECURITY.md',
  'fairway.schema.json',
  'llms.txt',
];

/** The tarball of the npm package, as `npm pack` builds it here. */
export async function packedHere(): Promise<string> {
  const hash = await hashOf([...SOURCES, ...PACKED]);
  return tarballIn(await madeOnce(`tarball-${hash}`, (directory) => pack(ROOT, directory)));
}

/** The tarball of an earlier commit, built with the dependencies of today: it needs no network. */
export async function packedAt(commit: string): Promise<string> {
  return tarballIn(await madeOnce(`tarball-${commit}`, (directory) => packCommit(commit, directory)));
}

/** Outside of node_modules, where tsx and esbuild treat sources as any others. */
async function packCommit(commit: string, directory: string): Promise<void> {
  const project = await mkdtemp(join(tmpdir(), 'fairway-previous-'));
  try {
    await extract(commit, project);
    await linkDependencies(project);
    await pack(project, directory);
  } finally {
    await rm(project, { recursive: true, force: true });
  }
}

async function pack(project: string, directory: string): Promise<void> {
  await execute('npm', ['pack', '--silent', '--pack-destination', directory], { cwd: project });
}

async function tarballIn(directory: string): Promise<string> {
  const tarball = (await readdir(directory)).find((name) => name.endsWith('.tgz'));
  if (tarball === undefined) throw new Error('npm pack wrote no tarball');
  return join(directory, tarball);
}
