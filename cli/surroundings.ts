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
  /** What commands in a text repeat of the line that is answered: " --environment staging". */
  readonly repeated?: readonly string[];
}

/** What Fairway says: commands in it are as they are typed here. */
export function print(output: Output, text: string): void {
  printVerbatim(output, withCommandsHere(text, output.repeated));
}

/** What others say, such as the logs of an application, and documents. */
export function printVerbatim(output: Output, text: string): void {
  output.write(`${text}\n`);
}

/** The same surroundings, where commands in texts repeat these options. */
export function repeating(around: Surroundings, repeated: readonly string[]): Surroundings {
  const repeat = (output: Output): Output => ({
    write: output.write.bind(output),
    ...(output.isTTY === undefined ? {} : { isTTY: output.isTTY }),
    ...(output.columns === undefined ? {} : { columns: output.columns }),
    repeated,
  });
  return repeated.length === 0 ? around : { ...around, out: repeat(around.out), err: repeat(around.err) };
}
