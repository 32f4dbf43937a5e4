import type { BuildOptions } from 'esbuild';

/** Some dependencies are CommonJS and require modules of Node.js. */
export const REQUIRE =
  "import { createRequire as fairwayRequire } from 'node:module'; const require = fairwayRequire(import.meta.url);";

/** How the functions are bundled, by serverless-esbuild and by `npm run build`. */
export const bundling = {
  bundle: true,
  minify: true,
  sourcemap: false,
  target: 'node24',
  platform: 'node',
  format: 'esm',
  mainFields: ['module', 'main'],
  banner: { js: REQUIRE },
} satisfies BuildOptions;
