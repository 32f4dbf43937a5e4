import type { App } from '../domain/app.ts';
import type { AnswerTo, EffectOf, ResultOf } from '../domain/effects.ts';
import { startedBy } from '../domain/release.ts';
import type { FindStart } from '../domain/requests.ts';
import { AwsFault, type Ecs } from '../ports.ts';
import { answerFault, causeOf } from './refusals.ts';

/** ECS answers are eventually consistent: a task may be missing from them for seconds to minutes after RunTask. */
const LOOK_FOR = 4 * 60_000;
const SHORTEST_WAIT = 5_000;
const LONGEST_WAIT = 60_000;
/** ECS may not answer the looks either. */
const GIVE_UP_AFTER = 30 * 60_000;

/** Looks for the tasks of a run that is to be stopped and may have been started. RunTask is not sent. */
export async function findStart(
  ecs: Pick<Ecs, 'tasksStartedBy'>,
  now: number,
  app: App,
  { run, task }: EffectOf<'startRun'>,
  find: FindStart,
): Promise<ResultOf<'startRun'>> {
  if (!find.maybeSent) return neverSent(task);
  const passed = now - find.since;
  try {
    const tasks = await ecs.tasksStartedBy(app.cluster, startedBy(run));
    const found = tasks.map(({ taskArn }) => taskArn).filter((taskArn) => !find.known.includes(taskArn));
    if (found.length > 0) return { kind: 'runStarted', taskArns: found };
    if (passed >= LOOK_FOR) return unknown(task, 'ECS has not answered RunTask, and shows no task of it');
    const wait = Math.min(Math.max(passed, SHORTEST_WAIT), LONGEST_WAIT);
    return { kind: 'retry', wait, why: 'ECS shows no task of it yet' };
  } catch (error) {
    if (!(error instanceof AwsFault)) throw error;
    if (passed >= GIVE_UP_AFTER) return unknown(task, 'ECS has not answered');
    const answer = answerFault(error, 0);
    // A refusal would be taken for RunTask's own, whose answer may still be on its way.
    return answer.kind === 'refused' ? unknown(task, answer.cause.sentence.replace(/\.$/, '')) : answer;
  }
}

function unknown(task: string, why: string): AnswerTo<'startRun'> {
  const sentence = `Whether ${task} was started is unknown: ${why}.`;
  return { kind: 'taskNotStarted', cause: causeOf('unknownStart', sentence), capacity: false };
}

function neverSent(task: string): AnswerTo<'startRun'> {
  return {
    kind: 'taskNotStarted',
    cause: causeOf('notStarted', `${task} was not started.`),
    capacity: false,
  };
}
