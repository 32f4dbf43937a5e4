import { type JsonObject, omit, present } from '../json.ts';
import type { Resource } from '../kind.ts';
import { jsonOf } from './jsonOf.ts';
import type { ScalingSource, ServiceSource, TrackingSource } from './serviceSchema.ts';

const SHORT = ['name', 'cluster', 'network', 'scaling', 'tags', 'ignore'];
/** Seconds. As in the console: out fast, in slowly. */
const COOLDOWNS = { in: 300, out: 60 };

/** A service of the file; `key` is its name unless it has another one. */
export function serviceOf(key: string, source: ServiceSource, defaultCluster: string | undefined): Resource {
  const { tags = {}, ignore = [] } = source;
  const json = jsonOf(source);
  const members: JsonObject = {
    ...omit(json, SHORT),
    ...(json.network === undefined
      ? {}
      : { networkConfiguration: { awsvpcConfiguration: awsvpcOf(jsonOf(source.network ?? {})) } }),
    ...(isOnCapacity(json) ? {} : { launchType: 'FARGATE' }),
    taskDefinition: source.taskDefinition ?? source.name ?? key,
    // CreateService refuses a count for a daemon.
    ...(json.schedulingStrategy === 'DAEMON'
      ? {}
      : { desiredCount: source.desiredCount ?? source.scaling?.min ?? 1 }),
  };
  return { kind: 'service', name: nameOf(key, source, defaultCluster), members, tags, ignore };
}

/** A service that says nothing of its capacity runs on Fargate. */
function isOnCapacity({ launchType, capacityProviderStrategy }: JsonObject): boolean {
  return launchType !== undefined || capacityProviderStrategy !== undefined;
}

function awsvpcOf({ subnets, securityGroups, assignPublicIp }: JsonObject): JsonObject {
  const publicIp =
    assignPublicIp === undefined ? undefined : assignPublicIp === true ? 'ENABLED' : 'DISABLED';
  return present({ subnets, securityGroups, assignPublicIp: publicIp });
}

function nameOf(key: string, { name, cluster }: ServiceSource, defaultCluster: string | undefined): string {
  return `${cluster ?? defaultCluster ?? 'default'}/${name ?? key}`;
}

export function scalingOf(
  key: string,
  source: ServiceSource,
  defaultCluster: string | undefined,
): readonly Resource[] {
  const { scaling, ignore = [] } = source;
  if (scaling === undefined) return [];
  const { scheduledActions, suspended } = jsonOf(scaling);
  const members = present({
    MinCapacity: scaling.min,
    MaxCapacity: scaling.max,
    SuspendedState: suspended,
    policies: { ...policiesOf(source.name ?? key, scaling), ...jsonOf(Object(scaling.policies ?? {})) },
    scheduledActions,
  });
  return [{ kind: 'scaling', name: nameOf(key, source, defaultCluster), members, tags: {}, ignore }];
}

const METRICS = {
  cpu: 'ECSServiceAverageCPUUtilization',
  memory: 'ECSServiceAverageMemoryUtilization',
  requestsPerTarget: 'ALBRequestCountPerTarget',
} as const;

/** "web-app-cpu", "web-app-memory", "web-app-requestsPerTarget" */
function policiesOf(service: string, scaling: ScalingSource): JsonObject {
  const metrics = Object.entries(METRICS).flatMap(([name, metric]): [string, JsonObject][] => {
    const tracking =
      name === 'cpu' ? scaling.cpu : name === 'memory' ? scaling.memory : scaling.requestsPerTarget;
    return tracking === undefined ? [] : [[`${service}-${name}`, policyOf(metric, tracking)]];
  });
  return Object.fromEntries(metrics);
}

function policyOf(metric: string, tracking: TrackingSource): JsonObject {
  const settings = typeof tracking === 'number' ? { target: tracking } : tracking;
  const ResourceLabel = 'resourceLabel' in settings ? settings.resourceLabel : undefined;
  return {
    PolicyType: 'TargetTrackingScaling',
    TargetTrackingScalingPolicyConfiguration: {
      TargetValue: settings.target,
      PredefinedMetricSpecification: present({ PredefinedMetricType: metric, ResourceLabel }),
      ScaleInCooldown: ('scaleInCooldown' in settings ? settings.scaleInCooldown : undefined) ?? COOLDOWNS.in,
      ScaleOutCooldown:
        ('scaleOutCooldown' in settings ? settings.scaleOutCooldown : undefined) ?? COOLDOWNS.out,
    },
  };
}
