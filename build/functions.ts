import { createHash } from 'node:crypto';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { build, type Plugin } from 'esbuild';
import { createArchive } from '../stack/archive.ts';
import { bundling } from '../stack/bundling.ts';
import { ALL_FUNCTIONS } from '../stack/names.ts';

/** The bundles are the same for every configuration: each reads the one in its archive. */
const ownConfiguration: Plugin = {
  name: 'own configuration',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^#configuration$/ }, ({ path }) => ({ path, namespace: 'configuration' }));
    onLoad({ filter: /.*/, namespace: 'configuration' }, () => ({
      contents: `import { readFileSync } from 'node:fs';
        export default JSON.parse(readFileSync(new URL('../../configuration.json', import.meta.url), 'utf8'));`,
      loader: 'js',
    }));
  },
};

/**
 * Writes an archive of each function to `directory`, and the digests of their code to `digests.json` there. Returns the
 * paths of the sources, relative to `root`.
 */
export async function buildFunctions(root: string, directory: string): Promise<readonly string[]> {
  const { outputFiles, metafile } = await build({
    ...bundling,
    absWorkingDir: root,
    entryPoints: ALL_FUNCTIONS.map((name) => ({ in: `functions/${name}/handler.ts`, out: name })),
    outdir: directory,
    plugins: [ownConfiguration],
    logLevel: 'silent',
    metafile: true,
    write: false,
  });
  await rm(directory, { recursive: true, force: true });
  await mkdir(directory, { recursive: true });
  const bundles = ALL_FUNCTIONS.map((name) => {
    const bundle = outputFiles.find(({ path }) => path === join(directory, `${name}.js`));
    if (!bundle) throw new Error(`failed to bundle ${name}: esbuild wrote no such file`);
    return { name, content: bundle.contents };
  });
  for (const { name, content } of bundles)
    await writeFile(
      join(directory, `${name}.zip`),
      createArchive({ name: `functions/${name}/handler.mjs`, content }),
    );
  const digests = bundles.map(({ name, content }) => [name, digestOf(content)]);
  await writeFile(
    join(directory, 'digests.json'),
    `${JSON.stringify(Object.fromEntries(digests), undefined, 2)}\n`,
  );
  return Object.keys(metafile.inputs);
}

function digestOf(content: Uint8Array): string {
  return `sha256:${createHash('sha256').update(content).digest('hex')}`;
}
