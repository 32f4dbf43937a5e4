import { shownFile } from '../../shared/config/faults.ts';
import { type CheckedConfiguration, checkWholeFile, environmentsIn } from '../../shared/config/load.ts';
import { someOf } from '../../shared/config/reading.ts';
import { counted } from '../../shared/domain/counted.ts';
import { buildStack } from '../../stack/build.ts';
import { quotaWarnings } from '../../stack/quotas.ts';
import type { Style } from '../style.ts';
import { asFailure, load, renderWarnings } from './file.ts';

/**
 * Checks a configuration file without AWS, and that its stack fits into the limits of AWS: one environment, or all of
 * them. Throws a `Failure` that lists every mistake of each of them.
 */
export function checkFile(file: string, style: Style, now: number, environment?: string) {
  const names = environment === undefined ? severalIn(file) : [];
  if (environment === undefined) asFailure(() => checkWholeFile(file));
  const checked = names.length === 0 ? [load(file, environment)] : names.map((name) => load(file, name));
  const quotas = asFailure(() =>
    checked.flatMap(({ configuration }) => quotaWarnings(buildStack(configuration, now))),
  );
  const warnings = [...new Set([...warningsOf(checked), ...quotas])];
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

/** Each once; one in a part that environments share says which of them have it. */
function warningsOf(checked: readonly CheckedConfiguration[]): readonly string[] {
  const all = checked.map(({ configuration }) => configuration.environment);
  return [...new Set(checked.flatMap(({ warnings }) => warnings))].map((warning) => {
    const having = checked.filter(({ warnings }) => warnings.includes(warning));
    const names = having.map(({ configuration }) => configuration.environment);
    return / environments\./.test(warning) ? warning : `${warning}${someOf(names, all)}`;
  });
}

/** A file that cannot be read has none: loading it says why. */
function severalIn(file: string): readonly string[] {
  try {
    return environmentsIn(file);
  } catch {
    return [];
  }
}
