import type { FollowedRun, OperatorAnswer, RunSummary } from '../shared/domain/operator.ts';
import type { Question } from './arguments.ts';
import { exitCode } from './failure.ts';
import { type Style, span } from './style.ts';

/** What following a run needs of the process around it. */
export interface Follower {
  readonly ask: (question: Question) => Promise<OperatorAnswer>;
  /** Lines of the task, as it wrote them. */
  readonly out: (text: string) => void;
  /** What Fairway says of it. */
  readonly err: (text: string) => void;
  readonly sleep: (milliseconds: number) => Promise<void>;
  /** Whether Ctrl-C was pressed since this was last asked. */
  readonly interrupted: () => boolean;
  /** Asks the person at the keyboard; undefined: nobody is there. */
  readonly confirm: (question: string) => Promise<boolean | undefined>;
  readonly style: Style;
  readonly json: boolean;
}

export interface RunQuestion {
  readonly app: string;
  readonly task: string;
  readonly id: string;
  readonly words?: readonly string[];
  readonly detach: boolean;
}

/** Between two looks at a run, milliseconds: soon at first, later less often. */
const SOON = 1_000;
const LATER = 3_000;
const SOON_FOR = 60;

/** 128 + SIGINT, as shells have it. */
const INTERRUPTED = 130;

/** Starts a run and follows it to its end. Answers the exit code: the task's own where it has one. */
export async function runTask(question: RunQuestion, follower: Follower): Promise<number> {
  const { app, task, id, words, detach } = question;
  const started = await follower.ask({ command: 'run', app, task, id, ...(words && { words }) });
  if (!started.ok) return say(follower, started, started.message);
  if (detach) {
    if (follower.json) follower.out(JSON.stringify({ ...started, run: id }, null, 2));
    else follower.out(`${started.sentence} as ${id}: \`fairway runs ${task}\` shows how it goes`);
    return exitCode.done;
  }
  follower.err(`${started.sentence} as ${id}`);
  return follow(question, follower);
}

async function follow({ app, task, id }: RunQuestion, follower: Follower): Promise<number> {
  const lines: FollowedRun['lines'][number][] = [];
  let cursor: string | undefined;
  let state = '';
  for (let looks = 0; ; looks += 1) {
    const answer = await follower.ask({ command: 'follow', app, run: id, ...(cursor && { cursor }) });
    if (!answer.ok) return say(follower, answer, answer.message);
    const { followed } = answer;
    if (!followed)
      return say(follower, answer, `${task} cannot be followed: the function is older than this command`);
    cursor = followed.cursor ?? cursor;
    if (follower.json) lines.push(...followed.lines);
    else show(followed, follower);
    if (!follower.json && followed.run.state !== state) announce(followed.run, follower);
    state = followed.run.state;
    if (followed.complete) return end(followed, lines, follower);
    if (follower.interrupted()) {
      const stopping = await interrupted({ app, task, id }, followed.run, follower);
      if (!stopping) return INTERRUPTED;
    }
    await follower.sleep(looks < SOON_FOR ? SOON : LATER);
  }
}

function show({ lines }: FollowedRun, { out }: Follower): void {
  const several = new Set(lines.map(({ container }) => container)).size > 1;
  for (const { container, text } of lines) out(several ? `${container} | ${text}` : text);
}

function announce(run: RunSummary, { err, style }: Follower): void {
  if (run.ended) return;
  const tasks = run.taskArns.map((arn) => arn.slice(arn.lastIndexOf('/') + 1)).join(', ');
  err(style.dim(`${run.task} is ${run.state}${tasks === '' ? '' : ` as ${run.revision}, task ${tasks}`}`));
}

function end({ run, elsewhere }: FollowedRun, lines: FollowedRun['lines'], follower: Follower): number {
  const { out, err, style, json } = follower;
  const good = run.state === 'succeeded';
  if (json) {
    out(JSON.stringify({ ok: good, run, lines, elsewhere }, null, 2));
  } else {
    for (const where of elsewhere) err(style.dim(where));
    const took = span((run.endedAt ?? run.askedAt) - (run.startedAt ?? run.askedAt));
    const sentence = `${run.task} ${WORDS[run.state] ?? run.state} after ${took}: ${run.reason}`;
    err(good ? style.good(sentence) : style.bad(sentence));
  }
  if (good) return exitCode.done;
  return run.exitCode === undefined || run.exitCode === 0 ? exitCode.failed : run.exitCode;
}

const WORDS: Readonly<Record<string, string>> = {
  neverStarted: 'never started',
  timedOut: 'was stopped',
  stopped: 'was stopped',
  replaced: 'was replaced',
  skipped: 'was skipped',
};

/** Whether it is being stopped, and followed to its end; otherwise it goes on alone. */
async function interrupted(
  { app, task, id }: Pick<RunQuestion, 'app' | 'task' | 'id'>,
  run: RunSummary,
  { ask, err, confirm }: Follower,
): Promise<boolean> {
  if (run.ended) return true;
  const wanted = await confirm(`Stop ${task}? [y/N] `);
  if (!wanted) {
    err(`${task} goes on: \`fairway stop ${app} ${id}\` stops it`);
    return false;
  }
  const answer = await ask({ command: 'stop', app, run: id });
  err(answer.ok ? answer.sentence : answer.message);
  return true;
}

function say({ out, err, json, style }: Follower, answer: OperatorAnswer, message: string): number {
  if (json) out(JSON.stringify(answer, null, 2));
  else err(`${style.bad('fairway:')} ${message}`);
  return exitCode.failed;
}
