import type { FollowedRun, RunSummary } from '../../shared/domain/summaries.ts';
import { exitCode, Failure } from '../failure.ts';
import type { Signal } from '../keyboard.ts';
import { ENDED_BY } from '../keyboard.ts';
import { type Follower, look } from './follower.ts';
import { lineWriter, outcomeSentence, stateSentence } from './runLines.ts';
import { type Subject, watch } from './watch.ts';

/** Of the commands that follow a run. */
export const runExitCodes = [
  ['N', "the task's own exit code, where it failed with one"],
  ['130, 143', 'SIGINT or SIGTERM ended the command, and the run continues'],
] as const;

/** A run by its id, the start of it, or its task. */
interface RunName {
  readonly app: string;
  readonly run: string;
}

/**
 * Prints what a run writes until it has ended. Returns its exit code.
 * @param isKnown whether the run is known to exist; otherwise the first failed request ends it
 */
export function followRun(name: RunName, follower: Follower, isKnown = false): Promise<number> {
  return watch(runSubject(name, follower, isKnown), follower);
}

function runSubject({ app, run: named }: RunName, follower: Follower, isKnown: boolean): Subject {
  const printer = runPrinter(follower);
  let latest: FollowedRun | undefined;
  let cursor: string | undefined;
  const id = () => latest?.run.id ?? named;
  return {
    question: () => ({ command: 'follow', app, run: id(), ...(cursor && { cursor }) }),
    isKnown: () => isKnown || latest !== undefined,
    hasMore: () => latest?.more === true,
    take({ followed }) {
      if (!followed) throw new Failure(exitCode.failed, TOO_OLD);
      printer.print(followed, latest?.run);
      latest = followed;
      cursor = followed.cursor ?? cursor;
      return followed.complete ? printer.end(followed.run, followed.elsewhere) : undefined;
    },
    interrupt(signal) {
      // Only its last lines were missing.
      if (latest?.run.ended) return printer.end(latest.run, []);
      return interruptRun(signal, { app, run: id() }, latest?.run, follower);
    },
    giveUp: (failure) => (isKnown || latest ? stillRuns(failure, app, id()) : failure),
  };
}

const TOO_OLD = 'the function is older than this command: deploy the stack again';

/** Prints a run as it goes; with `--json` one document at its end. */
function runPrinter({ out, verbatim, err, style, json }: Follower) {
  const lines: FollowedRun['lines'][number][] = [];
  const places = new Set<string>();
  const write = lineWriter(verbatim);
  const printState = (run: RunSummary, before: RunSummary | undefined) => {
    if (before?.state === run.state && before.attempts === run.attempts) return;
    const why = run.earlier?.at(-1);
    if (why !== undefined && run.earlier?.length !== before?.earlier?.length)
      err(style.warn(`attempt ${run.earlier?.length} of ${run.task} failed: ${why}`));
    if (!run.ended) err(style.dim(stateSentence(run)));
  };
  return {
    print(followed: FollowedRun, before: RunSummary | undefined) {
      lines.push(...(json ? followed.lines : []));
      if (json) return;
      printState(followed.run, before);
      write(followed);
      for (const place of followed.elsewhere) if (!places.has(place)) err(style.dim(place));
      for (const place of followed.elsewhere) places.add(place);
    },
    end(run: RunSummary, elsewhere: readonly string[]): number {
      const ok = run.state === 'succeeded';
      const sentence = outcomeSentence(run);
      if (json) out(JSON.stringify({ ok, run, lines, elsewhere }, null, 2));
      else err(ok ? style.good(sentence) : style.bad(sentence));
      return ok ? exitCode.done : failedExitCode(run);
    },
  };
}

/** A shell keeps eight bits of an exit code: a failure must not become 0. */
function failedExitCode({ exitCode: code = 0 }: RunSummary): number {
  const kept = code & 0xff;
  return kept === 0 ? exitCode.failed : kept;
}

/** Leaves the run alone, or stops it and follows it to its end. */
async function interruptRun(
  signal: Signal,
  { app, run: id }: RunName,
  run: RunSummary | undefined,
  follower: Follower,
): Promise<number | undefined> {
  const { err, confirm } = follower;
  const task = run?.task ?? 'the run';
  if (run?.state === 'stopping') {
    err(`${task} is being stopped: \`fairway follow ${app} ${id}\` shows it again`);
    return ENDED_BY[signal];
  }
  const question = `Stop ${task}? Otherwise it continues. [y/N] `;
  if (signal !== 'SIGINT' || !(await confirm(question))) {
    err(`${task} continues: ${nextCommands(app, id)}`);
    return ENDED_BY[signal];
  }
  const answer = await look({ command: 'stop', app, run: id }, follower);
  if (answer instanceof Failure) err(`${answer.message}: ${task} may still be running`);
  else err(answer.ok ? answer.sentence : answer.message);
  return undefined;
}

function stillRuns(failure: Failure, app: string, id: string): Failure {
  const message = `${failure.message}\nThe run continues: ${nextCommands(app, id)}.`;
  return new Failure(failure.exit, message, { cause: failure });
}

/** The start of an id is enough to name a run. */
export function nextCommands(app: string, id: string): string {
  const run = id.slice(0, 8);
  return `\`fairway follow ${app} ${run}\` shows it, \`fairway stop ${app} ${run}\` stops it`;
}
