import type { App } from '../shared/domain/app.ts';
import { isSameRegistry, type Registry } from '../shared/domain/registry.ts';
import { busArn, repositoryStatement, roleArn, rootOf } from './forwardingNames.ts';
import type { Template } from './names.ts';
import { PUSH_EVENTS } from './patterns.ts';

/** Who may assume the role of the rules: EventBridge, for rules of the account. */
export function trustPolicy({ account }: Registry): Template {
  return {
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Principal: { Service: 'events.amazonaws.com' },
        Action: 'sts:AssumeRole',
        Condition: { StringEquals: { 'aws:SourceAccount': account } },
      },
    ],
  };
}

export function sendPolicy(receiver: Registry): Template {
  return {
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Action: 'events:PutEvents', Resource: busArn(receiver) }],
  };
}

/**
 * What another account may send to the bus of the stack: pushes. Only AWS itself creates events of `aws.ecr`, so no
 * principal of the account can invent one. `events:source` has several values, and the detail type has to be there.
 * Source: EventBridge User Guide, "Example policy: Send events to a custom bus in a different account".
 */
export function senderPolicy(receiver: Registry, account: string): Template {
  return {
    Effect: 'Allow',
    Principal: { AWS: rootOf(account, receiver) },
    Action: 'events:PutEvents',
    Resource: busArn(receiver),
    Condition: {
      'ForAllValues:StringEquals': { 'events:source': 'aws.ecr' },
      StringEquals: { 'events:detail-type': PUSH_EVENTS },
    },
  };
}

/** A stack, where it is, and the path of its roles. */
export interface Reader {
  readonly stack: string;
  readonly receiver: Registry;
  readonly rolePath: string;
}

/** ECR API, SetRepositoryPolicy, `policyText`: characters. */
const LONGEST_REPOSITORY_POLICY = 10_240;

/** With too many execution roles to name, the account of the stack decides which roles may pull. */
export function repositoryPolicy(reader: Reader, apps: readonly App[]): Template {
  const named = repositoryPolicyFor(reader, executionRolesOf(apps));
  const isTooLong = JSON.stringify(named).length > LONGEST_REPOSITORY_POLICY;
  return isTooLong ? repositoryPolicyFor(reader, []) : named;
}

/** Fairway's functions read images, and the execution roles of the apps that use the repository pull them. */
function repositoryPolicyFor(reader: Reader, executionRoleNames: readonly string[]): Template {
  const { stack, receiver, rolePath } = reader;
  const Principal = { AWS: rootOf(receiver.account, receiver) };
  const executionRoles = executionRoleNames.map((role) =>
    role.startsWith('arn:') ? role : roleArn(receiver, role),
  );
  return {
    Version: '2012-10-17',
    Statement: [
      {
        Sid: repositoryStatement(stack, receiver, 'Reads'),
        Effect: 'Allow',
        Principal,
        Action: ['ecr:BatchGetImage', 'ecr:DescribeImages', 'ecr:GetDownloadUrlForLayer'],
        Condition: { ArnLike: { 'aws:PrincipalArn': roleArn(receiver, `${rolePath.slice(1)}*`) } },
      },
      {
        Sid: repositoryStatement(stack, receiver, 'Pulls'),
        Effect: 'Allow',
        Principal,
        Action: ['ecr:BatchCheckLayerAvailability', 'ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'],
        ...(executionRoles.length === 0
          ? {}
          : { Condition: { ArnLike: { 'aws:PrincipalArn': executionRoles } } }),
      },
    ],
  };
}

/** The apps that run images of a repository. */
export function appsOf(apps: readonly App[], registry: Registry, repository: string): readonly App[] {
  return apps.filter(
    ({ image }) => image.repository === repository && isSameRegistry(image.registry, registry),
  );
}

/** None where one of them is unknown. */
function executionRolesOf(apps: readonly App[]): readonly string[] {
  const places = apps.flatMap(({ before, services, after, tasks }) => [
    ...before,
    ...services,
    ...after,
    ...tasks,
  ]);
  const roles = places.map(({ executionRole }) => executionRole);
  return roles.includes(undefined) ? [] : [...new Set(roles.flatMap((role) => role ?? []))].sort();
}
