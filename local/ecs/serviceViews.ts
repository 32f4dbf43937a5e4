import type { JsonObject } from '../contract.ts';
import { breakerThreshold } from './arithmetic.ts';
import { withoutReplaced } from './capacity.ts';
import type { Deployment, Service, ServiceDeployment, ServiceRevision } from './model.ts';
import { present, seconds } from './read.ts';

/** Services, their deployments and revisions, as in the answers of ECS. */

export function serviceView(service: Service, options: { readonly tags?: boolean } = {}): JsonObject {
  const counts = service.deployments.map(countsOf);
  const open = service.serviceDeployments[0];
  return present({
    serviceArn: service.arn,
    serviceName: service.name,
    clusterArn: service.cluster.arn,
    status: service.status,
    desiredCount: service.desiredCount,
    runningCount: counts.reduce((sum, { running }) => sum + running, 0),
    pendingCount: counts.reduce((sum, { pending }) => sum + pending, 0),
    taskDefinition: service.definition?.arn,
    deploymentConfiguration: service.configuration.document,
    deploymentController: { type: service.controller },
    deployments: service.deployments.map((deployment) => deploymentView(service, deployment)),
    events: service.events.map(({ id, createdAt, message }) => ({
      id,
      createdAt: seconds(createdAt),
      message,
    })),
    createdAt: seconds(service.createdAt),
    createdBy: service.createdBy,
    schedulingStrategy: service.scheduling,
    roleArn: service.settings.role,
    healthCheckGracePeriodSeconds: service.targets.length > 0 ? service.grace / 1000 : undefined,
    currentServiceDeployment: open && openStatus(open) ? open.arn : undefined,
    currentServiceRevisions: service.deployments.map((deployment) => ({
      arn: deployment.revision.arn,
      requestedTaskCount: Math.max(0, deployment.desired),
      runningTaskCount: countsOf(deployment).running,
      pendingTaskCount: countsOf(deployment).pending,
    })),
    loadBalancers: [],
    serviceRegistries: [],
    placementConstraints: [],
    placementStrategy: [],
    propagateTags: 'NONE',
    enableECSManagedTags: false,
    enableExecuteCommand: false,
    ...Object.fromEntries(
      Object.entries(withoutReplaced(service.settings)).filter(([member]) => !OF_DEPLOYMENT.has(member)),
    ),
    ...(options.tags === true ? { tags: service.tags.map((tag) => ({ ...tag })) } : {}),
  });
}

/** Settings that a service shows only in its deployments. Source: ECS API reference, Service and Deployment. */
const OF_DEPLOYMENT: ReadonlySet<string> = new Set([
  'serviceConnectConfiguration',
  'volumeConfigurations',
  'vpcLatticeConfigurations',
  'role',
]);

function openStatus({ status }: ServiceDeployment): boolean {
  return ['PENDING', 'IN_PROGRESS', 'STOP_REQUESTED', 'ROLLBACK_REQUESTED', 'ROLLBACK_IN_PROGRESS'].includes(
    status,
  );
}

function countsOf(deployment: Deployment): { readonly running: number; readonly pending: number } {
  let running = 0;
  let pending = 0;
  for (const { lastStatus } of deployment.tasks) {
    if (lastStatus === 'RUNNING') running += 1;
    else if (['PROVISIONING', 'PENDING', 'ACTIVATING'].includes(lastStatus)) pending += 1;
  }
  return { running, pending };
}

function deploymentView(service: Service, deployment: Deployment): JsonObject {
  const { running, pending } = countsOf(deployment);
  const settings = withoutReplaced(service.settings);
  return present({
    id: deployment.id,
    status: deployment.status,
    taskDefinition: deployment.definition.arn,
    desiredCount: Math.max(0, deployment.desired),
    runningCount: running,
    pendingCount: pending,
    failedTasks: deployment.failures,
    createdAt: seconds(deployment.createdAt),
    updatedAt: seconds(deployment.updatedAt),
    launchType: settings.launchType,
    capacityProviderStrategy: settings.capacityProviderStrategy,
    networkConfiguration: settings.networkConfiguration,
    serviceConnectConfiguration: settings.serviceConnectConfiguration,
    volumeConfigurations: settings.volumeConfigurations,
    vpcLatticeConfigurations: settings.vpcLatticeConfigurations,
    rolloutState: service.controller === 'ECS' ? deployment.rolloutState : undefined,
    rolloutStateReason: service.controller === 'ECS' ? deployment.rolloutStateReason : undefined,
  });
}

export function serviceDeploymentView(service: Service, one: ServiceDeployment): JsonObject {
  const { rollback, configuration } = one;
  const { breaker } = configuration;
  const threshold = breakerThreshold(breaker, service.desiredCount);
  const time = (value: number | undefined) => (value === undefined ? undefined : seconds(value));
  const counts = (revision: ServiceRevision) => {
    const deployment = service.deployments.find((other) => other.revision === revision);
    const { running, pending } = deployment ? countsOf(deployment) : { running: 0, pending: 0 };
    return {
      arn: revision.arn,
      requestedTaskCount: Math.max(0, deployment?.desired ?? 0),
      runningTaskCount: running,
      pendingTaskCount: pending,
    };
  };
  const triggered = one.failureCount >= threshold;
  const monitoring = openStatus(one) ? 'MONITORING' : 'MONITORING_COMPLETE';
  return present({
    serviceDeploymentArn: one.arn,
    serviceArn: service.arn,
    clusterArn: service.cluster.arn,
    createdAt: seconds(one.createdAt),
    startedAt: time(one.startedAt),
    finishedAt: time(one.finishedAt),
    stoppedAt: time(one.stoppedAt),
    updatedAt: seconds(one.updatedAt),
    sourceServiceRevisions: one.sources.map(counts),
    targetServiceRevision: counts(one.target),
    status: one.status,
    statusReason: one.statusReason,
    deploymentConfiguration: configuration.document,
    rollback: rollback && {
      reason: rollback.reason,
      startedAt: seconds(rollback.startedAt),
      serviceRevisionArn: rollback.revision.arn,
    },
    deploymentCircuitBreaker: {
      status: breaker.enable ? (triggered ? 'TRIGGERED' : monitoring) : 'DISABLED',
      failureCount: one.failureCount,
      threshold,
    },
    alarms: { status: 'DISABLED', alarmNames: [], triggeredAlarmNames: [] },
  });
}

/** The settings of a service that its revision contains. Source: ECS API reference, ServiceRevision. */
const OF_REVISION = [
  'capacityProviderStrategy',
  'launchType',
  'loadBalancers',
  'networkConfiguration',
  'platformVersion',
  'serviceConnectConfiguration',
  'serviceRegistries',
  'volumeConfigurations',
  'vpcLatticeConfigurations',
] as const;

export function serviceRevisionView(service: Service, revision: ServiceRevision): JsonObject {
  const settings = revision.settings ?? service.settings;
  return present({
    serviceRevisionArn: revision.arn,
    serviceArn: service.arn,
    clusterArn: service.cluster.arn,
    taskDefinition: revision.definition.arn,
    createdAt: seconds(revision.createdAt),
    ...Object.fromEntries(OF_REVISION.map((member) => [member, settings[member]])),
    containerImages: revision.definition.containers.map(({ name, image }) =>
      present({ containerName: name, image, imageDigest: revision.digests.get(name) }),
    ),
  });
}
