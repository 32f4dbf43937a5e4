import { shownFile } from '../../shared/config/faults.ts';
import {
  type CheckedConfiguration,
  checkConfiguration,
  checkWholeFile,
  environmentsIn,
} from '../../shared/config/load.ts';
import { counted } from '../../shared/domain/counted.ts';
import { exitCode, Failure } from '../failure.ts';
import type { Style } from '../style.ts';

/** Reads a configuration file. Throws a `Failure` that lists every mistake. */
export function load(file: string, environment: string | undefined): CheckedConfiguration {
  return asFailure(() => checkConfiguration(file, environment));
}

function asFailure<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw new Failure(exitCode.failed, error instanceof Error ? error.message : String(error), {
      cause: error,
    });
  }
}

/**
 * Checks a configuration file without AWS: one environment, or all of them. Throws a `Failure` that lists every mistake
 * of each of them.
 */
export function checkFile(file: string, style: Style, environment?: string) {
  const names = environment === undefined ? severalIn(file) : [];
  if (environment === undefined) asFailure(() => checkWholeFile(file));
  const checked = names.length === 0 ? [load(file, environment)] : names.map((name) => load(file, name));
  const warnings = [...new Set(checked.flatMap((each) => each.warnings))];
  const counts = checked.map(({ configuration: { environment: name, apps } }) => {
    const services = apps.reduce((sum, app) => sum + app.services.length, 0);
    const prefix = names.length === 0 ? '' : `${name} has `;
    return `${prefix}${counted(apps.length, 'app')}, ${counted(services, 'service')}`;
  });
  const sentence = `${shownFile(file)} is valid: ${counts.join('; ')}.`;
  return {
    text: [`${style.good('✓')} ${sentence}`, ...renderWarnings(warnings, style)].join('\n\n'),
    json: { ok: true, sentence, warnings },
  };
}

/** A file that cannot be read has none: loading it says why. */
function severalIn(file: string): readonly string[] {
  try {
    return environmentsIn(file);
  } catch {
    return [];
  }
}

/** One block, or none. */
export function renderWarnings(warnings: readonly string[], style: Style): readonly string[] {
  if (warnings.length === 0) return [];
  return [[style.bold('Warnings'), ...warnings.map((warning) => `  ! ${warning}`)].join('\n')];
}
