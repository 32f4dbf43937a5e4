import type { Answer } from '../answers.ts';
import { counted } from '../counted.ts';
import type { Effect, EffectOf } from '../effects.ts';
import { ask, causeOf, type Draft, type Turn } from '../kernel/draft.ts';
import { memberOf } from '../member.ts';
import type { Cause } from '../release.ts';
import { rememberLost } from '../releases/abandoning.ts';
import type { TaskSight } from '../sights.ts';
import { endRun, linesRead, tellAtOnce } from './ending.ts';
import { hasRun, kept, type RunDraft, runOfTask, taskOf } from './parts.ts';
import { decisive, repeat, repeatForCapacity } from './retries.ts';
import { askToStart } from './starting.ts';
import { stopStarted } from './stopping.ts';

/** How a run goes: what its effects answer, and what ECS says of its tasks. */

/** An answer to an effect of a run; undefined: the effect is not of a run. */
export function runAnswered(turn: Turn, effect: Effect, answer: Answer): string | undefined {
  switch (effect.kind) {
    case 'prepareRun':
    case 'startRun': {
      const run = turn.state.runs.find((other) => other.id === effect.run);
      if (!run || run.state === 'ended') return 'the run has ended';
      return effect.kind === 'prepareRun' ? prepared(turn, run, answer) : started(turn, run, effect, answer);
    }
    case 'lookAtTask':
    case 'stopTask': {
      const run = runOfTask(turn, effect.taskArn);
      if (!run) return undefined;
      if (answer.kind === 'taskSeen') return runTaskSeen(turn, run, answer.task);
      if (answer.kind !== 'refused') return 'ECS is stopping it';
      if (effect.kind === 'lookAtTask') return answer.cause.sentence;
      return notStopped(turn, run, answer.cause);
    }
    case 'readLines':
      if (effect.of !== 'run') return undefined;
      tellAtOnce(turn, effect.id);
      return answer.kind === 'linesRead' ? linesRead(turn, effect.id, answer.tail) : 'its log was not read';
    case 'recordRun':
      return 'recorded';
    case 'announceRun':
      return `told ${effect.channel}`;
    default:
      return undefined;
  }
}

/** ECS says that a task of a run stopped: it is looked at. */
export function runTaskStopped(turn: Turn, run: RunDraft, taskArn: string): string {
  ask(turn, `task:${taskArn}`, { kind: 'lookAtTask', taskArn });
  return `a task of ${run.task} has stopped`;
}

function prepared(turn: Turn, run: RunDraft, answer: Answer): string {
  if (answer.kind === 'refused') return endWithoutStart(turn, run, answer.cause);
  if (answer.kind !== 'runPrepared') return 'not prepared';
  if (run.endsAs) return endRun(turn, run, run.endsAs, run.reason ?? 'stopped');
  const { image, revision, network, capacity, launch, notTaken } = structuredClone(answer) as Draft<
    typeof answer
  >;
  run.image = image;
  run.revision = revision;
  if (network) run.network = network;
  if (capacity) run.capacity = capacity;
  if (launch) run.launch = launch;
  if (notTaken) run.notTaken = notTaken;
  run.attempt = 1;
  askToStart(turn, run);
  return `${run.task} starts`;
}

function started(turn: Turn, run: RunDraft, effect: EffectOf<'startRun'>, answer: Answer): string {
  if (saysNothing(effect, answer)) {
    ask(turn, `start:${run.id}:${run.attempt}`, effect);
    return `${run.task} is looked for`;
  }
  if (answer.kind === 'refused') return endWithoutStart(turn, run, answer.cause);
  if (answer.kind === 'taskNotStarted') return notStarted(turn, run, answer);
  if (answer.kind !== 'runStarted') return 'not started';
  const task = taskOf(turn, run.task);
  run.state = 'running';
  run.startedAt ??= turn.now;
  run.attemptedAt = turn.now;
  delete run.refusals;
  run.tasks.push(...answer.taskArns.map((taskArn) => ({ taskArn, stopped: false })));
  run.deadline = turn.now + (task?.timeout ?? 0);
  run.lookedAt = turn.now;
  if (answer.missing) run.cause = structuredClone(answer.missing) as Draft<Cause>;
  if (run.endsAs) return stopStarted(turn, run);
  return `${run.task} runs as ${answer.taskArns.join(', ')}`;
}

/** A call that started nothing, after another whose answer was lost. */
function saysNothing({ find }: EffectOf<'startRun'>, answer: Answer): boolean {
  if (!find?.sentBefore) return false;
  if (answer.kind === 'taskNotStarted') return answer.cause.kind !== 'unknownStart';
  return answer.kind === 'refused';
}

