import type { OperatorAnswer } from '../shared/domain/operator.ts';
import type { Action, Context, Question } from './command.ts';
import type { Connection } from './connection.ts';
import { exitCode } from './failure.ts';
import { type Style, styleFor } from './style.ts';
import { print, type Surroundings } from './surroundings.ts';

export type Answer = Extract<OperatorAnswer, { ok: true }>;

/** What follows an answer's sentence, a block each. `now` is epoch milliseconds. */
export type Render = (answer: Answer, now: number, style: Style) => readonly string[];

/** Asks the function `operate` once and prints its answer. */
export function asking(question: Question, render: Render = () => []): Action {
  return async (context) => askAndPrint(question, render, await context.connect(), context);
}

/** Returns the exit code. */
export async function askAndPrint(
  question: Question,
  render: Render,
  connection: Connection,
  { ask, options, around }: Context,
): Promise<number> {
  const answer = await ask(question, connection);
  const style = styleFor((answer.ok ? around.out : around.err).isTTY ?? false, around.env);
  if (options.json) print(around.out, JSON.stringify(answer, null, 2));
  else if (answer.ok) print(around.out, answerText(answer, render, await clock(connection, around), style));
  else print(around.err, `${style.bad('fairway:')} ${answer.message}`);
  return answer.ok ? exitCode.done : exitCode.failed;
}

/** The sentence, and below it the blocks. */
export function answerText(answer: Answer, render: Render, now: number, style: Style): string {
  return [answer.sentence, ...render(answer, now, style)].filter((text) => text !== '').join('\n\n');
}

/** Epoch milliseconds. The local cloud's clock runs ahead of ours: "3 min ago" refers to its own. */
export async function clock(connection: Connection, around: Surroundings): Promise<number> {
  if (connection.local === undefined) return around.now();
  try {
    const response = await fetch(`${connection.local}/_local/clock`, { signal: AbortSignal.timeout(5_000) });
    const body: unknown = await response.json();
    const text = typeof body === 'object' && body !== null && 'now' in body ? String(body.now) : '';
    return Number.isNaN(Date.parse(text)) ? around.now() : Date.parse(text);
  } catch {
    return around.now();
  }
}
