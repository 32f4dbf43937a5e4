import { existsSync } from 'node:fs';
import { join, relative } from 'node:path';
import type { Context } from '../command.ts';
import type { Connection } from '../connection.ts';
import { exitCode, Failure } from '../failure.ts';
import { styleFor } from '../style.ts';
import { load } from '../verify/file.ts';
import { type Choices, type Chosen, chosen } from './choose.ts';
import { CHANNEL, draftOf } from './cluster.ts';
import { configurationText, example, type Names, namesInPackage } from './files.ts';
import { foldersAbove, pathFrom } from './folders.ts';
import { deployFoundation, foundationFiles } from './foundation.ts';
import { renderNotes } from './import.ts';
import { writeFiles } from './init.ts';
import { nextIn } from './next.ts';
import { describeChange } from './plan.ts';

/** Writes the files of `fairway init`, says what was guessed and what differs, and what to do next. Throws a `Failure`. */
export async function start(choices: Choices, context: Context) {
  const { directory } = context.around;
  const name = relative(directory, await context.file());
  const choice = await chosen(choices, context);
  const { configuration, others, notes } = await filesFor(choice, namesInPackage(directory, name));
  const allNotes = [...choice.guesses, ...notes, ...manifestNote(directory)];
  const written = writeFiles({ [name]: configuration, ...others }, directory);
  const { connection } = choice;
  const verified = connection && (await verify(join(directory, name), connection, context));
  const { commands, hint } = nextFor(choice, verified?.json.ok ?? true, context);
  return {
    exit: verified?.json.ok === false ? exitCode.failed : exitCode.done,
    text: [
      ...(written.length === 0 ? ['The files are up to date.'] : written.map(describeChange)),
      ...renderNotes(allNotes),
      ...(verified === undefined ? [] : ['', verified.text]),
      '',
      verified?.json.ok === false ? verified.advice : 'Next:',
      ...commands.map((line) => `  ${line}`),
      ...(hint === undefined ? [] : ['', hint]),
    ].join('\n'),
    json: {
      ok: verified?.json.ok ?? true,
      written: written.map((file) => file.name),
      notes: allNotes,
      ...(verified === undefined ? {} : { verified: verified.json }),
      next: commands,
      ...(hint === undefined ? {} : { hint }),
    },
  };
}

interface Files {
  /** The text of the configuration. */
  readonly configuration: string;
  /** Further files, by name. */
  readonly others?: Readonly<Record<string, string>>;
  readonly notes: readonly string[];
}

async function filesFor(choice: Chosen, names: Names): Promise<Files> {
  const { kind, environment, region, named, connection } = choice;
  if (kind === 'foundation') return { ...foundationFiles({ environment, region }, names), notes: [] };
  if (named === undefined || connection === undefined) {
    const draft = { ...example, environment, ...(region === undefined ? {} : { region }) };
    return { configuration: configurationText(draft, names), notes: [] };
  }
  const { draft, notes } = await draftOf({ named, environment, infrastructure: false }, connection);
  return { configuration: configurationText(draft, names), notes: [CHANNEL, ...notes] };
}

/** npm takes the nearest one: the one above no longer counts here. */
function manifestNote(directory: string): readonly string[] {
  const above = foldersAbove(directory).find((folder) => existsSync(join(folder, 'package.json')));
  if (above === undefined || existsSync(join(directory, 'package.json'))) return [];
  return [
    `package.json: A new one for this folder; ${pathFrom(directory, join(above, 'package.json'))} stays as it is.`,
  ];
}

function nextFor({ kind, region }: Chosen, isVerified: boolean, { around, options }: Context) {
  const next = nextIn(around.directory, options.config);
  const local = options.local === undefined ? '' : ` --local ${options.local}`;
  switch (kind) {
    case 'example':
      return { hint: undefined, ...next.withoutStack('check', 'local') };
    case 'foundation':
      return next.withStack([deployFoundation(region)], 'apply');
    case 'account':
      return isVerified
        ? next.withStack([], `status${local}`)
        : { hint: undefined, ...next.withoutStack(`verify${local}`) };
  }
}

/** As `fairway verify`: the files are written, whatever it finds. */
async function verify(file: string, connection: Connection, { around }: Context) {
  const { verifyConfiguration } = await import('../verify/verify.ts');
  const style = styleFor(around.out.isTTY ?? false, around.env);
  try {
    const verified = await verifyConfiguration(load(file, undefined), connection, style);
    const advice = 'The files were written, but `fairway verify` found differences. Fix them, then run:';
    return { ...verified, advice };
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    const advice = 'The files were written, but `fairway verify` could not run. Fix that, then run:';
    return { text: error.message, json: { ok: false, sentence: error.message }, advice };
  }
}
