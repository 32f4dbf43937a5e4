import type { App, Configuration } from '../shared/domain/app.ts';
import { ownTasksOf } from './patterns.ts';
import type { Statement } from './policies.ts';

/** `iam:PassRole` for the roles in `fairway.yml`, each for the service that it is passed to. Never broader than that. */

/** The task roles and execution roles of services and tasks. */
export function passRoles({ apps }: Configuration): Statement {
  const users = apps.flatMap((app) => [...app.services, ...ownTasksOf(app)]);
  const roles = users.flatMap(({ taskRole, executionRole }) => [taskRole ?? [], executionRole ?? []].flat());
  return passing('PassRoles', roles, 'ecs-tasks.amazonaws.com');
}

/** The roles with which ECS creates EBS volumes for release tasks and tasks. */
export function passVolumeRoles({ apps }: Pick<Configuration, 'apps'>): Statement {
  const tasks = apps.flatMap((app: App) => ownTasksOf(app));
  const roles = tasks.flatMap(({ volumeRole }) => volumeRole ?? []);
  return passing('PassVolumeRoles', roles, 'ecs.amazonaws.com');
}

function passing(sid: string, roles: readonly string[], service: string): Statement {
  return {
    sid,
    actions: ['iam:PassRole'],
    resources: [...new Set(roles.map(roleArn))].sort(),
    conditions: { StringEquals: { 'iam:PassedToService': service } },
  };
}

function roleArn(role: string): string {
  if (role.startsWith('arn:')) return role;
  return `arn:\${AWS::Partition}:iam::\${AWS::AccountId}:role/${role}`;
}
