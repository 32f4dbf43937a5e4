import { setTimeout as sleep } from 'node:timers/promises';
import type { Action, Context } from '../command.ts';
import type { Connection } from '../connection.ts';
import { styleFor } from '../style.ts';
import { print, printVerbatim } from '../surroundings.ts';
import type { Follower } from './follower.ts';

/** Follows something to its end: Ctrl-C then asks a question instead of ending the process. */
export function following(act: (follower: Follower) => Promise<number>): Action {
  return async (context) => followBy(await context.connect(), context, act);
}

/** The same over a connection. Returns the exit code. */
export async function followBy(
  connection: Connection,
  { ask, around, options }: Context,
  act: (follower: Follower) => Promise<number>,
): Promise<number> {
  const keyboard = around.keyboard?.();
  try {
    return await act({
      ask: (question) => ask(question, connection),
      out: (text) => print(around.out, text),
      verbatim: (text) => printVerbatim(around.out, text),
      err: (text) => print(around.err, text),
      sleep: (milliseconds) => (keyboard ? keyboard.wait(milliseconds) : sleep(milliseconds)),
      interrupted: () => keyboard?.interrupted(),
      confirm: async (text) => keyboard?.confirm(text),
      style: styleFor(around.err.isTTY ?? false, around.env),
      json: options.json,
    });
  } finally {
    keyboard?.close();
  }
}
