import type { FollowedRun, OperatorAnswer, RunSummary } from '../shared/domain/operator.ts';
import { exitCode, Failure } from './failure.ts';
import { ENDED_BY, type Follower, look, pause, type Signal, say, UNANSWERED } from './follower.ts';
import { lineWriter, outcomeSentence, stateSentence } from './runLines.ts';

export interface RunQuestion {
  readonly app: string;
  readonly task: string;
  readonly id: string;
  readonly words?: readonly string[];
  readonly detach: boolean;
}

/** A run by its id, the beginning of it, or its task. */
export interface FollowQuestion {
  readonly app: string;
  readonly run: string;
}

/** Times that a run is asked for: the id makes sure that it is one run. */
const ASKED_FOR = 3;

/** Starts a run and follows it to its end. Answers the exit code: the task's own where it has one. */
export async function runTask(question: RunQuestion, follower: Follower): Promise<number> {
  const { app, id, detach } = question;
  const started = await start(question, follower);
  if (!started.ok) return say(follower, started, started.message);
  if (!detach) {
    follower.err(`${started.sentence} as ${id}`);
    return followRun({ app, run: id }, follower, true);
  }
  if (follower.json) follower.out(JSON.stringify({ ...started, run: id }, null, 2));
  else follower.out(`${started.sentence} as ${id}`);
  if (!follower.json) follower.err(howToGoOn(app, id));
  return exitCode.done;
}

/**
 * Shows what a run writes until it has ended. Answers its exit code.
 * @param known whether there is such a run; where that is not known yet, the first failure is the last
 */
export async function followRun(
  { app, run: named }: FollowQuestion,
  follower: Follower,
  known = false,
): Promise<number> {
  const { err, style, json } = follower;
  const lines: FollowedRun['lines'][number][] = [];
  const write = lineWriter(follower.out);
  const places = new Set<string>();
  let run: RunSummary | undefined;
  let cursor: string | undefined;
  let unanswered = 0;
  for (let looks = 0; ; looks += 1) {
    const id = run?.id ?? named;
    const answer = await look({ command: 'follow', app, run: id, ...(cursor && { cursor }) }, follower);
    if (answer instanceof Failure) {
      unanswered += 1;
      if (unanswered === 1 && (run || known) && answer.unanswered)
        err(style.dim(`${answer.message}; asking again`));
      if (!answer.unanswered || unanswered > UNANSWERED || !(run || known))
        throw run || known ? stillRuns(answer, app, id) : answer;
    } else {
      if (!answer.ok) return say(follower, answer, answer.message);
      const { followed } = answer;
      if (!followed) return say(follower, answer, 'the function is older than this command: deploy it again');
      unanswered = 0;
      cursor = followed.cursor ?? cursor;
      if (json) lines.push(...followed.lines);
      else {
        if (run?.state !== followed.run.state || run.attempts !== followed.run.attempts)
          announce(followed.run, run, follower);
        write(followed);
        for (const place of followed.elsewhere) if (!places.has(place)) err(style.dim(place));
        for (const place of followed.elsewhere) places.add(place);
      }
      run = followed.run;
      if (followed.complete) return end(followed, lines, follower);
    }
    const signal = follower.interrupted();
    // Only its last lines are waited for.
    if (signal && run?.ended) return end({ run, elsewhere: [] }, lines, follower);
    if (signal) {
      const leaving = await interrupted(signal, { app, run: id }, run, follower);
      if (leaving) return ENDED_BY[signal];
    }
    const more = !(answer instanceof Failure) && answer.ok && answer.followed?.more;
    if (!more) await pause(follower, looks, unanswered);
  }
}

/** One run, however often it is asked for. */
async function start({ app, task, id, words }: RunQuestion, follower: Follower): Promise<OperatorAnswer> {
  for (let times = 1; ; times += 1) {
    const answer = await look({ command: 'run', app, task, id, ...(words && { words }) }, follower);
    if (!(answer instanceof Failure)) return answer;
    if (answer.unanswered !== 'sent') throw answer;
    if (times === ASKED_FOR || follower.interrupted())
      throw new Failure(
        answer.exit,
        `${answer.message}\nWhether ${task} has begun is not known: \`fairway follow ${app} ${id}\` tells.`,
        { cause: answer },
      );
    follower.err(follower.style.dim(`${answer.message}; asking again`));
    await pause(follower, 0, 0);
  }
}

function stillRuns(failure: Failure, app: string, id: string): Failure {
  const message = `${failure.message}\nThe run goes on: ${howToGoOn(app, id)}.`;
  return new Failure(failure.exit, message, { cause: failure });
}

function announce(run: RunSummary, before: RunSummary | undefined, { err, style }: Follower): void {
  const why = run.earlier?.at(-1);
  if (why !== undefined && run.earlier?.length !== before?.earlier?.length)
    err(style.warn(`attempt ${run.earlier?.length} of ${run.task} failed: ${why}`));
  if (!run.ended) err(style.dim(stateSentence(run)));
}

function end(
  { run, elsewhere }: Pick<FollowedRun, 'run' | 'elsewhere'>,
  lines: FollowedRun['lines'],
  follower: Follower,
): number {
  const { out, err, style, json } = follower;
  const good = run.state === 'succeeded';
  if (json) out(JSON.stringify({ ok: good, run, lines, elsewhere }, null, 2));
  else {
    const sentence = outcomeSentence(run);
    err(good ? style.good(sentence) : style.bad(sentence));
  }
  if (good) return exitCode.done;
  // The shell keeps eight bits: what would look like a success, or is none of them, is a failure.
  return ((run.exitCode ?? 0) & 0xff) === 0 ? exitCode.failed : (run.exitCode ?? 0) & 0xff;
}

/** Whether the run is left alone; otherwise it is being stopped, and followed to its end. */
async function interrupted(
  signal: Signal,
  { app, run: id }: FollowQuestion,
  run: RunSummary | undefined,
  follower: Follower,
): Promise<boolean> {
  const { err, confirm } = follower;
  const task = run?.task ?? 'the run';
  if (run?.state === 'stopping') {
    err(`${task} is being stopped: \`fairway follow ${app} ${id}\` shows it again`);
    return true;
  }
  const wanted =
    signal === 'SIGINT' ? await confirm(`Stop ${task}? Otherwise it goes on. [y/N] `) : undefined;
  if (!wanted) {
    err(`${task} goes on: ${howToGoOn(app, id)}`);
    return true;
  }
  const answer = await look({ command: 'stop', app, run: id }, follower);
  if (answer instanceof Failure) err(`${answer.message}: ${task} may not be stopped`);
  else err(answer.ok ? answer.sentence : answer.message);
  return false;
}

/** The beginning of an id is enough to name a run. */
function howToGoOn(app: string, id: string): string {
  const run = id.slice(0, 8);
  return `\`fairway follow ${app} ${run}\` shows it, \`fairway stop ${app} ${run}\` stops it`;
}
