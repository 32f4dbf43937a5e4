import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { loadConfiguration } from '../shared/config/load.ts';
import { type CloudOptions, startCloud } from './cloud.ts';
import type { Speed } from './pace.ts';
import { packageStack } from './package.ts';

const USAGE = 'npm run local -- [--port N] [--config FILE] [--speed N|max] [--empty]';

/** The command line of the local cloud: starts it, says where it is, runs until it is interrupted. */
async function main(argv: readonly string[]): Promise<void> {
  const options = read(argv);
  const configuration = loadConfiguration(options.config);
  const root = resolve(import.meta.dirname, '..');
  await packageStack(root, new AbortController().signal, options.config);
  const packageDirectory = resolve(root, '.serverless');
  const cloud = await startCloud({ ...options, configuration, packageDirectory });
  process.stdout.write(`ready ${cloud.url}\n`);
  const stop = () => {
    cloud.stop().then(
      () => process.exit(0),
      () => process.exit(1),
    );
  };
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
}

function read(argv: readonly string[]): { config: string } & Pick<CloudOptions, 'port' | 'speed' | 'empty'> {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      port: { type: 'string', default: '4566' },
      config: { type: 'string', default: 'fairway.yml' },
      speed: { type: 'string', default: '20' },
      empty: { type: 'boolean', default: false },
    },
  });
  const port = Number(values.port);
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    throw new Error(`--port ${values.port}: expected 0 to 65535`);
  return { port, config: resolve(values.config), speed: speedOf(values.speed), empty: values.empty };
}

function speedOf(text: string): Speed {
  if (text === 'max') return text;
  const speed = Number(text);
  if (Number.isFinite(speed) && speed >= 1) return speed;
  throw new Error(`--speed ${text}: expected a number from 1, or max`);
}

main(process.argv.slice(2)).catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n${USAGE}\n`);
  process.exit(1);
});
