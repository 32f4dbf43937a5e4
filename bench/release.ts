import { cpus } from 'node:os';
import { resolve } from 'node:path';
import { type Cloud, startCloud } from '../local/cloud.ts';
import type { CallRecord } from '../local/contract.ts';
import type { InvocationRecord } from '../local/lambda/runtime.ts';
import { packageStack } from '../local/package.ts';
import { loadConfiguration } from '../shared/config/load.ts';

/**
 * What a release costs, measured on the local cloud with the packaged functions: the time from the push to
 * UpdateService, and every call to AWS. The local cloud delivers the event after 200 to 500 ms, as EventBridge
 * does, and answers calls at once: from the start of the function on, the time is Fairway's own, and AWS adds the
 * latency of each call.
 */

const ROUNDS = 7;
const root = resolve(import.meta.dirname, '..');
const config = resolve(root, 'bench', 'fairway.yml');

interface Spans {
  /** Milliseconds. */
  readonly fromPush: number;
  readonly fromStart: number;
}

interface Measured {
  /** Until UpdateService, one per round; none where a task comes between. */
  readonly cold: readonly Spans[];
  readonly warm: readonly Spans[];
  readonly calls: Readonly<Record<string, number>>;
}

async function main(): Promise<void> {
  await packageStack(root, new AbortController().signal, config);
  const cloud = await startCloud({
    port: 0,
    speed: 'max',
    configuration: loadConfiguration(config),
    packageDirectory: resolve(root, '.serverless'),
  });
  try {
    const plain = await measure(cloud, 'api', true);
    const migrating = await measure(cloud, 'web', false);
    const idle = await idleHour(cloud);
    if (process.argv.includes('--json'))
      process.stdout.write(`${JSON.stringify({ plain, migrating, idle })}\n`);
    else process.stdout.write(report(plain, migrating, idle));
  } finally {
    await cloud.stop();
  }
}

async function measure(cloud: Cloud, repository: string, timed: boolean): Promise<Measured> {
  const cold: Spans[] = [];
  const warm: Spans[] = [];
  let calls: Readonly<Record<string, number>> = {};
  for (let round = 0; round < ROUNDS; round += 1) {
    await control(cloud, 'reset', {});
    await control(cloud, 'clock', { advance: '6m' });
    const first = await release(cloud, repository, '1.1.0');
    const second = await release(cloud, repository, '1.2.0');
    if (timed) {
      cold.push(first.spans);
      warm.push(second.spans);
    }
    calls = second.calls;
  }
  return { cold, warm, calls };
}

async function release(cloud: Cloud, repository: string, tag: string) {
  const before = (await control<CallRecord[]>(cloud, 'calls')).length;
  const pushedAt = Date.parse((await control<{ now: string }>(cloud, 'clock')).now);
  await control(cloud, 'push', { repository, tag });
  await control(cloud, 'clock', { advance: '10m' });
  const made = (await control<CallRecord[]>(cloud, `calls?after=${before}`)).filter(
    (call) => call.caller.endsWith('-image-pushed') || call.caller.endsWith('-ecs-changed'),
  );
  const update = made.find((call) => call.operation === 'UpdateService');
  if (!update) throw new Error(`${repository}:${tag} was not released`);
  const calls: Record<string, number> = {};
  for (const { service, operation } of made) {
    const name = `${service}:${operation}`;
    calls[name] = (calls[name] ?? 0) + 1;
  }
  const updatedAt = Date.parse(update.at);
  const invocations = await control<InvocationRecord[]>(cloud, 'invocations');
  const start = invocations.find(
    (record) => record.function.endsWith('-image-pushed') && Date.parse(record.at) >= pushedAt,
  );
  if (!start) throw new Error(`no function received the push of ${repository}:${tag}`);
  return { spans: { fromPush: updatedAt - pushedAt, fromStart: updatedAt - Date.parse(start.at) }, calls };
}

/** Calls while nothing is released. */
async function idleHour(cloud: Cloud): Promise<Readonly<Record<string, number>>> {
  await control(cloud, 'clock', { advance: '10m' });
  const before = (await control<CallRecord[]>(cloud, 'calls')).length;
  await control(cloud, 'clock', { advance: '60m' });
  const calls: Record<string, number> = {};
  for (const { service, operation } of await control<CallRecord[]>(cloud, `calls?after=${before}`)) {
    const name = `${service}:${operation}`;
    calls[name] = (calls[name] ?? 0) + 1;
  }
  return calls;
}

async function control<Answer>(cloud: Cloud, path: string, body?: object): Promise<Answer> {
  const init = body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) };
  const response = await fetch(`${cloud.url}/_local/${path}`, init);
  const text = await response.text();
  if (!response.ok) throw new Error(`${path}: ${text}`);
  return JSON.parse(text);
}

function report(plain: Measured, migrating: Measured, idle: Readonly<Record<string, number>>): string {
  return [
    `Node ${process.versions.node}, ${cpus().length} cores; medians of ${ROUNDS}`,
    '',
    '| until UpdateService | from the push, ms | from the start of the function, ms |',
    '|---|---:|---:|',
    row('first invocation of an instance', plain.cold),
    row('a warm instance', plain.warm),
    '',
    table('calls of a release without a migration', plain.calls),
    table('calls of a release with a migration', migrating.calls),
    table('calls in an hour without a release, 2 repositories', idle),
  ].join('\n');
}

function row(title: string, spans: readonly Spans[]): string {
  const of = (pick: (span: Spans) => number) => median(spans.map(pick));
  return `| ${title} | ${of(({ fromPush }) => fromPush)} | ${of(({ fromStart }) => fromStart)} |`;
}

function table(title: string, calls: Readonly<Record<string, number>>): string {
  const rows = Object.entries(calls)
    .toSorted(([a], [b]) => a.localeCompare(b))
    .map(([name, count]) => `| ${name} | ${count} |`);
  return [`| ${title} | number |`, '|---|---|', ...rows, ''].join('\n');
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

await main();
