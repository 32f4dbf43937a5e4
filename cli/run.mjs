import { runTypeScript } from './bootstrap.mjs';

const [file, ...args] = process.argv.slice(2);
if (file) await runTypeScript(file, args);
else {
  process.stderr.write('Say which file to run: node cli/run.mjs FILE.ts [arguments]\n');
  process.exitCode = 2;
}
