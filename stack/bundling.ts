import { join } from 'node:path';
import type { BuildOptions } from 'esbuild';
import { packageRoot } from './root.ts';

/** Some dependencies are CommonJS and require modules of Node.js. */
export const REQUIRE =
  "import { createRequire as fairwayRequire } from 'node:module'; const require = fairwayRequire(import.meta.url);";

/**
 * How the functions are bundled, by serverless-esbuild and by `npm run build`: each apart from the others, in parts that
 * are loaded when they are needed.
 */
export const bundling = {
  bundle: true,
  splitting: true,
  // serverless-esbuild keeps files of one function out of the others' archives if they are named after its handler.
  chunkNames: 'handler.[name]-[hash]',
  minify: true,
  sourcemap: false,
  target: 'node24',
  platform: 'node',
  format: 'esm',
  mainFields: ['module', 'main'],
  banner: { js: REQUIRE },
  // What the SDK brings for other places than Lambda is a tenth of a bundle.
  alias: {
    '@aws-sdk/credential-provider-node': join(packageRoot(), 'shared/lambda/credentials.ts'),
    '@aws-sdk/middleware-endpoint-discovery': join(packageRoot(), 'shared/lambda/endpoints.ts'),
  },
} satisfies BuildOptions;
