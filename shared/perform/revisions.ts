import type { App } from '../domain/app.ts';
import type { EffectOf, ResultOf } from '../domain/effects.ts';
import type { TaskPlace } from '../domain/launch.ts';
import type { ObservedBase } from '../domain/observations.ts';
import { type Home, type Registry, repositoryOf } from '../domain/registry.ts';
import type { BaseRequest } from '../domain/requests.ts';
import {
  arnOf,
  chooseContainers,
  familyAndRevision,
  isFargate,
  latestBaseOf,
  nextRevision,
  pinnedDigest,
  type RawDefinition,
  revisionName,
  runtimePlatformOf,
} from '../domain/revision.ts';
import { releaseTaskOf } from '../domain/runs/settings.ts';
import { forTask, namesOf, useOf } from '../domain/uses.ts';
import type { Ecs, LoadBalancers } from '../ports.ts';
import { orAgain } from '../repeating.ts';
import { isSameDefinition } from './copies.ts';
import { placeLike } from './places.ts';
import { refused } from './refusals.ts';
import { checkTraffic } from './traffic.ts';

type BasesEcs = Pick<
  Ecs,
  'taskDefinition' | 'newestOfOthers' | 'networkAndCapacity' | 'platformOverride' | 'traffic'
>;

/** What new revisions are to be made from, and whether they can be. Only reads. */
export async function readBases(
  ecs: BasesEcs,
  registry: Registry,
  app: App,
  effect: EffectOf<'readBases'>,
  loadBalancers?: Pick<LoadBalancers, 'weights'>,
): Promise<ResultOf<'readBases'>> {
  const bases = await Promise.all(effect.bases.map((request) => readBase(ecs, registry, app, request)));
  if (loadBalancers === undefined) return { kind: 'basesRead', bases };
  const services = effect.bases.flatMap((request) => namesOf(request.for, 'service'));
  const traffic = await checkTraffic(ecs, loadBalancers, app.cluster, services);
  return { kind: 'basesRead', bases, traffic };
}

async function readBase(
  ecs: BasesEcs,
  registry: Registry,
  app: App,
  request: BaseRequest,
): Promise<ObservedBase> {
  const named = await ecs.taskDefinition(request.reference);
  const latest = await chosenBase(ecs, request);
  const base = latest === undefined ? named : await ecs.taskDefinition(latest);
  const revision = arnOf(base.taskDefinition) ?? latest ?? request.reference;
  const madeFrom = latestBaseOf(named.tags);
  const seen = {
    ...(await placesFor(ecs, app, request.for, base.taskDefinition)),
    for: request.for,
    revision,
    family: familyAndRevision(revision).family,
    platform: runtimePlatformOf(
      await withOverride(ecs, app, request.for, base.taskDefinition),
      await runsOnFargate(ecs, app, request.for),
    ),
    current:
      base === named || arnOf(named.taskDefinition) === revision || madeFrom === revisionName(revision),
  };
  const chosen = chooseContainers(base.taskDefinition, request.containers, repositoryOf(registry, app));
  if ('refused' in chosen) {
    // A release task may well run another image than the services do.
    const forService = namesOf(request.for, 'service').length > 0;
    return { ...seen, takesImage: false, ...(forService ? { refusal: chosen.refused } : {}) };
  }
  const runs = pinnedDigest(named.taskDefinition, chosen.names);
  return { ...seen, takesImage: true, ...(runs === undefined ? {} : { runs }) };
}

/** The task definition with the platform that ECS has given the service in Express Mode. */
async function withOverride(
  ecs: BasesEcs,
  { cluster }: App,
  uses: readonly string[],
  definition: RawDefinition,
): Promise<RawDefinition> {
  const [service] = namesOf(uses, 'service');
  const cpuArchitecture = service === undefined ? undefined : await ecs.platformOverride(cluster, service);
  if (cpuArchitecture === undefined) return definition;
  return { ...definition, runtimePlatform: { operatingSystemFamily: 'LINUX', cpuArchitecture } };
}

/** The revision to start from, where that is not the one that runs. */
async function chosenBase(ecs: BasesEcs, { from, latestOf }: BaseRequest): Promise<string | undefined> {
  if (from !== undefined || latestOf === undefined) return from;
  return ecs.newestOfOthers(latestOf);
}

/** Where and how the release tasks among these start. */
async function placesFor(
  ecs: BasesEcs,
  app: App,
  uses: readonly string[],
  definition: RawDefinition,
): Promise<Pick<ObservedBase, 'places' | 'notTaken' | 'launchRefusal'>> {
  const places: [string, TaskPlace][] = [];
  const notTaken: string[] = [];
  for (const task of [...app.before, ...app.after]) {
    if (!uses.includes(forTask(task.name))) continue;
    const placed = await placeLike(ecs, app, task, app.services[0]?.name, definition);
    if ('refused' in placed) return { launchRefusal: placed.refused };
    places.push([task.name, placed.place]);
    notTaken.push(...placed.notTaken);
  }
  return places.length === 0 ? {} : { places: Object.fromEntries(places), notTaken };
}

/** Whether anything that the base is for runs on Fargate: by its own launch type or capacity providers. */
async function runsOnFargate(ecs: BasesEcs, app: App, uses: readonly string[]): Promise<boolean> {
  for (const use of uses) {
    const { kind, name = '' } = useOf(use) ?? {};
    const task = kind === 'task' ? releaseTaskOf(app, name) : undefined;
    // A release task without a capacity runs where the first service does.
    const service = kind === 'service' ? name : app.services[0]?.name;
    const around =
      service === undefined || task?.capacity ? {} : await ecs.networkAndCapacity(app.cluster, service);
    if (isFargate(task?.capacity ?? around.capacity)) return true;
  }
  return false;
}

/** Registers the release's revision of a base; a repeat first looks for what an earlier attempt registered. */
export async function register(
  ecs: Ecs,
  home: Home,
  app: App,
  effect: EffectOf<'register'>,
  attempt: number,
): Promise<ResultOf<'register'>> {
  const { taskDefinition, tags } = await ecs.taskDefinition(effect.base);
  const { revision: commit } = effect.image.labels;
  const next = nextRevision({
    taskDefinition,
    tags,
    app: app.name,
    stack: home.stack,
    containers: effect.containers,
    repository: repositoryOf(home, app),
    image: effect.image,
    release: { id: effect.releaseId, number: effect.release },
    ...(commit === undefined ? {} : { gitRevision: commit }),
    ...(effect.latest ? { latestBase: revisionName(effect.base) } : {}),
  });
  if ('refused' in next)
    return refused('noContainer', `No new revision can be made from ${effect.base}: ${next.refused}.`);
  const send = () => ecs.register(next.register);
  const again = async () =>
    (await findMade(ecs, effect.base, effect.releaseId, next.register)) ?? (await send());
  const revision = await (attempt === 0 ? orAgain(send, again) : again());
  return { kind: 'registered', revision, droppedTags: next.droppedTags };
}

/** What an earlier attempt of this release registered, if its answer was lost. */
export async function findMade(
  ecs: Ecs,
  after: string,
  releaseId: string,
  wanted: RawDefinition,
): Promise<string | undefined> {
  return ecs.findRegistered(after, releaseId, (candidate) => isSameDefinition(candidate, wanted));
}
