import { familyOf, rolesOf } from '../parts.ts';
import type { Rule } from '../rule.ts';

export const sharedRole: Rule = {
  id: 'shared-role',
  title: 'One role as execution and task role',
  severity: 'medium',
  rule: 'Execution role and task role are different roles.',
  why: 'The application gets the rights of ECS itself: it can read every secret of the task definition and pull images.',
  check(workload) {
    const { executionRoleArn, taskRoleArn } = workload.definition;
    if (taskRoleArn === undefined || executionRoleArn !== taskRoleArn) return [];
    const [role = ''] = rolesOf(workload);
    return [
      {
        resource: `task definition ${familyOf(workload)}`,
        found: `executionRoleArn and taskRoleArn are both ${role}`,
        fix: `create a role with the rights of the application only, and set it as \`taskRoleArn\` of the task definition ${familyOf(workload)}`,
      },
    ];
  },
  failing: {
    definition: {
      family: 'web-app',
      executionRoleArn: 'arn:aws:iam::123456789012:role/web-app',
      taskRoleArn: 'arn:aws:iam::123456789012:role/web-app',
    },
  },
  passing: {
    definition: {
      family: 'web-app',
      executionRoleArn: 'arn:aws:iam::123456789012:role/web-app-execution',
      taskRoleArn: 'arn:aws:iam::123456789012:role/web-app-task',
    },
  },
};
