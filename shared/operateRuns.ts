import type { World } from './advance.ts';
import type { App } from './domain/app.ts';
import type { FollowedRun, OperatorAnswer, OperatorRequest, RunSummary } from './domain/operator.ts';
import { revisionName } from './domain/revision.ts';
import type { Run } from './domain/run.ts';
import type { Logs } from './ports.ts';

type Of<Command extends OperatorRequest['command']> = Extract<OperatorRequest, { command: Command }>;

/** Ended runs of each task among which one is looked for that is followed. */
const MOST_FOLLOWED = 50;

/** What people ask about runs. */

export async function runsOf(world: World, request: Of<'runs'>): Promise<OperatorAnswer> {
  const { apps } = world.configuration;
  const chosen = apps.filter((app) => request.app === undefined || app.name === request.app);
  if (chosen.length === 0)
    return nothing(
      `app "${request.app}"`,
      apps.map(({ name }) => name),
    );
  const names = chosen.flatMap((app) => app.tasks.map(({ name }) => name));
  if (request.task !== undefined && !names.includes(request.task))
    return nothing(`task "${request.task}"`, names);
  const limit = request.limit ?? 20;
  const found = await Promise.all(
    chosen.map(async (app) => {
      const tasks = app.tasks.filter(({ name }) => request.task === undefined || name === request.task);
      const lists = await Promise.all(tasks.map((task) => allOf(world, app, task.name, limit)));
      return lists.flat().map((run) => summaryOf(app, run));
    }),
  );
  const runs = found.flat().toSorted((a, b) => b.askedAt - a.askedAt);
  return { ok: true, sentence: `${Math.min(runs.length, limit)} run(s)`, runs: runs.slice(0, limit) };
}

export async function follow(
  world: World,
  app: App,
  request: Of<'follow'>,
  logs: Logs,
): Promise<OperatorAnswer> {
  const run = await findRun(world, app, request.run);
  if (!run) {
    const message = `there is no run ${request.run} of ${app.name}: \`fairway runs\` lists them`;
    return { ok: false, error: 'notFound', message };
  }
  const followed = await followedBy(app, run, request.cursor, logs);
  return { ok: true, sentence: followed.run.reason, followed };
}

async function followedBy(app: App, run: Run, cursor: string | undefined, logs: Logs): Promise<FollowedRun> {
  const summary = summaryOf(app, run);
  const taskArns = run.tasks.map(({ taskArn }) => taskArn);
  if (run.revision === undefined || taskArns.length === 0) {
    const kept = cursor === undefined ? {} : { cursor };
    return { run: summary, lines: [], elsewhere: [], complete: summary.ended, ...kept };
  }
  const read = await logs.since(run.revision, taskArns, cursor);
  const complete = summary.ended && read.lines.length === 0 && !read.more;
  return { run: summary, lines: read.lines, elsewhere: read.elsewhere, cursor: read.cursor, complete };
}

async function findRun(world: World, app: App, id: string): Promise<Run | undefined> {
  const state = (await world.store.load(app.name))?.state;
  const open = state?.runs.find((run) => run.id === id);
  if (open) return open;
  for (const { name } of app.tasks) {
    const ended = await world.store.runs(app.name, name, MOST_FOLLOWED);
    const found = ended.find((run) => run.id === id);
    if (found) return found;
  }
  return undefined;
}

/** Open runs of a task and those in the history; one that is in both on its way there counts once. */
async function allOf(world: World, app: App, task: string, limit: number): Promise<readonly Run[]> {
  const state = (await world.store.load(app.name))?.state;
  const kept = (state?.runs ?? []).filter((run) => run.task === task);
  const ended = await world.store.runs(app.name, task, limit);
  return [...kept, ...ended.filter((run) => !kept.some(({ id }) => id === run.id))];
}

function nothing(what: string, known: readonly string[]): OperatorAnswer {
  const names = known.join(', ') || 'none';
  return { ok: false, error: 'notFound', message: `there is no ${what}: fairway.yml has ${names}` };
}

function summaryOf(app: App, run: Run): RunSummary {
  const ended = run.state === 'ended';
  const group = app.tasks.find(({ name }) => name === run.task)?.logGroup;
  return {
    app: app.name,
    task: run.task,
    id: run.id,
    state: run.outcome ?? run.state,
    ended,
    reason: run.reason ?? `it is ${run.state}`,
    by: run.trigger.kind === 'schedule' ? 'schedule' : run.trigger.who,
    askedAt: run.askedAt,
    ...(run.startedAt === undefined ? {} : { startedAt: run.startedAt }),
    ...(run.endedAt === undefined ? {} : { endedAt: run.endedAt }),
    ...(run.exitCode === undefined ? {} : { exitCode: run.exitCode }),
    ...(run.image === undefined ? {} : { tag: run.image.tag, digest: run.image.digest }),
    ...(run.revision === undefined ? {} : { revision: revisionName(run.revision) }),
    taskArns: run.tasks.map(({ taskArn }) => taskArn),
    attempts: run.earlier.length + (run.startedAt === undefined ? 0 : 1),
    logs: group === undefined ? [] : [group],
  };
}
