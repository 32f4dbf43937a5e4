import { shownFile } from '../shared/config/faults.ts';
import { migratedFile } from '../shared/config/load.ts';
import { counted } from '../shared/domain/counted.ts';
import { diffLines } from './init/diff.ts';
import { writeText } from './writing.ts';

/**
 * Migrates a configuration file, and says what changed and what is left to a person. Throws a ConfigurationError, or a
 * `Failure` if the file cannot be written.
 */
export function migrateFile(file: string, dryRun: boolean) {
  const { before, after, left } = migratedFile(file);
  const name = shownFile(file);
  const changes = diffLines(before, after);
  const isChanged = changes.length > 0;
  if (isChanged && !dryRun) writeText(file, after, `migrate ${name}`);
  const verb = dryRun ? 'would change' : 'changed';
  return {
    text: [
      isChanged ? `${name}: ${verb}` : `${name}: nothing to change`,
      ...changes.map((line) => `  ${line}`),
      ...(left.length === 0 ? [] : ['', `${counted(left.length, 'change')} left to you:`]),
      ...left.map((sentence) => `  ${sentence}`),
    ].join('\n'),
    json: { ok: left.length === 0, changed: isChanged && !dryRun, changes, left },
  };
}
