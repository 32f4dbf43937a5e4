import { createInterface } from 'node:readline/promises';

/** The person at the keyboard, while something is followed. */
export interface Keyboard {
  /** Whether Ctrl-C was pressed since this was last asked. */
  interrupted(): boolean;
  /** Waits, but not past Ctrl-C. */
  wait(milliseconds: number): Promise<void>;
  /** Undefined: nobody is there to answer. A second Ctrl-C is a no. */
  confirm(question: string): Promise<boolean | undefined>;
  close(): void;
}

/** Takes SIGINT over until it is closed. */
export function createKeyboard(): Keyboard {
  let pressed = false;
  let wake = () => {};
  const onInterrupt = () => {
    pressed = true;
    wake();
  };
  process.on('SIGINT', onInterrupt);

  return {
    interrupted() {
      const was = pressed;
      pressed = false;
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
      try {
        return /^y(es)?$/i.test((await reader.question(question, { signal: stop.signal })).trim());
      } catch {
        return false;
      } finally {
        reader.close();
      }
    },
    close: () => process.off('SIGINT', onInterrupt),
  };
}
