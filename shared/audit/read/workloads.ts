import type { App } from '../../domain/app.ts';
import { describeRepository, isSameRegistry } from '../../domain/registry.ts';
import { type JsonObject, textAt } from '../../infrastructure/json.ts';
import type { Aws } from '../../infrastructure/kind.ts';
import { containersOf, familyOf, homeOf, logGroupOf, ownImagesOf, rolesOf } from '../parts.ts';
import type { Workload } from '../workload.ts';
import { readScaled, readTargetGroups, targetGroupsOf } from './loadBalancing.ts';
import { readLogGroups } from './logGroups.ts';
import { type Optional, optionalReads } from './optional.ts';
import { readRepositories, type UsedImage, type WantedRepository } from './repositories.ts';
import { readRoles } from './roles.ts';
import { newestRevisions, readDefinition, readServices, readZones, unique } from './services.ts';

/** Reads what the configured apps run, and what that uses. Changes nothing. */

interface Wanted {
  readonly apps: readonly App[];
  readonly environment: string;
  /** Epoch milliseconds. */
  readonly now: number;
}

export interface WorkloadsRead {
  readonly workloads: readonly Workload[];
  /** What could not be read, and what does not exist: a sentence each. */
  readonly notes: readonly string[];
  /** Whether everything that exists could be read. */
  readonly isComplete: boolean;
}

/** A service or a task, with its revision. */
type Running = Pick<Workload, 'app' | 'environment' | 'cluster' | 'service' | 'definition'>;

export async function readWorkloads(wanted: Wanted, aws: Aws): Promise<WorkloadsRead> {
  const optional = optionalReads();
  const running = await readRunning(wanted, aws);
  const surroundings = await readSurroundings(running, wanted.now, aws, optional);
  return {
    workloads: running.map((one) => ({ ...one, ...surroundings(one) })),
    notes: [
      ...missingServices(wanted, running),
      ...foreignRepositories(wanted, running),
      ...optional.notes(),
    ],
    isComplete: optional.notes().length === 0,
  };
}

async function readRunning({ apps, environment }: Wanted, aws: Aws): Promise<readonly Running[]> {
  const services = await readServices(apps, aws);
  const tasks = apps.flatMap((app) =>
    familiesOfTasks(app).map((family) => ({ app: app.name, cluster: app.cluster, reference: family })),
  );
  const references = [
    ...services.map((one) => ({ ...one, reference: textAt(one.service, 'taskDefinition') ?? '' })),
    ...tasks,
  ];
  const definitions = new Map(
    await Promise.all(
      unique(references.map(({ reference }) => reference)).map(
        async (reference) => [reference, await readDefinition(reference, aws)] as const,
      ),
    ),
  );
  return references.flatMap(({ reference, ...one }) => {
    const definition = definitions.get(reference);
    return definition === undefined ? [] : [{ ...one, environment, definition }];
  });
}

/** Those that no service of the app runs. */
function familiesOfTasks({ services, before, after, tasks }: App): readonly string[] {
  const own = new Set(services.map(({ family }) => family));
  const families = [...before, ...after, ...tasks].map(({ family }) => family);
  return unique(families).filter((family) => !own.has(family));
}

function missingServices({ apps }: Wanted, running: readonly Running[]): readonly string[] {
  const found = new Set(running.flatMap((one) => (one.service === undefined ? [] : [nameOf(one)])));
  return apps
    .flatMap(({ cluster, services }) => services.map(({ name }) => `${cluster}/${name}`))
    .filter((name) => !found.has(name))
    .map((name) => `the service ${name} does not exist`);
}

/** Only the registry of the account and region is read. */
function foreignRepositories({ apps }: Wanted, [first]: readonly Running[]): readonly string[] {
  if (first === undefined) return [];
  const home = homeOf(first);
  const foreign = apps.flatMap(({ image }) =>
    image.registry === undefined || isSameRegistry(image.registry, home) ? [] : [describeRepository(image)],
  );
  return unique(foreign).map(
    (repository) =>
      `the scans and the lifecycle policy of ${repository}: an audit reads only the registry of its account and region`,
  );
}

/** "app-prod/web-app" */
function nameOf({ cluster, service = {} }: Running): string {
  return `${cluster}/${textAt(service, 'serviceName') ?? ''}`;
}

