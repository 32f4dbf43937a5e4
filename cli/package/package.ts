import { existsSync } from 'node:fs';
import { readdir, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { type Deliverable, MANIFEST, writeDeliverable } from '../../stack/deliverable.ts';
import { exitCode, Failure } from '../failure.ts';
import type { Options } from '../options.ts';
import type { Surroundings } from '../surroundings.ts';
import { INSTRUCTIONS, instructionsFor } from './instructions.ts';
import { readStack } from './stack.ts';

/** Packages the stack of a configuration file to a folder. Throws a `Failure`. */
export async function packageStack(
  file: string,
  out: string,
  options: Options,
  around: Surroundings,
): Promise<Deliverable> {
  const stack = await readStack(file, options, around);
  const directory = resolve(around.directory, out);
  await emptyOldPackage(directory, out);
  const deliverable = await writeDeliverable(stack, directory);
  await writeFile(join(directory, INSTRUCTIONS), instructionsFor(deliverable));
  return deliverable;
}

/** Only what an earlier package left is removed: a wrong folder must not lose its files. */
async function emptyOldPackage(directory: string, out: string): Promise<void> {
  const names = existsSync(directory) ? await readdir(directory) : [];
  if (names.length > 0 && !names.includes(MANIFEST))
    throw new Failure(
      exitCode.failed,
      `failed to package to ${out}: the folder has files that are not a package. Choose an empty folder with --out`,
    );
  for (const name of names) await rm(join(directory, name), { recursive: true });
}

/** What was written, and what to do next. */
export function summaryOf({ stack, uploads, template, version }: Deliverable, out: string): string {
  const files = [template, ...uploads].map(({ file, bytes }) => `  ${file}  ${Math.ceil(bytes / 1000)} kB`);
  return [
    `Packaged ${stack} with Fairway ${version} to ${out}:`,
    ...files,
    `  ${MANIFEST}  checksums, parameters, capabilities and tags`,
    '',
    `Next: ${join(out, INSTRUCTIONS)} says how to upload and deploy it.`,
  ].join('\n');
}
