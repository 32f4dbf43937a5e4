import type { Context } from '../command.ts';
import { exitCode, Failure } from '../failure.ts';
import { commandHere } from '../here.ts';
import { readCluster } from './account.ts';
import { type Draft, example } from './files.ts';
import { guessApps } from './guess.ts';
import { writeFiles } from './init.ts';
import { describeChange } from './plan.ts';

interface StartOptions {
  readonly example: boolean;
  readonly cluster: string | undefined;
  readonly environment: string;
}

interface Drafted {
  readonly draft: Draft;
  readonly notes: readonly string[];
}

/** Writes the files of `fairway init`, and says what was guessed and what to do next. Throws a `Failure`. */
export async function start(options: StartOptions, context: Context) {
  const { draft, notes } = options.example
    ? { draft: example, notes: [] }
    : await draftFromAccount(options, context);
  const written = writeFiles(draft, context.around.directory);
  const { fairway, deploy } = commandHere();
  const next = options.example ? [`${fairway} check`, `${fairway} local`] : [`${fairway} verify`, deploy];
  return {
    text: [
      ...(written.length === 0 ? ['Nothing to write: the files are there.'] : written.map(describeChange)),
      ...(notes.length === 0 ? [] : ['', 'Check these:', ...notes.map((note) => `  ${note}`)]),
      '',
      'Next:',
      ...next.map((line) => `  ${line}`),
    ].join('\n'),
    json: { ok: true, written: written.map(({ name }) => name), notes, next },
  };
}

async function draftFromAccount({ cluster, environment }: StartOptions, context: Context): Promise<Drafted> {
  const asked = cluster ?? (await ask(context, 'ECS cluster: '));
  const region = context.options.region;
  const connection = await context.connect(() => ({
    stack: '',
    ...(region === undefined ? {} : { region }),
  }));
  const { apps, notes } = guessApps(await readCluster(asked, connection));
  if (Object.keys(apps).length === 0)
    throw new Failure(
      exitCode.failed,
      `the cluster ${asked} in ${connection.where} has no service with an image of ECR: choose another --cluster or --region, or write fairway.yml by hand`,
    );
  const found = connection.settings.region;
  return {
    draft: { environment, cluster: asked, apps, ...(found === undefined ? {} : { region: found }) },
    notes,
  };
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
