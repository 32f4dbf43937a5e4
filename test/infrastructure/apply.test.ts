import { type ApplyPorts, apply } from '../../shared/infrastructure/apply.ts';
import { summary } from '../../shared/infrastructure/plan.ts';
import { MINUTE } from '../builders.ts';
import { EXAMPLE } from './example.ts';
import { anEmptyCloud, applied, aRunningExample, type EmptyCloud, planned } from './world.ts';

describe('apply on an empty cloud', () => {
  test('creates what needs no image, and waits with the rest for the first one', async () => {
    const cloud = anEmptyCloud();
    const plan = await planned(EXAMPLE, cloud);
    expect(plan.changes.map(({ action, kind, name }) => `${action} ${kind} ${name}`)).toEqual([
      'create logGroup /ecs/web-app',
      'create logGroup /ecs/db-migrate',
      'create repository web-app',
      'create cluster app-prod',
      'wait taskDefinition web-app',
      'wait taskDefinition db-migrate',
      'wait service app-prod/web-app',
      'wait scaling app-prod/web-app',
    ]);
    expect(summary(plan)).toBe('8 to create, 0 to change, 0 to destroy');
  });

  test('starts the service with the declared count when the first image is there', async () => {
    const cloud = anEmptyCloud();
    await applied(EXAMPLE, cloud);
    const digest = cloud.push('web-app', '1.0.0');
    await applied(EXAMPLE, cloud);
    const { services } = await cloud.read('ecs', 'DescribeServices', {
      cluster: 'app-prod',
      services: ['web-app'],
    });
    expect(services).toMatchObject([
      {
        desiredCount: 3,
        launchType: 'FARGATE',
        deploymentConfiguration: { deploymentCircuitBreaker: { enable: true, rollback: true } },
      },
    ]);
    const { taskDefinition } = await cloud.read('ecs', 'DescribeTaskDefinition', {
      taskDefinition: 'web-app',
    });
    expect(taskDefinition.containerDefinitions[0].image).toBe(
      `123456789012.dkr.ecr.us-east-1.amazonaws.com/web-app@${digest}`,
    );
  });

  test('makes no call that changes anything when it is applied twice', async () => {
    const cloud = anEmptyCloud();
    await applied(EXAMPLE, cloud);
    cloud.push('web-app', '1.0.0');
    await applied(EXAMPLE, cloud);
    const before = cloud.changes().length;
    const again = await planned(EXAMPLE, cloud);
    await applied(EXAMPLE, cloud);
    expect(again.changes).toEqual([]);
    expect(cloud.changes().length).toBe(before);
  });

  test('leaves the count of tasks to scaling', async () => {
    const cloud = await aRunningExample(EXAMPLE);
    await cloud.aws('ecs', 'UpdateService', { cluster: 'app-prod', service: 'web-app', desiredCount: 7 });
    expect((await planned(EXAMPLE, cloud)).changes).toEqual([]);
  });
});

describe('scaling', () => {
  async function count(cloud: EmptyCloud): Promise<number> {
    const { services } = await cloud.read('ecs', 'DescribeServices', {
      cluster: 'app-prod',
      services: ['web-app'],
    });
    return services[0].desiredCount;
  }

  test('moves the count within its bounds, and no move is a change', async () => {
    const cloud = await aRunningExample(EXAMPLE);
    cloud.load(20);
    expect(await count(cloud)).toBe(2);
    cloud.load(100);
    expect(await count(cloud)).toBeGreaterThan(3);
    expect(await count(cloud)).toBeLessThanOrEqual(20);
    expect((await planned(EXAMPLE, cloud)).changes).toEqual([]);
  });

  test('scales out during a rollout, and in only afterwards', async () => {
    const cloud = await aRunningExample(EXAMPLE);
    cloud.clock.runUntil(cloud.clock.now() + 30 * MINUTE);
    await roll(cloud);
    cloud.scaling.setMetrics('app-prod', 'web-app', { cpu: 140 });
    cloud.clock.runUntil(cloud.clock.now() + 4 * MINUTE);
    const out = await count(cloud);
    expect(out).toBeGreaterThan(3);
    expect(out).toBeLessThanOrEqual(20);
    cloud.load(70);
    // Low for long enough when the next rollout starts, which takes longer than that.
    cloud.scaling.setMetrics('app-prod', 'web-app', { cpu: 10 });
    cloud.clock.runUntil(cloud.clock.now() + 13 * MINUTE);
    await roll(cloud);
    cloud.clock.runUntil(cloud.clock.now() + 3 * MINUTE);
    expect(await rollout(cloud)).toBe('IN_PROGRESS');
    expect(await count(cloud)).toBeGreaterThanOrEqual(out);
    cloud.clock.runUntil(cloud.clock.now() + 60 * MINUTE);
    expect(await rollout(cloud)).toBe('COMPLETED');
    expect(await count(cloud)).toBe(2);
    expect((await planned(EXAMPLE, cloud)).changes).toEqual([]);
  });

  /** A rollout as a release orders it: without a count. Its tasks need 5 minutes to start. */
  async function roll({ aws, behave }: EmptyCloud): Promise<void> {
    behave({ startAfter: '5m' });
    await aws('ecs', 'UpdateService', { cluster: 'app-prod', service: 'web-app', forceNewDeployment: true });
  }

  async function rollout(cloud: EmptyCloud): Promise<string> {
    const request = { cluster: 'app-prod', services: ['web-app'] };
    return (await cloud.read('ecs', 'DescribeServices', request)).services[0].deployments[0].rolloutState;
  }
});

