import { join } from 'node:path';
import type { BuildOptions } from 'esbuild';
import { packageRoot } from './root.ts';

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
  // The SDK's chain of providers is a tenth of a bundle.
  alias: { '@aws-sdk/credential-provider-node': join(packageRoot(), 'shared/lambda/credentials.ts') },
} satisfies BuildOptions;
