import { spawn } from 'node:child_process';
import { judge, type Violation } from './judge.ts';
import { deaf, type People, planFor } from './plan.ts';
import { type Depth, type Played, play } from './play.ts';
import type { Plan } from './script.ts';
import { withStrategies } from './strategies.ts';
import { withUpgrades } from './upgrades.ts';

/** What holds for every run of a set of runs. */
export interface How {
  readonly depth: Depth;
  readonly deaf: boolean;
  readonly people: People;
  /** Whether services shift their traffic. */
  readonly strategies: boolean;
  /** Whether the functions change their version. */
  readonly upgrades: boolean;
}

/** What many runs came to. */
interface Report {
  readonly violations: readonly (Violation & { readonly seed: number })[];
  /** Pairs of `everything()` that were reached. */
  readonly coverage: readonly string[];
  /** Calls of AWS by all functions. */
  readonly calls: number;
  readonly releases: number;
  /** What came while traffic shifted, by strategy, stage and fault, and how often. */
  readonly shifted: Readonly<Record<string, number>>;
}

export function planOf(seed: number, how: How): Plan {
  const drawn = planFor(seed, how.people);
  const shifting = how.strategies ? withStrategies(drawn) : drawn;
  const plan = how.upgrades ? withUpgrades(shifting) : shifting;
  return how.deaf ? deaf(plan) : plan;
}

function playOne(seed: number, how: How): Promise<Played> {
  return play(planOf(seed, how), {}, how.depth);
}

export async function playMany(from: number, runs: number, how: How): Promise<Report> {
  const violations: (Violation & { seed: number })[] = [];
  const coverage = new Set<string>();
  const shifted = new Map<string, number>();
  let calls = 0;
  let releases = 0;
  for (let seed = from; seed < from + runs; seed += 1) {
    const played = await playOne(seed, how);
    for (const violation of judge(played)) violations.push({ seed, ...violation });
    const { history } = played.world;
    for (const pair of history.coverage) coverage.add(pair);
    for (const count of history.calls.values()) calls += count;
    add(shifted, [...history.shifted]);
    releases += new Set(history.saves.flatMap(({ state }) => state.release?.id ?? [])).size;
  }
  return { violations, coverage: [...coverage], calls, releases, shifted: Object.fromEntries(shifted) };
}

function add(counts: Map<string, number>, more: readonly (readonly [string, number])[]): void {
  for (const [key, count] of more) counts.set(key, (counts.get(key) ?? 0) + count);
}

/** In separate processes: a run stubs what the whole process shares. */
export async function playInProcesses(
  from: number,
  runs: number,
  how: How,
  workers: number,
): Promise<Report> {
  const share = Math.ceil(runs / workers);
  const starts = Array.from({ length: workers }, (_, index) => index * share).filter((start) => start < runs);
  const reports = await Promise.all(
    starts.map((start) => inProcess(from + start, Math.min(share, runs - start), how)),
  );
  const sum = (of: (report: Report) => number) => reports.reduce((total, report) => total + of(report), 0);
  const shifted = new Map<string, number>();
  for (const report of reports) add(shifted, Object.entries(report.shifted));
  return {
    violations: reports.flatMap(({ violations }) => violations),
    coverage: [...new Set(reports.flatMap(({ coverage }) => coverage))],
    calls: sum(({ calls }) => calls),
    releases: sum(({ releases }) => releases),
    shifted: Object.fromEntries(shifted),
  };
}

function inProcess(from: number, runs: number, how: How): Promise<Report> {
  return new Promise((resolve, reject) => {
    const args = [
      'cli/run.mjs',
      'test/simulation/main.ts',
      '--report',
      '--depth',
      how.depth,
      '--people',
      how.people,
    ];
    args.push('--from', String(from), '--runs', String(runs), ...(how.deaf ? ['--deaf'] : []));
    if (how.strategies) args.push('--strategies');
    if (how.upgrades) args.push('--upgrades');
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
