import { createInterface } from 'node:readline/promises';
import type { Signal } from './follower.ts';

/** The person at the keyboard, or whatever sends signals, while something is followed. */
export interface Keyboard {
  /** The signal that came since this was last asked. */
  interrupted(): Signal | undefined;
  /** Waits, but not past a signal. */
  wait(milliseconds: number): Promise<void>;
  /** Undefined: nobody is there to answer. A second Ctrl-C is a no. */
  confirm(question: string): Promise<boolean | undefined>;
  close(): void;
}

/** Takes SIGINT and SIGTERM over until it is closed. A second one that nobody has looked at yet ends the process. */
export function createKeyboard(): Keyboard {
  let pressed: Signal | undefined;
  let wake = () => {};
  const onSignal = (signal: Signal) => {
    if (pressed) {
      close();
      process.kill(process.pid, signal);
      return;
    }
    pressed = signal;
    wake();
  };
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
  const close = () => {
    process.off('SIGINT', onSignal);
    process.off('SIGTERM', onSignal);
  };

  return {
    interrupted() {
      const was = pressed;
      pressed = undefined;
      return was;
    },
    wait: (milliseconds) =>
      new Promise((resolve) => {
        const timer = setTimeout(resolve, pressed ? 0 : milliseconds);
        wake = () => {
          clearTimeout(timer);
          resolve();
        };
      }),
    async confirm(question) {
      if (!process.stdin.isTTY) return undefined;
      const reader = createInterface({ input: process.stdin, output: process.stderr });
      const stop = new AbortController();
      reader.on('SIGINT', () => stop.abort());
      // Ctrl-D closes it without an answer.
      reader.on('close', () => stop.abort());
      try {
        return /^y(es)?$/i.test((await reader.question(question, { signal: stop.signal })).trim());
      } catch {
        return false;
      } finally {
        reader.close();
      }
    },
    close,
  };
}
