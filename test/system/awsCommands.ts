import { ECRClient, GetRepositoryPolicyCommand, SetRepositoryPolicyCommand } from '@aws-sdk/client-ecr';
import {
  DescribeEventBusCommand,
  EventBridgeClient,
  PutPermissionCommand,
  PutRuleCommand,
  PutTargetsCommand,
} from '@aws-sdk/client-eventbridge';
import type { Json } from '../../local/contract.ts';
import { allowsPrincipal, evaluate } from '../../local/iam/evaluate.ts';
import { parsePolicy } from '../../local/iam/policy.ts';

/** Runs what `fairway forwarding` prints, as a person would: each command in its place, policies merged by hand. */

type Options = Readonly<Record<string, string>>;
interface Settings {
  readonly endpoint: string;
  readonly region: string;
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
}
/** The clients' settings by region, and roles by name. */
interface Shell {
  readonly settings: (region: string) => Settings;
  readonly roles: Map<string, { readonly trust: Json; policy?: Json }>;
}

export function createShell(settings: Shell['settings']) {
  const shell: Shell = { settings, roles: new Map() };
  return {
    async run(text: string): Promise<void> {
      for (const line of text.split('\n').filter((each) => each.startsWith('aws '))) {
        const [, service = '', command = ''] = line.split(' ');
        const perform = COMMANDS[`${service} ${command}`];
        if (!perform) throw new Error(`unknown command: ${line}`);
        await perform(shell, optionsIn(line));
      }
    },
  };
}

/** `--name value`, `--name 'value with spaces'`. */
function optionsIn(line: string): Options {
  const found = [...line.matchAll(/--([a-z-]+) (?:'([^']*)'|(\S+))/g)];
  return Object.fromEntries(found.map(([, name, quoted, plain]) => [name, quoted ?? plain]));
}

const COMMANDS: Readonly<Record<string, (shell: Shell, options: Options) => Promise<unknown>>> = {
  'iam create-role': async (
    { roles },
    { 'role-name': name = '', 'assume-role-policy-document': trust = '' },
  ) => {
    if (roles.has(name)) throw new Error(`EntityAlreadyExists: ${name}`);
    roles.set(name, { trust: JSON.parse(trust) });
  },
  'iam put-role-policy': async ({ roles }, { 'role-name': name = '', 'policy-document': policy = '' }) => {
    const role = roles.get(name);
    if (!role) throw new Error(`NoSuchEntity: ${name}`);
    role.policy = JSON.parse(policy);
  },
  'events put-rule': ({ settings }, { region = '', name, 'event-pattern': EventPattern }) =>
    within(new EventBridgeClient(settings(region)), (client) =>
      client.send(new PutRuleCommand({ Name: name, EventPattern })),
    ),
  'events put-targets': async ({ settings, roles }, { region = '', rule, targets = '' }) => {
    const Targets: { Id: string; Arn: string; RoleArn: string }[] = JSON.parse(targets);
    for (const target of Targets) checkRole(roles, target);
    return within(new EventBridgeClient(settings(region)), (client) =>
      client.send(new PutTargetsCommand({ Rule: rule, Targets })),
    );
  },
  'events describe-event-bus': async () => undefined,
  'events put-permission': ({ settings }, { region = '', policy = '' }) =>
    within(new EventBridgeClient(settings(region)), async (client) => {
      const { Policy } = await client.send(new DescribeEventBusCommand({}));
      return client.send(new PutPermissionCommand({ Policy: merged(Policy, policy) }));
    }),
  'ecr get-repository-policy': async () => undefined,
  'ecr set-repository-policy': (
    { settings },
    { region = '', 'repository-name': repositoryName, 'policy-text': text = '' },
  ) =>
    within(new ECRClient(settings(region)), async (client) => {
      const { policyText } = await client
        .send(new GetRepositoryPolicyCommand({ repositoryName }))
        .catch(() => ({ policyText: undefined }));
      return client.send(
        new SetRepositoryPolicyCommand({ repositoryName, policyText: merged(policyText, text) }),
      );
    }),
};

async function within<Client extends { destroy(): void }, Result>(
  client: Client,
  use: (client: Client) => Promise<Result>,
): Promise<Result> {
  try {
    return await use(client);
  } finally {
    client.destroy();
  }
}

/** The new statements, and those of the old policy that have other names. */
function merged(old: string | undefined, added: string): string {
  const statements = (text: string): { Sid: string }[] => JSON.parse(text).Statement;
  const fresh = statements(added);
  const kept = old === undefined ? [] : statements(old);
  const Statement = [...kept.filter(({ Sid }) => !fresh.some((one) => one.Sid === Sid)), ...fresh];
  return JSON.stringify({ Version: '2012-10-17', Statement });
}

/** EventBridge must be able to assume the role, and the role to send events to the bus. */
function checkRole(
  roles: Shell['roles'],
  { Arn, RoleArn }: { readonly Arn: string; readonly RoleArn: string },
) {
  const [, , , , account = '', path = ''] = RoleArn.split(':');
  const role = roles.get(path.replace(/^role\//, ''));
  if (!role?.policy) throw new Error(`there is no role ${RoleArn}`);
  const context = { 'aws:SourceAccount': account };
  const assume = { action: 'sts:AssumeRole', resource: RoleArn, context };
  if (!allowsPrincipal([parsePolicy('trust', role.trust)], 'events.amazonaws.com', assume))
    throw new Error(`EventBridge may not assume ${RoleArn}`);
  const send = { action: 'events:PutEvents', resource: Arn, context: {} };
  if (evaluate([parsePolicy('forward', role.policy)], send).result !== 'allowed')
    throw new Error(`${RoleArn} may not send events to ${Arn}`);
}
