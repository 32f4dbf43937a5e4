import type { Size } from './configurations.ts';
import { resourcesOf, stackFor } from './widened.ts';

const ECS = 'arn:aws:ecs:us-east-1:123456789012';
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
});
