import type { Keyboard } from './keyboard.ts';

/** What the command line touches of the process it runs in. */
export interface Surroundings {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly out: Output;
  readonly err: Output;
  /** Where relative paths start. */
  readonly directory: string;
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** Takes Ctrl-C over until it is closed; absent: the process is not a person's. */
  readonly keyboard?: () => Keyboard;
}

export interface Output {
  write(text: string): unknown;
  readonly isTTY?: boolean;
  readonly columns?: number;
}

export function print(output: Output, text: string): void {
  output.write(`${text}\n`);
}
