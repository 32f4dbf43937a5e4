import { resolve } from 'node:path';
import { loadConfiguration } from '../shared/config/load.ts';
import { SERVICE } from '../stack/names.ts';
import type { Options } from './arguments.ts';
import { exitCode, Failure } from './failure.ts';

/** What every SDK client here is constructed with. */
export interface ClientSettings {
  readonly endpoint?: string;
  readonly region?: string;
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string };
}

export interface Connection {
  readonly settings: ClientSettings;
  /** For sentences: "AWS in eu-central-1", "the local cloud at http://127.0.0.1:4566". */
  readonly where: string;
  readonly local?: string;
  readonly functionName: string;
}

/**
 * Where the command line talks to. The local cloud takes any credentials, so that no real ones are sent there.
 * @param environment of fairway.yml, which is the stack's stage; only asked where no option names it
 */
export function connectionFor(
  options: Options,
  environment: () => string,
  env: Readonly<Record<string, string | undefined>>,
): Connection {
  const functionName = options.function ?? `${SERVICE}-${options.stage ?? environment()}-operate`;
  if (options.local !== undefined) {
    const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
    return {
      settings: { endpoint: options.local, region: options.region ?? 'us-east-1', credentials },
      where: `the local cloud at ${options.local}`,
      local: options.local,
      functionName,
    };
  }
  const region = options.region ?? env.AWS_REGION ?? env.AWS_DEFAULT_REGION;
  return {
    settings: region === undefined ? {} : { region },
    where: region === undefined ? 'AWS' : `AWS in ${region}`,
    functionName,
  };
}

/** The file that describes the installation, as packaging finds it. */
export function configurationFile(
  directory: string,
  env: Readonly<Record<string, string | undefined>>,
): string {
  return resolve(directory, env.FAIRWAY_CONFIG ?? 'fairway.yml');
}

/** The environment that a configuration file names. Throws a `Failure` where the file cannot be used. */
export function environmentOf(file: string): string {
  try {
    return loadConfiguration(file).environment;
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new Failure(
      exitCode.failed,
      `failed to find out which stack to ask: ${why}\nMend it, or say which with --stage or --function.`,
      { cause: error },
    );
  }
}
