import { existsSync } from 'node:fs';
import { join } from 'node:path';
import manifest from '../../package.json' with { type: 'json' };
import { exitCode, Failure } from '../failure.ts';
import { configurationText, type FileDraft, namesHere, serverlessText } from './files.ts';
import { textsAbove } from './folders.ts';
import { ignoreText } from './ignored.ts';
import { PACKAGE, packageText } from './manifest.ts';
import { describeChange, planOf, type Wanted } from './plan.ts';
import { textOf, writeTogether } from './write.ts';

/**
 * Writes the configuration and what belongs beside it. Throws a `Failure` with the differences where a file would be
 * replaced.
 * @param files the configuration and what is only written with it, by name
 */
export function writeFiles(files: Readonly<Record<string, string>>, directory: string): readonly Wanted[] {
  const before = (name: string) => textOf(name, directory);
  const service = before(SERVICE);
  refuseOtherService(service, directory);
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
      { name: SERVICE, before: service, after: serverlessText, adds: false },
      ...added('package.json', (text) => packageText(text, manifest.version)),
      ...added('.gitignore', (text) => ignoreText(text, textsAbove(directory, '.gitignore'))),
    ],
    directory,
  );
}

/** Writes the configuration only. Throws a `Failure` with the differences where a file would be replaced. */
export function writeConfiguration(draft: FileDraft, name: string, directory: string): readonly Wanted[] {
  const after = configurationText(draft, namesHere(directory, name));
  return writeAll([{ name, before: textOf(name, directory), after, adds: false }], directory);
}

const SERVICE = 'serverless.yml';
/** The framework reads the first one that exists. Source: osls, lib/cli/resolve-configuration-path.js. */
const OTHER_SERVICES = ['yaml', 'json', 'js', 'mjs', 'cjs', 'ts'].map((type) => `serverless.${type}`);

/** A folder has one service of the Serverless Framework: with other lines in its file, or another file, it would break. */
function refuseOtherService(text: string | undefined, directory: string): void {
  const other =
    text === undefined
      ? OTHER_SERVICES.find((name) => existsSync(join(directory, name)))
      : [SERVICE].find(() => !text.includes(PACKAGE));
  if (other === undefined) return;
  const change =
    text === undefined
      ? ''
      : `\n${describeChange({ name: SERVICE, before: text, after: serverlessText, adds: false })}`;
  throw new Failure(
    exitCode.failed,
    `nothing was written, because ${other} is of another service, which must not change. Run init in a separate folder, such as "mkdir deploys && cd deploys"${change}`,
  );
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
