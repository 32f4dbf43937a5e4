import type { Task } from '../app.ts';
import type { DomainEvent } from '../events.ts';
import type { Context } from '../kernel/context.ts';
import { lookAtWhatRuns } from '../kernel/deployments.ts';
import { enqueue } from '../kernel/outbox.ts';
import { didYouMean, nearestOf } from '../nearest.ts';
import { LONGEST_OVERRIDES, lengthOfOverrides } from '../overrides.ts';
import { personOf } from '../person.ts';
import type { RunTrigger } from '../run.ts';
import { endRun } from './ending.ts';
import { addRun, independentRuns, openRuns, type RunDraft, taskOf } from './parts.ts';
import { scheduleMemory } from './schedules.ts';
import { stopTasks } from './stopping.ts';

/** Runs of the app's tasks: what asks for them, and what becomes of those that overlap. */

const MINUTE = 60_000;
/** A run that waits for this long is given up. */
const LONGEST_WAIT = 24 * 60 * MINUTE;
/** Finding or registering a revision takes seconds; this is for when AWS does not answer. */
const PREPARE_WITHIN = 15 * MINUTE;
/** Runs of one task that may wait for their turn. */
const LONGEST_QUEUE = 10;
/** Runs of all tasks of an app that may wait: they are in its item, which must stay small. */
const MOST_WAITING = 50;
/** Characters that the commands of all its open runs may take together there, as JSON: one may have 8,192. */
const LONGEST_COMMANDS = 40_000;

/** A schedule called. The same time called twice is one run. */
export function scheduled(ctx: Context, event: Extract<DomainEvent, { type: 'scheduled' }>): string {
  const task = taskOf(ctx, event.task);
  if (!task?.schedule) return `${event.task} has no schedule in fairway.yml`;
  const memory = scheduleMemory(ctx, task);
  const time = new Date(event.at).toISOString();
  if (memory.seen.includes(event.at)) return `the call of ${time} was seen already`;
  const oldest = memory.seen[19];
  if (oldest !== undefined && event.at < oldest) return `the call of ${time} comes too late`;
  delete memory.reportedMissingAt;
  memory.seen = [event.at, ...memory.seen].sort((a, b) => b - a).slice(0, 20);
  return enter(ctx, task, ctx.freshId, { kind: 'schedule', at: event.at });
}

type ByPerson = Extract<Extract<DomainEvent, { type: 'operator' }>['request'], { command: 'run' }>;

/** A person asks for a run. Asked twice with one id it is one run. */
export function runByPerson(ctx: Context, request: ByPerson): { reason: string; refused?: boolean } {
  const { state, app } = ctx;
  const task = taskOf(ctx, request.task);
  if (!task) {
    const names = app.tasks.map(({ name }) => name);
    const hint = didYouMean(nearestOf(request.task, names));
    const reason = `there is no task "${request.task}" in ${app.name}: fairway.yml has ${names.join(', ') || 'none'}${hint}`;
    return { reason, refused: true };
  }
  if (state.askedRuns.includes(request.id)) return { reason: `${task.name} was requested already` };
  const other = openRuns(ctx, task.name)[0];
  if (other && task.overlap === 'skip') {
    const reason = `${task.name} runs already, since ${new Date(other.askedAt).toISOString()}: wait for it, or \`fairway stop ${app.name} ${other.id}\``;
    return { reason, refused: true };
  }
  if (!task.pinned && isSeen(state) && !state.live) return { reason: nothingLive(ctx, task), refused: true };
  const length = lengthOfOverrides({ ...task, ...(request.words && { command: request.words }) });
  if (length > LONGEST_OVERRIDES) return { reason: tooLong(task, length), refused: true };
  const full = other && queueIsFull(ctx, task);
  if (full) return { reason: full, refused: true };
  if (commandsOf(ctx, request.words) > LONGEST_COMMANDS)
    return {
      reason: `the commands of the open runs of ${app.name} use all the space: try again when some have ended`,
      refused: true,
    };
  state.askedRuns = [request.id, ...state.askedRuns].slice(0, 20);
  return { reason: enter(ctx, task, request.id, { kind: 'person', ...personOf(request) }, request.words) };
}

