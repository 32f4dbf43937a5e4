import { copyFile, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { build } from 'esbuild';
import { commandBundling, WORKER } from '../cli/bundling.mjs';
import manifest from '../package.json' with { type: 'json' };
import { buildFunctions } from './functions.ts';
import { billOfMaterials, bundledPackages, licensesText } from './packages.ts';
import { typesOf } from './types.ts';

/** Builds `dist/`: what the npm package contains besides documents. */

const root = join(import.meta.dirname, '..');
const dist = join(root, 'dist');

async function main(): Promise<void> {
  await rm(dist, { recursive: true, force: true });
  await mkdir(dist, { recursive: true });
  const sources = [...(await buildCommand()), ...(await buildFunctions(root, join(dist, 'functions')))];
  await copyFile(join(root, WORKER), join(dist, basename(WORKER)));
  await copyFile(join(root, 'stack', 'published.cjs'), join(dist, 'serverless.cjs'));
  const packages = bundledPackages(root, sources);
  await writeFile(join(dist, 'LICENSES.md'), licensesText(packages));
  await writeFile(join(dist, 'sbom.cdx.json'), json(billOfMaterials(manifest, packages)));
  const schema = JSON.parse(await readFile(join(root, 'fairway.schema.json'), 'utf8'));
  // CommonJS, as the plugin is.
  await writeFile(join(dist, 'index.d.cts'), typesOf(schema, 'Configuration'));
}

/** The command, and the plugin for the Serverless Framework; they share code. Returns the sources. */
async function buildCommand(): Promise<readonly string[]> {
  const { outputFiles, metafile } = await build({
    ...commandBundling,
    absWorkingDir: root,
    entryPoints: [
      { in: 'cli/main.ts', out: 'main' },
      { in: 'stack/framework.ts', out: 'framework' },
    ],
    outdir: dist,
    minify: true,
  });
  for (const { path, contents } of outputFiles) await writeFile(path, contents);
  return Object.keys(metafile.inputs);
}

function json(value: unknown): string {
  return `${JSON.stringify(value, undefined, 2)}\n`;
}

await main();
