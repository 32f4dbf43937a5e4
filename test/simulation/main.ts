import { spawn } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { everything } from './coverage.ts';
import { runsToCatch } from './hunt.ts';
import { judge, type Violation } from './judge.ts';
import { MUTANTS } from './mutants.ts';
import { planFor } from './plan.ts';
import { type Depth, play } from './play.ts';
import { shrink } from './shrink.ts';
import { trace } from './trace.ts';

const USAGE = `npm run simulate -- [--runs N] [--from SEED] [--workers N] [--depth wire]
npm run simulate -- --seed SEED [--shrink]
npm run simulate -- --mutants [--runs N] [--from SEED]

Plays runs of the whole system under faults and holds each against the invariants.
  --runs N      how many; default 1000
  --from SEED   the first seed; default: from the time
  --seed SEED   plays one run and prints it as a story
  --depth wire  through all of the SDK but its sockets: four times as slow
  --mutants     how many runs it takes to catch each variant that is broken on purpose
  --shrink      leaves out whatever the violation does not need
`;

interface Report {
  readonly runs: number;
  readonly violations: readonly (Violation & { readonly seed: number })[];
  readonly coverage: readonly string[];
  readonly calls: number;
  readonly releases: number;
}

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      runs: { type: 'string', default: '1000' },
      from: { type: 'string' },
      seed: { type: 'string' },
      shrink: { type: 'boolean', default: false },
      mutants: { type: 'boolean', default: false },
      depth: { type: 'string', default: 'commands' },
      workers: { type: 'string', default: String(availableParallelism()) },
      report: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    process.stdout.write(USAGE);
    return 0;
  }
  const { depth } = values;
  if (depth !== 'commands' && depth !== 'wire')
    throw new Error(`--depth ${depth}: expected commands or wire`);
  if (values.seed !== undefined) return tellOne(whole('--seed', values.seed), values.shrink);
  const runs = whole('--runs', values.runs);
  const from =
    values.from === undefined ? Math.floor(Date.now() / 1000) % 1_000_000_000 : whole('--from', values.from);
  if (values.mutants) return huntAll(from, runs);
  if (values.report) {
    process.stdout.write(JSON.stringify(await playMany(from, runs, depth)));
    return 0;
  }
  return playAll(from, runs, Math.max(1, whole('--workers', values.workers)), depth);
}

function whole(option: string, text: string): number {
  const number = Number(text);
  if (Number.isInteger(number) && number >= 0) return number;
  throw new Error(`${option} ${text}: expected a whole number`);
}

async function tellOne(seed: number, shorter: boolean): Promise<number> {
  let played = await play(planFor(seed));
  let violations = judge(played);
  const [first] = violations;
  if (shorter && first) {
    const shrunk = await shrink(played.plan, first.invariant);
    played = shrunk.played;
    violations = [...shrunk.violations];
  }
  process.stdout.write(`${trace(played)}\n\n`);
  for (const { invariant, sentence } of violations) process.stdout.write(`✗ ${invariant}: ${sentence}\n`);
  if (violations.length === 0) process.stdout.write('✓ every invariant holds\n');
  return violations.length === 0 ? 0 : 1;
}

async function playMany(from: number, runs: number, depth: Depth): Promise<Report> {
  const violations: (Violation & { seed: number })[] = [];
  const coverage = new Set<string>();
  let calls = 0;
  let releases = 0;
  for (let seed = from; seed < from + runs; seed += 1) {
    const played = await play(planFor(seed), {}, depth);
    for (const violation of judge(played)) violations.push({ seed, ...violation });
    const { history } = played.world;
    for (const pair of history.coverage) coverage.add(pair);
    for (const count of history.calls.values()) calls += count;
    releases += new Set(history.saves.flatMap(({ state }) => state.release?.id ?? [])).size;
  }
  return { runs, violations, coverage: [...coverage], calls, releases };
}

async function huntAll(from: number, runs: number): Promise<number> {
  process.stdout.write(`| broken on purpose | runs from seed ${from} until caught |\n|---|---|\n`);
  let escaped = 0;
  for (const mutant of MUTANTS) {
    const caught = await runsToCatch(mutant, from, runs);
    if (caught === undefined) escaped += 1;
    process.stdout.write(`| ${mutant.name} | ${caught ?? `not within ${runs}`} |\n`);
  }
  return escaped === 0 ? 0 : 1;
}

/** In processes of their own: a run stubs what the whole process shares. */
async function playAll(from: number, runs: number, workers: number, depth: Depth): Promise<number> {
  const started = Date.now();
  const share = Math.ceil(runs / workers);
  const starts = Array.from({ length: workers }, (_, index) => index * share).filter((start) => start < runs);
  const reports = await Promise.all(
    starts.map((start) => inProcess(from + start, Math.min(share, runs - start), depth)),
  );
  const seconds = (Date.now() - started) / 1000;
  const violations = reports.flatMap((report) => report.violations);
  const reached = new Set(reports.flatMap(({ coverage }) => coverage));
  const never = everything().filter((pair) => !reached.has(pair));
  const sum = (of: (report: Report) => number) => reports.reduce((total, report) => total + of(report), 0);
  const lines = [
    ...violations
      .slice(0, 20)
      .map(({ seed, invariant, sentence }) => `✗ seed ${seed}, ${invariant}: ${sentence}`),
    `${runs} runs from seed ${from}: ${violations.length} violations`,
    `${sum(({ releases }) => releases)} releases, ${sum(({ calls }) => calls)} calls; ${(runs / seconds).toFixed(1)} runs per second, ${seconds.toFixed(0)} s on ${starts.length} processes`,
    `situations reached: ${everything().length - never.length} of ${everything().length}${never.length > 0 ? `; never: ${never.join(', ')}` : ''}`,
    ...(violations[0] ? [`play one again: npm run simulate -- --seed ${violations[0].seed} --shrink`] : []),
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
  return violations.length === 0 ? 0 : 1;
}

function inProcess(from: number, runs: number, depth: Depth): Promise<Report> {
  return new Promise((resolve, reject) => {
    const args = [
      'cli/run.mjs',
      'test/simulation/main.ts',
      '--report',
      '--depth',
      depth,
      '--from',
      String(from),
      '--runs',
      String(runs),
    ];
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    let output = '';
    child.stdout.on('data', (chunk: Buffer) => {
      output += String(chunk);
    });
    child.once('error', reject);
    child.once('close', (code) => {
      if (code === 0) resolve(JSON.parse(output));
      else reject(new Error(`runs from seed ${from} ended with ${code}`));
    });
  });
}

try {
  process.exitCode = await main();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n${USAGE}`);
  process.exitCode = 2;
}
