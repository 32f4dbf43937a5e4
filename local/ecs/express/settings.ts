import type { JsonObject } from '../../contract.ts';
import type { TaskDefinition } from '../definition.ts';
import type { Context, Express } from '../model.ts';
import { usableDefinition } from '../names.ts';
import { invalid, object, objects, present, required, text, texts } from '../read.ts';
import { registerDefinition } from '../taskDefinitions.ts';

/** What ECS makes of the few settings of an Express service. AWS docs: express-service-overview. */

/** The container that gets the requests. It cannot be renamed. */
export const MAIN = 'Main';
const CPU = '256';
const MEMORY = '512';

/** Express services are always deployed like this. AWS docs: express-service-work. */
export function deploymentOf(name: string): JsonObject {
  return {
    strategy: 'CANARY',
    minimumHealthyPercent: 100,
    maximumPercent: 200,
    bakeTimeInMinutes: 3,
    canaryConfiguration: { canaryPercent: 5, canaryBakeTimeInMinutes: 3 },
    deploymentCircuitBreaker: { enable: true, rollback: true },
    alarms: { alarmNames: [alarmOf(name)], enable: true, rollback: true },
  };
}

function alarmOf(name: string): string {
  return `${name}-errors`;
}

/** Two target groups and a rule that ECS creates for the service. */
export function loadBalancersOf(
  ctx: Context,
  name: string,
  definition: TaskDefinition,
): readonly JsonObject[] {
  const elb = `arn:aws:elasticloadbalancing:${ctx.region}:${ctx.account}`;
  const group = (color: string) => `${elb}:targetgroup/ecs-gateway-${name}-${color}/0123456789abcdef`;
  return [
    {
      targetGroupArn: group('blue'),
      containerName: MAIN,
      containerPort: portOf(definition),
      advancedConfiguration: {
        alternateTargetGroupArn: group('green'),
        productionListenerRule: `${elb}:listener-rule/app/ecs-express-gateway/1/2/${name}`,
        roleArn: `arn:aws:iam::${ctx.account}:role/ecs-express-infrastructure`,
      },
    },
  ];
}

/** Subnets and security groups; by default those of the default VPC. */
export function networkOf(input: JsonObject): JsonObject {
  const given = object(input, 'networkConfiguration') ?? {};
  const subnets = texts(given, 'subnets');
  const securityGroups = texts(given, 'securityGroups');
  return {
    awsvpcConfiguration: {
      subnets: subnets.length > 0 ? subnets : ['subnet-default'],
      securityGroups: securityGroups.length > 0 ? securityGroups : ['sg-express'],
      assignPublicIp: 'ENABLED',
    },
  };
}

function portOf({ document }: TaskDefinition): number {
  const [mapping] = objects(mainOf(document) ?? {}, 'portMappings');
  return typeof mapping?.containerPort === 'number' ? mapping.containerPort : 80;
}

function mainOf(document: JsonObject): JsonObject | undefined {
  return objects(document, 'containerDefinitions').find((container) => text(container, 'name') === MAIN);
}

/** Members that a task definition of the user's own replaces. */
const OF_DEFINITION = [
  'primaryContainer',
  'executionRoleArn',
  'taskRoleArn',
  'cpu',
  'memory',
  'cpuArchitecture',
] as const;

/** The task definition that a request names, or that is made from it. Undefined: the request changes neither. */
export function definitionFor(
  ctx: Context,
  name: string,
  input: JsonObject,
  before: Express | undefined,
  by: string,
): TaskDefinition | undefined {
  const given = text(input, 'taskDefinitionArn');
  const own = OF_DEFINITION.filter((member) => input[member] !== undefined);
  if (given === undefined)
    return own.length === 0 ? undefined : register(ctx, name, { ...before?.settings, ...input }, by);
  if (own.length > 0) throw invalid(`${own.join(', ')} cannot be specified together with taskDefinitionArn.`);
  const definition = usableDefinition(ctx, given, 'ClientException');
  checkMain(definition);
  return definition;
}

/** Throws where a revision cannot serve an Express service. */
export function checkMain({ document }: TaskDefinition): void {
  const ports = objects(mainOf(document) ?? {}, 'portMappings');
  if (ports.length !== 1 || text(ports[0] ?? {}, 'name') === undefined)
    throw invalid(
      `The task definition must have a container named ${MAIN} with one port mapping that has a container port and a name.`,
    );
}

function register(ctx: Context, name: string, settings: JsonObject, by: string): TaskDefinition {
  const container = object(settings, 'primaryContainer') ?? {};
  const port = typeof container.containerPort === 'number' ? container.containerPort : 80;
  const logs = object(container, 'awsLogsConfiguration') ?? {};
  const architecture = text(settings, 'cpuArchitecture');
  return registerDefinition(
    ctx,
    present({
      family: `express-${name}`,
      networkMode: 'awsvpc',
      requiresCompatibilities: ['FARGATE'],
      cpu: text(settings, 'cpu') ?? CPU,
      memory: text(settings, 'memory') ?? MEMORY,
      executionRoleArn: required(settings, 'executionRoleArn'),
      taskRoleArn: text(settings, 'taskRoleArn'),
      runtimePlatform:
        architecture === undefined
          ? undefined
          : { cpuArchitecture: architecture, operatingSystemFamily: 'LINUX' },
      containerDefinitions: [
        present({
          name: MAIN,
          image: required(container, 'image'),
          essential: true,
          portMappings: [{ containerPort: port, protocol: 'tcp', name: 'main' }],
          command: container.command,
          environment: container.environment,
          secrets: container.secrets,
          repositoryCredentials: container.repositoryCredentials,
          logConfiguration: {
            logDriver: 'awslogs',
            options: {
              'awslogs-group': text(logs, 'logGroup') ?? `/aws/ecs/${name}`,
              'awslogs-region': ctx.region,
              'awslogs-stream-prefix': text(logs, 'logStreamPrefix') ?? 'ecs',
            },
          },
        }),
      ],
    }),
    by,
  );
}

/** `arn:…:service/CLUSTER/NAME`. */
export function placeOf(arn: string): { readonly cluster: string; readonly service: string } {
  const [, cluster = 'default', service = ''] = arn.split('/');
  return { cluster, service };
}

export function endpointOf(ctx: Context, name: string): string {
  return `https://${name}.ecs.${ctx.region}.on.aws`;
}
