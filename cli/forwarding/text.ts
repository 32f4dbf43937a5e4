import {
  busArn,
  type Forwarding,
  type ForwardingRegistry,
  sendPolicy,
  statementId,
  trustPolicy,
} from '../../stack/forwarding.ts';
import type { Template } from '../../stack/names.ts';

/** What has to be set up in each account, as commands of the AWS CLI. */
export function forwardingText(forwarding: Forwarding): string {
  const { receiver, registries, stack } = forwarding;
  if (registries.length === 0)
    return `All images of ${stack} are in ${place(receiver)}: nothing has to be forwarded.`;
  return [
    `${stack} in ${place(receiver)} releases images of other places. Set up once, and again when repositories change:`,
    ...registries.map((registry) => registryText(forwarding, registry)),
    ...receiverText(forwarding),
    'The same as CloudFormation: fairway forwarding --out DIR',
  ].join('\n\n');
}

function registryText({ stack, receiver }: Forwarding, registry: ForwardingRegistry): string {
  const { account, region } = registry.registry;
  const role = `${stack}-${receiver.region}`;
  const rules = rulesIn(registry.template).flatMap(({ Name, EventPattern, Targets }) => [
    `aws events put-rule --region ${region} --name ${Name} --event-pattern ${quoted(EventPattern)}`,
    `aws events put-targets --region ${region} --rule ${Name} --targets ${quoted(
      Targets.map(({ Id, Arn }) => ({ Id, Arn, RoleArn: roleArn(account, role, busArn(receiver)) })),
    )}`,
  ]);
  return [
    `# In ${place(registry.registry)}: forward pushes of ${registry.repositories.join(', ')}`,
    `aws iam create-role --role-name ${role} --assume-role-policy-document ${quoted(trustPolicy(registry.registry))}`,
    `aws iam put-role-policy --role-name ${role} --policy-name forward --policy-document ${quoted(sendPolicy(receiver))}`,
    ...rules,
    ...policyLines(registry),
  ].join('\n');
}

function policyLines({ registry, repositories, repositoryPolicy }: ForwardingRegistry): readonly string[] {
  if (repositoryPolicy === undefined) return [];
  return [
    '# This replaces the policy of the repository: add the statements to the policy that it has.',
    ...repositories.map(
      (name) =>
        `aws ecr set-repository-policy --region ${registry.region} --repository-name ${name} --policy-text ${quoted(repositoryPolicy)}`,
    ),
  ];
}

function receiverText({ stack, receiver, registries }: Forwarding): readonly string[] {
  const senders = new Set(registries.map(({ registry }) => registry.account));
  const lines = [...senders]
    .filter((account) => account !== receiver.account)
    .map(
      (account) =>
        `aws events put-permission --region ${receiver.region} --action events:PutEvents --principal ${account} --statement-id ${statementId(stack, account)}`,
    );
  return lines.length === 0 ? [] : [[`# In ${place(receiver)}: receive them`, ...lines].join('\n')];
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

/** In the partition of the bus. */
function roleArn(account: string, role: string, bus: string): string {
  return `arn:${bus.split(':')[1]}:iam::${account}:role/${role}`;
}

function place({ account, region }: { readonly account: string; readonly region: string }): string {
  return `${account}, ${region}`;
}

/** JSON for a shell. None of it contains a quote. */
function quoted(value: Template): string {
  return `'${JSON.stringify(value)}'`;
}
