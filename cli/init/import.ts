import { relative } from 'node:path';
import { counted } from '../../shared/domain/counted.ts';
import { commandHere } from '../../stack/here.ts';
import type { Context } from '../command.ts';
import { shellWord } from '../shell.ts';
import { placeOf } from './choose.ts';
import { CHANNEL, draftOf, type Wish } from './cluster.ts';
import { configurationOf, namesHere } from './files.ts';
import { writeConfiguration } from './init.ts';

/** Writes the file of a cluster; with `--json` it is only printed. Throws a `Failure`. */
export async function importToFile(
  wish: Omit<Wish, 'environment'>,
  out: string | undefined,
  context: Context,
): Promise<{ readonly text: string; readonly json: object }> {
  const { around, options } = context;
  const { environment, connection, guesses } = await placeOf(wish.named, context);
  const { draft, notes: ofCluster } = await draftOf({ ...wish, environment }, connection);
  const notes = [...guesses, CHANNEL, ...ofCluster];
  if (options.json)
    return {
      text: '',
      json: {
        configuration: configurationOf(draft, namesHere(around.directory, out ?? 'fairway.yml')),
        notes,
      },
    };
  const name = out ?? (relative(around.directory, await context.file()) || 'fairway.yml');
  const written = writeConfiguration(draft, name, around.directory);
  const { fairway } = commandHere();
  const config = out === undefined ? '' : ` --config ${shellWord(out)}`;
  const next = ['verify', ...(wish.infrastructure ? ['plan'] : [])].map(
    (command) => `${fairway} ${command}${config}`,
  );
  return { text: reportOf(name, written.length > 0, notes, next), json: {} };
}

function reportOf(name: string, isNew: boolean, notes: readonly string[], next: readonly string[]): string {
  return [
    isNew ? `${name} was written.` : `Nothing to write: ${name} already has this content.`,
    ...renderNotes(notes),
    '',
    'Next:',
    ...next.map((line) => `  ${line}`),
  ].join('\n');
}

/** What was guessed, as a separate block. */
export function renderNotes(notes: readonly string[]): readonly string[] {
  if (notes.length === 0) return [];
  return ['', `Check ${counted(notes.length, 'note')}:`, ...notes.map((note) => `  ${note}`)];
}
