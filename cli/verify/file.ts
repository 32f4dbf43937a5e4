import { type CheckedConfiguration, checkConfiguration } from '../../shared/config/load.ts';
import { counted } from '../../shared/domain/counted.ts';
import { exitCode, Failure } from '../failure.ts';
import type { Style } from '../style.ts';

/** Reads a configuration file. Throws a `Failure` that lists every mistake. */
export function load(file: string): CheckedConfiguration {
  try {
    return checkConfiguration(file);
  } catch (error) {
    throw new Failure(exitCode.failed, error instanceof Error ? error.message : String(error), {
      cause: error,
    });
  }
}

/** Checks a configuration file without AWS. Throws a `Failure` that lists every mistake. */
export function checkFile(file: string, style: Style) {
  const { configuration, warnings } = load(file);
  const services = configuration.apps.reduce((sum, app) => sum + app.services.length, 0);
  const sentence = `${file} is valid: ${counted(configuration.apps.length, 'app')}, ${counted(services, 'service')}.`;
  return {
    text: [`${style.good('✓')} ${sentence}`, ...renderWarnings(warnings, style)].join('\n\n'),
    json: { ok: true, sentence, warnings },
  };
}

/** One block, or none. */
export function renderWarnings(warnings: readonly string[], style: Style): readonly string[] {
  if (warnings.length === 0) return [];
  return [[style.bold('Warnings'), ...warnings.map((warning) => `  ! ${warning}`)].join('\n')];
}
