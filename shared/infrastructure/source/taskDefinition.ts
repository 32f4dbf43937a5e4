import { hostOf, readRepository, repositoryKey } from '../../domain/registry.ts';
import { foreignImageOf, imageOf } from '../images.ts';
import { isObject, type Json, type JsonObject, objectAt, objectsAt, omit, present } from '../json.ts';
import type { Place, Resource } from '../kind.ts';
import { normalSize } from '../kinds/taskDefinition.ts';
import { jsonOf } from './jsonOf.ts';
import type { TaskDefinitionSource } from './taskDefinitionSchema.ts';

/** Task definitions: as JSON, or in the short form. Files are read before: a source has no `file` any more. */

const SHORT = [
  'cpu',
  'memory',
  'architecture',
  'executionRole',
  'taskRole',
  'retentionInDays',
  'containers',
  'tags',
  'ignore',
];
const SHORT_CONTAINER = ['port', 'environment', 'secrets', 'healthCheck', 'logGroup'];
/** Smallest size on Fargate. */
const SMALLEST = { cpu: '256', memory: '512' };
const USUAL_RETENTION = 30;

/** ECR repositories of this account, by name. */
interface Repositories {
  /** Keys of those in other accounts and regions that apps are released from. */
  readonly foreign: ReadonlySet<string>;
  readonly all: ReadonlySet<string>;
  /** Those of apps: releases decide the image. */
  readonly deployed: ReadonlySet<string>;
}

export function definitionOf(
  family: string,
  source: TaskDefinitionSource,
  place: Place,
  repositories: Repositories,
): Resource {
  const { tags = {}, ignore = [] } = source;
  const members = isShort(source)
    ? shortForm(family, jsonOf(source), place)
    : omit(rawForm(source), ['family', 'tags']);
  const containers = objectsAt(members, 'containerDefinitions').map((container) =>
    withImage(container, place, repositories),
  );
  const whole = present({
    ...members,
    cpu: normalSize(members.cpu),
    memory: normalSize(members.memory),
    executionRoleArn: roleArn(members.executionRoleArn, place),
    taskRoleArn: roleArn(members.taskRoleArn, place),
    containerDefinitions: containers,
  });
  return { kind: 'taskDefinition', name: family, members: whole, tags, ignore };
}

/** The log groups that the short form writes to. */
export function logGroupsOf(family: string, source: TaskDefinitionSource): readonly Resource[] {
  if (!isShort(source)) return [];
  const json = jsonOf(source);
  const members = { retentionInDays: json.retentionInDays ?? USUAL_RETENTION };
  const containers = Object.values(objectAt(json, 'containers')).filter(isObject);
  return containers
    .filter(({ logConfiguration }) => logConfiguration === undefined)
    .map(({ logGroup }) => ({
      kind: 'logGroup',
      name: logGroupOf(family, logGroup),
      members,
      tags: {},
      ignore: [],
    }));
}

function isShort(source: TaskDefinitionSource): boolean {
  return 'containers' in source;
}

function rawForm(source: TaskDefinitionSource): JsonObject {
  return 'definition' in source ? jsonOf(Object(source.definition)) : {};
}

function logGroupOf(family: string, named: Json | undefined): string {
  return typeof named === 'string' ? named : `/ecs/${family}`;
}

function shortForm(family: string, source: JsonObject, place: Place): JsonObject {
  const containers = Object.entries(objectAt(source, 'containers'));
  return {
    networkMode: 'awsvpc',
    requiresCompatibilities: ['FARGATE'],
    runtimePlatform: { cpuArchitecture: source.architecture ?? 'X86_64', operatingSystemFamily: 'LINUX' },
    ...omit(source, SHORT),
    cpu: source.cpu ?? SMALLEST.cpu,
    memory: source.memory ?? SMALLEST.memory,
    executionRoleArn: source.executionRole,
    taskRoleArn: source.taskRole,
    containerDefinitions: containers.map(([name, container]) =>
      shortContainer(name, isObject(container) ? container : {}, family, place),
    ),
  };
}

function shortContainer(name: string, source: JsonObject, family: string, { region }: Place): JsonObject {
  const { port, environment, secrets, healthCheck, logGroup } = source;
  const logging = {
    logDriver: 'awslogs',
    options: {
      'awslogs-group': logGroupOf(family, logGroup),
      'awslogs-region': region,
      'awslogs-stream-prefix': family,
    },
  };
  return present({
    name,
    essential: true,
    logConfiguration: logging,
    ...omit(source, SHORT_CONTAINER),
    ...(port === undefined ? {} : { portMappings: [{ containerPort: port, protocol: 'tcp' }] }),
    ...(isObject(environment) ? { environment: Object.entries(environment).map(variable) } : {}),
    ...(isObject(secrets)
      ? { secrets: Object.entries(secrets).map(([key, valueFrom]) => ({ name: key, valueFrom })) }
      : {}),
    healthCheck: typeof healthCheck === 'string' ? { command: ['CMD-SHELL', healthCheck] } : healthCheck,
  });
}

function variable([name, value]: readonly [string, Json | undefined]): JsonObject {
  return isObject(value) ? { name, ...value } : { name, value };
}

function roleArn(role: Json | undefined, { partition, account }: Place): Json | undefined {
  if (typeof role !== 'string' || role.startsWith('arn:')) return role;
  return `arn:${partition}:iam::${account}:role/${role}`;
}

/** "web-app" and "web-app:1.2" are of ECR; an image of a registry stays as it is unless releases decide it. */
function withImage(
  container: JsonObject,
  place: Place,
  { all, deployed, foreign }: Repositories,
): JsonObject {
  const { image } = container;
  if (typeof image !== 'string') return container;
  if (foreign.has(repositoryKey(readRepository(image.replace(/[:@].*$/, '')))))
    return { ...container, image: foreignImageOf(image) };
  const own = `${hostOf(place)}/`;
  const isFull = image.startsWith(own);
  const bare = isFull ? image.slice(own.length) : image;
  const [, repository = '', tag] = /^([^:@]+)(?:[:@](.+))?$/.exec(bare) ?? [];
  if (isFull) return deployed.has(repository) ? { ...container, image: imageOf(repository) } : container;
  if (!all.has(repository)) return container;
  return { ...container, image: tag === undefined ? imageOf(repository) : `${own}${bare}` };
}
