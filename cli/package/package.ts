import { writeFile } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { type Deliverable, MANIFEST, writeDeliverable } from '../../stack/deliverable.ts';
import { environmentFor, type Options } from '../options.ts';
import { sameEnvironment } from '../shell.ts';
import type { Surroundings } from '../surroundings.ts';
import { replacePackage } from './folder.ts';
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
  const same = sameEnvironment(options, environmentFor(options, around));
  return replacePackage(directory, out, async (folder) => {
    const deliverable = await writeDeliverable(stack, folder);
    const instructions = instructionsFor(deliverable, basename(directory), same);
    await writeFile(join(folder, INSTRUCTIONS), instructions);
    return deliverable;
  });
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
