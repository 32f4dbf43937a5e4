import type { Caller } from '../caller.ts';

const cluster = 'prod';
const network = {
  awsvpcConfiguration: { subnets: ['subnet-1'], securityGroups: ['sg-1'], assignPublicIp: 'DISABLED' },
};
const tags = [{ key: 'team', value: 'web' }];

export const definition = {
  family: 'web',
  networkMode: 'awsvpc',
  requiresCompatibilities: ['FARGATE'],
  cpu: '256',
  memory: '512',
  taskRoleArn: 'arn:aws:iam::123456789012:role/task',
  executionRoleArn: 'arn:aws:iam::123456789012:role/execution',
  runtimePlatform: { cpuArchitecture: 'X86_64', operatingSystemFamily: 'LINUX' },
  ephemeralStorage: { sizeInGiB: 30 },
  containerDefinitions: [
    {
      name: 'web',
      image: 'nginx:1',
      essential: true,
      portMappings: [{ containerPort: 80, protocol: 'tcp' }],
      environment: [{ name: 'A', value: 'b' }],
      secrets: [{ name: 'S', valueFrom: 'arn:aws:ssm:us-east-1:123456789012:parameter/s' }],
      healthCheck: { command: ['CMD-SHELL', 'true'], interval: 10, timeout: 5, retries: 3 },
      logConfiguration: {
        logDriver: 'awslogs',
        options: {
          'awslogs-group': '/ecs/web',
          'awslogs-region': 'us-east-1',
          'awslogs-stream-prefix': 'web',
        },
      },
      stopTimeout: 5,
    },
    { name: 'sidecar', image: 'envoy:1', essential: false, memory: 128, memoryReservation: 64 },
  ],
  tags,
};

/** Every operation of ECS, on a service that is deployed, fails, is stopped, and goes. */
export async function ecs({ call, refused, control }: Caller): Promise<void> {
  await call('CreateCluster', {
    clusterName: cluster,
    capacityProviders: ['FARGATE', 'FARGATE_SPOT'],
    settings: [{ name: 'containerInsights', value: 'enabled' }],
    tags,
  });
  await call('UpdateCluster', {
    cluster,
    settings: [{ name: 'containerInsights', value: 'enabled' }],
    configuration: { executeCommandConfiguration: { logging: 'DEFAULT' } },
  });
  await call('PutClusterCapacityProviders', {
    cluster,
    capacityProviders: ['FARGATE', 'FARGATE_SPOT'],
    defaultCapacityProviderStrategy: [{ capacityProvider: 'FARGATE', weight: 1, base: 1 }],
  });
  await call('DescribeClusters', { clusters: [cluster, 'none'], include: ['TAGS', 'SETTINGS'] });
  await call('ListClusters');
  await capacity({ call, refused, control });
  await definitions({ call, refused, control });
  await services({ call, refused, control });
  await shifts({ call, refused, control });
  await express({ call, refused, control });
  await tasks({ call, refused, control });
  await call('UpdateService', { cluster, service: 'web', desiredCount: 0 });
  await call('DeleteService', { cluster, service: 'web', force: true });
  await control('clock', { advance: '10m' });
  await call('DescribeServices', { cluster, services: ['web'] });
  await refused('UpdateService', { cluster, service: 'web', desiredCount: 1 }, 'ServiceNotActiveException');
  await call('DeleteCluster', { cluster });
  await refused('ListServices', { cluster }, 'ClusterNotFoundException');
}

type Part = Pick<Caller, 'call' | 'refused' | 'control'>;

async function definitions({ call, refused }: Part): Promise<void> {
  const { taskDefinition } = await call('RegisterTaskDefinition', definition);
  await call('RegisterTaskDefinition', { ...definition, family: 'old' });
  await call('DescribeTaskDefinition', { taskDefinition: 'web', include: ['TAGS'] });
  await call('ListTaskDefinitions', { familyPrefix: 'web', sort: 'DESC', status: 'ACTIVE' });
  await call('ListTaskDefinitionFamilies', { status: 'ACTIVE' });
  await call('DeregisterTaskDefinition', { taskDefinition: 'old:1' });
  const { failures } = await call('DeleteTaskDefinitions', { taskDefinitions: ['old:1', 'web:1', 'none:1'] });
  expect(failures).toHaveLength(2);
  await call('ListTaskDefinitions', { familyPrefix: 'old', status: 'DELETE_IN_PROGRESS' });
  await call('TagResource', {
    resourceArn: taskDefinition.taskDefinitionArn,
    tags: [{ key: 'a', value: 'b' }],
  });
  await call('ListTagsForResource', { resourceArn: taskDefinition.taskDefinitionArn });
  await call('UntagResource', { resourceArn: taskDefinition.taskDefinitionArn, tagKeys: ['a'] });
  await refused('DescribeTaskDefinition', { taskDefinition: 'none' }, 'ClientException');
  await refused('DeregisterTaskDefinition', { taskDefinition: 'web' }, 'ClientException');
  await refused('RegisterTaskDefinition', { family: '', containerDefinitions: [] }, 'ClientException');
  await refused(
    'ListTagsForResource',
    { resourceArn: 'arn:aws:ecs:us-east-1:1:cluster/none' },
    'InvalidParameterException',
  );
}

