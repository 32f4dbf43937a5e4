import { setTimeout as sleep } from 'node:timers/promises';
import { paced } from '../../shared/audit/read/pacing.ts';
import { counted } from '../../shared/domain/counted.ts';
import { type KnownRevision, type Pruning, prunable } from '../../shared/infrastructure/pruning/prunable.ts';
import { nameOf, prune } from '../../shared/infrastructure/pruning/prune.ts';
import { prunedFamilies, readRevisions } from '../../shared/infrastructure/pruning/revisions.ts';
import { usedRevisions } from '../../shared/infrastructure/pruning/uses.ts';
import type { Answer } from '../answering.ts';
import type { Context, Question } from '../command.ts';
import { exitCode, Failure } from '../failure.ts';
import { print } from '../surroundings.ts';
import { attempting, type OpenedApp, openApp } from './app.ts';

/** Old revisions of an app: which ones nothing needs, and removing them. */

interface PruneOptions {
  readonly app: string;
  readonly keep: number;
  /** Removes them; otherwise they are only shown. */
  readonly yes: boolean;
}

/** How many ended releases are asked for: more than a rollback can return to. */
const RELEASES = 50;

export async function pruneRevisions(wanted: PruneOptions, context: Context): Promise<number> {
  const opened = await openApp(wanted.app, context);
  const { around, options } = context;
  const refused = await refusalOf(opened, context);
  if (refused !== undefined) throw new Failure(exitCode.failed, refused);
  const pruning = await attempting('find old revisions', opened.connection, () =>
    findPrunable(wanted, opened, context),
  );
  if (!options.json) print(around.out, described(pruning, wanted));
  if (wanted.yes) await carryOut(pruning, opened, context);
  if (options.json) print(around.out, JSON.stringify({ ok: true, ...pruning, removes: wanted.yes }, null, 2));
  return exitCode.done;
}

async function findPrunable(
  { keep }: PruneOptions,
  { app, stack, aws, connection }: OpenedApp,
  context: Context,
): Promise<Pruning> {
  const families = prunedFamilies(app);
  const slowly = paced(aws, { now: () => performance.now(), sleep });
  const revisions: readonly KnownRevision[] = await readRevisions(
    { app: app.name, stack },
    families,
    keep,
    slowly,
  );
  const used = await usedRevisions(app, families, aws);
  const { releases = [] } = await asked(
    { command: 'releases', app: app.name, limit: RELEASES },
    connection,
    context,
  );
  const { apps = [] } = await asked({ command: 'status', app: app.name }, connection, context);
  const digests = new Set([
    ...releases
      .filter(({ state, live }) => state === 'live' || live !== undefined)
      .map(({ digest }) => digest),
    ...apps.flatMap(({ live }) => (live === undefined ? [] : [live.digest])),
  ]);
  return prunable(revisions, { used, digests, keep, now: context.around.now() });
}

/** Why no revision may be removed now: a release is open or waits, or a task runs. */
async function refusalOf({ app, connection }: OpenedApp, context: Context): Promise<string | undefined> {
  const { apps = [] } = await asked({ command: 'status', app: app.name }, connection, context);
  const [status] = apps;
  if (status?.open !== undefined || status?.waiting !== undefined || status?.alsoWaiting !== undefined)
    return `a release of ${app.name} is open or waits: try again when it has ended`;
  const { runs = [] } = await asked({ command: 'runs', app: app.name }, connection, context);
  return runs.some(({ ended }) => !ended)
    ? `a task of ${app.name} runs: try again when it has ended`
    : undefined;
}

async function asked(
  question: Question,
  connection: OpenedApp['connection'],
  { ask }: Context,
): Promise<Answer> {
  const answer = await ask(question, connection);
  if (!answer.ok) throw new Failure(exitCode.failed, answer.message);
  return answer;
}

function described({ deregister, delete: deleted }: Pruning, { app, keep, yes }: PruneOptions): string {
  if (deregister.length + deleted.length === 0)
    return `${app} has no old revisions beyond the newest ${keep} that nothing uses.`;
  return [
    ...list('To deregister', deregister),
    ...list('To delete, deregistered 30 days ago or earlier', deleted),
    ...(yes
      ? []
      : [
          `Nothing was changed. \`fairway prune-revisions ${app} --keep ${keep} --yes\` removes them, one every 5 seconds.`,
        ]),
  ].join('\n\n');
}

function list(title: string, arns: readonly string[]): readonly string[] {
  if (arns.length === 0) return [];
  return [
    [`${title} (${counted(arns.length, 'revision')}):`, ...arns.map((arn) => `  ${nameOf(arn)}`)].join('\n'),
  ];
}

/** Throws a `Failure` where it stops early. */
async function carryOut(pruning: Pruning, opened: OpenedApp, context: Context): Promise<void> {
  const { around } = context;
  const stopped = await attempting('remove old revisions', opened.connection, () =>
    prune(pruning, {
      aws: opened.awsOnce,
      sleep,
      refusal: () => refusalOf(opened, context),
      onDone: (what) => print(around.err, what),
    }),
  );
  if (stopped !== undefined) throw new Failure(exitCode.failed, `stopped: ${stopped}`);
}
