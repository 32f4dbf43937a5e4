import type { App } from '../domain/app.ts';
import { type ActualState, readActual } from './actual.ts';
import { fromLiveIn } from './compare.ts';
import { declared } from './declared.ts';
import { readFirstImages } from './firstImages.ts';
import type { Aws, DeployRights, Place, Resource } from './kind.ts';
import { type LiveImages, readListings } from './listings.ts';
import { type Plan, planOf } from './plan.ts';
import { arnsWithTag, resolveReferences, UnresolvedError } from './references.ts';
import type { InfrastructureSource } from './source/schema.ts';
import { roleName } from './stackFirst.ts';
import { INSTALLATION_TAG } from './tags.ts';

/** Reads AWS and plans. */

interface Wanted {
  readonly source: InfrastructureSource;
  readonly apps: readonly App[];
  /** The cluster of `defaults`. */
  readonly cluster?: string;
  readonly place: Place;
  /** The tag of the first image, where a person chose it. */
  readonly firstImage?: string;
  /** Names of resources, or their kinds: all others are left out. */
  readonly only?: readonly string[];
  /** What an app has live, for lifecycle policies. */
  readonly liveImages: (app: string) => Promise<LiveImages>;
  /** Epoch milliseconds. */
  readonly now: number;
}

export async function lookAndPlan(wanted: Wanted, aws: Aws): Promise<Plan> {
  const { source, place, apps, firstImage, only = [], liveImages, now } = wanted;
  const all = await resolveReferences(declared(source, wanted), aws);
  const resources =
    only.length === 0 ? all : all.filter(({ kind, name }) => only.some((one) => isMeant(one, kind, name)));
  const actual = await readActual(resources, aws);
  refuseNothingLive(resources, actual);
  const [firstImages, tagged, listings] = await Promise.all([
    readFirstImages(resources, actual, apps, aws, firstImage),
    only.length === 0 ? arnsWithTag(INSTALLATION_TAG, place.installation, aws) : [],
    readListings(resources, actual, apps, { aws, home: place, liveImages, now }),
  ]);
  return planOf(resources, actual, {
    place,
    firstImages,
    apps: appsByService(apps),
    rights: rightsByService(apps),
    tagged,
    listings,
  });
}

/** A task definition that does not exist has no values to keep. */
function refuseNothingLive(resources: readonly Resource[], actual: ActualState): void {
  const faults = resources
    .filter(({ kind, name }) => kind === 'taskDefinition' && actual.get(kind, name) === undefined)
    .flatMap(({ kind, name, members }) => fromLiveIn(members).map((path) => `${kind} ${name}.${path}`));
  if (faults.length === 0) return;
  throw new UnresolvedError(
    faults.map((where) => `${where}: there is no value in AWS to keep: declare its value, or a secret`),
  );
}

/** "web-app" means every kind of that name, "app-prod/web-app" a service, "service" all services. */
function isMeant(one: string, kind: string, name: string): boolean {
  return one === kind || one === name || name.endsWith(`/${one}`);
}

function appsByService(apps: readonly App[]): ReadonlyMap<string, string> {
  return new Map(
    apps.flatMap(({ name, cluster, services }) =>
      services.map((service): [string, string] => [`${cluster}/${service.name}`, name]),
    ),
  );
}

/** Every function may pass the roles of all apps. */
function rightsByService(apps: readonly App[]): ReadonlyMap<string, DeployRights> {
  const roles = [...new Set(apps.flatMap(rolesOf))];
  return new Map(
    apps.flatMap(({ cluster, services }) =>
      services.map(({ name, family }): [string, DeployRights] => [`${cluster}/${name}`, { family, roles }]),
    ),
  );
}

/** Roles are named, or given by their ARN. */
function rolesOf({ services, before, after, tasks }: App): readonly string[] {
  return [...services, ...before, ...after, ...tasks].flatMap(({ taskRole, executionRole }) =>
    [taskRole ?? [], executionRole ?? []].flat().map(roleName),
  );
}
