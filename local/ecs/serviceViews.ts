import type { JsonObject } from '../contract.ts';
import { alarmsOf } from './alarms.ts';
import { breakerThreshold } from './arithmetic.ts';
import { withoutReplaced } from './capacity.ts';
import type { TaskDefinition } from './definition.ts';
import type { Context, Deployment, Express, Service, ServiceDeployment, ServiceRevision } from './model.ts';
import { present, seconds } from './read.ts';
import { isOpen } from './shifting/hooks.ts';
import type { Hook } from './shifting/model.ts';

/** Services, their deployments and revisions, as in the answers of ECS. */

export function serviceView(
  ctx: Context,
  service: Service,
  options: { readonly tags?: boolean } = {},
): JsonObject {
  const counts = service.deployments.map(countsOf);
  return present({
    serviceArn: service.arn,
    serviceName: service.name,
    clusterArn: service.cluster.arn,
    status: service.status,
    desiredCount: service.desiredCount,
    runningCount: counts.reduce((sum, { running }) => sum + running, 0),
    pendingCount: counts.reduce((sum, { pending }) => sum + pending, 0),
    // Observed: ecspresso, issue 902.
    taskDefinition: service.express ? undefined : definitionShown(ctx, service)?.arn,
    resourceManagementType: service.express ? 'ECS' : undefined,
    deploymentConfiguration: service.configuration.document,
    deploymentController: { type: service.controller },
    deployments: deploymentsShown(ctx, service).map((deployment) => deploymentView(service, deployment)),
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
    currentServiceDeployment: currentOf(ctx, service)?.arn,
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

function openShift({ serviceDeployments: [newest] }: Service): ServiceDeployment | undefined {
  return newest?.shift !== undefined && openStatus(newest) ? newest : undefined;
}

/** Disputed: what a service shows while a deployment shifts its traffic. */
function deploymentsShown(ctx: Context, service: Service): readonly Deployment[] {
  if (openShift(service) === undefined) return service.deployments;
  switch (ctx.disputed().deployments) {
    case 'listed':
      return service.deployments;
    case 'onlyPrimary':
      return service.deployments.filter(({ status }) => status === 'PRIMARY');
    case 'none':
      return [];
  }
}

function definitionShown(ctx: Context, service: Service): TaskDefinition | undefined {
  const open = openShift(service);
  if (open === undefined || ctx.disputed().taskDefinition === 'target') return service.definition;
  return (open.sources[0] ?? open.target).definition;
}

/** How long `currentServiceDeployment` may lag behind, where it does. */
const LAG = 5_000;

function currentOf(ctx: Context, { serviceDeployments: [newest] }: Service): ServiceDeployment | undefined {
  if (newest === undefined || !openStatus(newest)) return undefined;
  const lags = ctx.disputed().currentDeployment === 'lags';
  return lags && ctx.clock.now() < newest.createdAt + LAG ? undefined : newest;
}

/**
 * Settings that a service shows only in its deployments, or only in their revisions. Source: ECS API reference, Service,
 * Deployment and ServiceRevision.
 */
const OF_DEPLOYMENT: ReadonlySet<string> = new Set([
  'gatewayConnectors',
  'monitoring',
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

export function serviceDeploymentView(ctx: Context, service: Service, one: ServiceDeployment): JsonObject {
  const { rollback, configuration, shift } = one;
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
      ...weightsShown(ctx, one, revision),
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
    lifecycleStage: shift !== undefined && openStatus(one) ? shift.stage : undefined,
    lifecycleHookDetails: (shift ?? one.pause)?.hooks.filter(isOpen).map(hookView),
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
    alarms: alarmsView(one),
  });
}

function alarmsView(one: ServiceDeployment): JsonObject {
  const { names } = alarmsOf(one);
  const triggeredAlarmNames = one.alarms?.triggered ?? [];
  const monitoring = openStatus(one) ? 'MONITORING' : 'MONITORING_COMPLETE';
  const watches = names.length > 0 && one.alarms?.ignored !== true;
  const status = triggeredAlarmNames.length > 0 ? 'TRIGGERED' : watches ? monitoring : 'DISABLED';
  return { status, alarmNames: names, triggeredAlarmNames };
}

/** Disputed: whether they are shown before the traffic shifts and after. */
function weightsShown(
  ctx: Context,
  { shift, target }: ServiceDeployment,
  revision: ServiceRevision,
): JsonObject {
  if (shift === undefined) return {};
  const isStill = shift.production === 0 || shift.production === 100;
  if (isStill && ctx.disputed().stillWeights === 'absent') return {};
  const share = (ofTarget: number) => (revision === target ? ofTarget : 100 - ofTarget);
  return {
    requestedProductionTrafficWeight: share(shift.production),
    requestedTestTrafficWeight: share(shift.test),
  };
}

function hookView(hook: Hook): JsonObject {
  return present({
    hookId: hook.id,
    targetType: hook.type,
    targetArn: hook.target,
    status: hook.status,
    expiresAt: seconds(hook.expiresAt),
    timeoutAction: hook.timeoutAction,
  });
}

/** The settings of a service that its revision contains. Source: ECS API reference, ServiceRevision. */
const OF_REVISION = [
  'capacityProviderStrategy',
  'gatewayConnectors',
  'launchType',
  'loadBalancers',
  'monitoring',
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
    resolvedConfiguration: resolvedView(revision),
    overrides: service.express && overridesView(service.express),
    containerImages: revision.definition.containers.map(({ name, image }) =>
      present({ containerName: name, image, imageDigest: revision.digests.get(name) }),
    ),
  });
}

/** The architecture that the tasks run on, where the service says so. */
function overridesView({ settings }: Express): JsonObject | undefined {
  const { cpuArchitecture } = settings;
  return cpuArchitecture === undefined ? undefined : { runtimePlatform: { cpuArchitecture } };
}

/** The target groups that the revision really serves from: deployments alternate between two. */
function resolvedView({ targets = [] }: ServiceRevision): JsonObject | undefined {
  const loadBalancers = targets.flatMap(({ targetGroup, alternate }) =>
    alternate === undefined
      ? []
      : [{ targetGroupArn: targetGroup, productionListenerRule: alternate.productionRule }],
  );
  return loadBalancers.length === 0 ? undefined : { loadBalancers };
}
