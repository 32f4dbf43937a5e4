import { loadConfiguration } from '../../shared/config/load.ts';
import { payloads } from '../intake/payloads.ts';
import { aConfiguration, type Size } from './configurations.ts';
import { anEndedDeployment, anEvent, aPush, aServiceAction, aStoppedTask, listeners } from './events.ts';
import { describeRules } from './ruleRules.ts';

const long = (service: number): string => `service-${service}-`.padEnd(255, 'x');

const SIZES: readonly (readonly [string, Size])[] = [
  ['1 service', { apps: 1, services: 1 }],
  ['5 services of 5 apps', { apps: 5, services: 1 }],
  ['50 services of one app', { apps: 1, services: 50 }],
  ['50 services with names of 255 letters', { apps: 5, services: 10, nameOf: long }],
  [
    'a service and a cluster with names of 255 letters',
    { apps: 1, services: 1, nameOf: long, clusterOf: long },
  ],
];

describeRules(SIZES);

describe('the rules of the example', () => {
  const targetsOf = listeners(loadConfiguration('fairway.yml'));
  const TARGETS: Readonly<Record<string, string>> = {
    'ecr-push': 'image-pushed',
    // Its event may have no media types: only a look at the image shows what it is.
    'ecr-push-chart': 'image-pushed',
    'ecr-push-cache': 'image-pushed',
    'ecr-push-docker': 'image-pushed',
    'ecr-push-docker-list': 'image-pushed',
    'ecr-push-index': 'image-pushed',
    'ecr-push-retag': 'image-pushed',
    'ecr-push-without-media-types': 'image-pushed',
    'ecr-replicated': 'image-pushed',
    'ecs-deployment-completed': 'ecs-changed',
    'ecs-deployment-failed': 'ecs-changed',
    'ecs-hook-awaiting': 'ecs-changed',
    'ecs-service-placement-failure': 'ecs-changed',
    'ecs-service-configuration-failure': 'ecs-changed',
    'ecs-service-start-impaired': 'ecs-changed',
    'ecs-task-stopped-by-person': 'ecs-changed',
    'ecs-task-stopped-cannot-pull': 'ecs-changed',
    'ecs-task-stopped-command-not-found': 'ecs-changed',
    'ecs-task-stopped-container-health': 'ecs-changed',
    'ecs-task-stopped-crash': 'ecs-changed',
    'ecs-task-stopped-load-balancer': 'ecs-changed',
    'ecs-task-stopped-migration': 'ecs-changed',
    'ecs-task-stopped-out-of-memory': 'ecs-changed',
    'ecs-task-stopped-spot': 'ecs-changed',
    'ecs-task-stopped-wrong-platform': 'ecs-changed',
  };
  const names = payloads('');

  it('cover every payload in events/', () => {
    expect(names).toEqual(expect.arrayContaining(Object.keys(TARGETS)));
  });

  it.each(names.map((name) => [name, TARGETS[name] ?? 'no function'] as const))(
    'send %s to %s',
    (name, who) => {
      expect(targetsOf(anEvent(name))).toEqual(who === 'no function' ? [] : [who]);
    },
  );

  it('match a stopped task without a reason', () => {
    expect(targetsOf(aStoppedTask('app-prod', { stoppedReason: undefined }))).toEqual(['ecs-changed']);
  });

  it.each([
    ['a task of another service', aStoppedTask('app-prod', { group: 'service:other' })],
    [
      'a task of a service whose name only begins so',
      aStoppedTask('app-prod', { group: 'service:web-app-2' }),
    ],
    ['a task of a service of that name in another cluster', aStoppedTask('app-test', {})],
    [
      'a one-off task that a person started',
      aStoppedTask('app-prod', { group: 'family:db-migrate', startedBy: 'someone' }),
    ],
    [
      'a one-off task without startedBy',
      aStoppedTask('app-prod', { group: 'family:db-migrate', startedBy: undefined }),
    ],
    [
      'a one-off task that a person put into the group of our service',
      aStoppedTask('app-prod', { group: 'service:web-app', startedBy: 'someone' }),
    ],
    [
      'a release task in a cluster without release tasks',
      aStoppedTask('app-test', { group: 'family:db-migrate', startedBy: 'fairway/0b6a1c52' }),
    ],
    ['a deployment of another service', anEndedDeployment('app-prod', 'other')],
    ['a service of another name that cannot place tasks', aServiceAction('app-prod', 'other')],
    ['a service in another cluster that cannot place tasks', aServiceAction('app-test', 'web-app')],
    [
      'another thing that ECS says of our service',
      aServiceAction('app-prod', 'web-app', { eventName: 'ECS_OPERATION_THROTTLED' }),
    ],
    ['a deployment in another cluster', anEndedDeployment('app-test', 'web-app')],
    ['a push to another repository', aPush('web-app-2')],
  ])('do not match %s', (_, event) => {
    expect(targetsOf(event)).toEqual([]);
  });
});

describe('the rules of services of the same names in two clusters', () => {
  const targetsOf = listeners(
    aConfiguration({
      apps: 2,
      services: 1,
      clusterOf: (app) => (app === 0 ? 'blue' : 'green'),
      tasks: false,
    }),
  );

  it('keep cluster and service together', () => {
    expect(targetsOf(aStoppedTask('blue', { group: 'service:service-0' }))).toEqual(['ecs-changed']);
    expect(targetsOf(aStoppedTask('green', { group: 'service:service-1' }))).toEqual(['ecs-changed']);
    expect(targetsOf(aStoppedTask('blue', { group: 'service:service-1' }))).toEqual([]);
    expect(targetsOf(anEndedDeployment('green', 'service-0'))).toEqual([]);
  });

  it('match no release task if no app has one', () => {
    expect(targetsOf(aStoppedTask('blue', { group: 'family:x', startedBy: 'fairway/0b6a1c52' }))).toEqual([]);
  });
});
