import { AwsError, type Json, type JsonObject, type ServiceApi } from '../contract.ts';
import type { ContainerSpec, HealthCheck, TaskDefinition } from './definition.ts';
import type { Context } from './model.ts';
import { arnOf, findDefinition, tagsOf } from './names.ts';
import {
  flag,
  invalid,
  number,
  object,
  objects,
  page,
  present,
  required,
  seconds,
  text,
  texts,
} from './read.ts';
import { checkTaskDefinition, cpuUnits, isFargateSize, memoryMegabytes } from './taskDefinitionRules.ts';

/** Task definitions: register, describe, list, deregister. Members that SDKs do not have are kept. */

/** Output-only members. AWS API: TaskDefinition against RegisterTaskDefinitionRequest. */
const OUTPUT_ONLY = new Set([
  'taskDefinitionArn',
  'revision',
  'status',
  'requiresAttributes',
  'compatibilities',
  'registeredAt',
  'registeredBy',
  'deregisteredAt',
  'deleteRequestedAt',
]);

export function registerDefinition(ctx: Context, input: JsonObject, registeredBy: string): TaskDefinition {
  checkTaskDefinition(input);
  const family = required(input, 'family');
  const revisions = ctx.families.get(family) ?? [];
  const revision = revisions.length + 1;
  const arn = arnOf(ctx, `task-definition/${family}:${revision}`);
  const cpu = cpuUnits(text(input, 'cpu') ?? '');
  const memory = memoryMegabytes(text(input, 'memory') ?? '');
  const containers = objects(input, 'containerDefinitions');
  const own = Object.fromEntries(
    Object.entries(input).filter(([key]) => !OUTPUT_ONLY.has(key) && key !== 'tags'),
  );
  const document = present({
    volumes: [],
    placementConstraints: [],
    ...own,
    cpu: cpu === undefined ? undefined : String(cpu),
    memory: memory === undefined ? undefined : String(memory),
    containerDefinitions: containers.map((each) => normalContainer(each, text(input, 'networkMode'))),
    taskDefinitionArn: arn,
    revision,
    requiresAttributes: requirements(input, containers),
    compatibilities: compatibilities(input, cpu, memory),
    registeredAt: seconds(ctx.clock.now()),
    registeredBy,
  });
  const definition: TaskDefinition = {
    arn,
    family,
    revision,
    document,
    containers: containers.map(containerSpec),
    networkMode: text(input, 'networkMode') ?? 'bridge',
    status: 'ACTIVE',
    tags: tagsOf(input),
  };
  ctx.families.set(family, revisions);
  revisions.push(definition);
  return definition;
}

/** Adds the defaults that ECS fills in, so that a described definition can be registered unchanged. */
function normalContainer(container: JsonObject, networkMode: string | undefined): JsonObject {
  const ports = objects(container, 'portMappings').map((port) => ({
    ...(networkMode === 'awsvpc' && port.hostPort === undefined ? { hostPort: port.containerPort } : {}),
    protocol: 'tcp',
    ...port,
  }));
  return present({
    cpu: 0,
    essential: true,
    environment: [],
    mountPoints: [],
    volumesFrom: [],
    systemControls: [],
    ...container,
    portMappings: ports,
  });
}

const OTHER_KINDS: ReadonlySet<string> = new Set(['EXTERNAL', 'MANAGED_INSTANCES']);

function compatibilities(input: JsonObject, cpu: number | undefined, memory: number | undefined): Json {
  const required = texts(input, 'requiresCompatibilities');
  const fits =
    text(input, 'networkMode') === 'awsvpc' &&
    cpu !== undefined &&
    memory !== undefined &&
    isFargateSize(cpu, memory);
  return ['EC2', ...(fits ? ['FARGATE'] : []), ...required.filter((each) => OTHER_KINDS.has(each))];
}

function requirements(input: JsonObject, containers: readonly JsonObject[]): Json {
  const names = new Set<string>();
  if (text(input, 'networkMode') === 'awsvpc') names.add('ecs.capability.task-eni');
  if (text(input, 'taskRoleArn') !== undefined) names.add('com.amazonaws.ecs.capability.task-iam-role');
  if (text(input, 'executionRoleArn') !== undefined) names.add('ecs.capability.execution-role-ecr-pull');
  for (const container of containers) {
    if (/\.dkr\.ecr\./.test(text(container, 'image') ?? ''))
      names.add('com.amazonaws.ecs.capability.ecr-auth');
    const driver = text(object(container, 'logConfiguration') ?? {}, 'logDriver');
    if (driver !== undefined) names.add(`com.amazonaws.ecs.capability.logging-driver.${driver}`);
  }
  return [...names].map((name) => ({ name }));
}

const SECOND = 1_000;

