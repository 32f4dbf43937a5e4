import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { unpackZip } from '../local/lambda/zip.ts';
import { packageStack, withoutCredentials } from '../local/package.ts';
import { loadStack } from '../local/stack/load.ts';
import type { StackFunction } from '../local/stack/stack.ts';

/**
 * What a cold start has to load: the size of each packaged function, and how long a fresh Node takes to import it.
 * Rounds go through all functions in turn, so that a busy moment of the machine touches all of them.
 * `--against FOLDER` measures another packaged folder in the same rounds, such as one of an earlier commit.
 */

const ROUNDS = 9;
const root = resolve(import.meta.dirname, '..');

/** Prints milliseconds of the import, those of processor time among them, and bytes of memory afterwards. */
const PROBE = `
const { performance } = require('node:perf_hooks');
const begin = performance.now();
const before = process.cpuUsage();
import(process.argv[1]).then(() => {
  const took = performance.now() - begin;
  const { user, system } = process.cpuUsage(before);
  console.log(JSON.stringify([took, (user + system) / 1000, process.memoryUsage.rss()]));
  process.exit();
});
`;

interface Subject {
  readonly name: string;
  readonly module: string;
  readonly variables: Readonly<Record<string, string>>;
  /** What the import loads. */
  readonly loadedBytes: number;
  /** With what is loaded later, if at all. */
  readonly minifiedBytes: number;
  readonly zipBytes: number;
}

type Sizes = Pick<Subject, 'name' | 'loadedBytes' | 'minifiedBytes' | 'zipBytes'>;

interface Row extends Sizes {
  /** Medians of all rounds. */
  readonly importMs: number;
  /** Processor time of the import: what a share of a processor stretches. */
  readonly cpuMs: number;
  readonly memoryBytes: number;
}

interface Taken {
  readonly subject: Subject;
  readonly times: number[];
  readonly cpu: number[];
  readonly memory: number[];
}

async function main(): Promise<void> {
  await packageStack(root, new AbortController().signal);
  const directory = await mkdtemp(join(tmpdir(), 'fairway-bundles-'));
  try {
    const subjects = [await emptyModule(directory), ...(await bundles(join(root, '.serverless'), directory))];
    const [, other] = process.argv.slice(process.argv.indexOf('--against'));
    if (process.argv.includes('--against') && other !== undefined)
      subjects.push(...(await bundles(resolve(other), join(directory, 'other'), 'before: ')));
    const rows = await measure(subjects);
    const facts = { node: process.versions.node, cores: cpus().length, rounds: ROUNDS, rows };
    process.stdout.write(process.argv.includes('--json') ? `${JSON.stringify(facts)}\n` : report(rows));
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

async function emptyModule(directory: string): Promise<Subject> {
  const module = join(directory, 'empty.mjs');
  await writeFile(module, 'export {};\n');
  return { name: 'an empty module', module, variables: {}, loadedBytes: 0, minifiedBytes: 0, zipBytes: 0 };
}

async function bundles(packaged: string, directory: string, prefix = ''): Promise<readonly Subject[]> {
  const stack = await loadStack(packaged, { account: '123456789012', region: 'us-east-1' });
  const subjects = stack.functions.map((definition) =>
    unpacked(definition, join(directory, definition.name)),
  );
  return (await Promise.all(subjects)).map((subject) => ({ ...subject, name: `${prefix}${subject.name}` }));
}

async function unpacked(definition: StackFunction, directory: string): Promise<Subject> {
  await unpackZip(definition.zipPath, directory);
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const sizes = await Promise.all(files.map(sizeOf));
  const module = join(directory, `${definition.handler.replace(/\.\w+$/, '')}.mjs`);
  const loaded = await Promise.all([...(await loadedWith(module))].map(sizeOf));
  return {
    name: definition.name,
    module,
    variables: { AWS_REGION: 'us-east-1', ...definition.environment },
    loadedBytes: sum(loaded),
    minifiedBytes: sum(sizes),
    zipBytes: await sizeOf(definition.zipPath),
  };
}

/** The module and what it imports, without what it imports later. */
async function loadedWith(module: string, found: Set<string> = new Set()): Promise<ReadonlySet<string>> {
  if (found.has(module)) return found;
  found.add(module);
  const code = await readFile(module, 'utf8');
  for (const [, path = ''] of code.matchAll(
    /(?:^|[;\n}])import\s*(?:[\w*{][^;'"()]*?from\s*)?"(\.\/[^"]+)"/g,
  ))
    await loadedWith(join(dirname(module), path), found);
  return found;
}

async function sizeOf(file: string): Promise<number> {
  return (await stat(file)).size;
}

async function measure(subjects: readonly Subject[]): Promise<readonly Row[]> {
  const taken = subjects.map((subject): Taken => ({ subject, times: [], cpu: [], memory: [] }));
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const { subject, times, cpu, memory } of taken) {
      const [took, busy, bytes] = await probe(subject);
      times.push(took);
      cpu.push(busy);
      memory.push(bytes);
    }
  }
  return taken.map(({ subject: { name, loadedBytes, minifiedBytes, zipBytes }, times, cpu, memory }) => ({
    name,
    loadedBytes,
    minifiedBytes,
    zipBytes,
    importMs: median(times),
    cpuMs: median(cpu),
    memoryBytes: median(memory),
  }));
}

async function probe({ name, module, variables }: Subject): Promise<readonly [number, number, number]> {
  const { stdout } = await promisify(execFile)(process.execPath, ['-e', PROBE, pathToFileURL(module).href], {
    env: { ...withoutCredentials(process.env), ...variables },
  });
  const answer: unknown = JSON.parse(stdout);
  const [took, busy, bytes]: readonly unknown[] = Array.isArray(answer) ? answer : [];
  if (typeof took === 'number' && typeof busy === 'number' && typeof bytes === 'number')
    return [took, busy, bytes];
  throw new Error(`failed to measure ${name}: its probe printed ${stdout}`);
}

function report(rows: readonly Row[]): string {
  const base = rows[0]?.importMs ?? Number.NaN;
  const lines = rows.map(({ name, loadedBytes, minifiedBytes, zipBytes, importMs, cpuMs, memoryBytes }) => {
    const cells = [
      name,
      kilobytes(loadedBytes),
      kilobytes(minifiedBytes),
      kilobytes(zipBytes),
      importMs.toFixed(importMs < 10 ? 1 : 0),
      (importMs / base).toFixed(importMs === base ? 0 : 1),
      cpuMs.toFixed(0),
      (memoryBytes / 1_000_000).toFixed(0),
    ];
    return `| ${cells.join(' | ')} |`;
  });
  return [
    `Node ${process.versions.node}, ${cpus().length} cores; medians of ${ROUNDS} fresh processes`,
    '',
    '| function | kB that the import loads | minified kB | zip kB | import ms | times an empty module | processor ms | memory MB |',
    '|---|---:|---:|---:|---:|---:|---:|---:|',
    ...lines,
    '',
  ].join('\n');
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function kilobytes(bytes: number): string {
  return (bytes / 1000).toFixed(0);
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

await main();
