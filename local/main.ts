import { relative, resolve } from 'node:path';
import { type ParseArgsConfig, parseArgs } from 'node:util';
import { configurationFile, loadConfiguration } from '../shared/config/load.ts';
import { type CloudOptions, startCloud } from './cloud.ts';
import { FASTEST, type Speed } from './pace.ts';
import { packageStack } from './package.ts';
import { isRunByNpm, onParentGone } from './parent.ts';
import type { Enforced } from './quotas/quotas.ts';

const USAGE =
  'npm run local -- [--port N] [--config FILE] [--speed N|max] [--empty] [--data DIR] [--quotas aws|none]';

/** The command line of the local cloud: starts it, prints its address, runs until it is interrupted. */
async function main(argv: readonly string[]): Promise<void> {
  const options = read(argv);
  const configuration = loadConfiguration(relative(process.cwd(), options.config));
  const root = resolve(import.meta.dirname, '..');
  const interrupted = new AbortController();
  const interrupt = () => interrupted.abort();
  process.once('SIGINT', interrupt);
  process.once('SIGTERM', interrupt);
  if (isRunByNpm(process.env)) onParentGone(interrupt);
  try {
    await packageStack(root, interrupted.signal, options.config);
  } catch (error) {
    if (interrupted.signal.aborted) return;
    throw error;
  }
  const packageDirectory = resolve(root, '.serverless');
  const cloud = await startCloud({ ...options, configuration, packageDirectory });
  process.stdout.write(`ready ${cloud.url}\n`);
  if (!interrupted.signal.aborted)
    await new Promise((done) => interrupted.signal.addEventListener('abort', done, { once: true }));
  await cloud.stop();
}

function read(
  argv: readonly string[],
): { config: string } & Pick<CloudOptions, 'port' | 'speed' | 'empty' | 'data' | 'quotas'> {
  const { values } = parsed({
    args: [...argv],
    options: {
      port: { type: 'string', default: '4566' },
      config: { type: 'string' },
      speed: { type: 'string', default: '20' },
      empty: { type: 'boolean', default: false },
      data: { type: 'string' },
      quotas: { type: 'string', default: 'none' },
    },
  });
  const port = Number(values.port);
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    throw new Error(`--port ${values.port}: expected 0 to 65535`);
  return {
    port,
    config: configurationFile(process.cwd(), process.env, values.config),
    speed: speedOf(values.speed),
    empty: values.empty,
    quotas: quotasOf(values.quotas),
    ...(values.data === undefined ? {} : { data: resolve(values.data) }),
  };
}

function speedOf(text: string): Speed {
  if (text === 'max') return text;
  const speed = Number(text);
  if (speed >= 1 && speed <= FASTEST) return speed;
  throw new Error(`--speed ${text}: expected a number from 1 to ${FASTEST}, or max`);
}

function quotasOf(text: string): Enforced {
  if (text === 'aws' || text === 'none') return text;
  throw new Error(`--quotas ${text}: expected aws or none`);
}

/** Node's message about an invalid command line, without its advice on quoting. */
function parsed<Config extends ParseArgsConfig>(config: Config) {
  try {
    return parseArgs(config);
  } catch (error) {
    const [words = ''] = error instanceof Error ? error.message.split('. ') : [];
    throw new Error(`${words}: expected ${USAGE}`, { cause: error });
  }
}

main(process.argv.slice(2)).then(
  () => process.exit(0),
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(1);
  },
);
