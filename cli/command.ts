import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { configurationFile } from '../shared/config/load.ts';
import {
  type Command,
  type Options,
  type OrderQuestion,
  parse,
  type Question,
  wantsJson,
} from './arguments.ts';
import {
  type Connection,
  connectionFor,
  installationFrom,
  installationOf,
  type Sources,
} from './connection.ts';
import { exitCode, Failure } from './failure.ts';
import type { Follower } from './follower.ts';
import { helpText } from './help.ts';
import type { Keyboard } from './keyboard.ts';
import { ask } from './operate.ts';
import { confirmation, followOrder, isProduction } from './order.ts';
import { renderAnswer } from './render.ts';
import { followRun, runTask } from './runTask.ts';
import { styleFor } from './style.ts';
import { checkFile, load, verify } from './verify/verify.ts';

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

/** Runs one line of `fairway` and answers its exit code; never throws. */
export async function run(argv: readonly string[], around: Surroundings): Promise<number> {
  try {
    return await perform(parse(argv), around);
  } catch (error) {
    const failure = error instanceof Failure ? error : undefined;
    const message = error instanceof Error ? error.message : String(error);
    const style = styleFor(around.err.isTTY ?? false, around.env);
    if (wantsJson(argv))
      print(around.out, JSON.stringify({ ok: false, error: errorName(failure), message }, null, 2));
    else print(around.err, `${style.bad('fairway:')} ${message}`);
    return failure?.exit ?? exitCode.failed;
  }
}

async function perform(command: Command, around: Surroundings): Promise<number> {
  const style = styleFor(around.out.isTTY ?? false, around.env);
  const file = 'options' in command ? fileOf(command.options, around) : '';
  switch (command.kind) {
    case 'help':
      print(around.out, helpText(command.topic, style));
      return exitCode.done;
    case 'version':
      print(around.out, command.json ? JSON.stringify({ version: version() }) : `fairway ${version()}`);
      return exitCode.done;
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

function errorName(failure: Failure | undefined): string {
  if (failure?.exit === exitCode.usage) return 'usage';
  if (failure?.exit === exitCode.unreachable) return 'unreachable';
  return 'failed';
}

function version(): string {
  const read: unknown = JSON.parse(readFileSync(join(import.meta.dirname, '..', 'package.json'), 'utf8'));
  return typeof read === 'object' && read !== null && 'version' in read ? String(read.version) : 'unknown';
}

function print(output: Output, text: string): void {
  output.write(`${text}\n`);
}
