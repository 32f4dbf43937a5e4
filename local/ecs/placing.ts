import { behaviourFor } from '../behaviour.ts';
import type { TaskDefinition } from './definition.ts';
import { addServiceEvent, emitServiceAction } from './events.ts';
import type { Context, Service } from './model.ts';
import { imageNames } from './pull.ts';

/** Tasks that cannot be placed. */

/** How long ECS waits before it retries to place tasks. An assumption: AWS does not document it. */
export const PLACING_AGAIN = 60_000;

const NO_CAPACITY =
  'Capacity is unavailable at this time. Please try again later or in a different availability zone';

/** Why tasks of this definition cannot be placed for a service now; undefined if they can. */
export function whyUnplaced(ctx: Context, definition: TaskDefinition): string | undefined {
  for (const { name, image } of definition.containers) {
    const found = ctx.images.resolve(image);
    const behaviour = behaviourFor(ctx.behaviours(), {
      images: imageNames(image, typeof found === 'string' ? undefined : found),
      family: definition.family,
      container: name,
      for: 'service',
    });
    if (behaviour?.unplaced !== undefined) return behaviour.unplaced;
  }
  return undefined;
}

/** AWS docs: ecs_service_events, service-event-messages-list. */
export function reportUnplaced(ctx: Context, service: Service, reason: string): void {
  const words = reason === 'RESOURCE:FARGATE' ? NO_CAPACITY : reason;
  addServiceEvent(ctx, service, `was unable to place a task. Reason: ${words}.`);
  emitServiceAction(ctx, service, 'ERROR', 'SERVICE_TASK_PLACEMENT_FAILURE', { reason });
}
