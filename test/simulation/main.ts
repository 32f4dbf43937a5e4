import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { everything, shiftedLines } from './coverage.ts';
import { type How, planOf, playInProcesses, playMany } from './fleet.ts';
import { runsToCatch } from './hunt.ts';
import { judge } from './judge.ts';
import { MUTANTS } from './mutants/all.ts';
import { play } from './play.ts';
import { shrink } from './shrink.ts';
import { trace } from './trace.ts';

const USAGE = `npm run simulate -- [--runs N] [--from SEED] [--workers N] [--depth wire] [--deaf] [--people dense]
npm run simulate -- --seed SEED [--shrink] [--depth wire] [--deaf] [--people dense]
npm run simulate -- --mutants [--runs N] [--from SEED]

Plays runs of the whole system under faults and checks each against the invariants.
  --runs N      how many; default 1000
  --from SEED   the first seed; default: from the time
  --workers N   how many processes; default: one per processor
  --seed SEED   plays one run and prints it as a story
  --shrink      leaves out whatever the violation does not need
  --deaf        no event of ECS and no call of a schedule arrives, and three pushes in ten are not heard of
  --people dense  three requests of operators after each push, and more troubles
  --strategies  services shift their traffic: BLUE_GREEN, LINEAR and CANARY, with pauses, alarms and hooks
  --upgrades    the functions become those of the next version, one by one, and mostly those of before again
  --depth wire  through all of the SDK but its sockets: four times as slow
  --mutants     how many runs it takes to catch each variant that is broken on purpose
`;

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      runs: { type: 'string', default: '1000' },
      from: { type: 'string' },
      seed: { type: 'string' },
      shrink: { type: 'boolean', default: false },
      mutants: { type: 'boolean', default: false },
      depth: { type: 'string', default: 'commands' },
      deaf: { type: 'boolean', default: false },
      people: { type: 'string', default: 'usual' },
      strategies: { type: 'boolean', default: false },
      upgrades: { type: 'boolean', default: false },
      workers: { type: 'string', default: String(availableParallelism()) },
      report: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    process.stdout.write(USAGE);
    return 0;
  }
  const { depth, deaf, people } = values;
  if (depth !== 'commands' && depth !== 'wire')
    throw new Error(`--depth ${depth}: expected commands or wire`);
  if (people !== 'usual' && people !== 'dense')
    throw new Error(`--people ${people}: expected usual or dense`);
  const how: How = { depth, deaf, people, strategies: values.strategies, upgrades: values.upgrades };
  if (values.seed !== undefined) return tellOne(whole('--seed', values.seed), how, values.shrink);
  const runs = whole('--runs', values.runs);
  const from =
    values.from === undefined ? Math.floor(Date.now() / 1000) % 1_000_000_000 : whole('--from', values.from);
  if (values.mutants) return huntAll(from, runs);
  if (values.report) {
    process.stdout.write(JSON.stringify(await playMany(from, runs, how)));
    return 0;
  }
  return tellMany(from, runs, how, Math.max(1, whole('--workers', values.workers)));
}

function whole(option: string, text: string): number {
  const number = Number(text);
  if (Number.isInteger(number) && number >= 0) return number;
  throw new Error(`${option} ${text}: expected a whole number`);
}

async function tellOne(seed: number, how: How, shorter: boolean): Promise<number> {
  let played = await play(planOf(seed, how), {}, how.depth);
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

async function tellMany(from: number, runs: number, how: How, workers: number): Promise<number> {
  const started = Date.now();
  const { violations, coverage, calls, releases, shifted } = await playInProcesses(from, runs, how, workers);
  const seconds = (Date.now() - started) / 1000;
  const all = everything(how);
  const never = all.filter((pair) => !coverage.includes(pair));
  const reached = all.length - never.length;
  const lines = [
    ...violations
      .slice(0, 20)
      .map(({ seed, invariant, sentence }) => `✗ seed ${seed}, ${invariant}: ${sentence}`),
    `${runs} runs from seed ${from}: ${violations.length} violations`,
    `${releases} releases, ${calls} calls, ${(calls / releases).toFixed(1)} calls per release`,
    `${(runs / seconds).toFixed(1)} runs per second: ${seconds.toFixed(0)} s on ${workers} processes`,
    `situations reached: ${reached} of ${all.length}${never.length > 0 ? `; never: ${never.join(', ')}` : ''}`,
    ...shiftedLines(shifted),
    ...(violations[0] ? [`play one again: npm run simulate -- --seed ${violations[0].seed} --shrink`] : []),
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
  return violations.length === 0 ? 0 : 1;
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

try {
  process.exitCode = await main();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n${USAGE}`);
  process.exitCode = 2;
}
