import { requestedEnvironment } from '../stack/environment.ts';
import { exitCode, Failure } from './failure.ts';
import type { Line, OptionTable } from './line.ts';

/** The options of every command. */
export const commonOptions = {
  json: { type: 'boolean', about: 'print the answer as JSON' },
  local: { type: 'string', value: 'URL', about: 'use the local cloud at that address instead of AWS' },
  region: {
    type: 'string',
    value: 'NAME',
    about: "the stack's region; default: AWS_REGION, or the profile's",
  },
  stage: {
    type: 'string',
    value: 'NAME',
    about: "the stack's stage, which is the name of its environment; default: the environment in fairway.yml",
  },
  environment: {
    type: 'string',
    value: 'NAME',
    about: 'one of the environments in fairway.yml; default: FAIRWAY_ENVIRONMENT, or `environment` there',
  },
  config: {
    type: 'string',
    value: 'FILE',
    about: 'the configuration; default: FAIRWAY_CONFIG, or fairway.yml in this folder',
  },
  function: {
    type: 'string',
    value: 'NAME',
    about: 'the Lambda function to invoke; default: fairway-STAGE-operate',
  },
} as const satisfies OptionTable;

/** Instead of a command, or beside one. */
export const flags = {
  help: { type: 'boolean', short: 'h', about: 'show help' },
  version: { type: 'boolean', short: 'v', about: 'print the version' },
} as const satisfies OptionTable;

export interface Options {
  readonly json: boolean;
  /** The local cloud's address, without a trailing slash. */
  readonly local?: string;
  readonly region?: string;
  readonly stage?: string;
  /** One of `environments` in the configuration file. */
  readonly environment?: string;
  readonly function?: string;
  /** The configuration file; default: FAIRWAY_CONFIG or `fairway.yml`. */
  readonly config?: string;
}

/** The values of the common options. Throws a `Failure` where an address is none. */
export function optionsFrom(line: Line): Options {
  const [local, region, stage, environment, named, config] = (
    ['local', 'region', 'stage', 'environment', 'function', 'config'] as const
  ).map((name) => line.text(name));
  return {
    json: line.flag('json'),
    ...(local === undefined ? {} : { local: address(local) }),
    ...(region === undefined ? {} : { region }),
    ...(stage === undefined ? {} : { stage }),
    ...(environment === undefined ? {} : { environment }),
    ...(named === undefined ? {} : { function: named }),
    ...(config === undefined ? {} : { config }),
  };
}

/** The environment that a line asks for, by its option or by the shell. Throws a `Failure` where two contradict. */
export function environmentFor(
  options: Options,
  { env }: { readonly env: Readonly<Record<string, string | undefined>> },
): string | undefined {
  try {
    return requestedEnvironment({ ...options, variable: env.FAIRWAY_ENVIRONMENT });
  } catch (error) {
    throw new Failure(exitCode.usage, error instanceof Error ? error.message : String(error));
  }
}

function address(text: string): string {
  const full = /^https?:\/\//.test(text) ? text : `http://${text}`;
  if (!URL.canParse(full))
    throw new Failure(
      exitCode.usage,
      `--local: "${text}" is not an address, expected one like http://127.0.0.1:4566`,
    );
  return full.replace(/\/+$/, '');
}
