import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import {
  type checkConfiguration,
  checkWholeFile,
  chosenEnvironment,
  configurationFile,
} from '../shared/config/load.ts';
import type { Configuration } from '../shared/domain/app.ts';
import { buildStack } from './build.ts';
import type { BuiltStack } from './built.ts';
import { codeDigest } from './codeDigest.ts';
import { requestedEnvironment } from './environment.ts';
import { withCode } from './installation.ts';
import { stackName } from './names.ts';
import { quotaWarnings } from './quotas.ts';
import { refuseOtherPartition, regionFrom, regionOfProfile } from './region.ts';

/** The stack, with the region that the options and the environment set, if any. */
export interface Prepared extends BuiltStack {
  readonly stack: string;
  readonly region: string | undefined;
  /** The only account that the stack may be deployed into, if the configuration names one. */
  readonly account: string | undefined;
  /** Warnings about the configuration, one line each. */
  readonly warnings: readonly string[];
}

/** Command line options of the Serverless Framework; null if not given. */
export interface ServerlessOptions {
  readonly stage?: string | null;
  readonly region?: string | null;
  readonly 'aws-profile'?: string | null;
}

/** The stack, and the configuration that it was built from. */
export interface StackOfFile extends Prepared {
  readonly configuration: Configuration;
}

/**
 * Reads a configuration file and builds its stack. Throws a ConfigurationError, or an Error if an option contradicts
 * the configuration.
 * @param check whether the other environments of the file are checked, too
 */
export async function stackOfFile(
  file: string,
  options: ServerlessOptions = {},
  environment?: string,
  check: typeof checkConfiguration = checkWholeFile,
): Promise<StackOfFile> {
  const stage = options.stage ?? undefined;
  const variable = process.env.FAIRWAY_ENVIRONMENT;
  const requested = requestedEnvironment({ environment, variable, stage });
  const { configuration, warnings } = check(file, chosenEnvironment(file, requested, stage));
  refuseOtherStage(configuration, stage);
  const region = await regionFrom({
    option: options.region ?? undefined,
    configured: configuration.region,
    env: process.env,
    profile: () => regionOfProfile(options['aws-profile'] ?? undefined),
  });
  refuseOtherPartition(configuration, region);
  const built = withCode(buildStack(configuration, Date.now()), await codeDigest());
  const { account } = configuration;
  return {
    ...built,
    configuration,
    stack: stackName(configuration),
    region,
    account,
    warnings: [...warnings, ...quotaWarnings(built)],
  };
}

/**
 * Like `stackOfFile`, for the configuration file of FAIRWAY_CONFIG, default `fairway.yml`. Writes the configuration to
 * `.fairway/configuration.json` under `root` for the functions.
 */
export async function prepare(
  root: string,
  options: ServerlessOptions = {},
  file = configurationFile(process.cwd(), process.env),
): Promise<Prepared> {
  const { configuration, ...prepared } = await stackOfFile(resolve(root, file), options);
  const target = resolve(root, '.fairway', 'configuration.json');
  mkdirSync(dirname(target), { recursive: true });
  writeFileSync(target, `${JSON.stringify(configuration)}\n`);
  return prepared;
}

/** The stage must be the environment; otherwise functions and rules would belong to two different stacks. */
function refuseOtherStage({ environment }: Configuration, stage: string | undefined): void {
  if (stage === undefined || stage === environment) return;
  throw new Error(
    `--stage ${stage} does not match \`environment: ${environment}\` in the configuration file: omit the option, and add \`environments\` to the file, or use one file per environment (FAIRWAY_CONFIG=fairway.${stage}.yml)`,
  );
}
