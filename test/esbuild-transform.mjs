import { transformSync } from 'esbuild';

/** Turns TypeScript into what jest runs; types are checked by `npm run types`, not here. */
export default {
  process(source, path) {
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
};
