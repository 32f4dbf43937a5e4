import { isObject, type Json, type JsonObject, objectAt, objectsAt, omit, present, textAt } from '../json.ts';
import type { Actual, Resource } from '../kind.ts';
import { partsOf } from '../kinds/serviceReading.ts';
import { contentDifferences } from '../kinds/taskDefinition.ts';
import { type Comment, type Draft, drafted, under } from './draft.ts';
import type { FoundService } from './found.ts';
import { ecrImageOf } from './images.ts';
import type { Found } from './read.ts';
import { isSuspicious, withoutSecrets } from './secrets.ts';

/** `infrastructure:` of a cluster: what runs, so declared that a plan shows no change. */

/** Policies are read where they are declared. */
const POLICIES = { lifecyclePolicy: {}, repositoryPolicy: {} };
const SCALING = { policies: {}, scheduledActions: {} };

export async function infrastructureOf(found: Found): Promise<Draft> {
  const managed = found.services.filter(isManaged);
  const definitions = definitionsIn(found, managed);
  const bases = await basesOf(definitions, found);
  const contents = [...bases.values()].map(({ members }) => members);
  const full = (name: string) => `${found.cluster}/${name}`;
  const [clusters, scaling, repositories, logGroups] = await Promise.all([
    found.read('cluster', [found.cluster]),
    found.read(
      'scaling',
      managed.map(({ name }) => full(name)),
      SCALING,
    ),
    found.read('repository', unique(contents.flatMap((content) => repositoriesIn(content, found))), POLICIES),
    found.read('logGroup', unique(contents.flatMap(logGroupsIn))),
  ]);
  const services = found.services
    .filter((service) => service.actual.isExpress === true || managed.includes(service))
    .map((service) => ({
      name: service.name,
      draft: serviceOf(service, scaling.get(full(service.name)), bases),
    }));
  return drafted(
    {
      clusters: each(clusters, (actual) => plainOf(actual)),
      repositories: each(repositories, repositoryOf),
      logGroups: each(logGroups, (actual) => plainOf(actual)),
      taskDefinitions: each(bases, ({ members, tags }) =>
        present({ definition: withoutSecrets(members), tags: ownTags(tags) }),
      ),
      services: Object.fromEntries(services.map(({ name, draft }) => [name, draft.value])),
    },
    ...services.flatMap(({ name, draft }) => under(['services', name], draft.comments)),
  );
}

/** ECS manages services of Express Mode; one without a task definition has task sets of another deployer. */
function isManaged({ actual, family }: FoundService): boolean {
  return actual.isExpress !== true && family !== undefined;
}

