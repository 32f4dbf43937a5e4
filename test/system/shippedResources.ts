/** What AWS describes of `examples/infrastructure` once it is applied and its first image runs. */

export const CLUSTER = {
  clusterName: 'app-prod',
  status: 'ACTIVE',
  capacityProviders: ['FARGATE', 'FARGATE_SPOT'],
  settings: [{ name: 'containerInsights', value: 'enabled' }],
  tags: [{ key: 'fairway:installation', value: 'fairway-production' }],
};

export const REPOSITORY = {
  repositoryName: 'web-app',
  imageScanningConfiguration: { scanOnPush: true },
};

export const TASK_DEFINITION = {
  family: 'web-app',
  cpu: '512',
  memory: '1024',
  networkMode: 'awsvpc',
  requiresCompatibilities: ['FARGATE'],
  executionRoleArn: 'arn:aws:iam::123456789012:role/web-app-execution',
  containerDefinitions: [
    {
      name: 'web',
      portMappings: [{ containerPort: 8080 }],
      secrets: [{ name: 'DATABASE_URL', valueFrom: '/web-app/database-url' }],
      healthCheck: { command: ['CMD-SHELL', 'curl -f http://localhost:8080/health || exit 1'] },
      logConfiguration: { logDriver: 'awslogs', options: { 'awslogs-group': '/ecs/web-app' } },
    },
  ],
};

export const LOG_GROUPS = [
  { logGroupName: '/ecs/db-migrate', retentionInDays: 30 },
  { logGroupName: '/ecs/web-app', retentionInDays: 30 },
];

export const SERVICE = {
  status: 'ACTIVE',
  desiredCount: 3,
  runningCount: 3,
  launchType: 'FARGATE',
  healthCheckGracePeriodSeconds: 60,
  loadBalancers: [{ containerName: 'web', containerPort: 8080 }],
  networkConfiguration: { awsvpcConfiguration: { subnets: ['subnet-0a1b2c3d', 'subnet-1a1b2c3d'] } },
  deploymentConfiguration: { deploymentCircuitBreaker: { enable: true, rollback: true } },
};

export const SCALABLE_TARGET = { ResourceId: 'service/app-prod/web-app', MinCapacity: 2, MaxCapacity: 20 };

export const SCALING_POLICY = {
  PolicyType: 'TargetTrackingScaling',
  TargetTrackingScalingPolicyConfiguration: {
    TargetValue: 70,
    PredefinedMetricSpecification: { PredefinedMetricType: 'ECSServiceAverageCPUUtilization' },
    ScaleInCooldown: 300,
    ScaleOutCooldown: 60,
  },
};