async function capacity({ call, refused }: Part): Promise<void> {
  await call('CreateCapacityProvider', {
    name: 'instances',
    autoScalingGroupProvider: {
      autoScalingGroupArn:
        'arn:aws:autoscaling:us-east-1:123456789012:autoScalingGroup:a:autoScalingGroupName/b',
    },
    tags,
  });
  const managed = {
    name: 'managed',
    cluster,
    managedInstancesProvider: {
      infrastructureRoleArn: 'arn:aws:iam::123456789012:role/ecsInfrastructure',
      instanceLaunchTemplate: {
        ec2InstanceProfileArn: 'arn:aws:iam::123456789012:instance-profile/ecsInstance',
        networkConfiguration: { subnets: ['subnet-1'] },
      },
    },
  };
  await call('CreateCapacityProvider', managed);
  await call('DescribeCapacityProviders', { capacityProviders: ['managed', 'FARGATE', 'none'] });
  await call('DescribeCapacityProviders', { cluster, include: ['TAGS'] });
  await refused('CreateCapacityProvider', managed, 'InvalidParameterException');
  await refused('CreateCapacityProvider', { ...managed, name: 'fargate2' }, 'InvalidParameterException');
  await refused(
    'CreateCapacityProvider',
    { ...managed, name: 'other', cluster: 'none' },
    'ClusterNotFoundException',
  );
}

async function services({ call, refused, control }: Part): Promise<void> {
  await call('CreateService', {
    cluster,
    serviceName: 'web',
    taskDefinition: 'web',
    desiredCount: 2,
    launchType: 'FARGATE',
    networkConfiguration: network,
    loadBalancers: [
      {
        targetGroupArn:
          'arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/web/0123456789abcdef',
        containerName: 'web',
        containerPort: 80,
      },
    ],
    healthCheckGracePeriodSeconds: 30,
    deploymentConfiguration: {
      minimumHealthyPercent: 100,
      maximumPercent: 200,
      deploymentCircuitBreaker: { enable: true, rollback: true },
    },
    enableECSManagedTags: true,
    propagateTags: 'SERVICE',
    enableExecuteCommand: true,
    tags,
  });
  await call('DescribeServices', { cluster, services: ['web', 'none'], include: ['TAGS'] });
  await control('clock', { advance: '10m' });
  await call('DescribeServices', { cluster, services: ['web'], include: ['TAGS'] });
  await call('ListServices', { cluster, launchType: 'FARGATE', schedulingStrategy: 'REPLICA' });
  await control('behaviours', { image: 'nginx:2', exit: { after: '1s', code: 1 } });
  await call('RegisterTaskDefinition', {
    ...definition,
    containerDefinitions: [{ name: 'web', image: 'nginx:2' }],
  });
  await call('UpdateService', {
    cluster,
    service: 'web',
    taskDefinition: 'web:2',
    enableExecuteCommand: false,
  });
  await control('clock', { advance: '20s' });
  await call('DescribeServices', { cluster, services: ['web'] });
  await control('clock', { advance: '1h' });
  const after = await call('ListServiceDeployments', { cluster, service: 'web' });
  const serviceDeploymentArns = after.serviceDeployments.map(
    (each: { serviceDeploymentArn: string }) => each.serviceDeploymentArn,
  );
  await call('DescribeServiceDeployments', {
    serviceDeploymentArns: [...serviceDeploymentArns, 'arn:aws:ecs:us-east-1:1:service-deployment/a/b/c'],
  });
  await call('DescribeServiceRevisions', {
    serviceRevisionArns: after.serviceDeployments.map(
      (each: { targetServiceRevisionArn: string }) => each.targetServiceRevisionArn,
    ),
  });
  await call('UpdateService', { cluster, service: 'web', forceNewDeployment: true });
  const [open] = (await call('ListServiceDeployments', { cluster, service: 'web' })).serviceDeployments;
  const stopped = { serviceDeploymentArn: open.serviceDeploymentArn };
  await call('StopServiceDeployment', { ...stopped, stopType: 'ROLLBACK' });
  await call('DescribeServiceDeployments', { serviceDeploymentArns: [open.serviceDeploymentArn] });
  await control('clock', { advance: '1h' });
  await call('DescribeServiceDeployments', { serviceDeploymentArns: [open.serviceDeploymentArn] });
  await refused('StopServiceDeployment', stopped, 'ConflictException');
  await refused(
    'StopServiceDeployment',
    { serviceDeploymentArn: 'arn:aws:ecs:us-east-1:1:service-deployment/a/b/c' },
    'ServiceDeploymentNotFoundException',
  );
  await refused('UpdateService', { cluster, service: 'none' }, 'ServiceNotFoundException');
  await refused('UpdateService', { cluster, service: 'web', taskDefinition: 'web:9' }, 'ClientException');
  await refused('DescribeServices', { cluster, services: [] }, 'InvalidParameterException');
  await refused('ListServiceDeployments', { cluster, service: 'none' }, 'ServiceNotFoundException');
  await refused('DeleteService', { cluster, service: 'none' }, 'ServiceNotFoundException');
  await refused('DeleteService', { cluster, service: 'web' }, 'InvalidParameterException');
  await refused('DeleteCluster', { cluster }, 'ClusterContainsServicesException');
  await refused('CreateService', { cluster, serviceName: 'web2', taskDefinition: 'none' }, 'ClientException');
  await refused('DescribeServices', { cluster: 'none', services: ['web'] }, 'ClusterNotFoundException');
}

