import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { BuildOptions, Plugin } from 'esbuild';
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

/** Of its `package.json`, a client of the SDK needs the version, for the user agent. */
const versionsOnly: Plugin = {
  name: 'versions only',
  setup({ onLoad }) {
    onLoad({ filter: /@aws-sdk[\\/]client-[^\\/]+[\\/]package\.json$/ }, async ({ path }) => {
      const { version }: { version?: unknown } = JSON.parse(await readFile(path, 'utf8'));
      return { contents: JSON.stringify({ version }), loader: 'json' };
    });
  },
};

/**
 * DynamoDB, ECS and ECR speak JSON. They import it from an index of all protocols, and so esbuild would keep the
 * query protocol of SNS with them, where every import loads it. A name that is missing fails the build.
 */
const jsonOnly: Plugin = {
  name: 'JSON only',
  setup({ onResolve, onLoad, resolve }) {
    onResolve(
      { filter: /^@aws-sdk\/core\/protocols$/ },
      async ({ path, importer, kind, resolveDir, pluginData }) => {
        if (pluginData === RESOLVED || !SPEAK_JSON.test(importer)) return undefined;
        const index = await resolve(path, { importer, kind, resolveDir, pluginData: RESOLVED });
        return { ...index, suffix: JSON_ONLY };
      },
    );
    onLoad({ filter: /[\\/]protocols[\\/]index\.js$/ }, async ({ path, suffix }) => {
      if (suffix !== JSON_ONLY) return undefined;
      const lines = (await readFile(path, 'utf8')).split('\n');
      return { contents: lines.filter((line) => !/"\.\/(?:cbor|query|xml)\//.test(line)).join('\n') };
    });
  },
};

const SPEAK_JSON = /@aws-sdk[\\/](?:client-(?:dynamodb|ecr|ecs)|dynamodb-codec)[\\/]/;
const JSON_ONLY = '?json';
const RESOLVED = Symbol('resolved');

/** What goes with `bundling`: serverless-esbuild takes them from `bundlingPlugins.cjs`. */
export const bundlingPlugins: Plugin[] = [versionsOnly, jsonOnly];
