import { createHash } from 'node:crypto';
import type { App, Task } from '../domain/app.ts';
import type { AnswerTo, EffectOf, ResultOf } from '../domain/effects.ts';
import type { ImageName } from '../domain/image.ts';
import { type Registry, repositoryOf } from '../domain/registry.ts';
import { startedBy } from '../domain/release.ts';
import { primaryOf } from '../domain/strategies/rolling.ts';
import { AwsFault, type Ecs, type Images, type Logs } from '../ports.ts';
import { placeLike } from './places.ts';
import {
  causeOf,
  isForRoom,
  type NotStarted,
  notStarted,
  type Refused,
  refused,
  UNKNOWN_AFTER,
  unknownStart,
} from './refusals.ts';
import { revisionFor } from './runRevisions.ts';
import { findStart } from './starts.ts';

interface RunPerformer {
  prepare(app: App, effect: EffectOf<'prepareRun'>): Promise<ResultOf<'prepareRun'>>;
  start(app: App, effect: EffectOf<'startRun'>, attempt: number): Promise<ResultOf<'startRun'>>;
  read(effect: EffectOf<'readLines'>): Promise<ResultOf<'readLines'>>;
}

interface RunOptions {
  readonly ecs: Ecs;
  /** Where images are pushed to. */
  readonly registry: Registry;
  readonly images: Images;
  readonly logs: Logs;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

/** Performs the effects of runs: each is harmless the second time. */
export function createRunPerformer(options: RunOptions): RunPerformer {
  const { ecs, logs, now } = options;
  return {
    prepare: (app, effect) => prepare(options, app, effect),

    async start(app, effect, attempt) {
      if (effect.find) return findStart(ecs, now(), app, effect, effect.find);
      if (attempt > 0 && now() - effect.firstAt > UNKNOWN_AFTER) return unknownStart(effect.task);
      const task = app.tasks.find((other) => other.name === effect.task);
      // Its settings are gone, and without them ECS cannot be asked the same again.
      if (!task) return attempt > 0 ? startedUnseen(effect.task) : goneFrom(effect.task);
      return start(ecs, app, task, effect);
    },

    async read(effect) {
      return { kind: 'linesRead', tail: await logs.tail(effect.revision, effect.taskArns, effect.container) };
    },
  };
}

/** Finds the revision and the place of a run. */
async function prepare(
  options: RunOptions,
  app: App,
  effect: EffectOf<'prepareRun'>,
): Promise<ResultOf<'prepareRun'>> {
  const { ecs, registry, images } = options;
  const task = app.tasks.find((other) => other.name === effect.task);
  if (!task) return goneFrom(effect.task);
  const image = effect.image ?? (await pinnedImage(images, app, task));
  if (image && 'notAnImage' in image) {
    const sentence = `The tag ${task.pinned} in ${app.image.repository} cannot run: ${image.notAnImage}.`;
    return refused('notAnImage', sentence);
  }
  if (!image) {
    const sentence = `There is no tag ${task.pinned} in ${app.image.repository} to run ${task.name} on.`;
    return refused('imageNotFound', sentence);
  }
  const like = task.like ?? app.services[0]?.name;
  const [service] = task.like === undefined ? [] : await ecs.services(app.cluster, [task.like]);
  const primary = service && primaryOf(service);
  if (task.like !== undefined && !primary) {
    const sentence = `There is no service ${task.like} in cluster ${app.cluster} that ${task.name} could be like.`;
    return refused('serviceMissing', sentence);
  }
  const references = service?.deployments.map(({ taskDefinition }) => taskDefinition) ?? [];
  const others = references.filter((reference) => reference !== primary?.taskDefinition);
  const bases = primary ? [primary.taskDefinition, ...others] : [task.family];
  const repository = repositoryOf(registry, app);
  const revision = await revisionFor(ecs, app, { run: effect, repository, image, bases });
  if ('kind' in revision) return revision;
  const placed = await placeLike(ecs, app, task, like, revision.definition);
  if ('refused' in placed) return refused('launchSettings', placed.refused);
  const notTaken = [...placed.notTaken, ...placed.notForTasks];
  return {
    kind: 'runPrepared',
    image,
    revision: revision.arn,
    ...placed.place,
    ...(notTaken.length > 0 && { notTaken }),
  };
}

async function pinnedImage(
  images: Images,
  app: App,
  { pinned }: Task,
): Promise<ImageName | { readonly notAnImage: string } | undefined> {
  if (pinned === undefined) return undefined;
  const found = await images.inspect(app.image.repository, { tag: pinned });
  if (!found || 'notAnImage' in found) return found;
  return { tag: pinned, digest: found.image.digest };
}

async function start(
  ecs: Ecs,
  app: App,
  task: Task,
  effect: EffectOf<'startRun'>,
): Promise<AnswerTo<'startRun'>> {
  const command = effect.command ?? task.command;
  try {
    const { taskArns, failure } = await ecs.run({
      cluster: app.cluster,
      taskDefinition: effect.revision,
      clientToken: tokenOf(effect),
      startedBy: startedBy(effect.run),
      container: effect.container,
      count: effect.count,
      environment: task.environment,
      ...(command && { command }),
      ...(task.cpu !== undefined && { cpu: task.cpu }),
      ...(task.memory !== undefined && { memory: task.memory }),
      ...(task.ephemeralStorage !== undefined && { ephemeralStorage: task.ephemeralStorage }),
      ...(effect.network && { network: effect.network }),
      ...(effect.capacity && { capacity: effect.capacity }),
      ...(effect.launch && { launch: effect.launch }),
    });
    if (failure !== undefined && taskArns.length === 0) return notStarted(effect.task, failure);
    return startedWith(effect, taskArns, failure);
  } catch (error) {
    if (!(error instanceof AwsFault)) throw error;
    // The token was used by an earlier attempt whose answer was lost: those are its tasks.
    if (error.code === 'ConflictException' && error.resourceIds.length > 0)
      return startedWith(effect, error.resourceIds);
    if (isForRoom(error.message)) return notStarted(effect.task, error.message);
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

function goneFrom(task: string): Refused {
  return refused('notConfigured', `${task} is no longer in fairway.yml.`);
}

/** ECS was asked to start it, and has not answered. */
function startedUnseen(task: string): NotStarted {
  const sentence = `Whether ${task} was started is unknown: it was taken out of fairway.yml before ECS had answered.`;
  return { kind: 'taskNotStarted', cause: causeOf('unknownStart', sentence), capacity: false };
}

/** The same for every repeat of one attempt: ECS starts its tasks once per token. At most 64 characters. */
function tokenOf({ run, task, attempt }: EffectOf<'startRun'>): string {
  return createHash('sha256').update(`${run}/${task}/${attempt}`).digest('hex');
}
