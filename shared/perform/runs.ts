import type { App, Task } from '../domain/app.ts';
import type { EffectOf, ResultOf } from '../domain/effects.ts';
import type { ImageName } from '../domain/image.ts';
import type { ObservedService } from '../domain/observations.ts';
import { describeRepository, type Home, repositoryOf } from '../domain/registry.ts';
import { primaryOf } from '../domain/strategies/rolling.ts';
import type { Ecs, Images, Logs } from '../ports.ts';
import { placeLike } from './places.ts';
import { goneFrom, refused } from './refusals.ts';
import { revisionFor } from './runRevisions.ts';
import { start } from './starts.ts';

interface RunPerformer {
  prepare(app: App, effect: EffectOf<'prepareRun'>): Promise<ResultOf<'prepareRun'>>;
  start(app: App, effect: EffectOf<'startRun'>, attempt: number): Promise<ResultOf<'startRun'>>;
  read(effect: EffectOf<'readLines'>): Promise<ResultOf<'readLines'>>;
}

interface RunOptions {
  readonly ecs: Ecs;
  readonly home: Home;
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

    start: (app, effect, attempt) => start(ecs, now(), app, effect, attempt),

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
  const { ecs, home, images } = options;
  const task = app.tasks.find((other) => other.name === effect.task);
  if (!task) return goneFrom(effect.task);
  const image = effect.image ?? (await pinnedImage(images, app, task));
  if (image && 'notAnImage' in image) {
    const sentence = `The tag ${task.pinned} in ${describeRepository(app.image)} cannot run: ${image.notAnImage}.`;
    return refused('notAnImage', sentence);
  }
  if (!image) {
    const sentence = `There is no tag ${task.pinned} in ${describeRepository(app.image)} to run ${task.name} on.`;
    return refused('imageNotFound', sentence);
  }
  const like = task.like ?? app.services[0]?.name;
  const [service] = task.like === undefined ? [] : await ecs.services(app.cluster, [task.like]);
  if (task.like !== undefined && !service?.found) {
    const sentence = `There is no service ${task.like} in cluster ${app.cluster} that ${task.name} could be like.`;
    return refused('serviceMissing', sentence);
  }
  const bases = service ? basesOf(service, task) : [task.family];
  const repository = repositoryOf(home, app);
  const revision = await revisionFor(ecs, app, {
    run: effect,
    repository,
    stack: home.stack,
    image,
    bases,
  });
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

/** What the service runs. While traffic shifts, ECS may list no deployment of it. */
function basesOf(service: ObservedService, { family }: Task): readonly string[] {
  const first = primaryOf(service)?.taskDefinition ?? service.taskDefinition ?? family;
  return [...new Set([first, ...service.deployments.map(({ taskDefinition }) => taskDefinition)])];
}

async function pinnedImage(
  images: Images,
  app: App,
  { pinned }: Task,
): Promise<ImageName | { readonly notAnImage: string } | undefined> {
  if (pinned === undefined) return undefined;
  const found = await images.inspect(app.image, { tag: pinned });
  if (!found || 'notAnImage' in found) return found;
  return { tag: pinned, digest: found.image.digest };
}
