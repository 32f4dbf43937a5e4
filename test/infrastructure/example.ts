/** The content of `infrastructure:` that most tests use: one of each kind. */
export const EXAMPLE = `
clusters:
  app-prod:
    capacityProviders: [FARGATE, FARGATE_SPOT]
    defaultCapacityProviderStrategy: [{ capacityProvider: FARGATE, weight: 1, base: 1 }]
    containerInsights: enabled
repositories:
  web-app:
    scanOnPush: true
    tagMutability: IMMUTABLE
    lifecyclePolicy:
      rules: [{ rulePriority: 1, selection: { tagStatus: untagged, countType: imageCountMoreThan, countNumber: 50 }, action: { type: expire } }]
    tags: { team: web }
taskDefinitions:
  web-app:
    cpu: 512
    memory: 1024
    executionRole: web-app-execution
    taskRole: web-app-task
    containers:
      web:
        image: web-app
        port: 8080
        environment: { LOG_LEVEL: info }
        secrets: { DATABASE_URL: "arn:aws:ssm:us-east-1:123456789012:parameter/web/database-url" }
        healthCheck: curl -f http://localhost:8080/health
  db-migrate:
    executionRole: web-app-execution
    containers:
      migrate: { image: web-app, command: [npm, run, migrate] }
services:
  web-app:
    desiredCount: 3
    network: { subnets: [subnet-1, subnet-2], securityGroups: [sg-1] }
    scaling:
      min: 2
      max: 20
      cpu: { target: 70, scaleInCooldown: 300, scaleOutCooldown: 60 }
`;
