import { tour } from './tour.ts';

const interruption = new AbortController();
process.once('SIGINT', () => interruption.abort());
process.once('SIGTERM', () => interruption.abort());

const code = await tour(
  process.argv.slice(2),
  { env: process.env, out: process.stdout, err: process.stderr, directory: process.cwd(), now: Date.now },
  interruption.signal,
);
// The cloud has stopped; a slow worker must not keep the process alive.
process.exit(code);
