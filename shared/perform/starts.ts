import { createHash } from 'node:crypto';
import type { App, TaskSettings } from '../domain/app.ts';
import type { AnswerTo, EffectOf, ResultOf } from '../domain/effects.ts';
import type { FindStart } from '../domain/requests.ts';
import { startedBy } from '../domain/run.ts';
import { releaseTaskOf } from '../domain/runs/settings.ts';
import { AwsFault, type Ecs } from '../ports.ts';
import { placeLeftOpen } from './places.ts';
import {
  answerFault,
  causeOf,
  goneFrom,
  isForRoom,
  type NotStarted,
  notStarted,
  UNKNOWN_AFTER,
  unknownStart,
} from './refusals.ts';

type Start = EffectOf<'startRun'>;
type StartEcs = Pick<Ecs, 'run' | 'tasksStartedBy' | 'networkAndCapacity' | 'taskDefinition'>;

/** ECS answers are eventually consistent: a task may be missing from them for seconds to minutes after RunTask. */
const LOOK_FOR = 4 * 60_000;
const SHORTEST_WAIT = 5_000;
const LONGEST_WAIT = 60_000;
/** ECS may not answer the looks either. */
const GIVE_UP_AFTER = 30 * 60_000;

/**
 * Starts the tasks of a run, once per attempt, however often it is asked for; or looks for them, where the run is to be
 * stopped by now. `now`: epoch milliseconds.
 */
export async function start(
  ecs: StartEcs,
  now: number,
  app: App,
  effect: Start,
  attempt: number,
): Promise<ResultOf<'startRun'>> {
  if (effect.find) return findStart(ecs, now, app, effect, effect.find);
  if (attempt > 0 && now - effect.firstAt > UNKNOWN_AFTER) return unknownStart(effect.task);
  const task = settingsFor(app, effect);
  // Its settings are gone, and without them ECS cannot be asked the same again.
  if (!task) return attempt > 0 ? startedUnseen(effect.task) : goneFrom(effect.task);
  return runTask(ecs, app, task, effect);
}

function settingsFor(app: App, { release, task }: Start): TaskSettings | undefined {
  return release === undefined ? app.tasks.find(({ name }) => name === task) : releaseTaskOf(app, task);
}

async function runTask(
  ecs: StartEcs,
  app: App,
  task: TaskSettings,
  effect: Start,
): Promise<AnswerTo<'startRun'>> {
  const { run, release = run, launch } = effect;
  const command = effect.command ?? task.command;
  const isPlaced = effect.release === undefined || launch !== undefined;
  const { network, capacity } = isPlaced ? effect : await placeLeftOpen(ecs, app, task, effect.revision);
  try {
    const { taskArns, failure } = await ecs.run({
      cluster: app.cluster,
      taskDefinition: effect.revision,
      clientToken: tokenOf(effect),
      startedBy: startedBy(release),
      container: effect.container,
      count: effect.count,
      environment: task.environment,
      ...(command && { command }),
      ...(task.cpu !== undefined && { cpu: task.cpu }),
      ...(task.memory !== undefined && { memory: task.memory }),
      ...(task.ephemeralStorage !== undefined && { ephemeralStorage: task.ephemeralStorage }),
      ...(network && { network }),
      ...(capacity && { capacity }),
      ...(launch && { launch }),
    });
    if (failure !== undefined && taskArns.length === 0) return await notStarted(effect.task, failure);
    return startedWith(effect, taskArns, failure);
  } catch (error) {
    if (!(error instanceof AwsFault)) throw error;
    // The token was used by an earlier attempt whose answer was lost: those are its tasks.
    if (error.code === 'ConflictException' && error.resourceIds.length > 0)
      return startedWith(effect, error.resourceIds);
    if (isForRoom(error.message)) return await notStarted(effect.task, error.message);
    throw error;
  }
}

/** Fewer tasks than were asked for are no success, however they end. */
function startedWith(
  effect: EffectOf<'startRun'>,
  taskArns: readonly string[],
  failure?: string,
): AnswerTo<'startRun'> {
  if (taskArns.length >= effect.count) return { kind: 'runStarted', taskArns };
  const why = failure ?? 'what kept the others is not known';
  const sentence = `ECS started ${taskArns.length} of the ${effect.count} tasks of ${effect.task}: ${why.replace(/\.$/, '')}.`;
  const missing = { ...causeOf('notStarted', sentence, [why]), canHeal: isForRoom(why) };
  return { kind: 'runStarted', taskArns, missing };
}

/** ECS was asked to start it, and has not answered. */
function startedUnseen(task: string): NotStarted {
  const sentence = `Whether ${task} was started is unknown: it was removed from fairway.yml before ECS answered.`;
  return { kind: 'taskNotStarted', cause: causeOf('unknownStart', sentence), capacity: false };
}

/** The same for every repeat of one attempt: ECS starts its tasks once per token. At most 64 characters. */
function tokenOf({ run, release = run, task, attempt }: Start): string {
  return createHash('sha256').update(`${release}/${task}/${attempt}`).digest('hex');
}

/** Looks for the tasks of a run that is to be stopped and may have been started. RunTask is not sent. */
async function findStart(
  ecs: Pick<Ecs, 'tasksStartedBy'>,
  now: number,
  app: App,
  { run, release = run, task }: EffectOf<'startRun'>,
  find: FindStart,
): Promise<ResultOf<'startRun'>> {
  if (!find.maybeSent) return neverSent(task);
  const passed = now - find.since;
  try {
    const tasks = await ecs.tasksStartedBy(app.cluster, startedBy(release));
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
