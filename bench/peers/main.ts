import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { startCloud } from '../../local/cloud.ts';
import type { CallRecord } from '../../local/contract.ts';
import { packageStack } from '../../local/package.ts';
import { loadConfiguration } from '../../shared/config/load.ts';
import { find } from '../../test/clients/programs.ts';
import { count } from './counter.ts';
import { type Observer, observerOf } from './observer.ts';
import { configurationText, FAIRWAY, NEW_TAG, SCENARIOS, type Scenario, serviceOf } from './scenarios.ts';
import { type Measured, report, TABLE } from './table.ts';
import { deploy, TOOLS } from './tools.ts';

/**
 * The same deployments by Fairway and by other tools, side by side on one local cloud, at real speed: every run has
 * a separate service; all of a scenario run at the same time, with the tools' own poll intervals.
 */

const ROOT = resolve(import.meta.dirname, '..', '..');
/** Longer than the default timeout of any of the tools. */
const PATIENCE = 15 * 60_000;

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: { runs: { type: 'string', default: '5' }, json: { type: 'boolean', default: false } },
  });
  const runs = Number(values.runs);
  const missing = TOOLS.filter(({ program }) => find(program) === undefined).map(({ name }) => name);
  if (missing.length > 0) {
    process.stderr.write(`${missing.join(', ')} missing: .ci/install-clients installs what there is\n`);
    return 1;
  }
  const config = join(await mkdtemp(join(tmpdir(), 'fairway-peers-')), 'fairway.yml');
  await writeFile(config, configurationText(runs));
  await packageStack(ROOT, new AbortController().signal, config);
  const cloud = await startCloud({
    port: 0,
    speed: 'max',
    configuration: loadConfiguration(config),
    packageDirectory: join(ROOT, '.serverless'),
  });
  try {
    const observer = observerOf(cloud.url);
    await seed(observer, runs);
    const measured: Measured[] = [];
    for (const scenario of SCENARIOS) measured.push(...(await play(cloud.url, observer, scenario, runs)));
    process.stdout.write(values.json ? `${JSON.stringify(measured, null, 2)}\n` : report(measured, runs));
    return 0;
  } finally {
    await cloud.stop();
  }
}

/** A service for each run of each tool, all running steadily; then the clock runs as ours does. */
async function seed(observer: Observer, runs: number): Promise<void> {
  await observer.control('clock', { advance: '2m' });
  for (const scenario of SCENARIOS) {
    const model = serviceOf(FAIRWAY, scenario, 0);
    for (const { name } of TOOLS)
      for (let run = 0; run < runs; run += 1) await observer.copy(model, serviceOf(name, scenario, run));
    if (scenario.behaviour)
      await observer.control('behaviours', { image: `${scenario.name}:${NEW_TAG}`, ...scenario.behaviour });
  }
  await observer.control('clock', { advance: '10m' });
  await observer.control('clock', { speed: 1 });
}

async function play(url: string, observer: Observer, scenario: Scenario, runs: number): Promise<Measured[]> {
  process.stderr.write(`${scenario.name}: ${runs} runs of each tool\n`);
  const numbers = Array.from({ length: runs }, (_, run) => run);
  const before = (await observer.control<CallRecord[]>('calls')).length;
  const since = await observer.now();
  // The local cloud's clock is ahead of ours, by the same span as long as it runs at the same speed.
  const ahead = since - Date.now();
  await observer.control('push', { repository: scenario.name, tag: NEW_TAG });
  const others = TOOLS.flatMap((tool) =>
    numbers.map(async (run): Promise<Measured> => {
      const service = serviceOf(tool.name, scenario, run);
      const digest = await observer.runs(service);
      const counter = await count(url);
      const taskDefinition = { ...(await observer.taskDefinition(service)) };
      const job = { service, repository: scenario.name, taskDefinition };
      const verdict = await deploy(tool, job, counter.url);
      await counter.stop();
      await settled(observer, service);
      const rollout = await observer.rollout(service, digest, since);
      return {
        tool: tool.name,
        scenario,
        ...verdict,
        startedAt: verdict.startedAt + ahead,
        endedAt: verdict.endedAt + ahead,
        calls: Object.fromEntries(counter.calls),
        rollout,
      };
    }),
  );
  const ours = numbers.map(async (run): Promise<Omit<Measured, 'calls'>> => {
    const service = serviceOf(FAIRWAY, scenario, run);
    const digest = await observer.runs(service);
    const verdict = await fairwaysVerdict(observer, service);
    await settled(observer, service);
    const rollout = await observer.rollout(service, digest, since);
    return { tool: FAIRWAY, scenario, startedAt: since, ...verdict, rollout };
  });
  const theirs = await Promise.all(others);
  const fairway = await Promise.all(ours);
  const made = await observer.control<CallRecord[]>(`calls?after=${before}`);
  const calls = callsOfARelease(made, runs);
  return [...fairway.map((one) => ({ ...one, calls })), ...theirs];
}

interface Message {
  readonly at: string;
  readonly kind: string;
  readonly payload: {
    readonly Subject?: string;
    readonly MessageAttributes?: Readonly<Record<string, { readonly Value: string }>>;
  };
}

/** When the outcome of the release was announced. */
async function fairwaysVerdict(observer: Observer, app: string) {
  for (const limit = Date.now() + PATIENCE; Date.now() < limit; await sleep(500)) {
    for (const { at, payload } of await observer.control<Message[]>('messages')) {
      const { app: whose, outcome } = payload.MessageAttributes ?? {};
      if (whose?.Value !== app || outcome === undefined || outcome.Value === 'open') continue;
      return { endedAt: Date.parse(at), success: outcome.Value === 'live', said: payload.Subject ?? '' };
    }
  }
  throw new Error(`no message announced how the release of ${app} ended`);
}

/** Calls of the functions that release, shared by the releases of the scenario; the sweep calls without releases, too. */
function callsOfARelease(made: readonly CallRecord[], runs: number): Record<string, number> {
  const calls: Record<string, number> = {};
  for (const { caller, service, operation } of made) {
    if (!caller.endsWith('-image-pushed') && !caller.endsWith('-ecs-changed')) continue;
    const name = service === 'dynamodb' ? TABLE : operation;
    calls[name] = (calls[name] ?? 0) + 1 / runs;
  }
  return calls;
}

/** Waits until ECS is done with the service. */
async function settled(observer: Observer, service: string): Promise<void> {
  for (const limit = Date.now() + PATIENCE; Date.now() < limit; await sleep(1_000)) {
    const { deployments, runningCount, desiredCount } = await observer.describe(service);
    if (deployments?.length === 1 && runningCount === desiredCount) return;
  }
}

process.exitCode = await main();
