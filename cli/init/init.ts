import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import manifest from '../../package.json' with { type: 'json' };
import { exitCode, Failure } from '../failure.ts';
import { writeText } from '../writing.ts';
import { configurationText, type FileDraft, namesHere, packageText, serverlessText } from './files.ts';
import { describeChange, planOf, type Wanted } from './plan.ts';

/**
 * Writes `fairway.yml` with this text, and what belongs beside it. Throws a `Failure` with the differences where a file
 * would be replaced.
 * @param others further files, by name
 */
export function writeFiles(
  configuration: string,
  directory: string,
  others: Readonly<Record<string, string>> = {},
): readonly Wanted[] {
  const before = (name: string) => textOf(resolve(directory, name));
  const manifestText = before('package.json');
  const texts = { 'fairway.yml': configuration, 'serverless.yml': serverlessText, ...others };
  return writeAll(
    [
      ...Object.entries(texts).map(([name, after]) => ({ name, before: before(name), after, adds: false })),
      {
        name: 'package.json',
        before: manifestText,
        after: packageText(manifestText, manifest.version),
        adds: true,
      },
    ],
    directory,
  );
}

/** Writes `fairway.yml` only. Throws a `Failure` with the differences where a file would be replaced. */
export function writeConfiguration(draft: FileDraft, name: string, directory: string): readonly Wanted[] {
  const before = textOf(resolve(directory, name));
  return writeAll([{ name, before, after: configurationText(draft, namesHere()), adds: false }], directory);
}

function writeAll(wanted: readonly Wanted[], directory: string): readonly Wanted[] {
  const { writes, conflicts } = planOf(wanted);
  if (conflicts.length > 0)
    throw new Failure(
      exitCode.failed,
      `nothing was written, because these files exist and differ. Move them away, or add the lines yourself:\n${conflicts.map(describeChange).join('\n')}`,
    );
  for (const { name, after } of writes) writeText(resolve(directory, name), after, `write ${name}`);
  return writes;
}

function textOf(path: string): string | undefined {
  return existsSync(path) ? readFileSync(path, 'utf8') : undefined;
}