const ELB = 'arn:aws:elasticloadbalancing:us-east-1:123456789012';
const blueGreen = {
  cluster,
  serviceName: 'blue',
  taskDefinition: 'web:1',
  desiredCount: 1,
  launchType: 'FARGATE',
  networkConfiguration: network,
  loadBalancers: [
    {
      targetGroupArn: `${ELB}:targetgroup/blue/0123456789abcdef`,
      containerName: 'web',
      containerPort: 80,
      advancedConfiguration: {
        alternateTargetGroupArn: `${ELB}:targetgroup/green/0123456789abcdef`,
        productionListenerRule: `${ELB}:listener-rule/app/blue/1/2/3`,
        testListenerRule: `${ELB}:listener-rule/app/blue/1/2/4`,
        roleArn: 'arn:aws:iam::123456789012:role/ecs-elb',
      },
    },
  ],
  deploymentConfiguration: {
    strategy: 'BLUE_GREEN',
    bakeTimeInMinutes: 5,
    alarms: { alarmNames: ['blue-5xx'], enable: true, rollback: true },
    lifecycleHooks: [
      {
        targetType: 'PAUSE',
        lifecycleStages: ['POST_SCALE_UP'],
        timeoutConfiguration: { timeoutInMinutes: 60, action: 'ROLLBACK' },
      },
    ],
  },
};

/** A deployment that shifts traffic: it pauses, continues, is rolled back by an alarm, and ends. */
async function shifts({ call, refused, control }: Part): Promise<void> {
  await call('CreateService', blueGreen);
  await control('clock', { advance: '5m' });
  const [open] = (await call('ListServiceDeployments', { cluster, service: 'blue' })).serviceDeployments;
  const { serviceDeploymentArn } = open;
  const look = () => call('DescribeServiceDeployments', { serviceDeploymentArns: [serviceDeploymentArn] });
  const [hook] = (await look()).serviceDeployments[0].lifecycleHookDetails;
  await refused(
    'ContinueServiceDeployment',
    { serviceDeploymentArn, hookId: 'nonsense' },
    'InvalidParameterException',
  );
  await call('ContinueServiceDeployment', { serviceDeploymentArn, hookId: hook.hookId, action: 'CONTINUE' });
  await refused(
    'ContinueServiceDeployment',
    { serviceDeploymentArn: serviceDeploymentArn.replace(/.$/, '-'), hookId: hook.hookId },
    'ServiceDeploymentNotFoundException',
  );
  await control('clock', { advance: '1m' });
  await call('DescribeServices', { cluster, services: ['blue'] });
  await control('alarms', { name: 'blue-5xx', state: 'ALARM' });
  await control('clock', { advance: '1m' });
  await look();
  await control('alarms', { name: 'blue-5xx', state: 'OK' });
  const serviceRevisionArns = [open.targetServiceRevisionArn];
  await call('DescribeServiceRevisions', { serviceRevisionArns });
  await refused(
    'UpdateService',
    { cluster, service: 'blue', deploymentConfiguration: { strategy: 'CANARY' }, loadBalancers: [] },
    'InvalidParameterException',
  );
  await call('DeleteService', { cluster, service: 'blue', force: true });
  await control('clock', { advance: '10m' });
}

