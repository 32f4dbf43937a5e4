import { parseArgs } from 'node:util';
import { type Measured, playScenario } from './play.ts';
import { SCENARIOS } from './scenarios.ts';

/**
 * Many services at once, on the simulated clock: the packaged loop, ECS's documented token buckets and assumed
 * latencies. The same seed gives the same numbers.
 */

const USAGE = `npm run bench:fleet -- [--json] [--seed N] [--only TEXT] [--depth commands|wire]

  --only TEXT   only scenarios whose name contains it
  --depth wire  through all of the SDK but its sockets: slower
`;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      json: { type: 'boolean', default: false },
      seed: { type: 'string', default: '7' },
      only: { type: 'string', default: '' },
      depth: { type: 'string', default: 'commands' },
    },
  });
  const seed = Number(values.seed);
  if (!Number.isInteger(seed)) throw new Error(`--seed ${values.seed}: expected a whole number`);
  const { depth } = values;
  if (depth !== 'commands' && depth !== 'wire')
    throw new Error(`--depth ${depth}: expected commands or wire`);
  const rows: Measured[] = [];
  for (const scenario of SCENARIOS) {
    if (scenario.name.includes(values.only)) rows.push(await playScenario(scenario, seed, depth));
  }
  process.stdout.write(values.json ? `${JSON.stringify(rows)}\n` : report(rows));
}

function report(rows: readonly Measured[]): string {
  const lines = rows.map((row) =>
    [
      row.name,
      row.seconds,
      row.bound,
      row.ratio,
      row.fromStartSeconds,
      row.spreadSeconds,
      row.liveSeconds ?? 'never',
      row.registers,
      row.writes,
      row.writeUnits,
      row.falseAnnouncements,
      row.lostPushes,
      row.failedInvocations,
      row.invocations,
    ].join(' | '),
  );
  return `${[
    '| scenario | last UpdateService, s | bound, s | ratio | from the first start, s | first to last, s | all live, s | RegisterTaskDefinition calls | table writes | write units | false announcements | pushes called lost | failed invocations | invocations |',
    '|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|',
    ...lines.map((line) => `| ${line} |`),
  ].join('\n')}\n`;
}

try {
  await main();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n${USAGE}`);
  process.exitCode = 2;
}
