import { type Forwarding, type ForwardingRegistry, sendersOf } from '../../stack/forwarding.ts';
import { forwardingName, roleArn, senderStatement } from '../../stack/forwardingNames.ts';
import { senderPolicy, sendPolicy, trustPolicy } from '../../stack/forwardingPolicies.ts';
import type { Template } from '../../stack/names.ts';

/**
 * What has to be set up in each account, as commands of the AWS CLI.
 * @param same the options of the same environment, after a space
 */
export function forwardingText(forwarding: Forwarding, same = ''): string {
  const { receiver, registries, stack } = forwarding;
  if (registries.length === 0) return nothingToForward(forwarding);
  return [
    `${stack} in ${place(receiver)} releases images of other places. Set up once, and again when repositories change:`,
    // First: EventBridge may refuse a target whose bus does not allow it yet.
    ...receiverText(forwarding),
    ...accountsOf(registries).map((some) => roleText(forwarding, some)),
    ...registries.map((registry) => registryText(forwarding, registry)),
    `The same as CloudFormation: \`fairway forwarding --out DIR${same}\``,
  ].join('\n\n');
}

export function nothingToForward({ stack, receiver }: Forwarding): string {
  return `All images of ${stack} are in ${place(receiver)}: nothing has to be forwarded.`;
}

/** The first registry of each account. */
function accountsOf(registries: readonly ForwardingRegistry[]): readonly ForwardingRegistry[] {
  return [...new Map(registries.toReversed().map((one) => [one.registry.account, one])).values()].reverse();
}

/** IAM is global: the rules of all regions of an account share the role. */
function roleText({ stack, receiver }: Forwarding, { registry }: ForwardingRegistry): string {
  const role = forwardingName(stack, receiver);
  return [
    `# In ${registry.account}: the role of the rules`,
    `aws iam create-role --role-name ${role} --assume-role-policy-document ${policyWord(trustPolicy(registry))}`,
    `aws iam put-role-policy --role-name ${role} --policy-name forward --policy-document ${policyWord(sendPolicy(receiver))}`,
  ].join('\n');
}

function registryText({ stack, receiver }: Forwarding, registry: ForwardingRegistry): string {
  const { region } = registry.registry;
  const RoleArn = roleArn(registry.registry, forwardingName(stack, receiver));
  const rules = rulesIn(registry.template).flatMap(({ Name, EventPattern, Targets }) => [
    `aws events put-rule --region ${region} --name ${Name} --event-pattern ${policyWord(EventPattern)}`,
    `aws events put-targets --region ${region} --rule ${Name} --targets ${policyWord(
      Targets.map(({ Id, Arn }) => ({ Id, Arn, RoleArn })),
    )}`,
  ]);
  return [
    `# In ${place(registry.registry)}: forward pushes of ${registry.repositories.join(', ')}`,
    ...rules,
    ...policyLines(registry),
  ].join('\n');
}

function policyLines({ registry, repositoryPolicies }: ForwardingRegistry): readonly string[] {
  return Object.entries(repositoryPolicies).flatMap(([name, policy]) => [
    `# The policy of ${name} is replaced: show it, and add its other statements to the command. Two environments have`,
    '# statements with different names (Sid).',
    `aws ecr get-repository-policy --region ${registry.region} --repository-name ${name} --query policyText --output text`,
    `aws ecr set-repository-policy --region ${registry.region} --repository-name ${name} --policy-text ${policyWord(policy)}`,
  ]);
}

function receiverText({ stack, receiver, registries }: Forwarding): readonly string[] {
  const Statement = sendersOf(receiver, registries).map((account) => ({
    Sid: senderStatement(stack, account),
    ...Object(senderPolicy(receiver, account)),
  }));
  if (Statement.length === 0) return [];
  return [
    [
      `# In ${place(receiver)}: let their accounts send pushes`,
      '# The policy of the event bus is replaced: show it, and add its other statements to the command.',
      `aws events describe-event-bus --region ${receiver.region} --query Policy --output text`,
      `aws events put-permission --region ${receiver.region} --policy ${policyWord({ Version: '2012-10-17', Statement })}`,
    ].join('\n'),
  ];
}

interface RuleProperties {
  readonly Name: string;
  readonly EventPattern: Template;
  readonly Targets: readonly { readonly Id: string; readonly Arn: string }[];
}

function rulesIn(template: Template): readonly RuleProperties[] {
  const resources: Readonly<Record<string, { readonly Type: string; readonly Properties: RuleProperties }>> =
    Object(Object(template).Resources);
  return Object.values(resources).flatMap(({ Type, Properties }) =>
    Type === 'AWS::Events::Rule' ? [Properties] : [],
  );
}

function place({ account, region }: { readonly account: string; readonly region: string }): string {
  return `${account}, ${region}`;
}

/** JSON for a shell. None of it contains a quote. */
function policyWord(value: Template): string {
  return `'${JSON.stringify(value)}'`;
}
