import { containersOf, logGroupOf } from '../parts.ts';
import type { Rule } from '../rule.ts';

export const logsWithoutRetention: Rule = {
  id: 'logs-without-retention',
  title: 'Log group without retention',
  severity: 'low',
  rule: 'The log groups that containers write to have a retention.',
  why: 'Without one, CloudWatch Logs keeps log events indefinitely, and storage costs grow every month.',
  check: (workload) => {
    const names = containersOf(workload).flatMap((container) => logGroupOf(container) ?? []);
    return [...new Set(names)].flatMap((name) => {
      const group = workload.logGroups?.[name];
      if (group === undefined || typeof group.retentionInDays === 'number') return [];
      return [
        {
          resource: `log group ${name}`,
          found: 'its events never expire',
          fix: `\`aws logs put-retention-policy --log-group-name ${name} --retention-in-days 30\``,
        },
      ];
    });
  },
  failing: {
    definition: {
      family: 'web-app',
      containerDefinitions: [
        {
          name: 'web',
          logConfiguration: { logDriver: 'awslogs', options: { 'awslogs-group': '/ecs/web-app' } },
        },
      ],
    },
    logGroups: { '/ecs/web-app': { logGroupName: '/ecs/web-app' } },
  },
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
    logGroups: { '/ecs/web-app': { logGroupName: '/ecs/web-app', retentionInDays: 30 } },
  },
};
