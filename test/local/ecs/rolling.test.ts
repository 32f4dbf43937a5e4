import { aSteadyWorld } from './world.ts';

describe('a rolling deployment', () => {
  it('ends COMPLETED at the new revision, with events', () => {
    const world = aSteadyWorld();
    const updated = world.update({ taskDefinition: 'web-app:2' });
    const [primary, old] = updated.deployments;
    expect(primary.id).toMatch(/^ecs-svc\/\d{19}$/);
    expect([primary.status, primary.rolloutState, old.status]).toEqual(['PRIMARY', 'IN_PROGRESS', 'ACTIVE']);

    const { deployments, runningCount } = world.after(300).service();
    expect(deployments).toEqual([expect.objectContaining({ id: primary.id, rolloutState: 'COMPLETED' })]);
    expect(deployments[0].taskDefinition).toMatch(/web-app:2$/);
    expect(runningCount).toBe(3);
    const ended = world
      .named('SERVICE_DEPLOYMENT_COMPLETED')
      .filter(({ detail }) => detail.deploymentId === primary.id);
    expect(ended).toHaveLength(1);
  });

  it.each([
    [100, 200],
    [50, 100],
    [50, 150],
    [0, 100],
  ])(
    'never runs fewer than %i %% healthy tasks nor more than %i %% in all',
    (minimumHealthyPercent, maximumPercent) => {
      const world = aSteadyWorld();
      const deploymentConfiguration = { minimumHealthyPercent, maximumPercent };
      world.update({ taskDefinition: 'web-app:2', deploymentConfiguration });
      const seen: { healthy: number; all: number }[] = [];
      for (let second = 0; second < 300; second += 1) {
        const tasks = world.after(1).tasks();
        seen.push({
          healthy: tasks.filter(({ lastStatus }: { lastStatus: string }) => lastStatus === 'RUNNING').length,
          all: tasks.length,
        });
      }
      expect(Math.min(...seen.map(({ healthy }) => healthy))).toBeGreaterThanOrEqual(
        Math.ceil((3 * minimumHealthyPercent) / 100),
      );
      expect(Math.max(...seen.map(({ all }) => all))).toBeLessThanOrEqual(
        Math.floor((3 * maximumPercent) / 100),
      );
      expect(world.service().deployments).toHaveLength(1);
    },
  );

  it('is superseded by another one in the middle', () => {
    const world = aSteadyWorld();
    const first = world.update({ taskDefinition: 'web-app:2' }).deployments[0].id;
    world.after(10);
    const second = world.update({ taskDefinition: 'web-app:1', forceNewDeployment: true }).deployments[0].id;
    expect(second).not.toBe(first);
    const { deployments } = world.after(600).service();
    expect(deployments).toEqual([expect.objectContaining({ id: second, rolloutState: 'COMPLETED' })]);
    expect(
      world.named('SERVICE_DEPLOYMENT_COMPLETED').map(({ detail }) => detail.deploymentId),
    ).not.toContain(first);
  });

  it('is not started by a change of the desired count, nor by the same revision', () => {
    const world = aSteadyWorld();
    const { id } = world.service().deployments[0];
    world.update({ desiredCount: 5 });
    world.update({ taskDefinition: 'web-app:1' });
    const { deployments, runningCount } = world.after(300).service();
    expect([deployments.length, deployments[0].id, runningCount]).toEqual([1, id, 5]);
  });

  it('completes without tasks at a desired count of 0', () => {
    const world = aSteadyWorld();
    world.update({ desiredCount: 0 });
    world.after(120);
    world.update({ taskDefinition: 'web-app:2' });
    const { deployments, runningCount } = world.after(120).service();
    expect([deployments[0].rolloutState, runningCount]).toEqual(['COMPLETED', 0]);
  });
});
