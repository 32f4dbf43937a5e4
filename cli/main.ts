import { run } from './fairway.ts';
import { createKeyboard } from './keyboard.ts';

// `fairway run … | head`: the reader has gone. 128 + SIGPIPE, as shells report it.
for (const output of [process.stdout, process.stderr])
  output.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(141);
    throw error;
  });

process.exitCode = await run(process.argv.slice(2), {
  env: process.env,
  out: process.stdout,
  err: process.stderr,
  directory: process.cwd(),
  now: Date.now,
  keyboard: createKeyboard,
});
