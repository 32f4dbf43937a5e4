import type { App, Configuration, ReleaseTask, Service, Task } from '../shared/domain/app.ts';
import type { JsonObject } from './contract.ts';
import type { Ecs } from './ecs/ecs.ts';
import { isSamePlace, type Place, USUAL_PLACE } from './place.ts';

const FIRST_TAG = '1.0.0';
const PORT = 8080;

interface ExampleOptions {
  readonly configuration: Configuration;
  readonly ecs: Ecs;
  /** Creates the repository if necessary; returns the digest. */
  readonly putImage: (repository: string, tag: string) => string;
  readonly createLogGroup?: (name: string) => void;
  /** Where the cloud is. */
  readonly place?: Place;
}

/** Creates what a configuration refers to: clusters, images, task definitions, and steady services. */
export function seedExample(options: ExampleOptions): void {
  const { configuration, ecs, putImage, createLogGroup, place = USUAL_PLACE } = options;
  const registered = new Set<string>();
  for (const app of configuration.apps) {
    ecs.createCluster(app.cluster);
    if (isOwn(app, place)) putImage(app.image.repository, FIRST_TAG);
    for (const service of app.services) {
      createLogGroup?.(logGroupOf(service));
      if (!registered.has(service.family)) ecs.register(serviceDefinition(place, app, service));
      registered.add(service.family);
      const targetGroup = targetGroupOf(place, service);
      // A short deregistration delay, as most production services set it; AWS's default is 300 s.
      ecs.setTargetGroup(targetGroup, {
        interval: 10_000,
        unhealthyThreshold: 2,
        deregistrationDelay: 30_000,
        path: '/health',
      });
      ecs.settle(runningService(app, service, targetGroup));
    }
    const apart = app.tasks.filter(({ like }) => like === undefined);
    for (const task of [...app.before, ...app.after, ...apart]) {
      createLogGroup?.(logGroupOf(task));
      if (!registered.has(task.family)) ecs.register(taskDefinition(place, app, task));
      registered.add(task.family);
    }
  }
}

/** Images of another account or region are in the local cloud of that place. */
function isOwn({ image: { registry } }: App, place: Place): boolean {
  return registry === undefined || isSamePlace(registry, place);
}

function serviceDefinition(place: Place, app: App, service: Service): JsonObject {
  const names = service.containers.length > 0 ? service.containers : [service.name];
  return {
    ...fargate(place, service, '512', '1024'),
    containerDefinitions: names.map((name, index) => ({
      ...container(place, name, app, logGroupOf(service)),
      ...(index === 0 ? { portMappings: [{ containerPort: PORT, protocol: 'tcp' }], healthCheck } : {}),
    })),
  };
}

const healthCheck = {
  command: ['CMD-SHELL', `curl -f http://localhost:${PORT}/health || exit 1`],
  interval: 10,
  timeout: 5,
  retries: 3,
};

function taskDefinition(place: Place, app: App, task: ReleaseTask | Task): JsonObject {
  return {
    ...fargate(place, task, '256', '512'),
    containerDefinitions: [container(place, task.container, app, logGroupOf(task))],
  };
}

function fargate(
  place: Place,
  { family, taskRole, executionRole }: Pick<Service, 'family' | 'taskRole' | 'executionRole'>,
  cpu: string,
  memory: string,
): JsonObject {
  return {
    family,
    networkMode: 'awsvpc',
    requiresCompatibilities: ['FARGATE'],
    cpu,
    memory,
    taskRoleArn: roleArn(place, taskRole ?? `${family}-task`),
    executionRoleArn: roleArn(place, executionRole ?? `${family}-execution`),
    runtimePlatform: { cpuArchitecture: 'X86_64', operatingSystemFamily: 'LINUX' },
  };
}

function container(place: Place, name: string, { image }: App, logGroup: string): JsonObject {
  const { account, region } = place;
  const registry = image.registry ?? place;
  return {
    name,
    image: `${registry.account}.dkr.ecr.${registry.region}.amazonaws.com/${image.repository}:${FIRST_TAG}`,
    essential: true,
    secrets: [
      {
        name: 'DATABASE_URL',
        valueFrom: `arn:aws:secretsmanager:${region}:${account}:secret:database-url-a1b2c3`,
      },
    ],
    logConfiguration: {
      logDriver: 'awslogs',
      options: { 'awslogs-group': logGroup, 'awslogs-region': region, 'awslogs-stream-prefix': 'ecs' },
    },
  };
}

function runningService(app: App, service: Service, targetGroupArn: string): JsonObject {
  return {
    cluster: app.cluster,
    serviceName: service.name,
    taskDefinition: service.family,
    desiredCount: 3,
    launchType: 'FARGATE',
    networkConfiguration: {
      awsvpcConfiguration: {
        subnets: ['subnet-0a1b2c3d4e5f60001', 'subnet-0a1b2c3d4e5f60002'],
        securityGroups: ['sg-0a1b2c3d4e5f60001'],
        assignPublicIp: 'DISABLED',
      },
    },
    loadBalancers: [
      { targetGroupArn, containerName: service.containers[0] ?? service.name, containerPort: PORT },
    ],
    healthCheckGracePeriodSeconds: 30,
    deploymentConfiguration: {
      minimumHealthyPercent: 100,
      maximumPercent: 200,
      deploymentCircuitBreaker: { enable: true, rollback: true },
    },
  };
}

function logGroupOf({ name, logGroup }: Pick<Service, 'name' | 'logGroup'>): string {
  return logGroup ?? `/ecs/${name}`;
}

function targetGroupOf({ account, region }: Place, service: Service): string {
  return `arn:aws:elasticloadbalancing:${region}:${account}:targetgroup/${service.name.slice(0, 32)}/0123456789abcdef`;
}

function roleArn({ account }: Place, role: string): string {
  return role.startsWith('arn:') ? role : `arn:aws:iam::${account}:role/${role}`;
}
