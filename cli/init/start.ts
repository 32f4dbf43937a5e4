import { join } from 'node:path';
import type { Context } from '../command.ts';
import type { Connection } from '../connection.ts';
import { exitCode, Failure } from '../failure.ts';
import { commandHere } from '../here.ts';
import { styleFor } from '../style.ts';
import { load } from '../verify/file.ts';
import { draftOf } from './cluster.ts';
import { configurationText, example, ofPackage } from './files.ts';
import { deployFoundation, foundationFiles, templateFile } from './foundation.ts';
import { renderNotes } from './import.ts';
import { writeFiles } from './init.ts';
import { describeChange } from './plan.ts';

interface StartOptions {
  /** What is written without an account. */
  readonly kind: 'example' | 'foundation' | 'account';
  readonly cluster: string | undefined;
  readonly environment: string;
}

interface Files {
  /** The text of `fairway.yml`. */
  readonly configuration: string;
  /** Further files, by name. */
  readonly others?: Readonly<Record<string, string>>;
  readonly notes: readonly string[];
  /** The account that was read. */
  readonly connection?: Connection;
  readonly next: readonly string[];
}

/** Writes the files of `fairway init`, says what was guessed and what differs, and what to do next. Throws a `Failure`. */
export async function start(options: StartOptions, context: Context) {
  const { configuration, others, notes, connection, next } = await filesFor(options, context);
  const { directory } = context.around;
  const written = writeFiles(configuration, directory, others);
  const verified = connection && (await verify(join(directory, 'fairway.yml'), connection, context));
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

async function filesFor(options: StartOptions, context: Context): Promise<Files> {
  const { fairway, deploy } = commandHere();
  switch (options.kind) {
    case 'example':
      return {
        configuration: configurationText(example, ofPackage),
        notes: [],
        next: [`${fairway} check`, `${fairway} local`],
      };
    case 'foundation':
      return {
        configuration: foundationFiles().configuration,
        others: templateFile(),
        notes: [],
        next: [deployFoundation, deploy, `${fairway} apply`],
      };
    case 'account':
      return { ...(await filesFromAccount(options, context)), next: [`${fairway} verify`, deploy] };
  }
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

async function filesFromAccount(
  { cluster, environment }: StartOptions,
  context: Context,
): Promise<Omit<Files, 'next'>> {
  const asked = cluster ?? (await ask(context, 'ECS cluster: '));
  const { region } = context.options;
  const connection = await context.connect(() => ({
    stack: '',
    ...(region === undefined ? {} : { region }),
  }));
  const { draft, notes } = await draftOf({ cluster: asked, environment, infrastructure: false }, connection);
  return { configuration: configurationText(draft, ofPackage), notes, connection };
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
    'init: pass --cluster NAME to read your account, or --example or --foundation. Usage: `fairway init --cluster NAME`',
  );
}