describe('apply resumes', () => {
  const kills = ['before', 'after'] as const;

  test.each(kills)('a change, when it ended %s any call, or the order of the release', async (when) => {
    const changed = EXAMPLE.replace('LOG_LEVEL: info', 'LOG_LEVEL: debug')
      .replace('max: 20', 'max: 10')
      .replace('scanOnPush: true', 'scanOnPush: false');
    for (let at = 1, isOver = false; !isOver; at += 1) {
      const cloud = await aRunningExample(EXAMPLE);
      let left = at;
      let orders = 0;
      const dying = async <Answer>(act: () => Promise<Answer>): Promise<Answer> => {
        left -= 1;
        if (left === 0 && when === 'before') throw new Error('killed');
        const answer = await act();
        if (left === 0) throw new Error('killed');
        return answer;
      };
      const ports = (whole: boolean): ApplyPorts => ({
        aws: (...call) => (whole ? cloud.aws(...call) : dying(() => cloud.aws(...call))),
        release: () => {
          const order = async () => {
            orders += 1;
            return '';
          };
          return whole ? order() : dying(order);
        },
        onDone: () => {},
        onOrdered: () => {},
      });
      await apply(await planned(changed, cloud), ports(false)).catch(() => {});
      isOver = left > 0;
      await apply(await planned(changed, cloud), ports(true));
      // The release has not changed the service: it is ordered again, and nothing else is left.
      const { changes } = await planned(changed, cloud);
      expect(changes).toMatchObject([
        { kind: 'service', calls: [], release: { app: 'web', family: 'web-app' } },
      ]);
      expect(orders).toBeGreaterThan(0);
      const { taskDefinitionArns } = await cloud.read('ecs', 'ListTaskDefinitions', {});
      expect(taskDefinitionArns).toHaveLength(3);
      expect(at).toBeLessThan(9);
    }
  });

  test.each(kills)('when it ended %s any call that changes something', async (when) => {
    const whole = await aRunningExample(EXAMPLE);
    const count = whole.changes().length;
    for (let at = 1; at <= count; at += 1) {
      const cloud = anEmptyCloud();
      cloud.registry.create('other');
      let left = at;
      const dying: typeof cloud.aws = async (service, operation, input) => {
        left -= 1;
        if (left === 0 && when === 'before') throw new Error('killed');
        const answer = await cloud.aws(service, operation, input);
        if (left === 0) throw new Error('killed');
        return answer;
      };
      const step = async () => {
        await applied(EXAMPLE, cloud, dying).catch((error: Error) =>
          expect(error.message).toContain('killed'),
        );
        await applied(EXAMPLE, cloud);
      };
      await step();
      if (!cloud.registry.repository('web-app').images.size) cloud.push('web-app', '1.0.0');
      await step();
      await applied(EXAMPLE, cloud);
      expect((await planned(EXAMPLE, cloud)).changes).toEqual([]);
      const { taskDefinitionArns } = await cloud.read('ecs', 'ListTaskDefinitions', {});
      expect(taskDefinitionArns).toHaveLength(2);
    }
  });
});
