import type { Configuration } from '../shared/domain/app.ts';
import { isSameRegistry, type Registry } from '../shared/domain/registry.ts';
import { busArn, forwardingName, senderStatement } from './forwardingNames.ts';
import { appsOf, repositoryPolicy, senderPolicy, sendPolicy, trustPolicy } from './forwardingPolicies.ts';
import { type Resources, stackName, type Template } from './names.ts';
import { pushPatterns, registriesOf } from './patterns.ts';
import { rolePathOf } from './settings.ts';

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
  /** By repository; none in the account of the stack, which needs none. */
  readonly repositoryPolicies: Readonly<Record<string, Template>>;
}

export interface Forwarding {
  readonly stack: string;
  /** Where the stack is. */
  readonly receiver: Registry;
  readonly registries: readonly ForwardingRegistry[];
  /** CloudFormation: which accounts may send pushes to the bus; absent where all are in the account of the stack. */
  readonly receiverTemplate?: Template;
}

export function forwardingOf(configuration: Configuration, receiver: Registry): Forwarding {
  const stack = stackName(configuration);
  const registries = registriesOf(configuration.apps).flatMap(({ registry, repositories }) =>
    registry === undefined || isSameRegistry(registry, receiver)
      ? []
      : [
          {
            registry,
            repositories,
            template: registryTemplate(stack, receiver, registry, repositories),
            repositoryPolicies: policiesOf(configuration, receiver, registry, repositories),
          },
        ],
  );
  const senders = sendersOf(receiver, registries);
  return {
    stack,
    receiver,
    registries,
    ...(senders.length === 0 ? {} : { receiverTemplate: receiverTemplate(stack, receiver, senders) }),
  };
}

/** The other accounts whose pushes are forwarded, each once. */
export function sendersOf(
  receiver: Registry,
  registries: readonly Pick<ForwardingRegistry, 'registry'>[],
): readonly string[] {
  const accounts = new Set(registries.map(({ registry }) => registry.account));
  return [...accounts].filter((account) => account !== receiver.account);
}

function policiesOf(
  configuration: Configuration,
  receiver: Registry,
  registry: Registry,
  repositories: readonly string[],
): Readonly<Record<string, Template>> {
  if (registry.account === receiver.account) return {};
  const reader = { stack: stackName(configuration), receiver, rolePath: rolePathOf(configuration) ?? '/' };
  return Object.fromEntries(
    repositories.map((repository) => [
      repository,
      repositoryPolicy(reader, appsOf(configuration.apps, registry, repository)),
    ]),
  );
}

function registryTemplate(
  stack: string,
  receiver: Registry,
  registry: Registry,
  repositories: readonly string[],
): Template {
  const Description = `Forwards pushes of images to ${stack} in ${receiver.account}, ${receiver.region}`;
  const Target = {
    Id: forwardingName(stack, receiver),
    Arn: busArn(receiver),
    RoleArn: { 'Fn::GetAtt': ['ForwardingRole', 'Arn'] },
  };
  const rules: Resources = Object.fromEntries(
    pushPatterns(registry, repositories).map((EventPattern, index) => [
      `ForwardingRule${index + 1}`,
      {
        Type: 'AWS::Events::Rule',
        Properties: {
          Name: forwardingName(stack, receiver, `-${index + 1}`),
          Description,
          EventPattern,
          State: 'ENABLED',
          Targets: [Target],
        },
      },
    ]),
  );
  return {
    AWSTemplateFormatVersion: '2010-09-09',
    Description,
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
            StatementId: senderStatement(stack, account),
            Statement: senderPolicy(receiver, account),
          },
        },
      ]),
    ),
  };
}
