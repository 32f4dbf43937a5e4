import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { build } from 'esbuild';

/** These bring binaries, or load their own files at run time. */
const EXTERNAL = ['@aws-cdk/aws-service-spec', 'dynalite', 'esbuild', 'serverless', 'typescript'];

/**
 * What the bundle takes from the global object only once: in jest's contexts each look-up there is a call into Node.js.
 * Nothing that a test replaces may be one of these, such as `fetch` and timers.
 */
const INTRINSICS = [
  ...[
    'Array',
    'BigInt',
    'Boolean',
    'Buffer',
    'Date',
    'Error',
    'Intl',
    'JSON',
    'Map',
    'Math',
    'Number',
    'Object',
    'Promise',
    'Reflect',
  ],
  ...['RegExp', 'Set', 'String', 'Symbol', 'TypeError', 'URL', 'WeakMap', 'WeakSet', 'process'],
];

const PREFIX = 'fairway-tests-';

/** So few test files are read sooner one module at a time. */
const FEW = 8;

/**
 * Bundles the test files of this run with everything they import. Each of them needs hundreds of modules, and jest reads,
 * resolves and compiles each module anew for each test file; a bundle is compiled once per process (environment.mjs).
 * What cannot be bundled is loaded by jest in its usual way.
 */
export default async function bundle(globalConfig, projectConfig) {
  const tests = testsOf(globalConfig, projectConfig);
  if (globalConfig.collectCoverage || tests.length <= FEW) return;
  removeLeftovers();
  const folder = mkdtempSync(join(tmpdir(), `${PREFIX}${process.pid}-`));
  try {
    await build(optionsOf(tests, projectConfig.rootDir, join(folder, 'bundle.cjs')));
    writeFileSync(join(folder, 'tests.json'), JSON.stringify(tests));
    process.env.TEST_BUNDLE = folder;
  } catch (error) {
    // A file with a syntax error, for example: jest reports it, and runs the other files.
    process.stderr.write(`The tests run without a bundle, and so more slowly. ${error.message}\n`);
    rmSync(folder, { recursive: true });
  }
}

/** Removes the bundles of runs that were killed. */
function removeLeftovers() {
  for (const name of readdirSync(tmpdir())) {
    const pid = name.startsWith(PREFIX) ? Number.parseInt(name.slice(PREFIX.length), 10) : Number.NaN;
    if (pid > 0 && !isAlive(pid)) rmSync(join(tmpdir(), name), { recursive: true, force: true });
  }
}

function isAlive(pid) {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    // Of another user.
    return error.code === 'EPERM';
  }
}

/** The paths of the test files that jest runs: those of its kind that the command line selects. */
function testsOf({ testPathPatterns }, { rootDir, testMatch }) {
  const selected = testPathPatterns.toExecutor({ rootDir });
  const endings = testMatch.map((glob) => glob.slice(glob.lastIndexOf('*') + 1));
  return readdirSync(join(rootDir, 'test'), { recursive: true })
    .map((name) => join(rootDir, 'test', name))
    .filter((path) => endings.some((ending) => path.endsWith(ending)) && selected.isMatch(path));
}

function optionsOf(tests, rootDir, outfile) {
  const loaders = tests.map((path) => `${JSON.stringify(path)}: () => require(${JSON.stringify(path)}),`);
  return {
    stdin: { contents: `module.exports = {\n${loaders.join('\n')}\n};`, resolveDir: rootDir },
    outfile,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    external: EXTERNAL,
    // Jest runs CommonJS: what is imported late is required late.
    supported: { 'dynamic-import': false },
    banner: { js: `(function (module, require, jest) { const { ${INTRINSICS.join(', ')} } = globalThis;` },
    footer: { js: '})' },
    // Without its comment: a stack that no one reads is not traced back to the sources (environment.mjs).
    sourcemap: 'external',
    sourcesContent: false,
    logLevel: 'silent',
    plugins: [places],
  };
}

/** A module keeps its own place when it becomes a part of the bundle. */
const places = {
  name: 'places',
  setup({ onLoad }) {
    onLoad({ filter: /\.ts$/ }, ({ path }) => {
      const source = readFileSync(path, 'utf8');
      if (!source.includes('import.meta.')) return undefined;
      const contents = source
        .replaceAll('import.meta.dirname', JSON.stringify(dirname(path)))
        .replaceAll('import.meta.filename', JSON.stringify(path));
      return { contents, loader: 'ts' };
    });
  },
};