function containerSpec(container: JsonObject): ContainerSpec {
  const memory = number(container, 'memory');
  const memoryReservation = number(container, 'memoryReservation');
  const check = object(container, 'healthCheck');
  const logging = object(container, 'logConfiguration') ?? {};
  const options = object(logging, 'options') ?? {};
  const group = text(logging, 'logDriver') === 'awslogs' ? text(options, 'awslogs-group') : undefined;
  const prefix = text(options, 'awslogs-stream-prefix');
  return {
    name: required(container, 'name'),
    image: required(container, 'image'),
    essential: flag(container, 'essential') ?? true,
    cpu: number(container, 'cpu') ?? 0,
    ...(memory === undefined ? {} : { memory }),
    ...(memoryReservation === undefined ? {} : { memoryReservation }),
    stopTimeout: (number(container, 'stopTimeout') ?? 30) * SECOND,
    ...(check === undefined ? {} : { healthCheck: healthCheckOf(check) }),
    ...(group === undefined ? {} : { logs: { group, ...(prefix === undefined ? {} : { prefix }) } }),
    pinned: text(container, 'versionConsistency') !== 'disabled',
  };
}

/** Defaults: AWS API, HealthCheck. */
function healthCheckOf(check: JsonObject): HealthCheck {
  return {
    interval: (number(check, 'interval') ?? 30) * SECOND,
    retries: number(check, 'retries') ?? 3,
    startPeriod: (number(check, 'startPeriod') ?? 0) * SECOND,
  };
}

function definitionView(definition: TaskDefinition): JsonObject {
  const { deregisteredAt, deleteRequestedAt } = definition;
  return present({
    ...definition.document,
    status: definition.status,
    deregisteredAt: deregisteredAt === undefined ? undefined : seconds(deregisteredAt),
    deleteRequestedAt: deleteRequestedAt === undefined ? undefined : seconds(deleteRequestedAt),
  });
}

/** DeleteTaskDefinitions takes 10. Source: ECS API reference. */
const MOST_DELETED = 10;

/** Deleted revisions stay described: ECS removes them when nothing uses them any more. */
function deleteDefinitions(ctx: Context, references: readonly string[]): JsonObject {
  if (references.length === 0 || references.length > MOST_DELETED)
    throw invalid('Specify between 1 and 10 task definitions.');
  const deleted: JsonObject[] = [];
  const failures: JsonObject[] = [];
  for (const reference of references) {
    const definition = /:\d+$/.test(reference) ? findDefinition(ctx, reference) : undefined;
    if (definition === undefined || definition.status === 'ACTIVE') {
      const reason =
        definition === undefined
          ? 'The specified task definition does not exist. Specify a valid account, family, revision and try again.'
          : 'The specified task definition is still in ACTIVE status. Please deregister the target and try again.';
      failures.push({ arn: definition?.arn ?? reference, reason });
      continue;
    }
    definition.status = 'DELETE_IN_PROGRESS';
    definition.deleteRequestedAt ??= ctx.clock.now();
    deleted.push(definitionView(definition));
  }
  return { taskDefinitions: deleted, failures };
}

const PAGE = { usual: 100, most: 100 };

export function taskDefinitionOperations(ctx: Context): ServiceApi['operations'] {
  function tagsView(definition: TaskDefinition): Json {
    return definition.tags.map((tag) => ({ ...tag }));
  }

  return {
    RegisterTaskDefinition(input, call) {
      const definition = registerDefinition(ctx, input, call.callerArn);
      return { taskDefinition: definitionView(definition), tags: tagsView(definition) };
    },

    DescribeTaskDefinition(input) {
      const definition = findDefinition(ctx, required(input, 'taskDefinition'));
      if (definition === undefined) {
        throw new AwsError('ClientException', 'Unable to describe task definition.');
      }
      const withTags = texts(input, 'include').includes('TAGS');
      return {
        taskDefinition: definitionView(definition),
        ...(withTags ? { tags: tagsView(definition) } : {}),
      };
    },

    DeregisterTaskDefinition(input) {
      const reference = required(input, 'taskDefinition');
      if (!/:\d+$/.test(reference)) throw new AwsError('ClientException', 'Revision is missing.');
      const definition = findDefinition(ctx, reference);
      if (definition === undefined) {
        throw new AwsError('ClientException', 'The specified task definition does not exist.');
      }
      if (definition.status === 'DELETE_IN_PROGRESS') {
        throw new AwsError('ClientException', 'The specified task definition is being deleted.');
      }
      if (definition.status === 'ACTIVE') definition.deregisteredAt = ctx.clock.now();
      definition.status = 'INACTIVE';
      return { taskDefinition: definitionView(definition) };
    },

    DeleteTaskDefinitions: (input) => deleteDefinitions(ctx, texts(input, 'taskDefinitions')),

    ListTaskDefinitions(input) {
      const family = text(input, 'familyPrefix');
      const status = text(input, 'status') ?? 'ACTIVE';
      const sort = text(input, 'sort') ?? 'ASC';
      if (!['ACTIVE', 'INACTIVE', 'DELETE_IN_PROGRESS'].includes(status))
        throw invalid(`Invalid status ${status}.`);
      if (sort !== 'ASC' && sort !== 'DESC') throw invalid(`Invalid sort ${sort}.`);
      const families = family === undefined ? [...ctx.families.keys()].sort() : [family];
      const found = families
        .flatMap((each) => ctx.families.get(each) ?? [])
        .filter((each) => each.status === status)
        .map((each) => each.arn);
      if (sort === 'DESC') found.reverse();
      const { items, next } = page(found, input, PAGE);
      return { taskDefinitionArns: items, ...next };
    },
  };
}
