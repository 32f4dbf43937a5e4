import { existsSync } from 'node:fs';
import { placeFor } from '../local/place.ts';
import { chosenEnvironment, loadConfiguration } from '../shared/config/load.ts';
import type { Configuration } from '../shared/domain/app.ts';
import { refuseOtherFunction, stackOfFunction } from '../stack/environment.ts';
import { SERVICE, serviceName, stackName } from '../stack/names.ts';
import { regionFrom, regionOfProfile, SET_A_REGION } from '../stack/region.ts';
import { exitCode, Failure } from './failure.ts';
import type { Options } from './options.ts';

/** The settings of every SDK client of the CLI. */
interface ClientSettings {
  readonly endpoint?: string;
  readonly region?: string;
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string };
}

export interface Connection {
  readonly settings: ClientSettings;
  /** For messages: "AWS in eu-central-1", "the local cloud at http://127.0.0.1:4566". */
  readonly where: string;
  readonly local?: string;
  readonly functionName: string;
  /** The stack, and the only account that it may be in, where the configuration file names one for it. */
  readonly owner?: { readonly stack: string; readonly account: string };
}

/** Where a configuration file says that its installation is. */
export interface Installation {
  /** The name of the stack, and the start of its functions' names. */
  readonly stack: string;
  /** The stack's name without its stage. Default: "fairway". */
  readonly service?: string;
  /** The region, where the file fixes one. */
  readonly region?: string;
  /** The only account that it may be in, where the file names one. */
  readonly account?: string;
}

/** Where the CLI finds what the options do not say. */
export interface Sources {
  /** Reads the configuration file. Throws a `Failure` where it cannot be used. */
  readonly installation: () => Installation;
  /** Whether the command works with that file: otherwise options can make up for it. */
  readonly isKnown?: boolean;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The region of the AWS profile in use. */
  readonly profile?: () => Promise<string | undefined>;
}

/**
 * Where the CLI connects to. The local cloud accepts any credentials, so that no real ones are sent there.
 * Throws a `Failure` where no region is set.
 */
export async function connectionFor(options: Options, sources: Sources): Promise<Connection> {
  const installation = installationFor(options, sources);
  const stack = stackFor(options, installation, sources);
  const functionName = options.function ?? `${stack}-operate`;
  if (options.local !== undefined) {
    const region = options.region ?? placeFor(installation ?? {}).region;
    const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
    return {
      settings: { endpoint: options.local, region, credentials },
      where: `the local cloud at ${options.local}`,
      local: options.local,
      functionName,
    };
  }
  // What the file says of its stack holds for no other one that the options name.
  const isOwn = sources.isKnown || functionName === `${installation?.stack}-operate`;
  const isPlaced = options.region !== undefined || namesOtherStack(options, installation);
  const configured = isOwn || !isPlaced ? installation?.region : undefined;
  const region = await regionFor(options, configured, sources);
  const account = isOwn ? installation?.account : undefined;
  return {
    settings: { region },
    where: `AWS in ${region}`,
    functionName,
    ...(stack !== undefined && account !== undefined && { owner: { stack, account } }),
  };
}

/** Whether only the function says which stack it is, and it is not that of the file. */
function namesOtherStack(options: Options, installation: Installation | undefined): boolean {
  if (options.environment !== undefined || options.function === undefined) return false;
  const stack = stackOfFunction(options.function);
  return stack !== undefined && stack !== installation?.stack;
}

/** Undefined where the file cannot be used and the options say everything that is needed. */
function installationFor(options: Options, { installation, isKnown }: Sources): Installation | undefined {
  const named =
    options.environment === undefined && (options.function !== undefined || options.stage !== undefined);
  const placed = options.region !== undefined || options.local !== undefined;
  if (isKnown || !named || !placed) return installation();
  try {
    return installation();
  } catch {
    return undefined;
  }
}

/** The stack that the options name, or the file. Undefined: only the function is named. */
function stackFor(
  { stage, function: named }: Options,
  installation: Installation | undefined,
  { isKnown }: Sources,
): string | undefined {
  if (isKnown && installation !== undefined) asUsage(() => refuseOtherFunction(named, installation.stack));
  if (stage === undefined) return installation?.stack;
  const stack = `${installation?.service ?? SERVICE}-${stage}`;
  if (isKnown && stack !== installation?.stack)
    throw new Failure(
      exitCode.usage,
      `--stage ${stage} is not the environment of the configuration file, whose stack is ${installation?.stack}: leave the option out, or name the file of ${stage} with --config`,
    );
  return stack;
}

async function regionFor(
  options: Options,
  configured: string | undefined,
  { env, profile = regionOfProfile }: Sources,
): Promise<string> {
  const region = await regionFrom({ option: options.region, configured, env, profile }).catch(wrongUsage);
  if (region === undefined) throw new Failure(exitCode.usage, `no AWS region is set: ${SET_A_REGION}`);
  return region;
}

function asUsage(check: () => void): void {
  try {
    check();
  } catch (error) {
    wrongUsage(error);
  }
}

function wrongUsage(error: unknown): never {
  throw new Failure(exitCode.usage, error instanceof Error ? error.message : String(error));
}

export function installationFrom(configuration: Configuration): Installation {
  const { region, account } = configuration;
  return {
    stack: stackName(configuration),
    service: serviceName(configuration),
    ...(region === undefined ? {} : { region }),
    ...(account === undefined ? {} : { account }),
  };
}

/** The installation that a configuration file describes. Throws a `Failure` where the file cannot be used. */
export function installationOf(file: string, environment?: string, stage?: string): Installation {
  try {
    return installationFrom(loadConfiguration(file, chosenEnvironment(file, environment, stage)));
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    const fix = existsSync(file) ? 'Fix the file' : 'Write the file';
    throw new Failure(
      exitCode.failed,
      `failed to find the stack to connect to: ${why}\n${fix}, or pass --region together with --stage or --function.`,
      { cause: error },
    );
  }
}
