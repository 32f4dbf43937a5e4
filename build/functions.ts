import { mkdir, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { build, type Plugin } from 'esbuild';
import { createArchive, type Entry } from '../stack/archive.ts';
import { bundling, bundlingPlugins } from '../stack/bundling.ts';
import { ALL_FUNCTIONS, type FunctionName } from '../stack/names.ts';

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

/** Writes an archive of each function to `directory`. Returns the paths of the sources, relative to `root`. */
export async function buildFunctions(root: string, directory: string): Promise<readonly string[]> {
  const built = await Promise.all(ALL_FUNCTIONS.map((name) => buildFunction(root, name)));
  await rm(directory, { recursive: true, force: true });
  await mkdir(directory, { recursive: true });
  for (const { name, files } of built) await writeFile(join(directory, `${name}.zip`), createArchive(files));
  return [...new Set(built.flatMap(({ sources }) => sources))];
}

interface Built {
  readonly name: FunctionName;
  readonly files: readonly Entry[];
  readonly sources: readonly string[];
}

/** Apart from the others, so that no file has what only another function needs. */
async function buildFunction(root: string, name: FunctionName): Promise<Built> {
  const { outputFiles, metafile } = await build({
    ...bundling,
    absWorkingDir: root,
    entryPoints: [`functions/${name}/handler.ts`],
    outdir: join(root, 'functions', name),
    outExtension: { '.js': '.mjs' },
    plugins: [ownConfiguration, ...bundlingPlugins],
    logLevel: 'silent',
    metafile: true,
    write: false,
  });
  const files = outputFiles.map(({ path, contents }) => ({
    name: `functions/${name}/${basename(path)}`,
    content: contents,
  }));
  const byName = files.toSorted((a, b) => (a.name < b.name ? -1 : 1));
  return { name, files: byName, sources: Object.keys(metafile.inputs) };
}
