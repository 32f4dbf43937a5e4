import type { App, Network, TaskSettings } from '../domain/app.ts';
import { type LaunchDecision, launchLike, type TaskPlace } from '../domain/launch.ts';
import { hasNetwork, type RawDefinition } from '../domain/revision.ts';
import type { Ecs } from '../ports.ts';

type Placed = Omit<Extract<LaunchDecision, { launch: unknown }>, 'launch'> & { readonly place: TaskPlace };

/** Where and how a task starts: what it says itself, and for the rest what the service `like` adds to its tasks. */
export async function placeLike(
  ecs: Pick<Ecs, 'networkAndCapacity'>,
  app: App,
  task: TaskSettings,
  like: string | undefined,
  definition: RawDefinition,
): Promise<Placed | { readonly refused: string }> {
  const around = like === undefined ? {} : await ecs.networkAndCapacity(app.cluster, like);
  const network = task.network ?? (hasNetwork(definition) ? around.network : undefined);
  const capacity = task.capacity ?? around.capacity;
  const decision = launchLike({
    task,
    service: like,
    around: around.launch,
    capacity,
    definition,
  });
  if ('refused' in decision) return decision;
  const { launch, ...left } = decision;
  return { place: { ...(network && { network }), ...(capacity && { capacity }), launch }, ...left };
}

/** Where a release task runs whose place an earlier version left open: a repeat has to ask ECS the same again. */
export async function placeLeftOpen(
  ecs: Pick<Ecs, 'networkAndCapacity' | 'taskDefinition'>,
  app: App,
  task: TaskSettings,
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
