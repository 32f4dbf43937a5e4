import type { JsonObject } from '../../../local/contract.ts';
import { aSteadyWorld } from './world.ts';

/** A rolling deployment of web-app:2 to four tasks. */
function rolling(deploymentConfiguration: JsonObject) {
  const world = aSteadyWorld();
  world.update({ desiredCount: 4 });
  world.after(300);
  world.update({ deploymentConfiguration });
  world.update({ taskDefinition: 'web-app:2' });
  return world;
}

function untilCompleted(world: ReturnType<typeof aSteadyWorld>) {
  for (let seconds = 0; seconds < 3_600; seconds += 1) {
    if (world.service().deployments[0].rolloutState === 'COMPLETED') return seconds;
    world.after(1);
  }
  throw new Error('it was not completed');
}

const criteria = (healthyPercent: number, sourceServiceRevisionCleanup = 'BLOCKING') => ({
  minimumHealthyPercent: 50,
  maximumPercent: 125,
  earlySuccessCriteria: { enable: true, healthyPercent, sourceServiceRevisionCleanup },
});

describe('a rolling deployment with early success criteria', () => {
  it('is completed before all its tasks run, and starts the rest', () => {
    const world = rolling(criteria(50, 'DEFERRED'));
    untilCompleted(world);
    const [primary] = world.service().deployments;
    expect(primary.runningCount).toBeLessThan(4);
    world.after(600);
    expect(world.service()).toMatchObject({ runningCount: 4 });
    expect(world.service().deployments).toMatchObject([{ runningCount: 4 }]);
  });

  it('waits for the old tasks to stop where the cleanup blocks', () => {
    const world = rolling(criteria(50));
    untilCompleted(world);
    expect(world.service().deployments).toHaveLength(1);
  });
});

describe('a rolling deployment with a bake time', () => {
  it('is in progress until it has passed', () => {
    const usual = untilCompleted(rolling({ minimumHealthyPercent: 100, maximumPercent: 200 }));
    const bakes = { minimumHealthyPercent: 100, maximumPercent: 200, bakeTimeInMinutes: 10 };
    expect(untilCompleted(rolling(bakes)) - usual).toBeGreaterThanOrEqual(600);
  });

  it('is rolled back by an alarm meanwhile', () => {
    const world = rolling({
      minimumHealthyPercent: 100,
      maximumPercent: 200,
      bakeTimeInMinutes: 10,
      alarms: { alarmNames: ['errors'], enable: true, rollback: true },
    });
    world.after(240);
    world.ecs.setAlarm('errors', 'ALARM');
    world.after(600);
    expect(world.service().taskDefinition).toMatch(/web-app:1$/);
  });
});
