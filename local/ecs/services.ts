import { AwsError, type Call, type JsonObject, type ServiceApi } from '../contract.ts';
import { usualCapacity, withoutReplaced } from './capacity.ts';
import type { TaskDefinition } from './definition.ts';
import { beginDeployment } from './deployments.ts';
import { checkMain } from './express/settings.ts';
import { checkGivenVolumes, checkLaunch } from './launchRules.ts';
import type { Breaker, Cluster, Context, DeploymentConfiguration, Service } from './model.ts';
import {
  activeService,
  arnOf,
  clusterOf,
  serviceName,
  serviceOf,
  tagsOf,
  usableDefinition,
} from './names.ts';
import {
  flag,
  invalid,
  number,
  numberWithin,
  object,
  objects,
  oneOf,
  page,
  required,
  stableText,
  text,
  texts,
} from './read.ts';
import type { ServiceTarget } from './routing.ts';
import { touch } from './scheduler.ts';
import { serviceDeploymentOperations } from './serviceDeployments.ts';
import { keptMembers, whereOf } from './serviceLaunch.ts';
import { serviceView } from './serviceViews.ts';
import { alternateOf, checkStrategy, nameRules } from './shifting/settings.ts';

/** Amazon ECS service quotas: tasks per service. */
const MOST_TASKS = 5_000;
/** ECS API reference, CreateService: healthCheckGracePeriodSeconds, in seconds. */
const LONGEST_GRACE = 2_147_483_647;
const NAME = /^[A-Za-z0-9_-]{1,255}$/;

/** Creates a service without starting tasks. Throws as CreateService does. */
export function makeService(
  ctx: Context,
  cluster: Cluster,
  input: JsonObject,
  call: Pick<Call, 'callerArn'>,
): Service {
  const name = required(input, 'serviceName');
  if (!NAME.test(name)) throw invalid(`Invalid service name ${name}.`);
  const existing = cluster.services.get(name);
  if (existing && existing.status !== 'INACTIVE') throw invalid('Creation of service was not idempotent.');
  const controller = oneOf(text(object(input, 'deploymentController') ?? {}, 'type') ?? 'ECS', [
    'ECS',
    'CODE_DEPLOY',
    'EXTERNAL',
  ]);
  const scheduling = oneOf(text(input, 'schedulingStrategy') ?? 'REPLICA', ['REPLICA', 'DAEMON']);
  const reference = text(input, 'taskDefinition');
  if (reference === undefined && controller !== 'EXTERNAL') throw invalid('TaskDefinition cannot be empty.');
  const definition =
    reference === undefined ? undefined : usableDefinition(ctx, reference, 'ClientException');
  if (definition) {
    whereOf(ctx, input, definition, cluster);
    checkGivenVolumes(input, definition);
    checkLaunch(input, definition);
  }
  const service: Service = {
    arn: arnOf(ctx, `service/${cluster.name}/${name}`),
    name,
    cluster,
    createdAt: ctx.clock.now(),
    createdBy: call.callerArn,
    scheduling,
    controller,
    status: 'ACTIVE',
    definition,
    // The simulated cluster has no container instances: a daemon runs once.
    desiredCount: scheduling === 'DAEMON' ? 1 : (numberWithin(input, 'desiredCount', 0, MOST_TASKS) ?? 0),
    configuration: configurationOf(object(input, 'deploymentConfiguration') ?? {}, scheduling),
    targets: targetsOf(input),
    grace: graceOf(input) ?? 0,
    settings: { ...keptMembers(input), ...usualCapacity(input, cluster) },
    tags: tagsOf(input),
    deployments: [],
    completed: undefined,
    serviceDeployments: [],
    revisions: [],
    events: [],
    steady: false,
    tick: undefined,
    steadyRepeat: undefined,
  };
  checkStrategy(service.configuration, input);
  cluster.services.set(name, service);
  nameRules(ctx, service);
  return service;
}

export function serviceOperations(ctx: Context): ServiceApi['operations'] {
  return {
    CreateService(input, call) {
      const service = makeService(ctx, clusterOf(ctx, input), input, call);
      if (service.definition) beginDeployment(ctx, service, service.definition);
      touch(ctx, service);
      return { service: serviceView(ctx, service, { tags: true }) };
    },

    UpdateService(input) {
      const service = activeService(clusterOf(ctx, input), required(input, 'service'));
      if (service.controller !== 'ECS' && text(input, 'taskDefinition') !== undefined) {
        throw invalid(
          'Unable to update task definition on services with a CODE_DEPLOY deployment controller. Use AWS CodeDeploy to trigger a new deployment.',
        );
      }
      update(ctx, service, input);
      touch(ctx, service);
      return { service: serviceView(ctx, service, { tags: true }) };
    },

    DescribeServices(input) {
      const cluster = clusterOf(ctx, input);
      const names = texts(input, 'services');
      if (names.length === 0) throw invalid('Services cannot be empty.');
      if (names.length > 10) throw invalid('Services cannot have more than 10 elements.');
      const tags = texts(input, 'include').includes('TAGS');
      const found = names.flatMap((name) => cluster.services.get(serviceName(name)) ?? []);
      const missing = names.filter((name) => !cluster.services.has(serviceName(name)));
      return {
        services: found.map((service) => serviceView(ctx, service, { tags })),
        failures: missing.map((name) => ({
          arn: arnOf(ctx, `service/${cluster.name}/${serviceName(name)}`),
          reason: 'MISSING',
        })),
      };
    },

    ListServices(input) {
      const cluster = clusterOf(ctx, input);
      const arns = [...cluster.services.values()]
        .filter(({ status }) => status !== 'INACTIVE')
        .map(({ arn }) => arn);
      const { items, next } = page(arns, input, { usual: 10, most: 100 });
      return { serviceArns: items, ...next };
    },

    DeleteService(input) {
      const service = serviceOf(clusterOf(ctx, input), required(input, 'service'));
      if (service.status === 'INACTIVE') throw new AwsError('ServiceNotFoundException', 'Service not found.');
      if (service.status === 'DRAINING') return { service: serviceView(ctx, service) };
      if (service.desiredCount > 0 && service.scheduling === 'REPLICA' && flag(input, 'force') !== true) {
        throw invalid('The service cannot be stopped while it is scaled above 0.');
      }
      service.status = 'DRAINING';
      service.desiredCount = 0;
      touch(ctx, service);
      return { service: serviceView(ctx, service) };
    },

    ...serviceDeploymentOperations(ctx),
  };
}

