import { parseArgs } from 'node:util';
import { startWorld } from '../models/world.ts';
import { fuzz } from './run.ts';
import { tell } from './tell.ts';
import { createWatchdog } from './watchdog.ts';

const LONGEST_SECONDS = 20;
const USAGE = `npm run fuzz -- [--requests N] [--seed SEED]

Sends generated requests to an empty local cloud, valid and invalid ones, and judges every answer: never a 5xx, a crash or
a hang; every error in AWS's form and of AWS's names; every success as the service's model has it.
  --requests N   default 100000
  --seed SEED    default: from the time; the same seed sends the same requests
`;

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      requests: { type: 'string', default: '100000' },
      seed: { type: 'string', default: String(Math.floor(Date.now() / 1000) % 1_000_000_000) },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    process.stdout.write(USAGE);
    return 0;
  }
  const seed = whole('--seed', values.seed);
  const requests = whole('--requests', values.requests);
  process.stdout.write(`seed ${seed}\n`);
  const cloud = await startWorld(seed);
  const watchdog = createWatchdog(LONGEST_SECONDS);
  try {
    const report = await fuzz(cloud, requests, seed, watchdog);
    process.stdout.write(`${tell(report, seed)}\n`);
    return report.violations.length === 0 ? 0 : 1;
  } finally {
    await watchdog.stop();
    await cloud.stop();
  }
}

function whole(option: string, text: string): number {
  const number = Number(text);
  if (Number.isInteger(number) && number >= 0) return number;
  throw new Error(`${option} ${text}: expected a whole number`);
}

try {
  process.exitCode = await main();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n${USAGE}`);
  process.exitCode = 2;
}
