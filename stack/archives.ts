import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Configuration } from '../shared/domain/app.ts';
import { addToArchive } from './archive.ts';
import { ALL_FUNCTIONS, eachFunction, type FunctionName } from './names.ts';
import { functionsFolder, isCheckout, packageRoot } from './root.ts';

type Archives = Readonly<Record<FunctionName, Buffer>>;

/** The archive of each function, with this configuration. A checkout bundles the functions first. */
export async function archivesFor(configuration: Configuration): Promise<Archives> {
  const root = packageRoot();
  const folder = functionsFolder(root);
  if (isCheckout(root)) {
    const { buildFunctions } = await import('../build/functions.ts');
    await buildFunctions(root, folder);
  }
  const content = Buffer.from(`${JSON.stringify(configuration)}\n`);
  return eachFunction(async (name) =>
    addToArchive(await readFile(join(folder, `${name}.zip`)), { name: 'configuration.json', content }),
  );
}

/**
 * The SHA-256 of the published archive of each function, as `sha256sum` prints it; undefined in a checkout, which has
 * none.
 */
export async function publishedDigests(): Promise<Readonly<Record<string, string>> | undefined> {
  const root = packageRoot();
  if (isCheckout(root)) return undefined;
  const digests = ALL_FUNCTIONS.map(async (name) => {
    const archive = await readFile(join(functionsFolder(root), `${name}.zip`));
    return [name, `sha256:${createHash('sha256').update(archive).digest('hex')}`] as const;
  });
  return Object.fromEntries(await Promise.all(digests));
}
