import { kindOfKey } from '../domain/redaction/keys.ts';
import {
  isObject,
  type Json,
  type JsonObject,
  listAt,
  objectAt,
  objectsAt,
  omit,
  present,
  textAt,
} from './json.ts';
import type { Actual, Aws, KindName, Resource } from './kind.ts';
import { partsOf } from './kinds/service.ts';
import { KINDS } from './kinds.ts';
import { INSTALLATION_TAG } from './tags.ts';

/** What runs in a cluster, as `infrastructure:` of `fairway.yml` would declare it. */

interface Found {
  readonly clusters: ReadonlyMap<string, Actual>;
  readonly services: ReadonlyMap<string, Actual>;
  readonly scaling: ReadonlyMap<string, Actual>;
  readonly repositories: ReadonlyMap<string, Actual>;
  readonly logGroups: ReadonlyMap<string, Actual>;
}

/** Reads a cluster with its services, and what these use. Changes nothing. */
export async function importCluster(cluster: string, aws: Aws): Promise<JsonObject> {
  const arns = await serviceArns(cluster, aws);
  const names = arns.map((arn) => `${cluster}/${arn.split('/').pop()}`);
  const services = await read('service', names, {}, aws);
  const definitions = [...services.values()].map(({ running }) => running ?? {});
  const [clusters, scaling, repositories, logGroups] = await Promise.all([
    read('cluster', [cluster], {}, aws),
    read('scaling', [...services.keys()], { policies: {}, scheduledActions: {} }, aws),
    read('repository', unique(definitions.flatMap(repositoriesOf)), POLICIES, aws),
    read('logGroup', unique(definitions.flatMap(logGroupsOf)), {}, aws),
  ]);
  return sourceOf({ clusters, services, scaling, repositories, logGroups });
}

/** Policies are read where they are declared. */
const POLICIES = { lifecyclePolicy: {}, repositoryPolicy: {} };

async function serviceArns(cluster: string, aws: Aws): Promise<readonly string[]> {
  const arns: string[] = [];
  let nextToken: string | undefined;
  do {
    const input = { cluster, maxResults: 100, ...(nextToken === undefined ? {} : { nextToken }) };
    const answer = await aws('ecs', 'ListServices', input);
    arns.push(...listAt(answer, 'serviceArns').map(String));
    nextToken = textAt(answer, 'nextToken');
  } while (nextToken !== undefined);
  return arns;
}

async function read(kind: KindName, names: readonly string[], members: JsonObject, aws: Aws) {
  const resources = names.map((name): Resource => ({ kind, name, members, tags: {}, ignore: [] }));
  return KINDS[kind].read(resources, aws);
}

function unique(names: readonly string[]): readonly string[] {
  return [...new Set(names)].toSorted();
}

const ECR_IMAGE = /^\d{12}\.dkr\.ecr\.[a-z0-9-]+\.amazonaws\.com(?:\.cn)?\/([^:@]+)/;

function repositoriesOf(definition: JsonObject): readonly string[] {
  return objectsAt(definition, 'containerDefinitions').flatMap(
    ({ image }) => ECR_IMAGE.exec(String(image))?.[1] ?? [],
  );
}

function logGroupsOf(definition: JsonObject): readonly string[] {
  return objectsAt(definition, 'containerDefinitions').flatMap(
    (container) =>
      textAt(objectAt(objectAt(container, 'logConfiguration'), 'options'), 'awslogs-group') ?? [],
  );
}

function sourceOf({ clusters, services, scaling, repositories, logGroups }: Found): JsonObject {
  return {
    clusters: each(clusters, (name, actual) => [name, plainOf(actual)]),
    repositories: each(repositories, (name, actual) => {
      const { repositoryPolicy, ...others } = plainOf(actual);
      return [name, present({ ...others, policy: repositoryPolicy })];
    }),
    logGroups: each(logGroups, (name, actual) => [name, plainOf(actual)]),
    taskDefinitions: each(services, (_, { members, running = {} }) => [
      familyOf(members),
      { definition: withoutSecrets(running) },
    ]),
    services: each(services, (name, actual) => [
      partsOf(name).name,
      serviceOf(name, actual, scaling.get(name)),
    ]),
  };
}

function each(
  found: ReadonlyMap<string, Actual>,
  entry: (name: string, actual: Actual) => readonly [string, Json],
): JsonObject {
  return Object.fromEntries([...found].map(([name, actual]) => entry(name, actual)));
}

/** Members with a value, and the tags of people. */
function plainOf({ members, tags }: Actual): JsonObject {
  const own = Object.entries(tags).filter(([key]) => !key.startsWith('aws:') && key !== INSTALLATION_TAG);
  return {
    ...Object.fromEntries(Object.entries(members).filter(([, value]) => !isEmpty(value))),
    ...(own.length > 0 ? { tags: Object.fromEntries(own) } : {}),
  };
}

function isEmpty(value: Json | undefined): boolean {
  return value === undefined || value === null || (Array.isArray(value) && value.length === 0);
}

function familyOf(members: JsonObject): string {
  return (textAt(members, 'taskDefinition') ?? '').replace(/^.*\//, '').replace(/:\d+$/, '');
}

function serviceOf(name: string, actual: Actual, scaling: Actual | undefined): JsonObject {
  return present({
    cluster: partsOf(name).cluster,
    ...omit(plainOf(actual), ['taskDefinition']),
    taskDefinition: familyOf(actual.members),
    scaling: scaling && scalingOf(scaling.members),
  });
}

function scalingOf({
  MinCapacity,
  MaxCapacity,
  SuspendedState,
  policies,
  scheduledActions,
}: JsonObject): JsonObject {
  return present({
    min: MinCapacity,
    max: MaxCapacity,
    suspended: SuspendedState,
    policies,
    scheduledActions:
      isObject(scheduledActions) && Object.keys(scheduledActions).length > 0 ? scheduledActions : undefined,
  });
}

/** Values that may be secrets stay in AWS. */
function withoutSecrets(definition: JsonObject): JsonObject {
  const containers = objectsAt(definition, 'containerDefinitions').map((container) => ({
    ...container,
    ...(container.environment === undefined
      ? {}
      : { environment: objectsAt(container, 'environment').map(withoutSecret) }),
  }));
  return { ...definition, containerDefinitions: containers };
}

function withoutSecret(variable: JsonObject): JsonObject {
  const name = textAt(variable, 'name') ?? '';
  return kindOfKey(name) === undefined ? variable : { name, fromLive: true };
}
