import { anAutoscalingWorld, aScalableWorld, ECS, TARGET } from './world.ts';

describe('scaling activities', () => {
  it('are in progress until as many tasks run, then successful', () => {
    const { cpu, minutes, activities, world } = aScalableWorld();
    cpu(140);
    minutes(3);
    expect(activities()).toEqual([
      {
        ActivityId: expect.any(String),
        ...TARGET,
        Description: 'Setting desired count to 6.',
        Cause: expect.stringMatching(
          /^monitor alarm TargetTracking-service\/prod\/web-AlarmHigh-\S{36} in state ALARM triggered policy cpu$/,
        ),
        StartTime: expect.any(Number),
        StatusCode: 'InProgress',
        StatusMessage: 'Successfully set desired count to 6. Waiting for change to be fulfilled by ecs.',
      },
    ]);
    cpu(70);
    world.after(120);
    const [{ StatusCode, StatusMessage, StartTime, EndTime }] = activities();
    expect(StatusCode).toBe('Successful');
    expect(StatusMessage).toBe('Successfully set desired count to 6. Change successfully fulfilled by ecs.');
    expect(EndTime).toBeGreaterThan(StartTime);
    expect(EndTime).toBeLessThanOrEqual(StartTime + 60);
  });

  it('are overridden by the next one of the same service', () => {
    const { cpu, minutes, activities, world } = aScalableWorld({ ScaleOutCooldown: 0 });
    world.behaviours.push({ image: 'web-app:1', startAfter: '10m' });
    cpu(77);
    minutes(4);
    expect(activities()).toMatchObject([
      { Description: 'Setting desired count to 5.', StatusCode: 'InProgress' },
      { Description: 'Setting desired count to 4.', StatusCode: 'Overridden' },
    ]);
  });

  it('name the low alarm when they scale in', () => {
    const { cpu, minutes, activities } = aScalableWorld();
    cpu(10);
    minutes(15);
    expect(activities()[0].Cause).toMatch(/-AlarmLow-\S{36} in state ALARM triggered policy cpu$/);
  });

  it('show why ECS refused', () => {
    const { call, activities, world } = anAutoscalingWorld();
    const update = world.api.operations.UpdateService;
    Object.assign(world.api.operations, {
      UpdateService() {
        throw new Error('Rate exceeded');
      },
    });
    call('RegisterScalableTarget', { ...TARGET, MinCapacity: 5, MaxCapacity: 10 });
    Object.assign(world.api.operations, { UpdateService: update });
    expect(world.service().desiredCount).toBe(3);
    expect(activities()).toMatchObject([
      {
        StatusCode: 'Failed',
        StatusMessage: 'Failed to set desired count to 5. Reason: Rate exceeded',
      },
    ]);
  });

  it('are listed newest first, in pages, for one service if it is given', () => {
    const { call, register, world } = anAutoscalingWorld();
    for (const MinCapacity of [4, 5, 6]) {
      register({ MinCapacity });
      world.after(60);
    }
    const counts: string[] = [];
    let NextToken: string | undefined;
    do {
      const page = call('DescribeScalingActivities', { ...ECS, MaxResults: 2, NextToken });
      counts.push(...page.ScalingActivities.map(({ Description }: { Description: string }) => Description));
      NextToken = page.NextToken;
    } while (NextToken !== undefined);
    expect(counts).toEqual([6, 5, 4].map((count) => `Setting desired count to ${count}.`));
    const other = { ...ECS, ResourceId: 'service/prod/other' };
    expect(call('DescribeScalingActivities', other).ScalingActivities).toEqual([]);
    expect(call('DescribeScalingActivities', TARGET).ScalingActivities).toHaveLength(3);
  });
});
