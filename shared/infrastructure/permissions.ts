import { isObject, type Json, type JsonObject, textAt } from './json.ts';
import { arnIn, type Grant, type Place, type Resource } from './kind.ts';
import { KIND_NAMES, KINDS } from './kinds.ts';

/** The IAM policy that an operator needs. */

/** The command that the policy is for. */
type Purpose = 'plan' | 'apply';

interface Statement {
  readonly Effect: 'Allow';
  readonly Action: readonly string[];
  readonly Resource: string | readonly string[];
  readonly Condition?: JsonObject;
}

/** An IAM policy document. */
export interface PolicyDocument {
  readonly Version: '2012-10-17';
  readonly Statement: readonly Statement[];
}

/** @param resources what the file declares, with its references resolved or not */
export function policyFor(purpose: Purpose, resources: readonly Resource[], place: Place): PolicyDocument {
  const kinds = KIND_NAMES.map((kind) => ({
    kind: KINDS[kind],
    mine: resources.filter((resource) => resource.kind === kind),
  })).filter(({ mine }) => mine.length > 0);
  const granted = kinds.flatMap(({ kind, mine }) => {
    const { read, write } = kind.grants;
    return [...read, ...(purpose === 'apply' ? write : [])].flatMap((grant) =>
      statementsOf(grant, mine.filter(grant.when ?? (() => true)), place),
    );
  });
  return policyOf(
    merge([
      ...granted,
      allow(['tag:GetResources'], '*'),
      ...referenced(resources),
      ...forLifecycle(resources, place),
      ...(purpose === 'apply' ? forApply(resources, place) : []),
    ]),
  );
}

export function policyOf(Statement: readonly Statement[]): PolicyDocument {
  return { Version: '2012-10-17', Statement };
}

export function allow(
  Action: readonly string[],
  Resource: Statement['Resource'],
  Condition?: JsonObject,
): Statement {
  return { Effect: 'Allow', Action, Resource, ...(Condition === undefined ? {} : { Condition }) };
}

function statementsOf(
  { actions, on }: Grant,
  resources: readonly Resource[],
  place: Place,
): readonly Statement[] {
  if (resources.length === 0) return [];
  return [allow(actions, on === undefined ? '*' : resources.map((resource) => on(resource, place)))];
}

/** Statements about the same resources are one. */
export function merge(statements: readonly Statement[]): readonly Statement[] {
  const byResource = new Map<string, Statement>();
  for (const statement of statements) {
    const key = JSON.stringify([statement.Resource, statement.Condition]);
    const actions = [...(byResource.get(key)?.Action ?? []), ...statement.Action];
    byResource.set(key, { ...statement, Action: [...new Set(actions)] });
  }
  return [...byResource.values()];
}

function referenced(resources: readonly Resource[]): readonly Statement[] {
  const kinds = new Set(resources.flatMap(({ members }) => membersIn(members)));
  return [
    ...(kinds.has('fromParameter') ? [allow(['ssm:GetParameter'], '*')] : []),
    ...(kinds.has('fromStack') ? [allow(['cloudformation:DescribeStacks'], '*')] : []),
  ];
}

/** A lifecycle policy is compared with what runs, and with what the functions have live. */
function forLifecycle(resources: readonly Resource[], place: Place): readonly Statement[] {
  const repositories = resources.filter(({ members }) => isObject(members.lifecyclePolicy));
  if (repositories.length === 0) return [];
  return [
    allow(
      ['ecr:BatchGetImage'],
      repositories.map(({ name }) => arnIn(place, 'ecr', `repository/${name}`)),
    ),
    allow(['ecs:ListTasks', 'ecs:DescribeTasks'], '*'),
    allow(
      ['lambda:InvokeFunction'],
      [`${arnIn(place, 'lambda', `function:${place.installation}-operate`)}:read`],
    ),
  ];
}

function membersIn(value: Json | undefined): readonly string[] {
  if (Array.isArray(value)) return value.flatMap(membersIn);
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([member, item]) => [member, ...membersIn(item)]);
}

function passing(roles: readonly string[], service: string): readonly Statement[] {
  if (roles.length === 0) return [];
  return [allow(['iam:PassRole'], [...new Set(roles)], { StringEquals: { 'iam:PassedToService': service } })];
}

function rolesIn(value: Json | undefined): readonly string[] {
  if (Array.isArray(value)) return value.flatMap(rolesIn);
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([member, item]) =>
    member === 'roleArn' && typeof item === 'string' ? [item] : rolesIn(item),
  );
}

/**
 * ECS creates its service-linked role with the first cluster or service of an account, Application Auto Scaling with the
 * first scalable target. Source: CreateCluster, Amazon ECS API reference: without the right, no role and no error.
 */
function linkedRoles(resources: readonly Resource[]): readonly Statement[] {
  const created = (
    [
      ['cluster', 'ecs.amazonaws.com'],
      ['service', 'ecs.amazonaws.com'],
      ['scaling', 'ecs.application-autoscaling.amazonaws.com'],
    ] as const
  ).filter(([kind]) => resources.some((resource) => resource.kind === kind));
  if (created.length === 0) return [];
  const names = [...new Set(created.map(([, name]) => name))];
  return [allow(['iam:CreateServiceLinkedRole'], '*', { StringEquals: { 'iam:AWSServiceName': names } })];
}

function forApply(resources: readonly Resource[], place: Place): readonly Statement[] {
  const roles = resources
    .filter(({ kind }) => kind === 'taskDefinition')
    .flatMap(({ members }) => [textAt(members, 'executionRoleArn'), textAt(members, 'taskRoleArn')])
    .filter((role) => role !== undefined);
  // Roles for volumes, load balancers and VPC Lattice are passed to ECS itself.
  const ofServices = resources
    .filter(({ kind }) => kind === 'service')
    .flatMap(({ members }) => rolesIn(members));
  return [
    ...passing(roles, 'ecs-tasks.amazonaws.com'),
    ...passing(ofServices, 'ecs.amazonaws.com'),
    ...linkedRoles(resources),
    allow(['lambda:InvokeFunction'], [arnIn(place, 'lambda', `function:${place.installation}-operate`)]),
  ];
}
