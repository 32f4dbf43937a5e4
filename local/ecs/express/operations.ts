import { AwsError, type Call, type JsonObject, type ServiceApi } from '../../contract.ts';
import { beginDeployment } from '../deployments.ts';
import type { Context, Deployment, Express, Service } from '../model.ts';
import { activeService, clusterOf, serviceOf } from '../names.ts';
import { invalid, number, object, present, required, seconds, text } from '../read.ts';
import { touch } from '../scheduler.ts';
import { makeService } from '../services.ts';
import { definitionFor, deploymentOf, endpointOf, loadBalancersOf, networkOf, placeOf } from './settings.ts';

/**
 * Express Mode: services whose load balancer, scaling and alarms ECS manages. Nothing scales here: `minTaskCount` tasks
 * run. AWS docs: express-service-overview.
 */
export function expressOperations(ctx: Context): ServiceApi['operations'] {
  return {
    CreateExpressGatewayService: (input, call) => create(ctx, input, call),
    UpdateExpressGatewayService: (input, call) => update(ctx, input, call),

    DescribeExpressGatewayService(input) {
      const { cluster, service: name } = placeOf(required(input, 'serviceArn'));
      // The model has no ServiceNotFoundException for this operation alone.
      if (!clusterOf(ctx, { cluster }).services.has(name))
        throw new AwsError('ResourceNotFoundException', 'Service not found.');
      const service = expressOf(ctx, input);
      return { service: serviceView(ctx, service, service.express) };
    },

    DeleteExpressGatewayService(input) {
      const service = expressOf(ctx, input);
      if (service.status === 'ACTIVE') {
        service.status = 'DRAINING';
        service.desiredCount = 0;
        touch(ctx, service);
      }
      return { service: serviceView(ctx, service, service.express) };
    },
  };
}

function create(ctx: Context, input: JsonObject, call: Call): JsonObject {
  const cluster = clusterOf(ctx, input);
  const name = text(input, 'serviceName') ?? `express-${ctx.ids.digits(6)}`;
  const infrastructureRole = required(input, 'infrastructureRoleArn');
  const definition = definitionFor(ctx, name, input, undefined, call.callerArn);
  if (definition === undefined) throw invalid('primaryContainer or taskDefinitionArn is required.');
  const service = makeService(
    ctx,
    cluster,
    present({
      serviceName: name,
      taskDefinition: definition.arn,
      desiredCount: tasksOf(input),
      launchType: 'FARGATE',
      networkConfiguration: networkOf(input),
      loadBalancers: loadBalancersOf(ctx, name, definition),
      deploymentConfiguration: deploymentOf(name),
      healthCheckGracePeriodSeconds: 300,
      tags: input.tags,
    }),
    call,
  );
  service.express = { infrastructureRole, settings: keptOf(input), updatedAt: ctx.clock.now() };
  beginDeployment(ctx, service, definition);
  touch(ctx, service);
  return { service: serviceView(ctx, service, service.express) };
}

function update(ctx: Context, input: JsonObject, call: Call): JsonObject {
  const service = expressOf(ctx, input);
  activeService(service.cluster, service.name);
  const { express } = service;
  const definition = definitionFor(ctx, service.name, input, express, call.callerArn);
  const settings = { ...express.settings, ...keptOf(input) };
  service.express = { ...express, settings, updatedAt: ctx.clock.now() };
  if (input.scalingTarget !== undefined) service.desiredCount = tasksOf(input);
  if (input.networkConfiguration !== undefined)
    service.settings = { ...service.settings, networkConfiguration: networkOf(input) };
  const next = definition ?? service.definition;
  if (next && (definition || input.networkConfiguration !== undefined)) beginDeployment(ctx, service, next);
  touch(ctx, service);
  const {
    currentDeployment: _,
    activeConfigurations: __,
    tags: ___,
    infrastructureRoleArn: ____,
    ...updated
  } = serviceView(ctx, service, service.express);
  const [target] = service.deployments;
  return {
    service: present({
      ...updated,
      targetConfiguration: target && configurationView(ctx, service, target, service.express),
    }),
  };
}

type ExpressService = Service & { express: Express };

/** Throws ServiceNotFoundException, and where the service is not an Express one. */
function expressOf(ctx: Context, input: JsonObject): ExpressService {
  const { cluster, service: name } = placeOf(required(input, 'serviceArn'));
  const service = serviceOf(clusterOf(ctx, { cluster }), name);
  if (!isExpress(service)) throw invalid(`${name} is not an Express service.`);
  return service;
}

function isExpress(service: Service): service is ExpressService {
  return service.express !== undefined;
}

function tasksOf(input: JsonObject): number {
  return number(object(input, 'scalingTarget') ?? {}, 'minTaskCount') ?? 1;
}

const KEPT = [
  'primaryContainer',
  'executionRoleArn',
  'taskRoleArn',
  'cpu',
  'memory',
  'cpuArchitecture',
  'healthCheckPath',
  'scalingTarget',
] as const;

function keptOf(input: JsonObject): JsonObject {
  return present(Object.fromEntries(KEPT.map((member) => [member, input[member] ?? undefined])));
}

function serviceView(ctx: Context, service: Service, express: Express): JsonObject {
  return present({
    cluster: service.cluster.name,
    serviceName: service.name,
    serviceArn: service.arn,
    infrastructureRoleArn: express.infrastructureRole,
    status: { statusCode: service.status },
    currentDeployment: service.serviceDeployments[0]?.arn,
    activeConfigurations: service.deployments.map((one) => configurationView(ctx, service, one, express)),
    tags: service.tags.map((tag) => ({ ...tag })),
    createdAt: seconds(service.createdAt),
    updatedAt: seconds(express.updatedAt),
  });
}

function configurationView(
  ctx: Context,
  service: Service,
  { revision, definition }: Deployment,
  { settings }: Express,
): JsonObject {
  const awsvpc = object(object(service.settings, 'networkConfiguration') ?? {}, 'awsvpcConfiguration') ?? {};
  return present({
    ...settings,
    serviceRevisionArn: revision.arn,
    taskDefinitionArn: definition.arn,
    cpu: text(definition.document, 'cpu'),
    memory: text(definition.document, 'memory'),
    healthCheckPath: text(settings, 'healthCheckPath') ?? '/ping',
    networkConfiguration: present({ subnets: awsvpc.subnets, securityGroups: awsvpc.securityGroups }),
    ingressPaths: [{ accessType: 'PUBLIC', endpoint: endpointOf(ctx, service.name) }],
    createdAt: seconds(revision.createdAt),
  });
}
