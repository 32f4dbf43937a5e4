import { createHash } from 'node:crypto';
import type { App, Network, ReleaseTask } from '../domain/app.ts';
import type { EffectOf, ResultOf } from '../domain/effects.ts';
import type { TaskPlace } from '../domain/launch.ts';
import { startedBy } from '../domain/release.ts';
import { hasNetwork } from '../domain/revision.ts';
import { AwsFault, type Ecs } from '../ports.ts';
import { answerFault, isForRoom, notStarted, refused, UNKNOWN_AFTER, unknownStart } from './refusals.ts';

/** Starts a release's task, once per attempt of the release, however often it is asked for. `now`: epoch milliseconds. */
export async function runTask(
  ecs: Pick<Ecs, 'networkAndCapacity' | 'taskDefinition' | 'run'>,
  now: number,
  app: App,
  effect: EffectOf<'runTask'>,
  attempt: number,
): Promise<ResultOf<'runTask'>> {
  if (attempt > 0 && now - effect.firstAt > UNKNOWN_AFTER) return unknownStart(effect.task);
  const task = [...app.before, ...app.after].find((other) => other.name === effect.task);
  if (!task) return refused('notConfigured', `${effect.task} is no longer in fairway.yml.`);
  const { network, capacity, launch } = effect.place ?? (await placeOf(ecs, app, task, effect.revision));
  try {
    const started = await ecs.run({
      cluster: app.cluster,
      taskDefinition: effect.revision,
      clientToken: tokenOf(effect),
      startedBy: startedBy(effect.releaseId),
      container: task.container,
      ...(task.command && { command: task.command }),
      ...(network && { network }),
      ...(capacity && { capacity }),
      ...(launch && { launch }),
    });
    const [taskArn] = started.taskArns;
    if (taskArn !== undefined) return { kind: 'taskStarted', taskArn };
    return notStarted(effect.task, started.failure ?? '');
  } catch (error) {
    const [taskArn] =
      error instanceof AwsFault && error.code === 'ConflictException' ? error.resourceIds : [];
    if (taskArn !== undefined) return { kind: 'taskStarted', taskArn };
    if (error instanceof AwsFault && isForRoom(error.message)) {
      return notStarted(effect.task, error.message);
    }
    throw error;
  }
}

/** As earlier versions have decided it: a repeat has to ask ECS the same again. */
async function placeOf(
  ecs: Pick<Ecs, 'networkAndCapacity' | 'taskDefinition'>,
  app: App,
  task: ReleaseTask,
  revision: string,
): Promise<Partial<TaskPlace>> {
  const like = task.network && task.capacity ? undefined : app.services[0]?.name;
  const around = like === undefined ? {} : await ecs.networkAndCapacity(app.cluster, like);
  const network = task.network ?? (await networkFor(ecs, revision, around.network));
  const capacity = task.capacity ?? around.capacity;
  return { ...(network && { network }), ...(capacity && { capacity }) };
}

/** The network of the app's first service, where the task has one at all. */
async function networkFor(
  ecs: Pick<Ecs, 'taskDefinition'>,
  revision: string,
  network?: Network,
): Promise<Network | undefined> {
  if (!network) return undefined;
  const { taskDefinition } = await ecs.taskDefinition(revision);
  return hasNetwork(taskDefinition) ? network : undefined;
}

/** Looks for the tasks of a release, whatever has become of them. */
export async function findTask(
  ecs: Pick<Ecs, 'tasksStartedBy'>,
  app: App,
  effect: EffectOf<'findTask'>,
): Promise<ResultOf<'findTask'>> {
  try {
    return { kind: 'tasksFound', tasks: await ecs.tasksStartedBy(app.cluster, startedBy(effect.releaseId)) };
  } catch (error) {
    const answer = error instanceof AwsFault ? answerFault(error, 0) : undefined;
    // A refusal under this key is RunTask's own, whose answer may still be on its way.
    if (answer?.kind === 'refused') return { kind: 'tasksFound', tasks: [], refusal: answer.cause };
    throw error;
  }
}

/** Stops a task of a release or a run. One that is gone has stopped. */
export async function stopTask(
  ecs: Ecs,
  app: App,
  effect: EffectOf<'stopTask'>,
): Promise<ResultOf<'stopTask'>> {
  try {
    await ecs.stop(app.cluster, effect.taskArn, effect.reason);
  } catch (error) {
    // ECS does not know a task that stopped long ago: then there is nothing left to stop.
    if (!(error instanceof AwsFault) || error.code !== 'InvalidParameterException') throw error;
  }
  return { kind: 'done' };
}

/** The same for every repeat of one attempt: ECS starts one task per token. At most 64 characters. */
function tokenOf(effect: EffectOf<'runTask'>): string {
  return createHash('sha256').update(`${effect.releaseId}/${effect.task}/${effect.attempt}`).digest('hex');
}
