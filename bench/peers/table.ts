import { cpus } from 'node:os';
import type { Rollout } from './observer.ts';
import { FAIRWAY, SCENARIOS, type Scenario } from './scenarios.ts';
import type { Verdict } from './tools.ts';

/** One deployment by one tool. */
export interface Measured extends Verdict {
  readonly tool: string;
  readonly scenario: Scenario;
  /** By operation. */
  readonly calls: Readonly<Record<string, number>>;
  readonly rollout: Rollout;
}

/** Under which name calls to DynamoDB are counted: they cost a hundredth of the others, and do not cause throttling. */
export const TABLE = 'DynamoDB';

/** Tables in Markdown: medians, and calls as a multiple of Fairway's. */
export function report(measured: readonly Measured[], runs: number): string {
  const conditions = `Node ${process.versions.node}, ${cpus().length} cores; ${runs} runs of each, medians; real speed.`;
  return `${[conditions, ...SCENARIOS.map((scenario) => table(scenario, measured))].join('\n\n')}\n`;
}

function table(scenario: Scenario, all: readonly Measured[]): string {
  const measured = all.filter((one) => one.scenario.name === scenario.name);
  const tools = [...new Set(measured.map(({ tool }) => tool))];
  const ofFairway = medianOf(measured, FAIRWAY, total);
  const untilVerdict = scenario.good ? "ECS's end → verdict, s" : 'first stopped task → verdict, s';
  const rows = tools.map((tool) => {
    const mine = measured.filter((one) => one.tool === tool);
    const calls = medianOf(measured, tool, total);
    const right = mine.filter(({ success }) => success === scenario.good).length;
    const back = scenario.good
      ? ''
      : ` ${mine.filter(({ rollout }) => rollout.rolledBack).length} of ${mine.length} |`;
    const update = medianOf(measured, tool, untilUpdate);
    const verdict = medianOf(measured, tool, scenario.good ? afterTheEnd : afterTheFirstStop);
    const times = `${round(calls / ofFairway)} ×`;
    const table = medianOf(measured, tool, ofTheTable);
    return `| ${tool} | ${round(calls)} | ${times} | ${round(table)} | ${round(update)} | ${round(verdict)} | ${right} of ${mine.length} |${back}`;
  });
  const back = scenario.good ? '' : ' rolled back |';
  return [
    `**${scenario.name}**`,
    '',
    `| tool | calls | of Fairway's | of DynamoDB | start → UpdateService, s | ${untilVerdict} | right verdicts |${back}`,
    `|---|---:|---:|---:|---:|---:|---:|${scenario.good ? '' : '---:|'}`,
    ...rows,
    '',
    ...tools.map((tool) => `* ${tool}: ${callsByOperation(measured.filter((one) => one.tool === tool))}`),
  ].join('\n');
}

/** But for those of the table. */
function total({ calls }: Measured): number {
  return Object.entries(calls).reduce((sum, [name, number]) => (name === TABLE ? sum : sum + number), 0);
}

function ofTheTable({ calls }: Measured): number {
  return calls[TABLE] ?? 0;
}

function untilUpdate({ startedAt, rollout }: Measured): number {
  return seconds(startedAt, rollout.updatedAt);
}

function afterTheEnd({ endedAt, rollout }: Measured): number {
  return seconds(rollout.finishedAt, endedAt);
}

function afterTheFirstStop({ endedAt, rollout }: Measured): number {
  return seconds(rollout.firstStopAt, endedAt);
}

function seconds(from: number | undefined, to: number | undefined): number {
  return from === undefined || to === undefined ? Number.NaN : (to - from) / 1000;
}

function medianOf(measured: readonly Measured[], tool: string, of: (one: Measured) => number): number {
  const values = measured.filter((one) => one.tool === tool).map(of);
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

/** Of the run in the middle. */
function callsByOperation(mine: readonly Measured[]): string {
  const middle = mine.toSorted((a, b) => total(a) - total(b))[Math.floor(mine.length / 2)];
  return Object.entries(middle?.calls ?? {})
    .toSorted(([, a], [, b]) => b - a)
    .map(([operation, calls]) => `${round(calls)} ${operation}`)
    .join(', ');
}

function round(value: number): string {
  return Number.isNaN(value) ? 'not known' : String(Math.round(value * 10) / 10);
}
