import { withCommandsHere } from '../stack/here.ts';
import type { Keyboard } from './keyboard.ts';

/** What the CLI uses of the process it runs in. */
export interface Surroundings {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly out: Output;
  readonly err: Output;
  /** Where relative paths start. */
  readonly directory: string;
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** Handles Ctrl-C until it is closed; absent: no person is at the keyboard. */
  readonly keyboard?: () => Keyboard;
}

export interface Output {
  write(text: string): unknown;
  readonly isTTY?: boolean;
  readonly columns?: number;
}

/** What Fairway says: commands in it are as they are typed here. */
export function print(output: Output, text: string): void {
  printVerbatim(output, withCommandsHere(text));
}

/** What others say, such as the logs of an application, and documents. */
export function printVerbatim(output: Output, text: string): void {
  output.write(`${text}\n`);
}
