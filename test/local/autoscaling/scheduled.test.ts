import { anAutoscalingWorld, ECS, TARGET } from './world.ts';

type World = ReturnType<typeof anAutoscalingWorld>;

const HOUR = 3_600_000;
let world: World;
beforeEach(() => {
  world = anAutoscalingWorld();
  world.call('RegisterScalableTarget', { ...TARGET, MinCapacity: 1, MaxCapacity: 10 });
});

function put(more: Parameters<World['call']>[1]) {
  return world.call('PutScheduledAction', { ...TARGET, ScheduledActionName: 'day', ...more });
}

function bounds() {
  const { ScalableTargets } = world.call('DescribeScalableTargets', ECS);
  return ScalableTargets;
}

describe('a scheduled action', () => {
  test('changes the bounds at its time, and the count that is below', () => {
    put({ Schedule: 'rate(2 hours)', ScalableTargetAction: { MinCapacity: 5 } });
    world.world.clock.runUntil(world.world.clock.now() + HOUR);
    expect(bounds()).toMatchObject([{ MinCapacity: 1 }]);
    world.world.clock.runUntil(world.world.clock.now() + 2 * HOUR);
    expect(bounds()).toMatchObject([{ MinCapacity: 5, MaxCapacity: 10 }]);
    expect(world.desired()).toBe(5);
    const { ScalingActivities } = world.call('DescribeScalingActivities', ECS);
    expect(JSON.stringify(ScalingActivities)).toContain('scheduled action name day was triggered');
  });

  test('is described as it was put, and changed member by member', () => {
    put({
      Schedule: 'cron(0 8 * * ? *)',
      Timezone: 'Europe/Berlin',
      ScalableTargetAction: { MaxCapacity: 4 },
    });
    put({ Schedule: 'cron(0 9 * * ? *)' });
    expect(world.call('DescribeScheduledActions', ECS)).toMatchObject({
      ScheduledActions: [
        {
          ScheduledActionName: 'day',
          Schedule: 'cron(0 9 * * ? *)',
          Timezone: 'Europe/Berlin',
          ScalableTargetAction: { MaxCapacity: 4 },
        },
      ],
    });
  });

  test('does nothing while scheduled scaling is suspended, after its end, or once deleted', () => {
    const action = { Schedule: 'rate(1 hour)', ScalableTargetAction: { MinCapacity: 5 } };
    const suspended = { SuspendedState: { ScheduledScalingSuspended: true } };
    world.call('RegisterScalableTarget', { ...TARGET, ...suspended });
    put(action);
    world.world.clock.runUntil(world.world.clock.now() + 2 * HOUR);
    world.call('RegisterScalableTarget', { ...TARGET, SuspendedState: { ScheduledScalingSuspended: false } });
    put({ ...action, EndTime: world.world.clock.now() / 1000 });
    world.world.clock.runUntil(world.world.clock.now() + 2 * HOUR);
    put({ ...action, EndTime: (world.world.clock.now() + 99 * HOUR) / 1000 });
    world.call('DeleteScheduledAction', { ...TARGET, ScheduledActionName: 'day' });
    world.world.clock.runUntil(world.world.clock.now() + 2 * HOUR);
    expect(bounds()).toMatchObject([{ MinCapacity: 1 }]);
  });

  test.each([
    [{ Schedule: 'every hour', ScalableTargetAction: { MinCapacity: 1 } }, 'expected rate'],
    [{ ScalableTargetAction: { MinCapacity: 1 } }, 'Member must not be null'],
    [{ Schedule: 'rate(1 hour)', ScalableTargetAction: {} }, 'must have a MinCapacity or a MaxCapacity'],
    [
      { Schedule: 'rate(1 hour)', ScalableTargetAction: { MinCapacity: 3, MaxCapacity: 1 } },
      'cannot be less',
    ],
  ])('is refused as %j', (input, why) => {
    expect(() => put(input)).toThrow(why);
  });
});
