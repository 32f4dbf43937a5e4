import { objectAt, textAt } from '../../infrastructure/json.ts';
import { containerName, containersOf, familyOf, setInContainer } from '../parts.ts';
import type { Rule } from '../rule.ts';

export const noLogs: Rule = {
  id: 'no-logs',
  title: 'Container without logs',
  severity: 'medium',
  rule: 'Every container has a `logConfiguration` with a driver that keeps what it writes: `awslogs`, `awsfirelens`, `splunk` or another one, except `none`. The log router of FireLens is excepted.',
  why: 'When a task fails, its last lines are lost, and with them the reason.',
  check: (workload) =>
    containersOf(workload)
      .filter((container) => container.firelensConfiguration === undefined)
      .filter((container) => {
        const driver = textAt(objectAt(container, 'logConfiguration'), 'logDriver') ?? 'none';
        return driver === 'none';
      })
      .map((container) => ({
        resource: containerName(workload, container),
        found: 'it has no log driver',
        fix: setInContainer(
          workload,
          container,
          `logConfiguration: { logDriver: awslogs, options: { awslogs-group: /ecs/${familyOf(workload)}, awslogs-region: …, awslogs-stream-prefix: ${textAt(container, 'name') ?? ''} } }`,
        ),
      })),
  failing: { definition: { family: 'web-app', containerDefinitions: [{ name: 'web' }] } },
  passing: {
    definition: {
      family: 'web-app',
      containerDefinitions: [
        {
          name: 'web',
          logConfiguration: { logDriver: 'awslogs', options: { 'awslogs-group': '/ecs/web-app' } },
        },
      ],
    },
  },
};
