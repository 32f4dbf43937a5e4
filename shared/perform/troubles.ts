import type { ObservedStop } from '../domain/alert.ts';
import type { App } from '../domain/app.ts';
import type { EffectOf, ResultOf } from '../domain/effects.ts';
import type { ObservedTask } from '../domain/observations.ts';
import type { Cause } from '../domain/release.ts';
import { primaryOf } from '../domain/strategies/rolling.ts';
import type { Ecs as EcsPort, LoadBalancers } from '../ports.ts';
import { explainedByTargetGroup } from './targetGroups.ts';

type Trouble = EffectOf<'lookAtTrouble'>;

/** Where causes are looked for. */
interface Sources {
  readonly ecs: Pick<EcsPort, 'tasks' | 'services' | 'firstCause' | 'troubleOf' | 'targetHealth'>;
  readonly loadBalancers: LoadBalancers | undefined;
}

/** Events of a service report a failure at about the same time; earlier ones may be about something else. */
const BEFORE = 10 * 60_000;

/** Asks ECS why a deployment fails. */
export async function findCause(
  sources: Sources,
  app: App,
  { service, deploymentId }: EffectOf<'findCause'>,
): Promise<ResultOf<'findCause'>> {
  const found = await sources.ecs.firstCause(app.cluster, service, deploymentId);
  if (!found) return { kind: 'causeFound', taskArns: [] };
  const cause = await explainedByTargetGroup(sources.loadBalancers, service, found.cause);
  return { kind: 'causeFound', ...found, cause };
}

/** Asks ECS what happened to tasks that stopped outside releases. Only reads, as all of these do. */
export async function lookAtStopped(
  sources: Sources,
  app: App,
  effect: EffectOf<'lookAtStopped'>,
): Promise<ResultOf<'lookAtStopped'>> {
  const seen = (await sources.ecs.tasks(app.cluster, effect.tasks)).map(observedStop);
  const tasks: ObservedStop[] = [];
  // One after the other: the service is described once for all of them.
  for (const observed of seen) tasks.push(await withHealth(sources, app, effect.service, observed));
  return { kind: 'stoppedSeen', tasks };
}

async function withHealth(
  { ecs, loadBalancers }: Sources,
  app: App,
  service: string,
  observed: ObservedStop,
): Promise<ObservedStop> {
  const { cause, at } = observed;
  if (cause === undefined || at === undefined) return observed;
  const how = await ecs.targetHealth(app.cluster, service, cause, at - BEFORE);
  return { ...observed, cause: await explainedByTargetGroup(loadBalancers, service, how) };
}

/** Asks ECS what is wrong with a service outside of releases. */
export async function lookAtTrouble(
  sources: Sources,
  app: App,
  effect: Trouble,
): Promise<ResultOf<'lookAtTrouble'>> {
  const [observed] = await sources.ecs.services(app.cluster, [effect.service]);
  if (!observed) return { kind: 'done' };
  const primary = primaryOf(observed);
  const deployment = effect.about === 'startImpaired' ? primary?.id : effect.deploymentId;
  const found = await causeOf(sources.ecs, app, effect, deployment);
  if (!found) return { kind: 'troubleSeen', observed };
  const cause = await explainedByTargetGroup(sources.loadBalancers, effect.service, found);
  return { kind: 'troubleSeen', observed, cause };
}

async function causeOf(
  ecs: Sources['ecs'],
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
