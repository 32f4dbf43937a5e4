import type { App } from '../domain/app.ts';
import { counted } from '../domain/counted.ts';
import type { OperatorAnswer, OperatorRequest } from '../domain/operator.ts';
import { requestOf } from '../domain/person.ts';
import { revisionName } from '../domain/revision.ts';
import { type IndependentRun, isIndependent, type Run } from '../domain/run.ts';
import { nearestRun, SHORTEST_ID } from '../domain/runs/naming.ts';
import type { FollowedRun, RunSummary } from '../domain/summaries.ts';
import type { Logs } from '../ports.ts';
import type { Runtime } from '../runtime.ts';
import { notFound, unknownApp } from './unknownNames.ts';

type Of<Command extends OperatorRequest['command']> = Extract<OperatorRequest, { command: Command }>;

/** How many ended runs of each task are searched for an id. */
const MOST_SEARCHED = 50;
/** How long after a run's end its last lines may arrive, milliseconds: the log driver and CloudWatch both take a moment. */
const LATE = 5_000;

/** Answers about runs. */

export async function runsOf(runtime: Runtime, request: Of<'runs'>): Promise<OperatorAnswer> {
  const { apps } = runtime.configuration;
  const chosen = apps.filter((app) => request.app === undefined || app.name === request.app);
  if (chosen.length === 0) return unknownApp(apps, request.app ?? '');
  const names = chosen.flatMap((app) => app.tasks.map(({ name }) => name));
  if (request.task !== undefined && !names.includes(request.task))
    return runByIdOf(runtime, chosen, request.task, names);
  const limit = request.limit ?? 20;
  const found = await Promise.all(
    chosen.map(async (app) => {
      const tasks = app.tasks.filter(({ name }) => request.task === undefined || name === request.task);
      const lists = await Promise.all(tasks.map((task) => allOf(runtime, app, task.name, limit)));
      return lists.flat().map((run) => summaryOf(app, run));
    }),
  );
  const runs = found.flat().toSorted((a, b) => b.askedAt - a.askedAt);
  return { ok: true, sentence: counted(Math.min(runs.length, limit), 'run'), runs: runs.slice(0, limit) };
}

async function runByIdOf(
  runtime: Runtime,
  apps: readonly App[],
  id: string,
  tasks: readonly string[],
): Promise<OperatorAnswer> {
  const lists = await Promise.all(
    apps.map(async (app) => (await runsNamed(runtime, app, id)).map((run) => summaryOf(app, run))),
  );
  const runs = lists.flat();
  if (runs.length > 0) return { ok: true, sentence: counted(runs.length, 'run'), runs };
  const ids = await Promise.all(apps.map((app) => idsOf(runtime, app)));
  return notFound(`task or run "${id}"`, tasks, nearestRun(id, tasks, ids.flat()));
}

export async function follow(
  runtime: Runtime,
  app: App,
  request: Of<'follow'>,
  logs: Logs,
): Promise<OperatorAnswer> {
  const [run, another] = await runsNamed(runtime, app, request.run);
  if (!run) {
    const tasks = app.tasks.map(({ name }) => name);
    const hint = nearestRun(request.run, tasks, await idsOf(runtime, app));
    const message = `there is no run ${request.run} of ${app.name}: \`fairway runs --app ${app.name}\` lists them${hint}`;
    return { ok: false, error: 'notFound', message };
  }
  if (another) {
    const message = `"${request.run}" matches several runs (${run.id}, ${another.id}, …): type more of the id`;
    return { ok: false, error: 'invalid', message };
  }
  const followed = await followedBy(runtime, app, run, request.cursor, logs);
  return { ok: true, sentence: followed.run.reason, followed };
}

