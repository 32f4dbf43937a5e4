import { AwsError, type JsonObject, type ServiceApi } from '../contract.ts';
import { targetFailure, USUAL_TARGET_GROUP } from './health.ts';
import { listenerOperations } from './listeners.ts';
import type { Context, Task } from './model.ts';
import { objects, required, text, texts } from './read.ts';
import type { ServiceTarget, TargetGroup } from './routing.ts';

/**
 * Elastic Load Balancing: the target groups of the services, and the health of their tasks. Target groups
 * exist as soon as a service names them.
 */
export function loadBalancingApi(ctx: Context): ServiceApi {
  return {
    service: 'elasticloadbalancing',
    operations: {
      DescribeTargetGroups: (input) => ({ TargetGroups: groupsWanted(ctx, input) }),
      ...listenerOperations(ctx),
      DescribeTargetGroupAttributes: (input) => ({ Attributes: attributesOf(ctx, input) }),
      ModifyTargetGroupAttributes: (input) => ({ Attributes: modifyAttributes(ctx, input) }),
      DescribeTargetHealth: (input) => ({ TargetHealthDescriptions: targetsWanted(ctx, input) }),
    },
  };
}

interface Registered {
  readonly task: Task;
  readonly target: ServiceTarget;
}

function groupsWanted(ctx: Context, input: JsonObject): readonly JsonObject[] {
  const arns = texts(input, 'TargetGroupArns');
  const names = texts(input, 'Names');
  const known = knownGroups(ctx);
  for (const arn of arns) if (!known.has(arn)) throw groupNotFound();
  const groups = [...known].map(([arn, target]) => groupView(ctx, arn, target));
  if (arns.length > 0) return groups.filter(({ TargetGroupArn }) => arns.includes(String(TargetGroupArn)));
  if (names.length === 0) return groups;
  const named = groups.filter(({ TargetGroupName }) => names.includes(String(TargetGroupName)));
  if (named.length === 0) throw groupNotFound();
  return named;
}

/** Each target group, with one of the services that use it. */
function knownGroups(ctx: Context): ReadonlyMap<string, ServiceTarget | undefined> {
  const groups = new Map<string, ServiceTarget | undefined>();
  for (const arn of ctx.targetGroups.keys()) groups.set(arn, undefined);
  for (const { services } of ctx.clusters.values())
    for (const { targets } of services.values())
      for (const target of targets)
        for (const arn of target.alternate?.groups ?? [target.targetGroup]) groups.set(arn, target);
  return groups;
}

function groupView(ctx: Context, arn: string, target: ServiceTarget | undefined): JsonObject {
  const group: TargetGroup = ctx.targetGroups.get(arn) ?? USUAL_TARGET_GROUP;
  return {
    TargetGroupArn: arn,
    TargetGroupName: arn.split('/')[1] ?? '',
    Protocol: 'HTTP',
    Port: target?.port ?? 80,
    HealthCheckProtocol: 'HTTP',
    HealthCheckPort: 'traffic-port',
    HealthCheckEnabled: true,
    HealthCheckIntervalSeconds: group.interval / 1_000,
    HealthCheckTimeoutSeconds: 5,
    HealthyThresholdCount: 5,
    UnhealthyThresholdCount: group.unhealthyThreshold,
    HealthCheckPath: group.path ?? '/',
    Matcher: { HttpCode: '200' },
    TargetType: 'ip',
    ProtocolVersion: 'HTTP1',
    IpAddressType: 'ipv4',
  };
}

const DELAY = 'deregistration_delay.timeout_seconds';

function attributesOf(ctx: Context, input: JsonObject): readonly JsonObject[] {
  const arn = required(input, 'TargetGroupArn', missing);
  if (!knownGroups(ctx).has(arn)) throw groupNotFound();
  const group: TargetGroup = ctx.targetGroups.get(arn) ?? USUAL_TARGET_GROUP;
  return [
    { Key: 'stickiness.enabled', Value: 'false' },
    { Key: DELAY, Value: String(group.deregistrationDelay / 1_000) },
    { Key: 'load_balancing.algorithm.type', Value: 'round_robin' },
  ];
}

/** Only the deregistration delay has an effect here. */
function modifyAttributes(ctx: Context, input: JsonObject): readonly JsonObject[] {
  const arn = required(input, 'TargetGroupArn', missing);
  if (!knownGroups(ctx).has(arn)) throw groupNotFound();
  for (const attribute of objects(input, 'Attributes')) {
    if (attribute.Key !== DELAY)
      throw new AwsError('ValidationError', `Target group attribute key '${attribute.Key}' is not simulated`);
    const group = ctx.targetGroups.get(arn) ?? USUAL_TARGET_GROUP;
    ctx.targetGroups.set(arn, { ...group, deregistrationDelay: Number(attribute.Value) * 1_000 });
  }
  return attributesOf(ctx, input);
}

function targetsWanted(ctx: Context, input: JsonObject): readonly JsonObject[] {
  const arn = required(input, 'TargetGroupArn', missing);
  if (!knownGroups(ctx).has(arn)) throw groupNotFound();
  const seen = registeredIn(ctx, arn).map(targetView);
  const wanted = objects(input, 'Targets').map((target) => text(target, 'Id') ?? '');
  if (wanted.length === 0) return seen.map(({ view }) => view);
  return wanted.map((id) => seen.find((one) => one.id === id)?.view ?? notRegistered(id));
}

function registeredIn(ctx: Context, arn: string): readonly Registered[] {
  const tasks = [...ctx.clusters.values()].flatMap((cluster) => [...cluster.tasks.values()]);
  return tasks.flatMap((task) =>
    task.targets
      .filter(({ targetGroup }) => targetGroup === arn && isRegistered(task))
      .map((target) => ({ task, target })),
  );
}

/** From when its containers run until they are stopped, draining included. */
function isRegistered({ lastStatus }: Task): boolean {
  return lastStatus === 'RUNNING' || lastStatus === 'DEACTIVATING';
}

function targetView({ task, target }: Registered): { readonly id: string; readonly view: JsonObject } {
  const id = task.network?.address ?? `i-${task.id.slice(0, 17)}`;
  const view = {
    Target: { Id: id, Port: target.port },
    HealthCheckPort: String(target.port),
    TargetHealth: healthView(task, target),
  };
  return { id, view };
}

/** Source: Elastic Load Balancing API reference, TargetHealth. */
function healthView(task: Task, target: ServiceTarget): JsonObject {
  if (task.lastStatus === 'DEACTIVATING')
    return state('draining', 'Target.DeregistrationInProgress', 'Target deregistration is in progress');
  switch (task.targetHealth.get(target.targetGroup)) {
    case 'HEALTHY':
      return { State: 'healthy' };
    case 'UNHEALTHY': {
      const { reason, description } = targetFailure(task, target.container);
      return state('unhealthy', reason, description);
    }
    default:
      return state('initial', 'Elb.InitialHealthChecking', 'Initial health checks in progress');
  }
}

function notRegistered(id: string): JsonObject {
  return {
    Target: { Id: id },
    TargetHealth: state('unused', 'Target.NotRegistered', 'Target is not registered to the target group'),
  };
}

function state(State: string, Reason: string, Description: string): JsonObject {
  return { State, Reason, Description };
}

function missing(member: string): AwsError {
  return new AwsError('ValidationError', `${member} must be specified`);
}

function groupNotFound(): AwsError {
  return new AwsError('TargetGroupNotFound', 'One or more target groups not found');
}
