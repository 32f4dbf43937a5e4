import type { Resource } from '../../local/stack/template.ts';
import { loadConfiguration } from '../../shared/config/load.ts';
import type { Configuration } from '../../shared/domain/app.ts';
import { partsOf } from '../../stack/serverless.ts';
import { aConfiguration, type Size, stackOf } from './configurations.ts';
import { grantsOf } from './grants.ts';

const ECS = 'arn:aws:ecs:us-east-1:123456789012';

interface Made {
  readonly configuration: Configuration;
  readonly resources: readonly Resource[];
  /** The stack's output about permissions that are broader than needed. */
  readonly widened: unknown;
}

const made = new Map<Size, Made>();

/** A stack of 500 services takes a while to build: it is built once. */
function stackFor(size: Size): Made {
  const known = made.get(size);
  if (known) return known;
  const configuration = aConfiguration(size);
  const parts = { configuration, resources: stackOf(configuration), widened: widened(configuration) };
  made.set(size, parts);
  return parts;
}

function widened(configuration: Configuration): unknown {
  return JSON.parse(JSON.stringify(partsOf(configuration, 0).resources.Outputs)).WidenedPermissions.Value;
}

/** The resources of every statement with this action, the same for each function. */
function resourcesOf(size: Size, action: string): readonly string[] {
  const grants = grantsOf(stackFor(size).resources).filter(({ actions }) => actions.includes(action));
  return [...new Set(grants.flatMap(({ resources }) => resources))];
}

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

const LOGS = 'log groups: all with the prefix of a configured one, up to its last slash';
const LARGE: Size = { apps: 50, services: 10 };
const FOUR_CLUSTERS: Size = { apps: 52, services: 10, logs: true, clusterOf: (app) => `cluster-${app % 4}` };
const LONG_NAMES: Size = {
  ...LARGE,
  logs: true,
  nameOf: (service) => `service-${service}-`.padEnd(40, 'x'),
  rolesOf: (service) => ({
    taskRole: `task-${Math.floor(service / 10)}-`.padEnd(40, 'x'),
    executionRole: 'shared-execution',
  }),
};

describe('permissions, when IAM has no room for every name', () => {
  it.each<[string, Size, string]>([
    ['100 services: managed policies have room', { apps: 10, services: 10 }, 'none'],
    ['200 services', { apps: 20, services: 10 }, 'tags of new revisions: all families'],
    ['500 services', LARGE, 'service revisions: all of the clusters; new revisions: all families'],
    [
      '500 services with separate task roles',
      { ...LARGE, rolesOf: (service) => ({ taskRole: `tasks/service-${service}` }) },
      'new revisions: all families; services and their revisions: all of the clusters',
    ],
    [
      '520 services with log groups in four clusters',
      FOUR_CLUSTERS,
      `${LOGS}; service revisions: all of the clusters; new revisions: all families`,
    ],
    [
      '600 services that share two roles',
      { apps: 60, services: 10, logs: true },
      `${LOGS}; service revisions: all of the clusters; new revisions: all families`,
    ],
    [
      '500 services with names of 40 characters and log groups',
      LONG_NAMES,
      `${LOGS}; service revisions: all of the clusters; image repositories: read access to all; new revisions: all families`,
    ],
  ])('report what is broader for %s', (_, size, words) => {
    expect(stackFor(size).widened).toBe(words);
  });

  it('still name what can be changed and stopped', () => {
    expect(resourcesOf(LARGE, 'ecs:UpdateService')).toHaveLength(500);
    expect(resourcesOf(LARGE, 'ecs:StopTask')).toEqual([`${ECS}:task/app-prod/*`]);
  });

  it('broaden read access long before services, and never allow to start or stop anything else', () => {
    for (const size of [FOUR_CLUSTERS, LONG_NAMES]) {
      expect(resourcesOf(size, 'ecs:UpdateService')).toHaveLength(size.apps * size.services);
      expect(resourcesOf(size, 'ecs:RunTask')).toHaveLength(size.apps);
      const clusters = new Set(stackFor(size).configuration.apps.map(({ cluster }) => cluster));
      expect(resourcesOf(size, 'ecs:StopTask')).toEqual([...clusters].map((name) => `${ECS}:task/${name}/*`));
    }
    expect(resourcesOf(FOUR_CLUSTERS, 'logs:GetLogEvents')).toEqual([
      'arn:aws:logs:us-east-1:123456789012:log-group:/ecs/*:log-stream:*',
    ]);
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