/** Members whose changes start a deployment. Source: ECS API reference, UpdateService. */
const DEPLOYING = [
  'networkConfiguration',
  'platformVersion',
  'loadBalancers',
  'serviceRegistries',
  'serviceConnectConfiguration',
  'volumeConfigurations',
  'vpcLatticeConfigurations',
  'gatewayConnectors',
  'monitoring',
];

/** ECS manages these of a service in Express Mode. Observed: ecspresso, issue 902. */
const MANAGED = ['loadBalancers', 'deploymentConfiguration'] as const;

function checkExpress({ express }: Service, input: JsonObject, definition: TaskDefinition | undefined): void {
  if (express === undefined) return;
  const given = MANAGED.filter((member) => input[member] !== undefined);
  if (given.length > 0)
    throw invalid(`${given.join(' and ')} of a service that is managed by ECS cannot be updated.`);
  if (definition) checkMain(definition);
}

/** Everything is checked before anything is changed. */
function update(ctx: Context, service: Service, input: JsonObject): void {
  const reference = text(input, 'taskDefinition');
  const definition =
    reference === undefined ? service.definition : usableDefinition(ctx, reference, 'ClientException');
  checkExpress(service, input, definition);
  const kept = keptMembers(input);
  const settings = { ...service.settings, ...kept };
  if (definition) {
    whereOf(ctx, withoutReplaced(settings), definition, service.cluster);
    checkGivenVolumes(input, definition);
    checkLaunch(settings, definition);
  }
  const differs = DEPLOYING.some(
    (member) =>
      kept[member] !== undefined && stableText(kept[member]) !== stableText(service.settings[member]),
  );
  const deploys = differs || flag(input, 'forceNewDeployment') === true || definition !== service.definition;
  const desired = numberWithin(input, 'desiredCount', 0, MOST_TASKS) ?? service.desiredCount;
  const grace = graceOf(input) ?? service.grace;
  const configuration = changedConfiguration(service, input);
  const targets = input.loadBalancers === undefined ? service.targets : targetsOf(input);
  checkStrategy(configuration, settings);

  Object.assign(service, { settings, grace, configuration, targets });
  nameRules(ctx, service);
  if (service.scheduling === 'REPLICA') service.desiredCount = desired;
  if (deploys && definition) beginDeployment(ctx, service, definition);
}

function changedConfiguration(service: Service, input: JsonObject): DeploymentConfiguration {
  const given = object(input, 'deploymentConfiguration');
  if (!given) return service.configuration;
  const merged = { ...service.configuration.document, ...given };
  return configurationOf(merged, service.scheduling);
}

/** Milliseconds. */
function graceOf(input: JsonObject): number | undefined {
  const seconds = numberWithin(input, 'healthCheckGracePeriodSeconds', 0, LONGEST_GRACE);
  return seconds === undefined ? undefined : seconds * 1000;
}

/** Defaults: REPLICA 100 and 200. Source: ECS API reference, DeploymentConfiguration. */
function configurationOf(input: JsonObject, scheduling: 'REPLICA' | 'DAEMON'): DeploymentConfiguration {
  const minimumHealthyPercent = number(input, 'minimumHealthyPercent') ?? (scheduling === 'DAEMON' ? 0 : 100);
  const maximumPercent = number(input, 'maximumPercent') ?? (scheduling === 'DAEMON' ? 100 : 200);
  const given = object(input, 'deploymentCircuitBreaker') ?? {};
  const threshold = object(given, 'thresholdConfiguration') ?? {};
  const breaker: Breaker = {
    enable: flag(given, 'enable') ?? false,
    rollback: flag(given, 'rollback') ?? false,
    resetOnHealthyTask: flag(given, 'resetOnHealthyTask') ?? true,
    type: oneOf(text(threshold, 'type') ?? 'BOUNDED_PERCENT', [
      'BOUNDED_PERCENT',
      'UNBOUNDED_PERCENT',
      'COUNT',
    ]),
    value: number(threshold, 'value') ?? 50,
  };
  const document = {
    ...input,
    deploymentCircuitBreaker: { ...given, enable: breaker.enable, rollback: breaker.rollback },
    minimumHealthyPercent,
    maximumPercent,
    strategy: text(input, 'strategy') ?? 'ROLLING',
  };
  return { minimumHealthyPercent, maximumPercent, breaker, document };
}

function targetsOf(input: JsonObject): readonly ServiceTarget[] {
  return objects(input, 'loadBalancers').flatMap((balancer) => {
    const targetGroup = text(balancer, 'targetGroupArn');
    if (targetGroup === undefined) return [];
    return [
      {
        targetGroup,
        container: text(balancer, 'containerName') ?? '',
        port: number(balancer, 'containerPort') ?? 0,
        ...alternateOf(balancer, targetGroup),
      },
    ];
  });
}
