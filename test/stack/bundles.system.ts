import { build, type Metafile } from 'esbuild';
import { bundling, bundlingPlugins } from '../../stack/bundling.ts';
import { ALL_FUNCTIONS } from '../../stack/names.ts';
import { packageRoot } from '../../stack/root.ts';

/** Bytes that a cold start loads. Measured by `npm run bench:bundles` as well. */
const MOST: Readonly<Record<string, number>> = {
  'image-pushed': 600_000,
  'ecs-changed': 600_000,
  'run-task': 600_000,
  sweep: 640_000,
  operate: 695_000,
  audit: 715_000,
};

type Outputs = Metafile['outputs'];

describe('a bundled function', () => {
  const built = new Map<string, Outputs>();
  beforeAll(async () => {
    for (const name of ALL_FUNCTIONS) built.set(name, await outputsOf(name));
  }, 120_000);

  it.each(ALL_FUNCTIONS)('%s loads little when it starts', (name) => {
    const outputs = built.get(name) ?? {};
    const bytes = startOf(outputs).map((path) => outputs[path]?.bytes ?? 0);
    expect(bytes.reduce((sum, size) => sum + size, 0)).toBeLessThan(MOST[name] ?? 0);
  });

  it.each(ALL_FUNCTIONS)('%s starts without what few invocations need', (name) => {
    const outputs = built.get(name) ?? {};
    const sources = startOf(outputs).flatMap((path) => Object.keys(outputs[path]?.inputs ?? {}));
    const laterOnly =
      /client-(?:ssm|secrets-manager|sns|cloudwatch-logs|elastic-load-balancing)|protocols\/(?:query|xml)\/|wordings|logs\/rank/;
    const loaded = sources.filter((path) => laterOnly.test(path));
    // `operate` shows the lines of runs and announces on request.
    expect(name === 'operate' ? [] : loaded).toEqual([]);
  });
});

async function outputsOf(name: string): Promise<Outputs> {
  const { metafile } = await build({
    ...bundling,
    absWorkingDir: packageRoot(),
    entryPoints: [`functions/${name}/handler.ts`],
    outdir: 'out',
    external: ['#configuration'],
    plugins: bundlingPlugins,
    metafile: true,
    write: false,
    logLevel: 'silent',
  });
  return metafile.outputs;
}

/** The handler and what it imports, without what it imports later. */
function startOf(outputs: Outputs): readonly string[] {
  const found = new Set<string>();
  const follow = (path: string): void => {
    const output = outputs[path];
    if (!output || found.has(path)) return;
    found.add(path);
    for (const { kind, path: imported } of output.imports) if (kind === 'import-statement') follow(imported);
  };
  follow(Object.keys(outputs).find((path) => outputs[path]?.entryPoint?.endsWith('handler.ts')) ?? '');
  return [...found];
}
