import { writeFileSync } from 'node:fs';
import { relative } from 'node:path';
import { migratedFile } from '../shared/config/load.ts';
import { counted } from '../shared/domain/counted.ts';
import { diffLines } from './init/diff.ts';

/** Migrates a configuration file, and says what changed and what is left to a person. Throws a ConfigurationError. */
export function migrateFile(file: string, directory: string, dryRun: boolean) {
  const { before, after, left } = migratedFile(file);
  const name = relative(directory, file);
  const changes = diffLines(before, after);
  const isChanged = changes.length > 0;
  if (isChanged && !dryRun) writeFileSync(file, after);
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
