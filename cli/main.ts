import { run } from './command.ts';
import { createKeyboard } from './keyboard.ts';

process.exitCode = await run(process.argv.slice(2), {
  env: process.env,
  out: process.stdout,
  err: process.stderr,
  directory: process.cwd(),
  now: Date.now,
  keyboard: createKeyboard,
});
