// How the command is bundled. Plain JavaScript, because it has to run before anything is compiled.
import { readFileSync } from 'node:fs';

/** The namespace of esbuild for a file that does not exist. */
export const WITHOUT_DISK = 'without-disk';

/** Fits Dynalite into a bundle. */
const dynalite = {
  name: 'dynalite',
  setup({ onResolve, onLoad }) {
    // It opens databases on disk with it. The local cloud has them in memory, and nothing native is bundled.
    onResolve({ filter: /^classic-level$/ }, ({ path }) => ({ path, namespace: WITHOUT_DISK }));
    onLoad({ filter: /.*/, namespace: WITHOUT_DISK }, () => ({
      contents: 'exports.ClassicLevel = undefined;',
    }));
    // It requires files by names without an extension, which esbuild bundles under their full names.
    onLoad({ filter: /[\\/]dynalite[\\/]index\.js$/ }, ({ path }) => ({
      contents: readFileSync(path, 'utf8').replaceAll(
        /require\(('[^']+' \+ action)\)/g,
        "require($1 + '.js')",
      ),
    }));
  },
};

/** Bundles `cli/main.ts` with what it imports, in parts that are loaded when they are needed. */
export const commandBundling = {
  entryPoints: ['cli/main.ts'],
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  mainFields: ['module', 'main'],
  chunkNames: '[name]-[hash]',
  // Only a checkout bundles functions, and it has esbuild installed.
  external: ['esbuild'],
  plugins: [dynalite],
  // Some dependencies are CommonJS and call require for what Node brings.
  banner: {
    js: "import { createRequire as fairwayRequire } from 'node:module'; const require = fairwayRequire(import.meta.url);",
  },
  logLevel: 'silent',
  metafile: true,
  write: false,
};

/** What the local cloud loads by its path, beside the bundled code. */
export const WORKER = 'local/lambda/worker.mjs';
