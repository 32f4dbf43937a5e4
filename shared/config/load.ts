import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Configuration } from '../domain/app.ts';
import { remembered } from '../domain/remembered.ts';
import type { InfrastructureSource } from '../infrastructure/source/schema.ts';
import { compile } from './compile.ts';
import { readDocument } from './document.ts';
import { environmentsOf } from './environments.ts';
import { ConfigurationError, describeFault } from './faults.ts';
import { migrate } from './migrate.ts';
import { faultsIn, inOrder, readEnvironment, warningsTogether } from './reading.ts';
import { source } from './schema.ts';
import { textOf } from './text.ts';
import { findWarnings } from './warnings.ts';

/** A configuration, with warnings about what is valid but most likely a mistake. */
export interface CheckedConfiguration {
  readonly configuration: Configuration;
  /** One line each, as `describeFault` writes them. */
  readonly warnings: readonly string[];
  /** Not a part of the configuration, since the functions cannot create infrastructure. */
  readonly infrastructure?: Infrastructure;
}

/** What the file declares for `fairway plan` and `apply`. */
export interface Infrastructure {
  readonly source: InfrastructureSource;
  /** The cluster of `defaults`. */
  readonly cluster?: string;
}

/**
 * The configuration file that a command uses: that of its option, otherwise FAIRWAY_CONFIG, otherwise `fairway.yml`.
 * Relative to `directory`, the command's working directory.
 */
export function configurationFile(
  directory: string,
  env: Readonly<Record<string, string | undefined>>,
  option?: string,
): string {
  return resolve(directory, option ?? (env.FAIRWAY_CONFIG || 'fairway.yml'));
}

/**
 * Reads, checks and compiles a configuration file. Throws a ConfigurationError with every fault.
 * @param environment default: FAIRWAY_ENVIRONMENT, or `environment` in the file
 */
export function loadConfiguration(file: string, environment?: string): Configuration {
  return checkConfiguration(file, environment).configuration;
}

/** Like `loadConfiguration`, with warnings. */
export function checkConfiguration(file: string, environment = fromShell()): CheckedConfiguration {
  return checkOnce(JSON.stringify([readConfigurationFile(file), file, environment]));
}

/** Like `checkConfiguration`, and every other environment of the file is checked, too, and whether they can be together. */
export function checkWholeFile(file: string, environment = fromShell()): CheckedConfiguration {
  return checkOnce(JSON.stringify([readConfigurationFile(file), file, environment, 'all']));
}

/** The environments of a file that has several; none where it has one, or cannot be read. */
export function environmentsIn(file: string): readonly string[] {
  return environmentsOf(readDocument(readConfigurationFile(file)).value);
}

/**
 * The environment of a file that a command acts in: the requested one, otherwise that of the stage, if the file has
 * several. Undefined: the default of the file.
 */
export function chosenEnvironment(
  file: string,
  requested: string | undefined,
  stage: string | undefined,
): string | undefined {
  if (requested !== undefined || stage === undefined) return requested;
  return environmentsIn(file).length > 0 ? stage : undefined;
}

/** Like `loadConfiguration`, for the text of a file. Faults show `fileName`. */
export function compileConfiguration(text: string, fileName: string, environment?: string): Configuration {
  return check(text, fileName, environment).configuration;
}

/** A file before and after `migrate`, and what is left to a person. Throws a ConfigurationError if it is not YAML. */
export function migratedFile(file: string) {
  const before = readConfigurationFile(file);
  const { value, faults } = readDocument(before);
  if (value === undefined) throw new ConfigurationError(file, faults);
  const { text: after, left } = migrate(before);
  return { before, after, left };
}

/** An empty variable is as if unset. */
function fromShell(): string | undefined {
  return process.env.FAIRWAY_ENVIRONMENT || undefined;
}

/** A command reads its file in several places: checking it takes longer than all else that a command computes. */
const checkOnce = remembered(
  (read) => {
    const [text, fileName, environment, which]: [string, string, string | null, 'all' | undefined] =
      JSON.parse(read);
    return check(text, fileName, environment ?? undefined, which);
  },
  { longest: 1_000_000, most: 2 },
);

/** @param which whether the faults of all environments are refused, or only those of this one */
function check(
  text: string,
  fileName: string,
  environment: string | undefined,
  which: 'own' | 'all' = 'own',
): CheckedConfiguration {
  const document = readDocument(text);
  const reading = readEnvironment(document, environment);
  const faults = faultsIn(document, reading, which);
  if (faults.length > 0) throw new ConfigurationError(fileName, faults);
  const { value, locate } = reading;
  const together = which === 'own' ? [] : warningsTogether(document, environment);
  const warnings = inOrder([...findWarnings(value).map(locate), ...together]);
  const parsed = source.parse(value);
  const cluster = parsed.defaults?.cluster;
  return {
    configuration: compile(parsed),
    ...(parsed.infrastructure === undefined
      ? {}
      : {
          infrastructure: { source: parsed.infrastructure, ...(cluster === undefined ? {} : { cluster }) },
        }),
    warnings: warnings.map((warning) => describeFault(fileName, warning)),
  };
}

function readConfigurationFile(file: string): string {
  const read = textOf(bytesOf(file));
  if ('fault' in read) throw new ConfigurationError(file, [read.fault]);
  return read.text;
}

function bytesOf(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (cause) {
    const isMissing =
      typeof cause === 'object' && cause !== null && 'code' in cause && cause.code === 'ENOENT';
    const message = isMissing
      ? 'the file does not exist: `fairway init` writes one, --config or FAIRWAY_CONFIG names another'
      : 'the file cannot be read: make it readable, or name another with --config or FAIRWAY_CONFIG';
    throw new ConfigurationError(file, [{ line: 1, column: 1, path: '', message }], { cause });
  }
}
