import type { Call, Json, JsonObject } from '../contract.ts';
import { isObject, listOf } from '../stack/json.ts';
import type { Context } from './conditions.ts';
import type { Request } from './evaluate.ts';
import { type Lookups, linkedRole, need, text, texts } from './needs.ts';

/**
 * Permissions of ECS calls (Service Authorization Reference, "Actions, resources, and condition keys for Amazon
 * Elastic Container Service"; ARNs in the long format).
 */
export function ecsRequirements(
  operation: string,
  input: JsonObject,
  call: Call,
  lookups: Lookups,
): readonly Request[] {
  const action = `ecs:${operation}`;
  const arn = (rest: string): string => `arn:aws:ecs:${call.region}:${call.account}:${rest}`;
  const cluster = lastPart(text(input.cluster) || 'default');
  const inCluster: Context = { 'ecs:cluster': arn(`cluster/${cluster}`) };
  const named = (kind: string, nameOrArn: string): string =>
    nameOrArn.startsWith('arn:') ? nameOrArn : arn(`${kind}/${cluster}/${nameOrArn}`);
  switch (operation) {
    case 'RegisterTaskDefinition':
      return registerRequirements(input, call, arn(`task-definition/${text(input.family)}:*`));
    case 'RunTask':
      return runRequirements(input, call, lookups, inCluster, arn(`task/${cluster}/*`));
    case 'UpdateService':
    case 'CreateService': {
      const service = named('service', text(input.service) || text(input.serviceName));
      return [
        need(action, service, { ...inCluster, ...serviceContext(input, call, lookups) }),
        ...passVolumeRoles(input, call),
        ...(operation === 'CreateService' ? linkedRole('ecs.amazonaws.com', call, lookups) : []),
      ];
    }
    case 'DeleteService':
    case 'ListServiceDeployments':
      return [need(action, named('service', text(input.service)), inCluster)];
    case 'UpdateExpressGatewayService':
    case 'DescribeExpressGatewayService':
    case 'DeleteExpressGatewayService':
      return [need(action, text(input.serviceArn))];
    case 'DescribeServices':
      return texts(input.services).map((service) => need(action, named('service', service), inCluster));
    case 'ListServices':
      return [need(action, '*', inCluster)];
    case 'ListTasks': {
      const instance = text(input.containerInstance);
      return [need(action, instance ? named('container-instance', instance) : '*', inCluster)];
    }
    case 'StopTask':
      return [need(action, named('task', text(input.task)), inCluster)];
    case 'DescribeTasks':
      return texts(input.tasks).map((task) => need(action, named('task', task), inCluster));
    case 'DescribeServiceDeployments':
      return texts(input.serviceDeploymentArns).flatMap((each) => deploymentRequirements(action, each));
    case 'StopServiceDeployment':
    case 'ContinueServiceDeployment':
      return deploymentRequirements(action, text(input.serviceDeploymentArn));
    case 'DescribeServiceRevisions':
      return texts(input.serviceRevisionArns).flatMap((each) => deploymentRequirements(action, each));
    case 'TagResource':
    case 'UntagResource':
    case 'ListTagsForResource':
      return [need(action, text(input.resourceArn), tagContext(input.tags))];
    case 'UpdateCluster':
    case 'PutClusterCapacityProviders':
      return [need(action, arn(`cluster/${cluster}`))];
    case 'DescribeClusters':
      return clustersIn(input).map((name) => need(action, arn(`cluster/${lastPart(name)}`)));
    case 'DeleteTaskDefinitions':
      return texts(input.taskDefinitions).map((each) =>
        need(action, definitionArn(each, call, lookups), resourceTags(each, lookups)),
      );
    default:
      return [need(action, '*')];
  }
}

function clustersIn(input: JsonObject): readonly string[] {
  const names = texts(input.clusters);
  return names.length > 0 ? names : ['default'];
}

/** PassRole for the definition's roles, TagResource when tags are in the call. */
function registerRequirements(input: JsonObject, call: Call, resource: string): readonly Request[] {
  const tags = tagContext(input.tags);
  return [
    need('ecs:RegisterTaskDefinition', resource, tags),
    ...passRole([text(input.taskRoleArn), text(input.executionRoleArn)], call),
    ...tagOnCreate('RegisterTaskDefinition', resource, tags, {}),
  ];
}

