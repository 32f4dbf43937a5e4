import type { App, Configuration } from '../shared/domain/app.ts';
import { isSameRegistry, partitionOf, type Registry } from '../shared/domain/registry.ts';
import { type Resources, stackName, type Template } from './names.ts';
import { pushPatterns, registriesOf } from './patterns.ts';

/**
 * What lets a stack release images of other accounts and regions: a rule there that forwards pushes, a policy of the
 * bus that receives them, and policies of the repositories. Pure.
 */

/** A registry whose images the stack releases. */
export interface ForwardingRegistry {
  readonly registry: Registry;
  readonly repositories: readonly string[];
  /** CloudFormation: the rules that forward pushes, and their role. */
  readonly template: Template;
  /** For each of the repositories; absent in the account of the stack, which needs none. */
  readonly repositoryPolicy?: Template;
}

export interface Forwarding {
  readonly stack: string;
  /** Where the stack is. */
  readonly receiver: Registry;
  readonly registries: readonly ForwardingRegistry[];
  /** CloudFormation: which accounts may send events to the bus; absent where all are in the account of the stack. */
  readonly receiverTemplate?: Template;
}

export function forwardingOf(configuration: Configuration, receiver: Registry): Forwarding {
  const stack = stackName(configuration);
  const registries = registriesOf(configuration.apps).flatMap(({ registry, repositories }) =>
    registry === undefined || isSameRegistry(registry, receiver)
      ? []
      : [forwardingRegistry({ configuration, stack, receiver }, registry, repositories)],
  );
  const accounts = new Set(registries.map(({ registry }) => registry.account));
  const senders = [...accounts].filter((account) => account !== receiver.account);
  return {
    stack,
    receiver,
    registries,
    ...(senders.length === 0 ? {} : { receiverTemplate: receiverTemplate(stack, receiver, senders) }),
  };
}

interface Receiving {
  readonly configuration: Configuration;
  readonly stack: string;
  readonly receiver: Registry;
}

function forwardingRegistry(
  { configuration, stack, receiver }: Receiving,
  registry: Registry,
  repositories: readonly string[],
): ForwardingRegistry {
  const isOwnAccount = registry.account === receiver.account;
  const path = configuration.stack?.rolePath ?? '/';
  return {
    registry,
    repositories,
    template: registryTemplate(stack, receiver, registry, repositories),
    ...(isOwnAccount
      ? {}
      : { repositoryPolicy: repositoryPolicy(receiver, `role${path}${stack}-*`, configuration.apps) }),
  };
}

function registryTemplate(
  stack: string,
  receiver: Registry,
  registry: Registry,
  repositories: readonly string[],
): Template {
  const rules: Resources = Object.fromEntries(
    pushPatterns(registry, repositories).map((EventPattern, index) => [
      `ForwardingRule${index + 1}`,
      {
        Type: 'AWS::Events::Rule',
        Properties: {
          Name: ruleName(stack, receiver, index + 1),
          Description: `Forwards pushes to ${stack} in ${receiver.account}, ${receiver.region}`,
          EventPattern,
          State: 'ENABLED',
          Targets: [
            { Id: 'fairway', Arn: busArn(receiver), RoleArn: { 'Fn::GetAtt': ['ForwardingRole', 'Arn'] } },
          ],
        },
      },
    ]),
  );
  return {
    AWSTemplateFormatVersion: '2010-09-09',
    Description: `Forwards pushes of images to ${stack} in ${receiver.account}, ${receiver.region}`,
    Resources: {
      ForwardingRole: {
        Type: 'AWS::IAM::Role',
        Properties: {
          AssumeRolePolicyDocument: trustPolicy(registry),
          Policies: [{ PolicyName: 'forward', PolicyDocument: sendPolicy(receiver) }],
        },
      },
      ...rules,
    },
  };
}

function receiverTemplate(stack: string, receiver: Registry, senders: readonly string[]): Template {
  return {
    AWSTemplateFormatVersion: '2010-09-09',
    Description: `Lets the accounts of image registries send pushes to ${stack}`,
    Resources: Object.fromEntries(
      senders.map((account) => [
        `Sender${account}`,
        {
          Type: 'AWS::Events::EventBusPolicy',
          Properties: {
            StatementId: statementId(stack, account),
            Statement: {
              Effect: 'Allow',
              Principal: { AWS: rootOf(account, receiver) },
              Action: 'events:PutEvents',
              Resource: busArn(receiver),
            },
          },
        },
      ]),
    ),
  };
}

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

/** Fairway's functions read images, and the execution roles of the tasks pull them. */
function repositoryPolicy(receiver: Registry, functionRoles: string, apps: readonly App[]): Template {
  const Principal = { AWS: rootOf(receiver.account, receiver) };
  const arn = (resource: string) =>
    `arn:${partitionOf(receiver.region)}:iam::${receiver.account}:${resource}`;
  const executionRoles = executionRolesOf(apps).map((role) =>
    role.startsWith('arn:') ? role : arn(`role/${role}`),
  );
  return {
    Version: '2012-10-17',
    Statement: [
      {
        Sid: 'FairwayReads',
        Effect: 'Allow',
        Principal,
        Action: ['ecr:BatchGetImage', 'ecr:DescribeImages', 'ecr:GetDownloadUrlForLayer'],
        Condition: { ArnLike: { 'aws:PrincipalArn': [arn(functionRoles)] } },
      },
      {
        Sid: 'TasksPull',
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

/** None where one of them is unknown. */
function executionRolesOf(apps: readonly App[]): readonly string[] {
  const places = apps
    .filter(({ image }) => image.registry !== undefined)
    .flatMap(({ before, services, after, tasks }) => [...before, ...services, ...after, ...tasks]);
  const roles = places.map(({ executionRole }) => executionRole);
  return roles.includes(undefined) ? [] : [...new Set(roles.flatMap((role) => role ?? []))].sort();
}

/** Names are unique in a region: another stack may forward the pushes of the same registry. */
export function ruleName(stack: string, receiver: Registry, number: number): string {
  return `${stack}-${receiver.region}-${number}`;
}

export function statementId(stack: string, account: string): string {
  return `${stack}-${account}`;
}

export function busArn({ account, region }: Registry): string {
  return `arn:${partitionOf(region)}:events:${region}:${account}:event-bus/default`;
}

function rootOf(account: string, { region }: Registry): string {
  return `arn:${partitionOf(region)}:iam::${account}:root`;
}
