import type { App, Configuration, ReleaseTask, Service, Task } from '../shared/domain/app.ts';
import type { JsonObject } from './contract.ts';
import type { Ecs } from './ecs/ecs.ts';

const ACCOUNT = '123456789012';
const REGION = 'us-east-1';
const FIRST_TAG = '1.0.0';
const PORT = 8080;

interface ExampleOptions {
  readonly configuration: Configuration;
  readonly ecs: Ecs;
  /** Creates the repository if necessary; returns the digest. */
  readonly putImage: (repository: string, tag: string) => string;
  readonly createLogGroup?: (name: string) => void;
}

/** Creates what a configuration refers to: clusters, images, task definitions, and steady services. */
export function seedExample(options: ExampleOptions): void {
  const { configuration, ecs, putImage, createLogGroup } = options;
  const registered = new Set<string>();
  for (const app of configuration.apps) {
    ecs.createCluster(app.cluster);
    putImage(app.image.repository, FIRST_TAG);
    for (const service of app.services) {
      createLogGroup?.(logGroupOf(service));
      if (!registered.has(service.family)) ecs.register(serviceDefinition(app, service));
      registered.add(service.family);
      const targetGroup = targetGroupOf(service);
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
      if (!registered.has(task.family)) ecs.register(taskDefinition(app, task));
      registered.add(task.family);
    }
  }
}

function serviceDefinition(app: App, service: Service): JsonObject {
  const names = service.containers.length > 0 ? service.containers : [service.name];
  return {
    ...fargate(service.family, service.taskRole, service.executionRole, '512', '1024'),
    containerDefinitions: names.map((name, index) => ({
      ...container(name, app.image.repository, logGroupOf(service)),
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

function taskDefinition(app: App, task: ReleaseTask | Task): JsonObject {
  return {
    ...fargate(task.family, task.taskRole, task.executionRole, '256', '512'),
    containerDefinitions: [container(task.container, app.image.repository, logGroupOf(task))],
  };
}

function fargate(
  family: string,
  taskRole: string | undefined,
  executionRole: string | undefined,
  cpu: string,
  memory: string,
): JsonObject {
  return {
    family,
    networkMode: 'awsvpc',
    requiresCompatibilities: ['FARGATE'],
    cpu,
    memory,
    taskRoleArn: roleArn(taskRole ?? `${family}-task`),
    executionRoleArn: roleArn(executionRole ?? `${family}-execution`),
    runtimePlatform: { cpuArchitecture: 'X86_64', operatingSystemFamily: 'LINUX' },
  };
}

function container(name: string, repository: string, logGroup: string): JsonObject {
  return {
    name,
    image: `${ACCOUNT}.dkr.ecr.${REGION}.amazonaws.com/${repository}:${FIRST_TAG}`,
    essential: true,
    secrets: [
      {
        name: 'DATABASE_URL',
        valueFrom: `arn:aws:secretsmanager:${REGION}:${ACCOUNT}:secret:database-url-a1b2c3`,
      },
    ],
    logConfiguration: {
      logDriver: 'awslogs',
      options: { 'awslogs-group': logGroup, 'awslogs-region': REGION, 'awslogs-stream-prefix': 'ecs' },
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

function targetGroupOf(service: Service): string {
  return `arn:aws:elasticloadbalancing:${REGION}:${ACCOUNT}:targetgroup/${service.name.slice(0, 32)}/0123456789abcdef`;
}

function roleArn(role: string): string {
  return role.startsWith('arn:') ? role : `arn:aws:iam::${ACCOUNT}:role/${role}`;
}