/** RunTask is authorized on the task definition; the passed roles are those of the overrides or the definition. */
function runRequirements(
  input: JsonObject,
  call: Call,
  lookups: Lookups,
  inCluster: Context,
  tasks: string,
): readonly Request[] {
  const definition = lookups.taskDefinition(text(input.taskDefinition));
  const overrides = isObject(input.overrides) ? input.overrides : {};
  const tags = tagContext(input.tags);
  const resource = definitionArn(text(input.taskDefinition), call, lookups);
  const roles = [
    text(overrides.taskRoleArn) || (definition?.taskRoleArn ?? ''),
    text(overrides.executionRoleArn) || (definition?.executionRoleArn ?? ''),
  ];
  return [
    need('ecs:RunTask', resource, { ...inCluster, ...tags }),
    ...passRole(roles, call),
    ...passVolumeRoles(input, call),
    ...tagOnCreate('RunTask', tasks, tags, inCluster),
  ];
}

/** ECS creates EBS volumes with a role in the request. It is assumed that this role is passed to ECS itself. */
function passVolumeRoles(input: JsonObject, call: Call): readonly Request[] {
  const volumes = listOf(input.volumeConfigurations).filter(isObject);
  const managed = volumes.map((each) => each.managedEBSVolume).filter(isObject);
  return passRole(
    managed.map(({ roleArn }) => text(roleArn)),
    call,
    'ecs.amazonaws.com',
  );
}

function passRole(
  roles: readonly string[],
  call: Call,
  service = 'ecs-tasks.amazonaws.com',
): readonly Request[] {
  const arns = roles
    .filter((role) => role !== '')
    .map((role) => (role.startsWith('arn:') ? role : `arn:aws:iam::${call.account}:role/${role}`));
  return [...new Set(arns)].map((role) => need('iam:PassRole', role, { 'iam:PassedToService': service }));
}

function tagOnCreate(
  operation: string,
  resource: string,
  tags: Context,
  context: Context,
): readonly Request[] {
  if (Object.keys(tags).length === 0) return [];
  return [need('ecs:TagResource', resource, { ...context, ...tags, 'ecs:CreateAction': operation })];
}

function tagContext(tags: Json | undefined): Context {
  const pairs = listOf(tags)
    .filter(isObject)
    .map(({ key, value }): readonly [string, string] => [text(key), text(value)]);
  if (pairs.length === 0) return {};
  return {
    'aws:TagKeys': pairs.map(([key]) => key),
    ...Object.fromEntries(pairs.map(([key, value]) => [`aws:RequestTag/${key}`, value])),
  };
}

function serviceContext(input: JsonObject, call: Call, lookups: Lookups): Context {
  const definition = text(input.taskDefinition);
  return {
    ...(definition === '' ? {} : { 'ecs:task-definition': definitionArn(definition, call, lookups) }),
    ...(typeof input.enableExecuteCommand === 'boolean'
      ? { 'ecs:enable-execute-command': String(input.enableExecuteCommand) }
      : {}),
  };
}

/** Deployment and revision ARNs name cluster and service: `…:service-deployment/CLUSTER/SERVICE/ID`. Both ARNs are authorized. */
function deploymentRequirements(action: string, deployment: string): readonly Request[] {
  const parts = /^(arn:[^:]*:ecs:[^:]*:[^:]*:)service-(?:deployment|revision)\/([^/]+)\/([^/]+)\//.exec(
    deployment,
  );
  if (!parts) return [need(action, deployment)];
  const [, prefix = '', cluster = '', name = ''] = parts;
  const service = `${prefix}service/${cluster}/${name}`;
  const context = { 'ecs:cluster': `${prefix}cluster/${cluster}`, 'ecs:service': service };
  return [need(action, service, context), need(action, deployment, context)];
}

function definitionArn(reference: string, call: Call, lookups: Lookups): string {
  const found = lookups.taskDefinition(reference);
  if (found) return found.arn;
  if (reference.startsWith('arn:')) return reference;
  const revision = reference.includes(':') ? '' : ':*';
  return `arn:aws:ecs:${call.region}:${call.account}:task-definition/${reference}${revision}`;
}

function resourceTags(reference: string, lookups: Lookups): Context {
  const tags = lookups.taskDefinition(reference)?.tags ?? [];
  return Object.fromEntries(tags.map(({ key, value }) => [`aws:ResourceTag/${key}`, value]));
}

function lastPart(nameOrArn: string): string {
  return nameOrArn.slice(nameOrArn.lastIndexOf('/') + 1);
}