/** What surrounds the workloads, each thing read once. */
async function readSurroundings(
  running: readonly Running[],
  now: number,
  aws: Aws,
  optional: Optional,
): Promise<(one: Running) => Partial<Workload>> {
  const services = running.filter(({ service }) => service !== undefined);
  const families = unique(running.map(familyOf));
  const revisions = await readRevisions(families, aws, optional);
  const [zones, groups, scaled, logGroups, repositories, roles] = await Promise.all([
    readAllZones(unique(services.map(({ cluster }) => cluster)), aws, optional),
    readTargetGroups(unique(services.flatMap(({ service = {} }) => targetGroupsOf(service))), aws, optional),
    readScaled(services.map(nameOf), aws, optional),
    readLogGroups(unique(running.flatMap(logGroupsOf)), aws, optional),
    readUsedRepositories(running, revisions, now, aws, optional),
    readRoles(unique(running.flatMap(rolesOf)), aws, optional),
  ]);
  return (one) => {
    const { service } = one;
    const count = revisions.get(familyOf(one))?.length;
    const arns = service === undefined ? [] : targetGroupsOf(service);
    const inZones = zones.get(one.cluster)?.get(textAt(service ?? {}, 'serviceName') ?? '');
    return {
      logGroups,
      repositories,
      roles,
      ...(count === undefined ? {} : { activeRevisions: count }),
      ...(inZones === undefined ? {} : { zones: inZones }),
      ...(service === undefined || scaled === undefined ? {} : { isScaled: scaled.has(nameOf(one)) }),
      targetGroups: arns.map((arn) => groups.views.get(arn)).filter((group) => group !== undefined),
      deregistrationDelays: Object.fromEntries(
        arns.flatMap((arn): [string, number][] => {
          const delay = groups.delays.get(arn);
          return delay === undefined ? [] : [[arn, delay]];
        }),
      ),
    };
  };
}

function logGroupsOf(one: Running): readonly string[] {
  return containersOf(one).flatMap((container) => logGroupOf(container) ?? []);
}

/** ARNs of the newest revisions of each family. */
async function readRevisions(
  families: readonly string[],
  aws: Aws,
  optional: Optional,
): Promise<ReadonlyMap<string, readonly string[]>> {
  const lists = await Promise.all(
    families.map(async (family): Promise<readonly [string, readonly string[]][]> => {
      const arns = await optional.read('lists of revisions', () => newestRevisions(family, aws));
      return arns === undefined ? [] : [[family, arns]];
    }),
  );
  return new Map(lists.flat());
}

/** By cluster and service. */
async function readAllZones(
  clusters: readonly string[],
  aws: Aws,
  optional: Optional,
): Promise<ReadonlyMap<string, ReadonlyMap<string, readonly string[]>>> {
  const found = await Promise.all(
    clusters.map(async (cluster) => {
      const zones = await optional.read('running tasks', () => readZones(cluster, aws));
      return [cluster, zones ?? new Map<string, readonly string[]>()] as const;
    }),
  );
  return new Map(found);
}

async function readUsedRepositories(
  running: readonly Running[],
  revisions: ReadonlyMap<string, readonly string[]>,
  now: number,
  aws: Aws,
  optional: Optional,
): Promise<NonNullable<Workload['repositories']>> {
  const before = await Promise.all(running.map((one) => readBefore(one, revisions, aws, optional)));
  const uses = [
    ...running.flatMap((one) => usesOf(one.definition, 'the live image')),
    ...before.flatMap((definition) =>
      usesOf(definition, 'the image of the revision before, to which a rollback returns'),
    ),
  ];
  const live = new Set(running.flatMap((one) => usesOf(one.definition, '')).map(({ digest }) => digest));
  const wanted = unique(uses.map(({ repository }) => repository)).map((name): WantedRepository => {
    const mine = uses.filter(({ repository }) => repository === name);
    return {
      name,
      used: mine.filter(({ digest }, index) => mine.findIndex((use) => use.digest === digest) === index),
      live: new Set(mine.map(({ digest }) => digest).filter((digest) => live.has(digest))),
    };
  });
  return readRepositories(wanted, aws, optional, now);
}

/** The revision before the one that a service runs. */
async function readBefore(
  { service, ...one }: Running,
  revisions: ReadonlyMap<string, readonly string[]>,
  aws: Aws,
  optional: Optional,
): Promise<JsonObject> {
  const newest = revisions.get(familyOf(one)) ?? [];
  const index = newest.indexOf(textAt(one.definition, 'taskDefinitionArn') ?? '');
  const arn = service === undefined || index === -1 ? undefined : newest[index + 1];
  if (arn === undefined) return {};
  return (await optional.read('earlier revisions', () => readDefinition(arn, aws))) ?? {};
}

/** Images of repositories of this account and region, by digest. */
function usesOf(
  definition: JsonObject,
  is: string,
): readonly (UsedImage & { readonly repository: string })[] {
  return ownImagesOf({ definition }).flatMap(({ repository, digest }) =>
    digest === undefined ? [] : [{ repository, digest, is }],
  );
}
