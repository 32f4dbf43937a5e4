import type { App } from '../domain/app.ts';
import type { EffectOf, ResultOf } from '../domain/effects.ts';
import { AwsFault, type Ecs } from '../ports.ts';

/** Stops a task of a run. One that is gone has stopped. */
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
