import { join } from 'node:path';
import type { Context } from '../command.ts';
import type { Connection } from '../connection.ts';
import { exitCode, Failure } from '../failure.ts';
import { commandHere } from '../here.ts';
import { styleFor } from '../style.ts';
import { load } from '../verify/file.ts';
import { draftOf } from './cluster.ts';
import { example, type FileDraft } from './files.ts';
import { renderNotes } from './import.ts';
import { writeFiles } from './init.ts';
import { describeChange } from './plan.ts';

interface StartOptions {
  readonly example: boolean;
  readonly cluster: string | undefined;
  readonly environment: string;
}

interface Drafted {
  readonly draft: FileDraft;
  readonly notes: readonly string[];
  /** The account that was read. */
  readonly connection?: Connection;
}

/** Writes the files of `fairway init`, says what was guessed and what differs, and what to do next. Throws a `Failure`. */
export async function start(options: StartOptions, context: Context) {
  const { draft, notes, connection } = options.example
    ? { draft: example, notes: [], connection: undefined }
    : await draftFromAccount(options, context);
  const { directory } = context.around;
  const written = writeFiles(draft, directory);
  const verified = connection && (await verify(join(directory, 'fairway.yml'), connection, context));
  const { fairway, deploy } = commandHere();
  const next = options.example ? [`${fairway} check`, `${fairway} local`] : [`${fairway} verify`, deploy];
  return {
    text: [
      ...(written.length === 0 ? ['Nothing to write: the files are there.'] : written.map(describeChange)),
      ...renderNotes(notes),
      ...(verified === undefined ? [] : ['', verified.text]),
      '',
      'Next:',
      ...next.map((line) => `  ${line}`),
    ].join('\n'),
    json: {
      ok: true,
      written: written.map(({ name }) => name),
      notes,
      ...(verified === undefined ? {} : { verified: verified.json }),
      next,
    },
  };
}

/** As `fairway verify`: the files are written, whatever it finds. */
async function verify(file: string, connection: Connection, { around, environment }: Context) {
  const { verifyConfiguration } = await import('../verify/verify.ts');
  const style = styleFor(around.out.isTTY ?? false, around.env);
  try {
    return await verifyConfiguration(load(file, environment()), connection, style);
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return { text: error.message, json: { ok: false, sentence: error.message } };
  }
}

async function draftFromAccount({ cluster, environment }: StartOptions, context: Context): Promise<Drafted> {
  const asked = cluster ?? (await ask(context, 'ECS cluster: '));
  const { region } = context.options;
  const connection = await context.connect(() => ({
    stack: '',
    ...(region === undefined ? {} : { region }),
  }));
  const read = await draftOf({ cluster: asked, environment, infrastructure: false }, connection);
  return { ...read, connection };
}

/** Throws a `Failure` where no one is there to answer. */
async function ask({ around }: Context, question: string): Promise<string> {
  const keyboard = around.keyboard?.();
  try {
    const answer = (await keyboard?.ask(question))?.trim();
    if (answer) return answer;
  } finally {
    keyboard?.close();
  }
  throw new Failure(
    exitCode.usage,
    'init: pass --cluster NAME to read your account, or --example. Usage: fairway init',
  );
}
