import { relative, resolve } from 'node:path';
import { type ParseArgsConfig, parseArgs } from 'node:util';
import { configurationFile, loadConfiguration } from '../shared/config/load.ts';
import type { CloudOptions } from './cloud.ts';
import { accountOf, peersOf, portOf, quotasOf, regionOf, speedOf } from './options.ts';
import { packageStack } from './package.ts';
import { placeFor } from './place.ts';
import { interruption, serveCloud } from './serve.ts';

const USAGE =
  'npm run local -- [--port N] [--config FILE] [--speed N|max] [--empty] [--data DIR] [--quotas aws|none] [--account ID] [--region REGION] [--peers URL/ID/REGION,…]';

/** The command line of the local cloud: starts it, prints its address, runs until it is interrupted. */
async function main(argv: readonly string[]): Promise<void> {
  const { account, region, ...options } = read(argv);
  const configuration = loadConfiguration(relative(process.cwd(), options.config));
  const usual = placeFor(configuration);
  const place = { account: account ?? usual.account, region: region ?? usual.region };
  const root = resolve(import.meta.dirname, '..');
  const interrupted = interruption();
  try {
    await packageStack(root, interrupted, options.config);
  } catch (error) {
    if (interrupted.aborted) return;
    throw error;
  }
  const packageDirectory = resolve(root, '.serverless');
  await serveCloud({ ...options, place, configuration, packageDirectory }, interrupted, (url) =>
    process.stdout.write(`ready ${url}\n`),
  );
}

function read(argv: readonly string[]): { config: string } & Pick<
  CloudOptions,
  'port' | 'speed' | 'empty' | 'data' | 'quotas' | 'peers'
> & {
    account?: string;
    region?: string;
  } {
  const { values } = parsed({
    args: [...argv],
    options: {
      port: { type: 'string', default: '4566' },
      config: { type: 'string' },
      speed: { type: 'string', default: '20' },
      empty: { type: 'boolean', default: false },
      data: { type: 'string' },
      quotas: { type: 'string', default: 'none' },
      account: { type: 'string' },
      region: { type: 'string' },
      peers: { type: 'string', default: '' },
    },
  });
  return {
    port: portOf(values.port),
    config: configurationFile(process.cwd(), process.env, values.config),
    speed: speedOf(values.speed),
    empty: values.empty,
    quotas: quotasOf(values.quotas),
    peers: peersOf(values.peers),
    ...(values.account === undefined ? {} : { account: accountOf(values.account) }),
    ...(values.region === undefined ? {} : { region: regionOf(values.region) }),
    ...(values.data === undefined ? {} : { data: resolve(values.data) }),
  };
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
