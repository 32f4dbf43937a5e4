import { aSteadyWorld, aWorld, service } from './world.ts';

type World = ReturnType<typeof aWorld>;

function deployments(world: World, filter = {}) {
  return world.call('ListServiceDeployments', { cluster: 'prod', service: 'web', ...filter })
    .serviceDeployments;
}

function described(world: World, arn: string) {
  return world.call('DescribeServiceDeployments', { serviceDeploymentArns: [arn] }).serviceDeployments[0];
}

function stop(world: World, more = {}) {
  const [{ serviceDeploymentArn }] = deployments(world);
  world.call('StopServiceDeployment', { serviceDeploymentArn, ...more });
  return serviceDeploymentArn;
}

function updating(world = aSteadyWorld()) {
  world.update({ taskDefinition: 'web-app:2' });
  return world.after(5);
}

describe('StopServiceDeployment', () => {
  it('rolls back to the earlier deployment, with the reason that it was requested', () => {
    const world = updating();
    const before = world.service().deployments;
    const arn = stop(world);
    const [primary, failed] = world.service().deployments;
    expect([primary.id, failed.id]).toEqual([before[1].id, before[0].id]);
    expect(primary.rolloutStateReason).toBe(
      `ECS deployment ${failed.id} was stopped by a user: rolling back to deploymentId ${primary.id}.`,
    );
    expect(described(world, arn)).toMatchObject({
      status: 'ROLLBACK_IN_PROGRESS',
      rollback: { reason: primary.rolloutStateReason },
      deploymentCircuitBreaker: { status: 'MONITORING', failureCount: 0 },
    });
    world.after(600);
    expect(described(world, arn)).toMatchObject({ status: 'ROLLBACK_SUCCESSFUL' });
    expect(world.service()).toMatchObject({ taskDefinition: expect.stringMatching(/web-app:1$/) });
  });

  it('has no effect on a deployment that is already rolling back', () => {
    const world = updating();
    const arn = stop(world);
    stop(world);
    expect(described(world, arn)).toMatchObject({ status: 'ROLLBACK_IN_PROGRESS' });
    world.after(600);
    expect(described(world, arn)).toMatchObject({ status: 'ROLLBACK_SUCCESSFUL' });
  });

  it('ends a deployment as stopped if there is no earlier one', () => {
    const world = aWorld();
    world.call('CreateService', service);
    expect(described(world, stop(world.after(5)))).toMatchObject({ status: 'STOPPED' });
  });

  it('accepts only ROLLBACK, and only deployments in progress', () => {
    const world = updating();
    expect(() => stop(world, { stopType: 'ABORT' })).toThrow(/ROLLBACK/);
    world.after(600);
    expect(() => stop(world)).toThrow(/ended/);
  });
});

describe('ListServiceDeployments', () => {
  it('filters by status and by time of creation', () => {
    const world = aSteadyWorld();
    const between = world.clock.now() / 1000;
    updating(world.after(1));
    const [second, first] = deployments(world);
    expect(deployments(world, { status: ['IN_PROGRESS'] })).toEqual([second]);
    expect(deployments(world, { createdAt: { before: between } })).toEqual([first]);
    expect(deployments(world, { createdAt: { after: between } })).toEqual([second]);
    expect(() => deployments(world, { status: ['DONE'] })).toThrow(/DONE/);
  });
});

describe('a service in the middle of a deployment', () => {
  it('shows both revisions, with the tasks of each', () => {
    const world = updating();
    const arns = deployments(world).map(
      (one: { targetServiceRevisionArn: string }) => one.targetServiceRevisionArn,
    );
    expect(world.service().currentServiceRevisions).toEqual([
      expect.objectContaining({ arn: arns[0], requestedTaskCount: 3 }),
      { arn: arns[1], requestedTaskCount: 3, runningTaskCount: 3, pendingTaskCount: 0 },
    ]);
    const revisions = world.after(600).service().currentServiceRevisions;
    expect(revisions).toEqual([expect.objectContaining({ arn: arns[0], runningTaskCount: 3 })]);
  });
});

describe('DescribeServiceRevisions', () => {
  it('shows the settings of the service when the revision was created', () => {
    const world = aSteadyWorld();
    const arns = deployments(world).map(
      (one: { targetServiceRevisionArn: string }) => one.targetServiceRevisionArn,
    );
    const spot = [{ capacityProvider: 'FARGATE_SPOT', weight: 1 }];
    world.update({ capacityProviderStrategy: spot, forceNewDeployment: true });
    const [revision] = world.call('DescribeServiceRevisions', { serviceRevisionArns: arns }).serviceRevisions;
    expect(revision).toMatchObject({ launchType: 'FARGATE' });
    expect(revision).not.toHaveProperty('capacityProviderStrategy');
  });

  it('accepts at most 20 of them', () => {
    const serviceRevisionArns = Array.from({ length: 21 }, (_, index) => `arn:${index}`);
    expect(() => aWorld().call('DescribeServiceRevisions', { serviceRevisionArns })).toThrow(/20/);
  });
});
