import {
  type Action,
  DescribeListenersCommand,
  DescribeRulesCommand,
  DescribeTargetGroupsCommand,
  DescribeTargetHealthCommand,
  ElasticLoadBalancingV2Client,
  type TargetGroup,
  type TargetHealthDescription,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import type { ObservedTarget, ObservedTargetGroup } from '../domain/diagnosis/targetGroups.ts';
import type { Weights } from '../domain/strategies/traffic.ts';
import { AwsFault, type LoadBalancers } from '../ports.ts';
import { CLIENT_OPTIONS, type Time, untilDeadline } from './clients.ts';
import { translated } from './faults.ts';

type Client = Pick<ElasticLoadBalancingV2Client, 'send'>;

let shared: ElasticLoadBalancingV2Client | undefined;

/** Made when it is first needed: most invocations read no target group. */
export function loadBalancersClient(): Client {
  shared ??= new ElasticLoadBalancingV2Client(CLIENT_OPTIONS);
  return shared;
}

/** The LoadBalancers port over Elastic Load Balancing. Lives for one invocation. */
export function createLoadBalancers(client: () => Client, time: Time): LoadBalancers {
  const seen = new Map<string, Promise<ObservedTargetGroup | undefined>>();
  return {
    targetGroup(arn) {
      const group = seen.get(arn) ?? targetGroup(client(), time, arn);
      seen.set(arn, group);
      return group;
    },
    weights: (arn) => weights(client(), time, arn),
  };
}

async function weights(client: Client, time: Time, arn: string): Promise<Weights | undefined> {
  try {
    const actions = await actionsOf(client, time, arn);
    return actions && weightsOf(actions);
  } catch (error) {
    if (error instanceof AwsFault && /(?:Rule|Listener)NotFound/.test(error.code)) return undefined;
    throw error;
  }
}

async function actionsOf(client: Client, time: Time, arn: string): Promise<readonly Action[] | undefined> {
  if (!arn.includes(':listener-rule/')) {
    const listeners = new DescribeListenersCommand({ ListenerArns: [arn] });
    const { Listeners = [] } = await translated('elasticloadbalancing:DescribeListeners', () =>
      client.send(listeners, untilDeadline(time)),
    );
    return Listeners[0]?.DefaultActions;
  }
  const rules = new DescribeRulesCommand({ RuleArns: [arn] });
  const { Rules = [] } = await translated('elasticloadbalancing:DescribeRules', () =>
    client.send(rules, untilDeadline(time)),
  );
  return Rules[0]?.Actions;
}

/** A group without a weight has 1. Source: Elastic Load Balancing API reference, TargetGroupTuple. */
function weightsOf(actions: readonly Action[]): Weights {
  const forward = actions.find(({ Type }) => Type === 'forward');
  const groups = forward?.ForwardConfig?.TargetGroups ?? [];
  const named =
    groups.length > 0 || !forward?.TargetGroupArn ? groups : [{ TargetGroupArn: forward.TargetGroupArn }];
  return new Map(named.map(({ TargetGroupArn = '', ...group }) => [TargetGroupArn, weightOf(group)]));
}

function weightOf(group: { readonly Weight?: number | undefined }): number {
  return group.Weight ?? 1;
}

async function targetGroup(
  client: Client,
  time: Time,
  arn: string,
): Promise<ObservedTargetGroup | undefined> {
  try {
    const [{ TargetGroups = [] }, { TargetHealthDescriptions = [] }] = await Promise.all([
      translated('elasticloadbalancing:DescribeTargetGroups', () =>
        client.send(new DescribeTargetGroupsCommand({ TargetGroupArns: [arn] }), untilDeadline(time)),
      ),
      translated('elasticloadbalancing:DescribeTargetHealth', () =>
        client.send(new DescribeTargetHealthCommand({ TargetGroupArn: arn }), untilDeadline(time)),
      ),
    ]);
    const [group] = TargetGroups;
    return group && observedGroup(group, TargetHealthDescriptions);
  } catch (error) {
    if (error instanceof AwsFault && /TargetGroupNotFound/.test(error.code)) return undefined;
    throw error;
  }
}

/** Values that AWS leaves out are its defaults. Source: Elastic Load Balancing API reference, CreateTargetGroup. */
function observedGroup(
  group: TargetGroup,
  descriptions: readonly TargetHealthDescription[],
): ObservedTargetGroup {
  const { HealthCheckPath: path, Matcher: matcher } = group;
  const grpc = matcher?.GrpcCode;
  const expects = grpc === undefined ? matcher?.HttpCode : `gRPC code ${grpc}`;
  return {
    name: group.TargetGroupName ?? '',
    protocol: group.HealthCheckProtocol ?? 'HTTP',
    port: portOf(group, descriptions),
    ...(path === undefined
      ? {}
      : { request: grpc === undefined ? `GET ${path}` : path, expects: expects ?? '200' }),
    interval: group.HealthCheckIntervalSeconds ?? 30,
    timeout: group.HealthCheckTimeoutSeconds ?? 5,
    unhealthyAfter: group.UnhealthyThresholdCount ?? 2,
    targets: descriptions.map(observedTarget),
  };
}

/** Of its health check: that of the targets, where all of them have the same. */
function portOf(
  { HealthCheckPort = 'traffic-port' }: TargetGroup,
  descriptions: readonly TargetHealthDescription[],
): string {
  const ports = new Set(descriptions.flatMap(({ HealthCheckPort: port }) => port ?? []));
  const [only] = ports;
  return ports.size === 1 && only !== undefined ? only : HealthCheckPort;
}

function observedTarget({ TargetHealth: health }: TargetHealthDescription): ObservedTarget {
  return { state: health?.State ?? 'unknown', reason: health?.Reason, description: health?.Description };
}
