import { shownFile } from '../../shared/config/faults.ts';
import { type CheckedConfiguration, checkWholeFile, environmentsIn } from '../../shared/config/load.ts';
import { someOf } from '../../shared/config/reading.ts';
import { counted } from '../../shared/domain/counted.ts';
import { buildStack } from '../../stack/build.ts';
import { quotaWarnings } from '../../stack/quotas.ts';
import { refuseOtherPartition, regionFrom, regionOfProfile } from '../../stack/region.ts';
import type { Style } from '../style.ts';
import { asFailure, load, renderWarnings } from './file.ts';

/** What names the region where the file does not. */
interface Shell {
  /** `--region`. */
  readonly option: string | undefined;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/**
 * Checks a configuration file without AWS, and that its stack fits into the limits of AWS. Throws a `Failure` that lists
 * every mistake of all environments, as packaging does.
 * @param environment the only one whose stack, warnings and counts are wanted
 */
export async function checkFile(
  file: string,
  environment: string | undefined,
  shell: Shell,
  now: number,
  style: Style,
) {
  const whole = asFailure(() => checkWholeFile(file, environment));
  const names = environment === undefined ? environmentsIn(file) : [];
  const read = (name: string) => (name === whole.configuration.environment ? whole : load(file, name));
  const checked = names.length === 0 ? [whole] : names.map(read);
  const region = await regionFrom({ ...shell, configured: undefined, profile: () => regionOfProfile() });
  for (const { configuration } of checked)
    asFailure(() => refuseOtherPartition(configuration, configuration.region ?? region));
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
