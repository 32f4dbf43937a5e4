import { compileCommand } from './bootstrap.mjs';

// As `npm run build`, and after `npm ci`. Without esbuild (`npm ci --omit=dev`) there is nothing to compile with.
try {
  await compileCommand();
} catch (error) {
  if (error.code !== 'ERR_MODULE_NOT_FOUND') throw error;
  process.stderr.write('The command fairway is not compiled: esbuild is not installed.\n');
}
