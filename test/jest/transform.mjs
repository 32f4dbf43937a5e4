import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { transformSync } from 'esbuild';

const own = readFileSync(import.meta.filename);

/** Turns TypeScript into what jest runs; types are checked by `npm run types`, not here. */
export default {
  process(source, path) {
    if (isBundled(path)) return { code: fromBundle(path) };
    const { code } = transformSync(source, {
      loader: 'ts',
      format: 'cjs',
      target: 'node20',
      // Jest runs CommonJS: what is imported late is required late.
      supported: { 'dynamic-import': false },
      sourcefile: path,
      sourcemap: 'inline',
      sourcesContent: false,
      define: { 'import.meta.dirname': '__dirname', 'import.meta.filename': '__filename' },
    });
    return { code };
  },

  getCacheKey(source, path, { configString }) {
    return createHash('sha256')
      .update(JSON.stringify([isBundled(path), source, path, configString]))
      .update(own)
      .digest('hex');
  },
};

/** A test file of this run's bundle (bundle.mjs): its code is in the bundle. */
function fromBundle(path) {
  return `loadTestFile(${JSON.stringify(path)}, require, jest);`;
}

/** The test files of the bundle that was read last. */
let read = { tests: new Set() };

function isBundled(path) {
  const folder = process.env.TEST_BUNDLE;
  if (!folder) return false;
  if (read.folder !== folder)
    read = { folder, tests: new Set(JSON.parse(readFileSync(join(folder, 'tests.json'), 'utf8'))) };
  return read.tests.has(path);
}
