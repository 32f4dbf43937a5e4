import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Configuration } from '../shared/domain/app.ts';
import { addToArchive } from './archive.ts';
import { eachFunction, type FunctionName } from './names.ts';
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

/** The digests of the published code of each function; undefined in a checkout, which has none. */
export async function publishedDigests(): Promise<Readonly<Record<string, string>> | undefined> {
  const root = packageRoot();
  if (isCheckout(root)) return undefined;
  const digests: unknown = JSON.parse(await readFile(join(functionsFolder(root), 'digests.json'), 'utf8'));
  const entries = Object.entries(Object(digests)).map(([name, digest]) => [name, String(digest)]);
  return Object.fromEntries(entries);
}
