import { randomUUID } from 'node:crypto';
import type { OperatorAnswer } from '../../shared/domain/operator.ts';
import { defineCommand, UsageError } from '../command.ts';
import { exitCode, Failure } from '../failure.ts';
import { type Follower, look, pause, printRefusal } from '../follow/follower.ts';
import { following } from '../follow/following.ts';
import { followRun, nextCommands, runExitCodes } from '../follow/run.ts';
import { required } from '../reading.ts';

export const run = defineCommand({
  usage: 'run APP TASK [--detach] [-- COMMAND …]',
  summary: "run a task on the live image, show its output, and exit with the task's exit code",
  options: { detach: { type: 'boolean', short: 'd', about: 'do not wait: the run continues' } },
  rest: ['-- COMMAND …', "instead of the task's own command"],
  examples: [
    'fairway run web nightly-report',
    'fairway run web nightly-report -- npm run report -- --since 2026-01-01',
    'fairway run web nightly-report --detach',
  ],
  exitCodes: runExitCodes,
  read({ words: [app, task, extra], rest, flag }) {
    const named = { app: required('APP', app), task: required('TASK', task) };
    if (extra !== undefined) throw new UsageError(`unexpected argument "${extra}": a command comes after --`);
    if (rest?.length === 0) throw new UsageError('no command follows --');
    const order: RunOrder = {
      ...named,
      id: randomUUID(),
      detach: flag('detach'),
      ...(rest && { words: rest }),
    };
    return following((follower) => runTask(order, follower));
  },
});

interface RunOrder {
  readonly app: string;
  readonly task: string;
  /** Chosen here, so that a repeated request starts no second run. */
  readonly id: string;
  readonly words?: readonly string[];
  readonly detach: boolean;
}

/** How often a start is requested while no answer arrives. */
const ATTEMPTS = 3;

/** Starts a run and follows it to its end. Returns the exit code: the task's own where it has one. */
export async function runTask(order: RunOrder, follower: Follower): Promise<number> {
  const started = await start(order, follower);
  if (!started.ok) return printRefusal(follower, started);
  const { app, id } = order;
  if (order.detach) return detached(started, order, follower);
  follower.err(`${started.sentence} as ${id}`);
  return followRun({ app, run: id }, follower, true);
}

function detached(
  started: Extract<OperatorAnswer, { ok: true }>,
  { app, id }: RunOrder,
  { json, out, err }: Follower,
): number {
  if (json) {
    out(JSON.stringify({ ...started, run: id }, null, 2));
    return exitCode.done;
  }
  out(`${started.sentence} as ${id}`);
  err(nextCommands(app, id));
  return exitCode.done;
}

/** One run, however often it is requested: the id says which. */
async function start({ app, task, id, words }: RunOrder, follower: Follower): Promise<OperatorAnswer> {
  for (let attempt = 1; ; attempt += 1) {
    const answer = await look({ command: 'run', app, task, id, ...(words && { words }) }, follower);
    if (!(answer instanceof Failure)) return answer;
    if (answer.unanswered !== 'sent') throw answer;
    if (attempt === ATTEMPTS || follower.interrupted())
      throw new Failure(
        answer.exit,
        `${answer.message}\n${task} may have started: \`fairway follow ${app} ${id}\` shows whether it has.`,
        { cause: answer },
      );
    follower.err(follower.style.dim(`${answer.message}; retrying`));
    await pause(follower, 0, 0);
  }
}
