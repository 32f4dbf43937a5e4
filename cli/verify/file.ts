import { type CheckedConfiguration, checkConfiguration } from '../../shared/config/load.ts';
import { exitCode, Failure } from '../failure.ts';
import type { Style } from '../style.ts';

/** Reads a configuration file. Throws a `Failure` that lists every mistake. */
export function load(file: string, environment: string | undefined): CheckedConfiguration {
  return asFailure(() => checkConfiguration(file, environment));
}

/** What reading answers; what it throws as a `Failure`. */
export function asFailure<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw new Failure(exitCode.failed, error instanceof Error ? error.message : String(error), {
      cause: error,
    });
  }
}

/** One block, or none. */
export function renderWarnings(warnings: readonly string[], style: Style): readonly string[] {
  if (warnings.length === 0) return [];
  return [[style.bold('Warnings'), ...warnings.map((warning) => `  ! ${warning}`)].join('\n')];
}
