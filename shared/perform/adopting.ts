import type { AdoptedService } from '../domain/answers.ts';
import type { App } from '../domain/app.ts';
import type { EffectOf, ResultOf } from '../domain/effects.ts';
import { memberOf } from '../domain/member.ts';
import type { ObservedService } from '../domain/observations.ts';
import { type Registry, repositoryOf } from '../domain/registry.ts';
import { chooseContainers, containersOf, parseImage, pinnedDigest } from '../domain/revision.ts';
import { changedAt, isUnderWay, primaryOf } from '../domain/strategies/rolling.ts';
import { AwsFault, type Ecs } from '../ports.ts';

/** What the services of an app run when Fairway sees them for the first time. */
export async function adopt(
  ecs: Ecs,
  registry: Registry,
  app: App,
  effect: EffectOf<'adopt'>,
): Promise<ResultOf<'adopt'>> {
  const observed = await existing(ecs, app, effect.services);
  const adopted = await Promise.all(observed.map((one) => adoptOne(ecs, registry, app, one)));
  return { kind: 'adopted', services: adopted.flat() };
}

async function adoptOne(
  ecs: Ecs,
  registry: Registry,
  app: App,
  observed: ObservedService,
): Promise<readonly AdoptedService[]> {
  const primary = primaryOf(observed);
  if (!primary) return [];
  const changed = changedAt(primary);
  const service = app.services.find((other) => other.name === observed.service);
  const what = await whatRuns(
    ecs,
    registry,
    app,
    observed.service,
    primary.taskDefinition,
    service?.containers ?? [],
  );
  return [
    {
      service: observed.service,
      deploymentId: primary.id,
      taskDefinition: primary.taskDefinition,
      ...(changed === undefined ? {} : { changedAt: changed }),
      ...(isUnderWay(primary) ? { underWay: true } : {}),
      ...what,
    },
  ];
}

/** A cluster that is still to be created has no services. */
async function existing(ecs: Ecs, { cluster }: App, names: readonly string[]) {
  try {
    return await ecs.services(cluster, names);
  } catch (error) {
    if (error instanceof AwsFault && error.code === 'ClusterNotFoundException') return [];
    throw error;
  }
}

/** The digest and tag of the app's image in a running service. */
async function whatRuns(
  ecs: Ecs,
  registry: Registry,
  app: App,
  service: string,
  revision: string,
  named: readonly string[],
) {
  const { taskDefinition, tags } = await ecs.taskDefinition(revision);
  const chosen = chooseContainers(taskDefinition, named, repositoryOf(registry, app));
  if ('refused' in chosen) return {};
  const [name = ''] = chosen.names;
  const image = containersOf(taskDefinition).find((container) => container.name === name)?.image ?? '';
  const digest =
    pinnedDigest(taskDefinition, chosen.names) ??
    memberOf(await ecs.runningDigests(app.cluster, service), name);
  // Our tags may have been copied to a revision that names another image; ours themselves name digests.
  const tag = parseImage(image)?.tag ?? tags.find((other) => other.key === 'fairway:image-tag')?.value;
  return { ...(digest === undefined ? {} : { digest }), ...(tag === undefined ? {} : { tag }) };
}