/** A service in Express Mode, from its first deployment to its end. */
async function express({ call, refused, control }: Part): Promise<void> {
  const { service } = await call('CreateExpressGatewayService', {
    cluster,
    serviceName: 'shop',
    infrastructureRoleArn: 'arn:aws:iam::123456789012:role/infrastructure',
    executionRoleArn: 'arn:aws:iam::123456789012:role/execution',
    primaryContainer: {
      image: 'nginx:1',
      containerPort: 80,
      awsLogsConfiguration: { logGroup: '/ecs/shop', logStreamPrefix: 'shop' },
      environment: [{ name: 'A', value: 'b' }],
    },
    cpuArchitecture: 'ARM64',
    networkConfiguration: { subnets: ['subnet-1'], securityGroups: ['sg-1'] },
    scalingTarget: {
      minTaskCount: 1,
      maxTaskCount: 2,
      autoScalingMetric: 'AVERAGE_CPU',
      autoScalingTargetValue: 60,
    },
    healthCheckPath: '/health',
    tags,
  });
  const { serviceArn } = service;
  await control('clock', { advance: '20m' });
  await call('UpdateExpressGatewayService', { serviceArn, cpu: '512', memory: '1024' });
  await control('clock', { advance: '2m' });
  await call('DescribeExpressGatewayService', { serviceArn });
  const { services } = await call('DescribeServices', { cluster, services: ['shop'] });
  const serviceRevisionArns = services[0].currentServiceRevisions.map(({ arn }: { arn: string }) => arn);
  await call('DescribeServiceRevisions', { serviceRevisionArns });
  await refused(
    'UpdateService',
    { cluster, service: 'shop', deploymentConfiguration: { strategy: 'ROLLING' } },
    'InvalidParameterException',
  );
  await call('DeleteExpressGatewayService', { serviceArn });
  await control('clock', { advance: '10m' });
}

async function tasks({ call, refused, control }: Part): Promise<void> {
  const run = {
    cluster,
    taskDefinition: 'web:1',
    launchType: 'FARGATE',
    networkConfiguration: network,
    overrides: {
      cpu: '512',
      memory: '1024',
      containerOverrides: [{ name: 'web', command: ['migrate'], environment: [{ name: 'X', value: 'y' }] }],
    },
    startedBy: 'somebody',
    clientToken: 'token-1',
    enableExecuteCommand: true,
    tags,
  };
  const started = await call('RunTask', run);
  const [{ taskArn }] = started.tasks;
  await call('DescribeTasks', { cluster, tasks: [taskArn, 'none'], include: ['TAGS'] });
  await control('clock', { advance: '40s' });
  await call('DescribeTasks', { cluster, tasks: [taskArn] });
  await control('clock', { advance: '5m' });
  await call('DescribeTasks', { cluster, tasks: [taskArn] });
  const { taskArns } = await call('ListTasks', { cluster, serviceName: 'web', desiredStatus: 'RUNNING' });
  await call('DescribeTasks', { cluster, tasks: taskArns, include: ['TAGS'] });
  await call('StopTask', { cluster, task: taskArns[0], reason: 'to see it stop' });
  await control('clock', { advance: '10m' });
  await call('DescribeTasks', { cluster, tasks: [taskArns[0]] });
  await refused('RunTask', { ...run, count: 2 }, 'ConflictException');
  await refused('RunTask', { ...run, taskDefinition: 'none' }, 'ClientException');
  await refused('RunTask', { ...run, taskDefinition: 'old:1' }, 'InvalidParameterException');
  await refused('StopTask', { cluster, task: 'none' }, 'InvalidParameterException');
  await refused('DescribeTasks', { cluster, tasks: [] }, 'InvalidParameterException');
}
