import { ecrImageOf } from '../../infrastructure/import/images.ts';
import { type JsonObject, objectAt, objectsAt } from '../../infrastructure/json.ts';
import { containersOf, familyOf, imageOf, isOnFargate, logGroupOf } from '../parts.ts';
import type { Match, Rule } from '../rule.ts';
import type { Workload } from '../workload.ts';

export const missingRole: Rule = {
  id: 'missing-role',
  title: 'Missing role',
  severity: 'medium',
  rule: 'A task definition has an execution role where ECS needs one: for secrets, environment files and credentials of a registry, and on Fargate for images in ECR and for awslogs. A service on EC2 has a task role. On Fargate a missing task role is right for an application that calls nothing of AWS.',
  why: 'Without an execution role new tasks cannot start; without a task role containers on EC2 can use the rights of the instance.',
  check: (workload) => [...withoutExecutionRole(workload), ...withoutTaskRole(workload)],
  failing: {
    definition: {
      family: 'web-app',
      containerDefinitions: [{ name: 'web', secrets: [{ name: 'TOKEN', valueFrom: '/web-app/token' }] }],
    },
  },
  passing: {
    service: { serviceName: 'web-app', launchType: 'FARGATE' },
    definition: {
      family: 'web-app',
      executionRoleArn: 'arn:aws:iam::123456789012:role/web-app-execution',
      containerDefinitions: [{ name: 'web', secrets: [{ name: 'TOKEN', valueFrom: '/web-app/token' }] }],
    },
  },
};

function withoutExecutionRole(workload: Workload): readonly Match[] {
  const { definition, service } = workload;
  if (definition.executionRoleArn !== undefined) return [];
  const isFargate = service !== undefined && isOnFargate(service);
  if (!containersOf(workload).some((container) => needsExecutionRole(container, isFargate))) return [];
  const family = familyOf(workload);
  return [
    {
      resource: `task definition ${family}`,
      found: 'it has no execution role',
      fix: `set \`executionRoleArn\` of the task definition ${family} to a role with the policy AmazonECSTaskExecutionRolePolicy and access to its secrets`,
    },
  ];
}

function needsExecutionRole(container: JsonObject, isFargate: boolean): boolean {
  const secretOptions = objectsAt(objectAt(container, 'logConfiguration'), 'secretOptions');
  const files = objectsAt(container, 'environmentFiles');
  const secrets = [...objectsAt(container, 'secrets'), ...secretOptions, ...files];
  if (secrets.length > 0 || container.repositoryCredentials !== undefined) return true;
  return isFargate && (ecrImageOf(imageOf(container)) !== undefined || logGroupOf(container) !== undefined);
}

function withoutTaskRole(workload: Workload): readonly Match[] {
  const { definition, service } = workload;
  if (service === undefined || isOnFargate(service) || definition.taskRoleArn !== undefined) return [];
  const family = familyOf(workload);
  return [
    {
      resource: `task definition ${family}`,
      found: 'it has no task role, and runs on EC2',
      fix: `set \`taskRoleArn\` of the task definition ${family} to a role with the rights of the application only`,
    },
  ];
}