/** By family: what its first service runs, or its newest revision. */
function definitionsIn(found: Found, managed: readonly FoundService[]): ReadonlyMap<string, Actual> {
  const express = new Set(
    found.services.filter(({ actual }) => actual.isExpress === true).map(({ family }) => family),
  );
  const running = managed
    .toReversed()
    .flatMap(({ family, actual }): [string, Actual][] =>
      family === undefined || actual.running === undefined
        ? []
        : [[family, { members: actual.running, tags: {}, arn: '' }]],
    );
  const others = [...found.definitions].filter(([family]) => !express.has(family));
  return new Map([...new Map([...others, ...running])].toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

/** The revisions that a plan would compare with. */
async function basesOf(
  definitions: ReadonlyMap<string, Actual>,
  { read }: Found,
): Promise<ReadonlyMap<string, Actual>> {
  const found = await Promise.all(
    [...definitions].map(async ([family, { members }]): Promise<readonly [string, Actual][]> => {
      const base = (await read('taskDefinition', [family], members)).get(family);
      return base === undefined ? [] : [[family, base]];
    }),
  );
  return new Map(found.flat());
}

function unique(names: readonly string[]): readonly string[] {
  return [...new Set(names)].toSorted();
}

function repositoriesIn(definition: JsonObject, { account, region }: Found): readonly string[] {
  return objectsAt(definition, 'containerDefinitions').flatMap(({ image }) => {
    const found = ecrImageOf(image);
    return found?.account === account && found.region === region ? [found.repository] : [];
  });
}

function logGroupsIn(definition: JsonObject): readonly string[] {
  return objectsAt(definition, 'containerDefinitions').flatMap(
    (container) =>
      textAt(objectAt(objectAt(container, 'logConfiguration'), 'options'), 'awslogs-group') ?? [],
  );
}

function each(found: ReadonlyMap<string, Actual>, entry: (actual: Actual) => Json): JsonObject {
  return Object.fromEntries([...found].map(([name, actual]) => [name, entry(actual)]));
}

function repositoryOf(actual: Actual): JsonObject {
  const { repositoryPolicy, ...others } = plainOf(actual);
  return present({ ...others, policy: repositoryPolicy });
}

/** Members with a value, and the tags of people. */
function plainOf({ members, tags }: Actual): JsonObject {
  const own = ownTags(tags);
  return {
    ...Object.fromEntries(Object.entries(members).filter(([, value]) => !isEmpty(value))),
    ...(own === undefined ? {} : { tags: own }),
  };
}

/** Tags of AWS and of Fairway are not declared. */
function ownTags(tags: Actual['tags']): JsonObject | undefined {
  const own = Object.entries(tags).filter(([key]) => !/^(?:aws|fairway):/.test(key));
  return own.length === 0 ? undefined : Object.fromEntries(own);
}

function isEmpty(value: Json | undefined): boolean {
  return value === undefined || value === null || (Array.isArray(value) && value.length === 0);
}

function serviceOf(
  { name, family = name, actual }: FoundService,
  scaling: Actual | undefined,
  bases: ReadonlyMap<string, Actual>,
): Draft {
  if (actual.isExpress === true) return drafted({ cluster: clusterOf(actual), express: true });
  const { role, desiredCount, ...members } = omit(plainOf(actual), ['taskDefinition']);
  const notes = runsAnother(family, actual, bases);
  const connect = connectOf(members);
  const value = present({
    cluster: clusterOf(actual),
    ...members,
    ...connect.value,
    ...(isServiceLinked(role) ? {} : { role }),
    desiredCount: members.schedulingStrategy === 'DAEMON' ? undefined : desiredCount,
    taskDefinition: family,
    scaling: scaling && scalingOf(scaling.members),
    ignore: notes.length > 0 ? ['taskDefinition'] : undefined,
  });
  return drafted(value, ...notes, ...connect.comments);
}

/** Without log options that may be secrets. A plan compares declared options only. */
function connectOf(service: JsonObject): Draft {
  const { serviceConnectConfiguration: connect } = service;
  if (!isObject(connect)) return drafted({});
  const logging = objectAt(connect, 'logConfiguration');
  const options = objectAt(logging, 'options');
  const left = Object.keys(options).filter((name) => isSuspicious(name, textAt(options, name) ?? ''));
  if (left.length === 0) return drafted({});
  const logConfiguration = { ...logging, options: omit(options, left) };
  return drafted(
    { serviceConnectConfiguration: { ...connect, logConfiguration } },
    {
      path: ['serviceConnectConfiguration'],
      text: `Not copied, since they may be secrets: ${left.join(', ')}. Move them to \`secretOptions\`.`,
    },
  );
}

function clusterOf({ arn }: Actual): string {
  return partsOf(arn.replace(/^.*:service\//, '')).cluster;
}

/** CreateService does not take the service-linked role. */
function isServiceLinked(role: Json | undefined): boolean {
  return typeof role === 'string' && role.includes('/aws-service-role/');
}

/** A newer revision that no one deployed would be a change. */
function runsAnother(
  family: string,
  { running, members }: Actual,
  bases: ReadonlyMap<string, Actual>,
): readonly Comment[] {
  const base = bases.get(family);
  if (base === undefined || running === undefined) return [];
  const declared: Resource = { kind: 'taskDefinition', name: family, ...base, tags: {}, ignore: [] };
  if (contentDifferences(withoutImages(declared), { members: running, tags: {} }).length === 0) return [];
  const [revision, newest] = [textAt(members, 'taskDefinition'), base.arn].map((arn) =>
    arn?.split('/').pop(),
  );
  const text = `It runs ${revision}, and ${newest} differs: remove \`ignore\` and apply to deploy what is declared.`;
  return [{ path: ['ignore'], text }];
}

/** Releases change images. */
function withoutImages(resource: Resource): Resource {
  const containers = objectsAt(resource.members, 'containerDefinitions').map((container) =>
    ecrImageOf(container.image) === undefined ? container : omit(container, ['image']),
  );
  return { ...resource, members: { ...resource.members, containerDefinitions: containers } };
}

function scalingOf({ MinCapacity, MaxCapacity, SuspendedState, policies, scheduledActions }: JsonObject) {
  return present({
    min: MinCapacity,
    max: MaxCapacity,
    suspended: SuspendedState,
    policies: withItems(policies),
    scheduledActions: withItems(scheduledActions),
  });
}

function withItems(value: Json | undefined): Json | undefined {
  return isObject(value) && Object.keys(value).length > 0 ? value : undefined;
}
