/** The task definition of the example application, as a file that people register. */
export const TASK_DEFINITION = {
  family: 'shop',
  networkMode: 'awsvpc',
  requiresCompatibilities: ['FARGATE'],
  cpu: '512',
  memory: '1024',
  taskRoleArn: 'arn:aws:iam::123456789012:role/web-app-task',
  executionRoleArn: 'arn:aws:iam::123456789012:role/web-app-execution',
  containerDefinitions: [
    {
      name: 'web',
      image: '123456789012.dkr.ecr.us-east-1.amazonaws.com/web-app:1.0.0',
      essential: true,
      portMappings: [{ containerPort: 8080, protocol: 'tcp' }],
      healthCheck: {
        command: ['CMD-SHELL', 'curl -f http://localhost:8080/health || exit 1'],
        interval: 30,
        timeout: 5,
        retries: 3,
        startPeriod: 60,
      },
      secrets: [
        {
          name: 'DATABASE_URL',
          valueFrom: 'arn:aws:secretsmanager:us-east-1:123456789012:secret:database-url-a1b2c3',
        },
      ],
      logConfiguration: {
        logDriver: 'awslogs',
        options: {
          'awslogs-group': '/ecs/web-app',
          'awslogs-region': 'us-east-1',
          'awslogs-stream-prefix': 'ecs',
        },
      },
    },
  ],
};

const NETWORK =
  'awsvpcConfiguration={subnets=[subnet-12345678],securityGroups=[sg-12345678],assignPublicIp=ENABLED}';

/** A service of it, but for its name: what follows `aws ecs create-service --service-name NAME`. */
export const CREATE_SERVICE = `--cluster app-prod --task-definition shop --desired-count 3 --launch-type FARGATE \
--network-configuration "${NETWORK}" \
--load-balancers "targetGroupArn=arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/shop/0123456789abcdef,containerName=web,containerPort=8080" \
--deployment-configuration "deploymentCircuitBreaker={enable=true,rollback=true},maximumPercent=200,minimumHealthyPercent=100"`;

export const RUN_TASK = `aws ecs run-task --cluster app-prod --task-definition db-migrate --launch-type FARGATE \
--network-configuration "${NETWORK}" \
--overrides '{"containerOverrides":[{"name":"migrate","command":["npm","run","migrate"]}]}'`;
