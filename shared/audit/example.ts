import type { Example } from './rule.ts';
import type { Workload } from './workload.ts';

const ROLE = 'arn:aws:iam::123456789012:role/web-app-execution';

/** A workload in which no rule finds anything: what is around the members of a rule's examples. */
const SOUND: Workload = {
  app: 'web',
  environment: 'production',
  cluster: 'app-prod',
  definition: {
    taskDefinitionArn: 'arn:aws:ecs:us-east-1:123456789012:task-definition/web-app:2',
    family: 'web-app',
    executionRoleArn: ROLE,
    containerDefinitions: [
      {
        name: 'web',
        image: `123456789012.dkr.ecr.us-east-1.amazonaws.com/web-app@sha256:${'4f'.repeat(32)}`,
        readonlyRootFilesystem: true,
        logConfiguration: { logDriver: 'awslogs', options: { 'awslogs-group': '/ecs/web-app' } },
      },
    ],
  },
};

/** The whole workload of a rule's example. */
export function workloadOf(example: Example): Workload {
  return { ...SOUND, ...example };
}
