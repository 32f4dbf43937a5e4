import type { ObservedStop } from '../domain/alert.ts';
import type { App } from '../domain/app.ts';
import type { EffectOf, ResultOf } from '../domain/effects.ts';
import type { ObservedTask } from '../domain/observations.ts';
import type { Cause } from '../domain/release.ts';
import { primaryOf } from '../domain/strategies/rolling.ts';
import type { Ecs as EcsPort } from '../ports.ts';

type Trouble = EffectOf<'lookAtTrouble'>;
type Ecs = Pick<EcsPort, 'tasks' | 'services' | 'firstCause' | 'troubleOf' | 'targetHealth'>;

/** Events of a service report a failure at about the same time; earlier ones may be about something else. */
const BEFORE = 10 * 60_000;

/** Asks ECS what happened to tasks that stopped outside releases. Only reads, as all of these do. */
export async function lookAtStopped(
  ecs: Ecs,
  app: App,
  effect: EffectOf<'lookAtStopped'>,
): Promise<ResultOf<'lookAtStopped'>> {
  const seen = (await ecs.tasks(app.cluster, effect.tasks)).map(observedStop);
  const tasks: ObservedStop[] = [];
  // One after the other: the service is described once for all of them.
  for (const observed of seen) tasks.push(await withHealth(ecs, app, effect.service, observed));
  return { kind: 'stoppedSeen', tasks };
}

async function withHealth(
  ecs: Ecs,
  app: App,
  service: string,
  observed: ObservedStop,
): Promise<ObservedStop> {
  const { cause, at } = observed;
  if (cause === undefined || at === undefined) return observed;
  return { ...observed, cause: await ecs.targetHealth(app.cluster, service, cause, at - BEFORE) };
}

/** Asks ECS what is wrong with a service outside of releases. */
export async function lookAtTrouble(ecs: Ecs, app: App, effect: Trouble): Promise<ResultOf<'lookAtTrouble'>> {
  const [observed] = await ecs.services(app.cluster, [effect.service]);
  if (!observed) return { kind: 'done' };
  const primary = primaryOf(observed);
  const deployment = effect.about === 'startImpaired' ? primary?.id : effect.deploymentId;
  const cause = await causeOf(ecs, app, effect, deployment);
  return { kind: 'troubleSeen', observed, ...(cause === undefined ? {} : { cause }) };
}

async function causeOf(
  ecs: Ecs,
  app: App,
  { service, at }: Trouble,
  deployment: string | undefined,
): Promise<Cause | undefined> {
  if (deployment !== undefined) return (await ecs.firstCause(app.cluster, service, deployment))?.cause;
  return ecs.troubleOf(app.cluster, service, at - BEFORE);
}

function observedStop({
  taskArn,
  found,
  lastStatus,
  scaledIn,
  startedBy,
  revision,
  stoppedAt,
  cause,
}: ObservedTask): ObservedStop {
  const failed = cause !== undefined && stoppedAt !== undefined && !scaledIn;
  return {
    task: taskArn,
    ...(startedBy === undefined ? {} : { deploymentId: startedBy }),
    ...(revision === undefined ? {} : { revision }),
    ...(failed ? { at: stoppedAt, cause } : {}),
    ...(found && lastStatus !== 'STOPPED' ? { early: true } : {}),
  };
}
