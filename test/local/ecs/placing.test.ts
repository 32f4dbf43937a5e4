import { aSteadyWorld } from './world.ts';

describe('tasks that cannot be placed', () => {
  it('are reported once a minute, and started when there is capacity', () => {
    const world = aSteadyWorld();
    world.behaviours.push({ unplaced: 'RESOURCE:FARGATE' });
    world.update({ desiredCount: 5 });
    world.after(150);
    const failures = world.named('SERVICE_TASK_PLACEMENT_FAILURE');
    expect(failures).toHaveLength(3);
    expect(failures[0]?.detail).toMatchObject({ eventType: 'ERROR', reason: 'RESOURCE:FARGATE' });
    expect(world.service().runningCount).toBe(3);
    expect(world.service().events[0].message).toMatch(
      /unable to place a task. Reason: Capacity is unavailable/,
    );
    world.behaviours.push({ exit: 'never' });
    expect(world.after(150).service().runningCount).toBe(5);
  });

  it('are only those of the behavior: other images are placed', () => {
    const world = aSteadyWorld();
    world.behaviours.push({ image: 'web-app:2', unplaced: 'RESOURCE:MEMORY' });
    world.update({ desiredCount: 5 });
    expect(world.after(150).service().runningCount).toBe(5);
    world.update({ taskDefinition: 'web-app:2' });
    world.after(150);
    expect(world.service().events[0].message).toMatch(/Reason: RESOURCE:MEMORY/);
  });
});
