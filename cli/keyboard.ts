import { createInterface } from 'node:readline/promises';

/** A signal that asks the process to end. */
export type Signal = 'SIGINT' | 'SIGTERM';

/** 128 and the number of the signal, as shells report it. */
export const ENDED_BY: Readonly<Record<Signal, number>> = { SIGINT: 130, SIGTERM: 143 };

/** A question that a person ended without an answer. */
export class Interrupted extends Error {}

/** The person at the keyboard, or another process that sends signals, while a command follows something. */
export interface Keyboard {
  /** Whether a person can answer a question. */
  readonly answers: boolean;
  /** The signal that arrived since the last call. */
  interrupted(): Signal | undefined;
  /** Waits; a signal ends the wait. */
  wait(milliseconds: number): Promise<void>;
  /** Undefined: no one is there to answer. A second Ctrl-C means no. */
  confirm(question: string): Promise<boolean | undefined>;
  /** One line of text. Undefined: no one is there to answer. Throws `Interrupted` at Ctrl-C or Ctrl-D. */
  ask(question: string): Promise<string | undefined>;
  close(): void;
}

/** Handles SIGINT and SIGTERM until it is closed. A second signal, before the first was read, ends the process. */
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
    answers: Boolean(process.stdin.isTTY),
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
      return /^y(es)?$/i.test((await answerTo(question)) ?? '');
    },
    async ask(question) {
      if (!process.stdin.isTTY) return undefined;
      const answer = await answerTo(question);
      if (answer === undefined) throw new Interrupted();
      return answer;
    },
    close,
  };
}

/** Undefined: interrupted by Ctrl-C or Ctrl-D. */
async function answerTo(question: string): Promise<string | undefined> {
  const reader = createInterface({ input: process.stdin, output: process.stderr });
  const stop = new AbortController();
  reader.on('SIGINT', () => stop.abort());
  // Ctrl-D closes it without an answer.
  reader.on('close', () => stop.abort());
  try {
    return (await reader.question(question, { signal: stop.signal })).trim();
  } catch {
    return undefined;
  } finally {
    reader.close();
  }
}
