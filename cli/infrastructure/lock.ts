import { randomUUID } from 'node:crypto';
import type { Context, Question } from '../command.ts';
import type { Connection } from '../connection.ts';
import { exitCode, Failure } from '../failure.ts';
import { print } from '../surroundings.ts';

/** The lock of `apply`, which the functions keep: no one else applies at the same time. */

/** It is taken again while the command works; left alone, it ends after 5 minutes. */
const BETWEEN = 2 * 60_000;

/** Does something while no one else applies. Throws a `Failure` where someone does. */
export async function locked<Result>(
  connection: Connection,
  { ask, around }: Pick<Context, 'ask' | 'around'>,
  act: () => Promise<Result>,
): Promise<Result> {
  const lock: Question = { command: 'lock', id: randomUUID() };
  const answer = await unlessMissing(() => ask(lock, connection));
  if (answer === undefined) {
    print(
      around.err,
      'The functions are not deployed yet, so nothing prevents a second apply at the same time.',
    );
    return act();
  }
  if (!answer.ok) throw new Failure(exitCode.failed, answer.message);
  const again = setInterval(() => void ask(lock, connection).catch(() => {}), BETWEEN);
  again.unref();
  try {
    return await act();
  } finally {
    clearInterval(again);
    // It ends on its own, too.
    await ask({ ...lock, release: true }, connection).catch(() => {});
  }
}

/** Undefined where the functions are not deployed. */
export async function unlessMissing<Result>(request: () => Promise<Result>): Promise<Result | undefined> {
  try {
    return await request();
  } catch (error) {
    const cause = error instanceof Failure ? error.cause : undefined;
    if (cause instanceof Error && cause.name === 'ResourceNotFoundException') return undefined;
    throw error;
  }
}
