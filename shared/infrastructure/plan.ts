import type { ActualState } from './actual.ts';
import type { Difference } from './compare.ts';
import type { Call, DeployRights, KindName, Place, ReleaseOrder, Resource, World } from './kind.ts';
import { KIND_NAMES, KINDS } from './kinds.ts';
import type { Listing } from './lifecycleCheck.ts';
import { otherOwner } from './tags.ts';

/** Pure: what has to change so that AWS is as `fairway.yml` declares, in order, each with its reason. */

interface Subject {
  readonly kind: KindName;
  readonly name: string;
}

export type Change =
  | (Subject & { readonly action: 'create'; readonly calls: readonly Call[]; readonly resource: Resource })
  /** Waits for the first image of this repository; then it is created. */
  | (Subject & { readonly action: 'wait'; readonly repository: string; readonly resource: Resource })
  | (Subject & {
      readonly action: 'change';
      readonly found: readonly Difference[];
      readonly calls: readonly Call[];
      /** Ordered from the functions, since it deploys a service of an app. */
      readonly release?: ReleaseOrder;
      /** What Fairway does not do, and how to do it. */
      readonly byHand: readonly string[];
      readonly notes: readonly string[];
    })
  /** Differs, but someone else owns it. */
  | (Subject & { readonly action: 'leave'; readonly found: readonly Difference[]; readonly owner: string });

export interface Plan {
  readonly changes: readonly Change[];
  /** ARNs that `apply` created and that the file no longer declares. They stay. */
  readonly undeclared: readonly string[];
}

export interface Facts {
  readonly place: Place;
  /** By repository: the digest that a new task definition starts with. */
  readonly firstImages: ReadonlyMap<string, string>;
  /** By service, "CLUSTER/SERVICE": the app that deploys it. */
  readonly apps: ReadonlyMap<string, string>;
  /** By service, "CLUSTER/SERVICE": what the functions may use to deploy it. */
  readonly rights?: ReadonlyMap<string, DeployRights>;
  /** By repository: the images of those whose lifecycle policy changes. */
  readonly listings?: ReadonlyMap<string, Listing>;
  /** ARNs with the tag of this installation. */
  readonly tagged: readonly string[];
}

export function planOf(resources: readonly Resource[], actual: ActualState, facts: Facts): Plan {
  const waiting = new Map<string, string>();
  const world = worldOf(resources, actual, facts, waiting);
  const changes = KIND_NAMES.flatMap((kind) =>
    resources
      .filter((resource) => resource.kind === kind)
      .flatMap((resource) => {
        const change = changeOf(resource, world);
        if (change?.action === 'wait') waiting.set(`${kind} ${resource.name}`, change.repository);
        return change ?? [];
      }),
  );
  return { changes, undeclared: undeclared(resources, facts) };
}

function worldOf(
  resources: readonly Resource[],
  actual: ActualState,
  { place, firstImages, apps, listings, rights }: Facts,
  waiting: ReadonlyMap<string, string>,
): World {
  const declared = new Map(resources.map((resource) => [`${resource.kind} ${resource.name}`, resource]));
  return {
    place,
    actual: (kind, name) => actual.get(kind, name),
    declared: (kind, name) => declared.get(`${kind} ${name}`),
    firstImage: (repository) => firstImages.get(repository),
    waitsFor: (kind, name) => waiting.get(`${kind} ${name}`),
    listing: (repository) => listings?.get(repository),
    appOfService: (name) => apps.get(name),
    rightsFor: (name) => rights?.get(name),
  };
}

function changeOf(resource: Resource, world: World): Change | undefined {
  const { kind, name } = resource;
  const actual = world.actual(kind, name);
  if (actual === undefined) {
    const creation = KINDS[kind].create(resource, world);
    return 'waitsFor' in creation
      ? { action: 'wait', kind, name, repository: creation.waitsFor, resource }
      : { action: 'create', kind, name, calls: creation.calls, resource };
  }
  const found = KINDS[kind]
    .compare(resource, actual, world)
    .filter(({ path }) => !resource.ignore.some((ignored) => isWithin(path, ignored)));
  if (found.length === 0) return undefined;
  const owner = otherOwner(actual, world.place);
  if (owner !== undefined) return { action: 'leave', kind, name, found, owner };
  const { calls, byHand = [], notes = [], release } = KINDS[kind].change(resource, actual, found, world);
  return {
    action: 'change',
    kind,
    name,
    found,
    calls,
    byHand,
    notes,
    ...(release === undefined ? {} : { release }),
  };
}

function isWithin(path: string, ignored: string): boolean {
  return path === ignored || path.startsWith(`${ignored}.`) || path.startsWith(`${ignored}[`);
}

/** Task definitions have an ARN per revision: their families count. */
function undeclared(resources: readonly Resource[], { tagged }: Facts): readonly string[] {
  const declared = new Set(resources.flatMap((resource) => arnEnds(resource)));
  const ends = new Set(
    tagged.map((arn) => arn.replace(/^arn:[^:]+:([^:]+):[^:]*:[^:]*:/, '$1:').replace(/:\d+$/, '')),
  );
  return [...ends].filter((end) => !declared.has(end)).toSorted();
}

const ARN_ENDS: Readonly<Record<KindName, string>> = {
  logGroup: 'logs:log-group:',
  repository: 'ecr:repository/',
  cluster: 'ecs:cluster/',
  taskDefinition: 'ecs:task-definition/',
  service: 'ecs:service/',
  scaling: 'application-autoscaling:',
};

function arnEnds({ kind, name }: Resource): readonly string[] {
  return [`${ARN_ENDS[kind]}${name}`, `${ARN_ENDS[kind]}${name}:*`];
}

/** Whether `apply` has anything to do or to wait for. */
export function isEmpty({ changes }: Plan): boolean {
  return changes.every(({ action }) => action === 'leave');
}

/** "3 to create, 1 to change, 0 to destroy" */
export function summary({ changes, undeclared: left }: Plan): string {
  const count = (...actions: readonly Change['action'][]) =>
    changes.filter(({ action }) => actions.includes(action)).length;
  const byHand = changes.filter((change) => change.action === 'change' && change.byHand.length > 0).length;
  return [
    `${count('create', 'wait')} to create`,
    `${count('change')} to change`,
    '0 to destroy',
    ...(byHand > 0 ? [`${byHand} by hand`] : []),
    ...(count('leave') > 0 ? [`${count('leave')} owned by others`] : []),
    ...(left.length > 0 ? [`${left.length} no longer declared`] : []),
  ].join(', ');
}
