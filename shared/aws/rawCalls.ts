import type { RawDefinition } from '../domain/revision.ts';
import { FIRST_ON_RESPONSE, keepRaw, withBody } from './rawJson.ts';
import type { ClientSettings, Send } from './send.ts';

/**
 * Calls of AWS's JSON protocols with JSON as it is, members that the SDK does not know included. Any operation goes as
 * the body and the target of one command of the service's client: signing, endpoints and errors stay the SDK's.
 */

/** One attempt: the caller decides what is worth repeating. */
const ONCE = {
  maxAttempts: 1,
  requestHandler: { connectionTimeout: 3_000, requestTimeout: 20_000, throwOnRequestTimeout: true },
} as const;

type OnceSettings = ClientSettings & typeof ONCE;

/** @returns a function that calls an operation of a service, which is named as in IAM's actions */
export function createRawCalls(settings: ClientSettings) {
  const senders = new Map<string, Promise<Send>>();
  return async (service: string, operation: string, input: RawDefinition): Promise<RawDefinition> => {
    const known = senders.get(service) ?? senderOf(service)({ ...settings, ...ONCE });
    senders.set(service, known);
    return (await known)(operation, input);
  };
}

/** By the service's name in IAM's actions. Clients are loaded when they are first used. */
const SENDERS: Readonly<Record<string, (settings: OnceSettings) => Promise<Send>>> = {
  async ecs(settings) {
    const { ECSClient, ListClustersCommand } = await import('@aws-sdk/client-ecs');
    const client = new ECSClient(settings);
    return sending(
      () => new ListClustersCommand({}),
      (command) => client.send(command),
    );
  },
  async ecr(settings) {
    const { ECRClient, DescribeRegistryCommand } = await import('@aws-sdk/client-ecr');
    const client = new ECRClient(settings);
    return sending(
      () => new DescribeRegistryCommand({}),
      (command) => client.send(command),
    );
  },
  async logs(settings) {
    const { CloudWatchLogsClient, DescribeLogGroupsCommand } = await import(
      '@aws-sdk/client-cloudwatch-logs'
    );
    const client = new CloudWatchLogsClient(settings);
    return sending(
      () => new DescribeLogGroupsCommand({}),
      (command) => client.send(command),
    );
  },
  async 'application-autoscaling'(settings) {
    const { ApplicationAutoScalingClient, DescribeScalableTargetsCommand } = await import(
      '@aws-sdk/client-application-auto-scaling'
    );
    const client = new ApplicationAutoScalingClient(settings);
    return sending(
      () => new DescribeScalableTargetsCommand({ ServiceNamespace: 'ecs' }),
      (command) => client.send(command),
    );
  },
  async tagging(settings) {
    const { ResourceGroupsTaggingAPIClient, GetResourcesCommand } = await import(
      '@aws-sdk/client-resource-groups-tagging-api'
    );
    const client = new ResourceGroupsTaggingAPIClient(settings);
    return sending(
      () => new GetResourcesCommand({}),
      (command) => client.send(command),
    );
  },
  async ssm(settings) {
    const { SSMClient, DescribeParametersCommand } = await import('@aws-sdk/client-ssm');
    const client = new SSMClient(settings);
    return sending(
      () => new DescribeParametersCommand({}),
      (command) => client.send(command),
    );
  },
  async events(settings) {
    const { EventBridgeClient, ListRulesCommand } = await import('@aws-sdk/client-eventbridge');
    const client = new EventBridgeClient(settings);
    return sending(
      () => new ListRulesCommand({}),
      (command) => client.send(command),
    );
  },
  scheduler: readingSchedules,
  cloudformation: describingStacks,
  elasticloadbalancing: async (settings) => (await import('./queryCalls.ts')).loadBalancingCalls(settings),
  iam: async (settings) => (await import('./queryCalls.ts')).iamCalls(settings),
};

function senderOf(service: string) {
  const create = SENDERS[service];
  if (create === undefined) throw new Error(`no client is known for ${service}`);
  return create;
}

/** CloudFormation speaks XML: DescribeStacks, as the SDK parses it. */
async function describingStacks(settings: OnceSettings): Promise<Send> {
  const { CloudFormationClient, DescribeStacksCommand } = await import('@aws-sdk/client-cloudformation');
  const client = new CloudFormationClient(settings);
  return async (_, { StackName }) => {
    const { Stacks } = await client.send(new DescribeStacksCommand({ StackName: String(StackName) }));
    return Object(JSON.parse(JSON.stringify({ Stacks })));
  };
}

/** EventBridge Scheduler speaks by paths: its reads, as the SDK parses them. */
async function readingSchedules(settings: OnceSettings): Promise<Send> {
  const { GetScheduleCommand, ListSchedulesCommand, SchedulerClient } = await import(
    '@aws-sdk/client-scheduler'
  );
  const client = new SchedulerClient(settings);
  return async (operation, { Name, GroupName, NextToken }) => {
    const answer =
      operation === 'GetSchedule'
        ? await client.send(new GetScheduleCommand({ Name: String(Name), GroupName: String(GroupName) }))
        : await client.send(
            new ListSchedulesCommand(NextToken === undefined ? {} : { NextToken: String(NextToken) }),
          );
    const { $metadata: _, ...members } = answer;
    return Object(JSON.parse(JSON.stringify(members)));
  };
}

interface Carrier {
  readonly middlewareStack: {
    add(
      middleware: ReturnType<typeof exchange>,
      options: { step: 'build'; name: string; priority: 'high' },
    ): void;
    add(middleware: ReturnType<typeof keepRaw>, options: typeof FIRST_ON_RESPONSE): void;
  };
}

function sending<Command extends Carrier>(
  create: () => Command,
  send: (command: Command) => Promise<unknown>,
): Send {
  return async (operation, input) => {
    const command = create();
    const answer = { raw: '' };
    const options = { step: 'build', name: 'exchangeOperation', priority: 'high' } as const;
    command.middlewareStack.add(exchange(operation, JSON.stringify(input)), options);
    command.middlewareStack.add(keepRaw(answer), FIRST_ON_RESPONSE);
    await send(command);
    const value: unknown = answer.raw === '' ? {} : JSON.parse(answer.raw);
    return Object(value);
  };
}

/** Puts another operation and body in the place of the command's. */
function exchange(operation: string, body: string) {
  return <Args extends { request: unknown }, Result>(next: (args: Args) => Promise<Result>) =>
    async (args: Args): Promise<Result> => {
      withBody(args.request, body, (headers) => {
        const [prefix = ''] = (headers['x-amz-target'] ?? '').split('.');
        headers['x-amz-target'] = `${prefix}.${operation}`;
      });
      return next(args);
    };
}