async function followedBy(
  runtime: Runtime,
  app: App,
  run: IndependentRun,
  cursor: string | undefined,
  logs: Logs,
): Promise<FollowedRun> {
  const summary = summaryOf(app, run);
  // The last lines of an attempt may arrive after the next one has started.
  const earlier = run.earlier.toReversed().flatMap((attempt) => attempt.taskArns);
  const taskArns = [...run.tasks.map(({ taskArn }) => taskArn), ...earlier];
  if (run.revision === undefined || taskArns.length === 0) {
    const kept = cursor === undefined ? {} : { cursor };
    return { run: summary, lines: [], elsewhere: [], complete: summary.ended, ...kept };
  }
  const read = await logs.since(run.revision, taskArns, cursor);
  const settled = run.endedAt !== undefined && runtime.now() >= run.endedAt + LATE;
  return {
    run: summary,
    lines: run.tasks.length > 1 ? read.lines : read.lines.map(({ task: _, ...line }) => line),
    elsewhere: summary.ended ? [...read.elsewhere, ...read.silent] : read.elsewhere,
    cursor: read.cursor,
    more: read.more,
    complete: summary.ended && settled && read.dry,
  };
}

/** Runs by an id or the start of it; by a task: the open one, otherwise the newest. */
async function runsNamed(runtime: Runtime, app: App, name: string): Promise<readonly IndependentRun[]> {
  const state = (await runtime.store.load(app.name))?.state;
  const open = (state?.runs ?? []).filter(isIndependent);
  const exact = open.find((run) => run.id === name);
  if (exact) return [exact];
  if (app.tasks.some((task) => task.name === name)) {
    const under = open.find((run) => run.task === name && run.state !== 'ended');
    return under ? [under] : (await allOf(runtime, app, name, 1)).slice(0, 1);
  }
  if (name.length < SHORTEST_ID) return [];
  const found = (await searched(runtime, app)).filter((run) => run.id.startsWith(name));
  const whole = found.find((run) => run.id === name);
  return whole ? [whole] : found;
}

/** The runs that are searched for an id. */
async function searched(runtime: Runtime, app: App): Promise<readonly IndependentRun[]> {
  const lists = await Promise.all(app.tasks.map((task) => allOf(runtime, app, task.name, MOST_SEARCHED)));
  return lists.flat();
}

async function idsOf(runtime: Runtime, app: App): Promise<readonly string[]> {
  return (await searched(runtime, app)).map(({ id }) => id);
}

/** Open runs of a task and those in the history, each once. */
async function allOf(
  runtime: Runtime,
  app: App,
  task: string,
  limit: number,
): Promise<readonly IndependentRun[]> {
  const state = (await runtime.store.load(app.name))?.state;
  const kept = (state?.runs ?? []).filter(isIndependent).filter((run) => run.task === task);
  const ended = await runtime.store.runs(app.name, task, limit);
  return [...kept, ...ended.filter((run) => !kept.some(({ id }) => id === run.id))];
}

/** Whether ECS accepted the current or last attempt. */
function hasBegun({ attemptedAt, earlier }: Run): boolean {
  return attemptedAt !== undefined && attemptedAt > (earlier.at(-1)?.endedAt ?? 0);
}

function summaryOf(app: App, run: IndependentRun): RunSummary {
  const ended = run.state === 'ended';
  const group = app.tasks.find(({ name }) => name === run.task)?.logGroup;
  return {
    app: app.name,
    task: run.task,
    id: run.id,
    state: run.outcome ?? run.state,
    ended,
    reason: run.reason ?? `it is ${run.state}`,
    by: run.owner.kind === 'schedule' ? 'schedule' : run.owner.who,
    ...(run.owner.kind === 'person' ? requestOf(run.owner) : {}),
    ...(run.stoppedBy === undefined ? {} : { stoppedBy: run.stoppedBy }),
    askedAt: run.askedAt,
    ...(run.startedAt === undefined ? {} : { startedAt: run.startedAt }),
    ...(run.endedAt === undefined ? {} : { endedAt: run.endedAt }),
    ...(run.exitCode === undefined ? {} : { exitCode: run.exitCode }),
    ...(run.image === undefined ? {} : { tag: run.image.tag, digest: run.image.digest }),
    ...(run.revision === undefined ? {} : { revision: revisionName(run.revision) }),
    taskArns: run.tasks.map(({ taskArn }) => taskArn),
    ...(run.earlier.length === 0 ? {} : { earlier: run.earlier.map(({ why }) => why) }),
    attempts: run.earlier.length + (hasBegun(run) ? 1 : 0),
    logs: group === undefined ? [] : [group],
    ...(run.notTaken === undefined ? {} : { notTaken: run.notTaken }),
  };
}
