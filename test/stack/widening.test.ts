import { loadConfiguration } from '../../shared/config/load.ts';
import type { Size } from './configurations.ts';
import { resourcesOf, stackFor, widened } from './widened.ts';

const ECS = 'arn:aws:ecs:us-east-1:123456789012';

describe('permissions, when IAM has room for every name', () => {
  const size = { apps: 2, services: 1 };

  it('name everything, and the output says that nothing is broader', () => {
    expect(resourcesOf(size, 'ecs:UpdateService')).toEqual([
      `${ECS}:service/app-prod/service-0`,
      `${ECS}:service/app-prod/service-1`,
    ]);
    expect(resourcesOf(size, 'ecs:RegisterTaskDefinition')).toEqual([
      `${ECS}:task-definition/migrate-0:*`,
      `${ECS}:task-definition/migrate-1:*`,
      `${ECS}:task-definition/service-0:*`,
      `${ECS}:task-definition/service-1:*`,
    ]);
    expect(resourcesOf(size, 'ecs:RunTask')).toEqual([
      `${ECS}:task-definition/migrate-0:*`,
      `${ECS}:task-definition/migrate-1:*`,
    ]);
    expect(resourcesOf(size, 'ecr:DescribeImages')).toEqual([
      'arn:aws:ecr:us-east-1:123456789012:repository/team/app-0',
      'arn:aws:ecr:us-east-1:123456789012:repository/team/app-1',
    ]);
    expect(stackFor(size).widened).toBe('none');
  });

  it('name everything for the example', () => {
    expect(widened(loadConfiguration('fairway.yml'))).toBe('none');
  });
});

const LARGE: Size = { apps: 50, services: 10 };

describe('permissions, when IAM has no room for every name', () => {
  it.each<[string, Size, string]>([
    ['100 services: managed policies have room', { apps: 10, services: 10 }, 'none'],
    ['200 services', { apps: 20, services: 10 }, 'tags of new revisions: all families'],
    ['500 services', LARGE, 'service revisions: all of the clusters; new revisions: all families'],
  ])('report what is broader for %s', (_, size, words) => {
    expect(stackFor(size).widened).toBe(words);
  });

  it('still name what can be changed and stopped', () => {
    expect(resourcesOf(LARGE, 'ecs:UpdateService')).toHaveLength(500);
    expect(resourcesOf(LARGE, 'ecs:StopTask')).toEqual([`${ECS}:task/app-prod/*`]);
  });

  it('are as broad as the output says', () => {
    expect(resourcesOf(LARGE, 'ecs:RegisterTaskDefinition')).toEqual([`${ECS}:task-definition/*:*`]);
    expect(resourcesOf(LARGE, 'ecs:DescribeServiceRevisions')).toContain(
      `${ECS}:service-revision/app-prod/*`,
    );
  });

  it('undo a widening that a later one made unnecessary', () => {
    expect(resourcesOf(LARGE, 'ecr:DescribeImages')).toHaveLength(50);
  });

  it('never broaden access to the secrets, the topic, the table and the log', () => {
    const wide = ['dynamodb:GetItem', 'dynamodb:PutItem', 'sns:Publish', 'logs:PutLogEvents'];
    const small = { apps: 1, services: 1 };
    for (const action of wide) expect(resourcesOf(LARGE, action)).toEqual(resourcesOf(small, action));
  });
});
