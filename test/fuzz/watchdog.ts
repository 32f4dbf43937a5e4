import { Worker } from 'node:worker_threads';

const SIZE = 8_192;
const COUNT = 0;
const LENGTH = 1;
/** Beside the main thread, so that it sees a loop that never ends; prints what was asked, and ends the process. */
const WATCH = `
const { workerData: { numbers, text, seconds } } = require('node:worker_threads');
const { writeSync } = require('node:fs');
let last = -1;
let since = Date.now();
setInterval(() => {
  if (numbers[0] !== last) { last = numbers[0]; since = Date.now(); return; }
  if (last === 0 || Date.now() - since < seconds * 1000) return;
  const said = Buffer.from(text.slice(0, numbers[1])).toString();
  writeSync(1, '✗ no end within ' + seconds + ' s: request ' + (last - 1) + '\\n' + said + '\\n');
  process.kill(process.pid, 'SIGTERM');
}, 500);
`;

export interface Watchdog {
  /** Says which request is in progress. */
  watch(number: number, request: string): void;
  stop(): Promise<number>;
}

/** Watches that requests come to an end within so many seconds, even if the thread that serves them never yields. */
export function createWatchdog(seconds: number): Watchdog {
  const numbers = new Int32Array(new SharedArrayBuffer(8));
  const text = new Uint8Array(new SharedArrayBuffer(SIZE));
  const worker = new Worker(WATCH, { eval: true, workerData: { numbers, text, seconds } });
  worker.unref();
  const encoder = new TextEncoder();
  return {
    watch(number, request) {
      const { written } = encoder.encodeInto(request.slice(0, SIZE / 3), text);
      numbers[LENGTH] = written;
      numbers[COUNT] = number + 1;
    },
    stop: () => worker.terminate(),
  };
}
