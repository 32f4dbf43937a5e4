import manifest from '../../package.json' with { type: 'json' };
import { exitCode, Failure } from '../failure.ts';
import { configurationText, type FileDraft, namesHere } from './files.ts';
import { textsAbove } from './folders.ts';
import { ignoreText } from './ignored.ts';
import { packageText } from './manifest.ts';
import { describeChange, planOf, type Wanted } from './plan.ts';
import { SERVERLESS_FILE, serviceText } from './service.ts';
import { existingText, writeTogether } from './write.ts';

/**
 * Writes the configuration and what belongs beside it. Throws a `Failure` with the differences where a file would be
 * replaced.
 * @param files the configuration and what is only written with it, by name
 */
export function writeFiles(files: Readonly<Record<string, string>>, directory: string): readonly Wanted[] {
  const before = (name: string) => existingText(name, directory);
  const added = (
    name: string,
    after: (text: string | undefined) => string | undefined,
  ): readonly Wanted[] => {
    const text = before(name);
    const wanted = after(text);
    return wanted === undefined ? [] : [{ name, before: text, after: wanted, adds: true }];
  };
  return writeAll(
    [
      ...Object.entries(files).map(([name, after]) => ({ name, before: before(name), after, adds: false })),
      ...added(SERVERLESS_FILE, (text) => serviceText(text, directory)),
      ...added('package.json', (text) => packageText(text, manifest.version)),
      ...added('.gitignore', (text) => ignoreText(text, textsAbove(directory, '.gitignore'))),
    ],
    directory,
  );
}

/** Writes the configuration only. Throws a `Failure` with the differences where a file would be replaced. */
export function writeConfiguration(draft: FileDraft, name: string, directory: string): readonly Wanted[] {
  const after = configurationText(draft, namesHere(directory, name));
  return writeAll([{ name, before: existingText(name, directory), after, adds: false }], directory);
}

function writeAll(wanted: readonly Wanted[], directory: string): readonly Wanted[] {
  const { writes, conflicts } = planOf(wanted);
  if (conflicts.length > 0)
    throw new Failure(
      exitCode.failed,
      `nothing was written, because these files exist and differ. Move them away, or add the lines yourself:\n${conflicts.map(describeChange).join('\n')}`,
    );
  writeTogether(writes, directory);
  return writes;
}
