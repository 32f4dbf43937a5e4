import { setTimeout as sleep } from 'node:timers/promises';
import { configurationFile } from '../shared/config/load.ts';
import type { Command, Options, OrderQuestion, Question } from './arguments.ts';
import {
  type Connection,
  connectionFor,
  installationFrom,
  installationOf,
  type Sources,
} from './connection.ts';
import { exitCode } from './failure.ts';
import type { Follower } from './follower.ts';
import { ask } from './operate.ts';
import { confirmation, followOrder, isProduction } from './order.ts';
import { renderAnswer } from './render.ts';
import { followRun, runTask } from './runTask.ts';
import { styleFor } from './style.ts';
import { print, type Surroundings } from './surroundings.ts';
import { checkFile, load, verify } from './verify/verify.ts';

/** Carries out what was asked for. Answers the exit code. */
export async function perform(
  command: Exclude<Command, { kind: 'help' | 'version' }>,
  around: Surroundings,
): Promise<number> {
  const style = styleFor(around.out.isTTY ?? false, around.env);
  const file = fileOf(command.options, around);
  switch (command.kind) {
    case 'verify': {
      const loaded = load(file);
      const sources = { installation: () => installationFrom(loaded.configuration), env: around.env };
      const connection = await connectionFor(command.options, sources);
      const found = await verify(loaded, connection, style);
      print(around.out, command.options.json ? JSON.stringify(found.json, null, 2) : found.text);
      return found.json.ok ? exitCode.done : exitCode.failed;
    }
    case 'check': {
      const checked = checkFile(file, style);
      print(around.out, command.options.json ? JSON.stringify(checked.json, null, 2) : checked.text);
      return exitCode.done;
    }
    case 'run':
      return withFollower(command, around, file, (follower) => runTask(command.question, follower));
    case 'follow':
      return withFollower(command, around, file, (follower) => followRun(command.question, follower));
    case 'order': {
      const connection = await connectionFor(command.options, sourcesOf(file, around));
      if (!(await isConfirmed(command.question, connection, around))) {
        print(around.err, 'Nothing was changed.');
        return exitCode.failed;
      }
      if (!command.question.wait)
        return askAndShow(command.question.request, command.options, connection, around);
      return withFollower(command, around, file, (follower) => followOrder(command.question, follower));
    }
    case 'ask': {
      const connection = await connectionFor(command.options, sourcesOf(file, around));
      return askAndShow(command.question, command.options, connection, around);
    }
  }
}

async function askAndShow(
  question: Question,
  { json }: Options,
  connection: Connection,
  around: Surroundings,
): Promise<number> {
  const answer = await ask(question, connection);
  const style = styleFor((answer.ok ? around.out : around.err).isTTY ?? false, around.env);
  if (json) print(around.out, JSON.stringify(answer, null, 2));
  else if (answer.ok) print(around.out, renderAnswer(answer, await clock(connection, around), style));
  else print(around.err, `${style.bad('fairway:')} ${answer.message}`);
  return answer.ok ? exitCode.done : exitCode.failed;
}

/** Production is asked for, unless the line says yes or no one is at a terminal. */
async function isConfirmed(
  question: OrderQuestion,
  connection: Connection,
  around: Surroundings,
): Promise<boolean> {
  if (question.yes || !isProduction(connection)) return true;
  const keyboard = around.keyboard?.();
  try {
    const where = `${connection.functionName.replace(/-operate$/, '')}, ${connection.where}`;
    return (await keyboard?.confirm(confirmation(question, where))) ?? true;
  } finally {
    keyboard?.close();
  }
}

function fileOf({ config }: Options, { directory, env }: Surroundings): string {
  return configurationFile(directory, env, config);
}

function sourcesOf(file: string, { env }: Surroundings): Sources {
  return { installation: () => installationOf(file), env };
}

/** While something is followed, Ctrl-C is a question and not the end. */
async function withFollower(
  { options }: Extract<Command, { kind: 'run' | 'follow' | 'order' }>,
  around: Surroundings,
  file: string,
  act: (follower: Follower) => Promise<number>,
): Promise<number> {
  const connection = await connectionFor(options, sourcesOf(file, around));
  const keyboard = around.keyboard?.();
  try {
    return await act({
      ask: (asked) => ask(asked, connection),
      out: (text) => print(around.out, text),
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

/** The local cloud's clock runs ahead of ours: "3 min ago" must be told by its own. */
async function clock(connection: Connection, around: Surroundings): Promise<number> {
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