function notStarted(
  turn: Turn,
  run: RunDraft,
  { cause, capacity }: Extract<Answer, { kind: 'taskNotStarted' }>,
): string {
  const waits = capacity && !run.endsAs && turn.now < run.deadline;
  return waits ? repeatForCapacity(turn, run) : endWithoutStart(turn, run, cause);
}

/** Nothing of this attempt is known to have been started: what was to be stopped has stopped. */
function endWithoutStart(turn: Turn, run: RunDraft, cause: Cause): string {
  if (cause.kind === 'unknownStart') rememberLost(turn, { releaseId: run.id, task: run.task });
  if (!run.endsAs) return endFailed(turn, run, cause);
  const doubt = cause.kind === 'unknownStart' ? `; it may still run: ${cause.sentence}` : '';
  return endRun(turn, run, run.endsAs, `${run.reason ?? 'stopped'}${doubt}`, { cause });
}

/** It ends by what no further attempt will mend: failed where its container has run in any attempt, or may have. */
function endFailed(turn: Turn, run: RunDraft, cause: Cause): string {
  const mayHaveRun = run.tasks.some((task) => task.cause?.kind === 'vanished');
  const outcome = hasRun(run) || mayHaveRun ? 'failed' : 'neverStarted';
  return endRun(turn, run, outcome, cause.sentence, { cause });
}

/** ECS refuses to stop a task: once none is left to be stopped, nothing that Fairway could wait for will end the run. */
function notStopped(turn: Turn, run: RunDraft, cause: Cause): string {
  const isAsked = turn.state.outbox.some(
    ({ effect }) => effect.kind === 'stopTask' && run.tasks.some(({ taskArn }) => taskArn === effect.taskArn),
  );
  if (isAsked) return `a task of ${run.task} could not be stopped, others are still to be: ${cause.sentence}`;
  const reason = `${run.reason ?? 'stopped'}; it may still run, for it could not be stopped: ${cause.sentence}`;
  return endRun(turn, run, run.endsAs ?? 'stopped', reason, { cause });
}

/** What ECS says of a task of a run: once all have stopped, the run has its verdict. */
function runTaskSeen(turn: Turn, run: RunDraft, sight: TaskSight): string {
  const task = run.tasks.find((other) => other.taskArn === sight.taskArn);
  if (!task) return 'the task is not of this attempt';
  run.lookedAt = turn.now;
  if (task.stopped) return 'the task was seen to have stopped already';
  if (!sight.found) {
    // Right after RunTask ECS may not know its own task yet.
    if (turn.now - (run.attemptedAt ?? turn.now) < 10 * 60_000) return 'the task is not visible in ECS yet';
    const sentence = `${run.task} is no longer known to ECS, so how it ended cannot be told.`;
    task.cause = structuredClone(causeOf('vanished', sentence)) as Draft<Cause>;
  } else if (sight.lastStatus !== 'STOPPED') {
    return `${run.task} is ${sight.lastStatus}`;
  }
  task.stopped = true;
  const exitCode = memberOf(sight.exitCodes, run.container);
  if (exitCode !== undefined) task.exitCode = exitCode;
  if (sight.cause && exitCode !== 0) task.cause = kept(sight.cause);
  const left = run.tasks.filter((other) => !other.stopped).length;
  return left > 0 ? `${run.task} still has ${counted(left, 'task')}` : verdict(turn, run);
}

/** Every task of the attempt has stopped. */
function verdict(turn: Turn, run: RunDraft): string {
  const task = taskOf(turn, run.task);
  const stopped = run.tasks.flatMap(({ exitCode, cause = neverRan(run) }) =>
    exitCode === 0 ? [] : [{ exitCode, cause: cause as Cause }],
  );
  // What ECS has not started counts where nothing else went wrong.
  const missing = run.cause ? [{ exitCode: undefined, cause: run.cause as Cause }] : [];
  const failed = stopped.length > 0 ? stopped : missing;
  const worst = decisive(failed, task?.retries);
  const cause = worst?.cause;
  const exitCode = cause ? worst?.exitCode : 0;
  if (exitCode !== undefined) run.exitCode = exitCode;
  else delete run.exitCode;
  if (run.endsAs) return endRun(turn, run, run.endsAs, run.reason ?? 'stopped');
  const again = repeat(turn, run, task, failed);
  if (again) return again;
  return cause ? endFailed(turn, run, cause) : endRun(turn, run, 'succeeded', 'it ended with exit code 0');
}

function neverRan(run: RunDraft): Cause {
  const sentence = `${run.task} stopped and its container ${run.container} never ran.`;
  return causeOf('neverStarted', sentence);
}