/** A new run: it begins, waits, takes the place of another, or is skipped. */
function enter(ctx: Context, task: Task, id: string, owner: RunTrigger, command?: readonly string[]): string {
  const others = openRuns(ctx, task.name);
  const full = queueIsFull(ctx, task);
  const run = addRun(ctx, task, { id, owner, deadline: ctx.now + LONGEST_WAIT });
  if (command) run.command = [...command];
  const [open] = others;
  if (!open) return `${task.name} begins`;
  const since = new Date(open.askedAt).toISOString();
  switch (task.overlap) {
    case 'skip':
      return skip(ctx, run, open);
    case 'queue':
      if (full) return endRun(ctx, run, 'skipped', full);
      return `${task.name} waits for its run of ${since}`;
    case 'replace':
      for (const other of others) replaceRun(ctx, other);
      return `${task.name} begins when its run of ${since} has stopped`;
  }
}

/** One long run may block many others: the first one is announced. */
function skip(ctx: Context, run: RunDraft, open: RunDraft): string {
  const since = new Date(open.askedAt).toISOString();
  const silent = open.skips !== undefined;
  open.skips = (open.skips ?? 0) + 1;
  return endRun(ctx, run, 'skipped', `another run of ${run.task} is in progress since ${since}`, { silent });
}

/** Why no further run of a task may wait; undefined: it may. */
function queueIsFull(ctx: Context, { name, overlap }: Task): string | undefined {
  if (overlap !== 'queue') return undefined;
  const waiting = independentRuns(ctx).filter((run) => run.state === 'queued');
  if (waiting.filter(({ task }) => task === name).length >= LONGEST_QUEUE)
    return `${LONGEST_QUEUE} runs of ${name} wait already`;
  return waiting.length >= MOST_WAITING ? `${MOST_WAITING} runs of ${ctx.app.name} wait already` : undefined;
}

/** Characters that the commands of open runs take, with these words. */
function commandsOf({ state }: Context, words: readonly string[] | undefined): number {
  const commands = [words, ...state.runs.map(({ command }) => command)];
  return commands.reduce((sum, command) => sum + (command ? JSON.stringify(command).length : 0), 0);
}

function tooLong({ name }: Task, length: number): string {
  return `the command and environment of ${name} take ${length} characters as JSON, and ECS takes ${LONGEST_OVERRIDES}: put what is long into the image, or where the task can read it`;
}

function replaceRun(ctx: Context, run: RunDraft): void {
  const reason = 'a newer run replaced it';
  if (run.state === 'queued') endRun(ctx, run, 'replaced', reason);
  else stopTasks(ctx, run, 'replaced', reason);
}

/** Begins what waits and may begin: the first run of each task, where it is queued. Called after every event. */
export function beginQueued(ctx: Context): void {
  for (const name of new Set(independentRuns(ctx).map((run) => run.task))) {
    for (let [first] = openRuns(ctx, name); first?.state === 'queued'; [first] = openRuns(ctx, name)) {
      const task = taskOf(ctx, name);
      if (!task) endRun(ctx, first, 'neverStarted', `${name} was removed from fairway.yml`);
      else begin(ctx, first, task);
      if (first.state === 'queued') break;
    }
  }
}

function begin(ctx: Context, run: RunDraft, task: Task): void {
  const { state, now } = ctx;
  if (!isSeen(state)) {
    lookAtWhatRuns(ctx);
    return;
  }
  if (!task.pinned && !state.live) {
    endRun(ctx, run, 'neverStarted', nothingLive(ctx, task));
    return;
  }
  const image = state.live && { tag: state.live.tag, digest: state.live.digest };
  run.state = 'preparing';
  run.container = task.container;
  run.count = task.count;
  run.deadline = now + PREPARE_WITHIN;
  run.lookedAt = now;
  enqueue(ctx, `prepare:${run.id}`, {
    kind: 'prepareRun',
    run: run.id,
    task: task.name,
    release: state.live?.release ?? 0,
    ...(task.pinned || !image ? {} : { image }),
  });
}

/** What the app runs is known, be it nothing. */
function isSeen({ adoptedAt, awaitsServices }: Context['state']): boolean {
  return adoptedAt !== undefined || awaitsServices !== undefined;
}

function nothingLive({ app }: Context, task: Task): string {
  return `nothing of ${app.name} is live yet, so there is no image to run ${task.name} on: release one first`;
}
