import type { DomainEvent } from '../events.ts';
import type { Context } from '../kernel/context.ts';
import { enqueue, isUnsent } from '../kernel/outbox.ts';
import { ACCEPT_WITHIN, STOP_WITHIN } from '../kernel/stopTimes.ts';
import { personOf } from '../person.ts';
import type { RunOutcome } from '../run.ts';
import { endRun } from './ending.ts';
import { nearestRun, SHORTEST_ID } from './naming.ts';
import type { RunDraft } from './parts.ts';

/** Stops what runs; the run ends as `outcome` when ECS says that its tasks have stopped. */
export function stopTasks(ctx: Context, run: RunDraft, outcome: RunOutcome, reason: string): string {
  if (run.endsAs !== undefined) return `${run.task} is being stopped already`;
  run.endsAs = outcome;
  run.reason = reason;
  if (run.state === 'queued' || isYetToStart(ctx, run)) return endRun(ctx, run, outcome, reason);
  if (run.state === 'starting') findStart(ctx, run);
  // What is being prepared or started is stopped as soon as it is known what came of it.
  if (run.state !== 'running') return `${run.task} is stopped once it is known whether it has started`;
  return stopStarted(ctx, run);
}

/** Whether it waits for an attempt whose time has not come: no function can have begun to start it. */
function isYetToStart(ctx: Context, run: RunDraft): boolean {
  const start = startOf(ctx, run);
  if (run.state !== 'starting' || !start) return false;
  return isUnsent(ctx, start) && (start.notBefore ?? 0) > ctx.now;
}

function startOf({ state }: Context, run: RunDraft) {
  return state.outbox.find(({ effect }) => effect.kind === 'startRun' && effect.run === run.id);
}

/** RunTask is not repeated to find out whether it has started tasks: they are looked for. */
function findStart(ctx: Context, run: RunDraft): void {
  const start = startOf(ctx, run);
  if (start?.effect.kind !== 'startRun') return;
  const earlier = run.earlier.flatMap(({ taskArns }) => taskArns);
  const known = [...earlier, ...run.tasks.map(({ taskArn }) => taskArn)];
  const maybeSent = !isUnsent(ctx, start);
  start.effect.find = { since: ctx.now, known, maybeSent, sentBefore: start.attempt > 0 };
  start.since = ctx.now;
  delete start.notBefore;
}

/** Its tasks are known: ECS is asked to stop them. */
export function stopStarted(ctx: Context, run: RunDraft): string {
  run.state = 'stopping';
  run.deadline = ctx.now + ACCEPT_WITHIN;
  run.lookedAt = ctx.now;
  const reason = `Fairway, ${run.task}: ${run.reason ?? 'stopped'}`.slice(0, 255);
  for (const { taskArn, stopped } of run.tasks) {
    if (!stopped) enqueue(ctx, `stop:${taskArn}`, { kind: 'stopTask', taskArn, reason });
  }
  return `${run.task} is being stopped: ${run.reason ?? ''}`;
}

/** ECS has accepted an order to stop a task; the last one decides. */
export function stopAccepted(ctx: Context, run: RunDraft): string {
  if (!isYetToStop(ctx, run)) run.deadline = Math.min(run.deadline, ctx.now + STOP_WITHIN);
  return 'ECS is stopping it';
}

/** Whether an order to stop a task of it has not been accepted yet. */
export function isYetToStop({ state }: Context, { tasks }: RunDraft): boolean {
  return state.outbox.some(
    ({ effect }) => effect.kind === 'stopTask' && tasks.some(({ taskArn }) => taskArn === effect.taskArn),
  );
}

type Stop = Extract<Extract<DomainEvent, { type: 'operator' }>['request'], { command: 'stop' }>;

/** A person stops a run, named by its id, the beginning of it, or its task. */
export function stopByPerson(ctx: Context, request: Stop): { reason: string; refused?: boolean } {
  const open = ctx.state.runs.filter((run) => run.state !== 'ended');
  const isLong = request.run.length >= SHORTEST_ID;
  const all = open.filter((run) => (isLong && run.id.startsWith(request.run)) || run.task === request.run);
  // What is being stopped already is hardly meant where another one is not.
  const going = all.filter((run) => run.endsAs === undefined);
  const named = going.length > 0 ? going : all;
  const [run, another] = named;
  if (!run) {
    const choices = open.map(({ task, id }) => `${task} ${id}`).join(', ') || 'none';
    const ids = open.map(({ id }) => id);
    const hint = nearestRun(request.run, [...new Set(open.map(({ task }) => task))], ids);
    const reason = `no run ${request.run} of ${ctx.app.name} is under way: open runs are ${choices}${hint}`;
    return { reason, refused: true };
  }
  if (another) {
    const choices = named.map(({ id }) => id).join(', ');
    return { reason: `"${request.run}" matches several runs: choose one of ${choices}`, refused: true };
  }
  if (run.endsAs === undefined) run.stoppedBy = personOf(request);
  return { reason: stopTasks(ctx, run, 'stopped', `${request.who} stopped it`) };
}
