import type { App, ReleaseTask, Task } from '../domain/app.ts';
import { type LaunchDecision, launchLike, type TaskPlace } from '../domain/launch.ts';
import { hasNetwork, type RawDefinition } from '../domain/revision.ts';
import type { Ecs } from '../ports.ts';

type Placed = Omit<Extract<LaunchDecision, { launch: unknown }>, 'launch'> & { readonly place: TaskPlace };

/** Where and how a task starts: what it says itself, and for the rest what the service `like` adds to its tasks. */
export async function placeLike(
  ecs: Pick<Ecs, 'networkAndCapacity'>,
  app: App,
  task: ReleaseTask | Task,
  like: string | undefined,
  definition: RawDefinition,
): Promise<Placed | { readonly refused: string }> {
  const around = like === undefined ? {} : await ecs.networkAndCapacity(app.cluster, like);
  const network = task.network ?? (hasNetwork(definition) ? around.network : undefined);
  const capacity = task.capacity ?? around.capacity;
  const decision = launchLike({
    task,
    service: like ?? 'no service',
    around: around.launch,
    capacity,
    definition,
  });
  if ('refused' in decision) return decision;
  const { launch, ...left } = decision;
  return { place: { ...(network && { network }), ...(capacity && { capacity }), launch }, ...left };
}
