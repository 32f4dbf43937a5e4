import type { Behaviour } from '../../../local/contract.ts';
import { aSteadyWorld, service } from './world.ts';

function rolled(
  behaviour: Behaviour,
  breaker: object = service.deploymentConfiguration.deploymentCircuitBreaker,
) {
  const world = aSteadyWorld();
  world.behaviours.push({ image: 'web-app:2', ...behaviour });
  const deploymentConfiguration = {
    ...service.deploymentConfiguration,
    deploymentCircuitBreaker: { ...breaker },
  };
  world.update({ taskDefinition: 'web-app:2', deploymentConfiguration });
  return world;
}

const crash: Behaviour = { exit: { after: '3s', code: 1 } };

describe('the circuit breaker', () => {
  it.each<[string, Behaviour]>([
    ['crash', crash],
    ['cannot be pulled', { pull: 'notFound' }],
    [
      'are unhealthy',
      { failToStart: { stopCode: 'TaskFailedToStart', reason: 'ResourceInitializationError: no' } },
    ],
  ])('rolls back a service whose tasks %s', (_, behaviour) => {
    const world = rolled(behaviour).after(3_600);
    const { deployments, runningCount } = world.service();
    expect(deployments).toEqual([expect.objectContaining({ status: 'PRIMARY', rolloutState: 'COMPLETED' })]);
    expect(deployments[0].taskDefinition).toMatch(/web-app:1$/);
    expect(runningCount).toBe(3);
    expect(world.named('SERVICE_DEPLOYMENT_FAILED')).toHaveLength(1);
  });

  it('keeps three tasks of the old revision running throughout', () => {
    const world = rolled(crash);
    for (let second = 0; second < 200; second += 1) {
      const old = world
        .after(1)
        .tasks()
        .filter((one: { taskDefinitionArn: string }) => one.taskDefinitionArn.endsWith(':1'));
      expect(old.length).toBeGreaterThanOrEqual(3);
    }
  });

  it('without rollback leaves the deployment FAILED, and the old tasks running', () => {
    const { deployments } = rolled(crash, { enable: true, rollback: false }).after(3_600).service();
    expect(deployments[0]).toMatchObject({ status: 'PRIMARY', rolloutState: 'FAILED' });
    expect(deployments[1]).toMatchObject({ status: 'ACTIVE', runningCount: 3 });
  });

  it('never fails a deployment if it is disabled', () => {
    const world = rolled(crash, { enable: false, rollback: false }).after(3_600);
    expect(world.service().deployments[0]).toMatchObject({ status: 'PRIMARY', rolloutState: 'IN_PROGRESS' });
    expect(world.named('SERVICE_DEPLOYMENT_FAILED')).toEqual([]);
  });

  it('keeps stopped tasks that show the cause', () => {
    const stopped = rolled(crash).after(120).tasks('STOPPED');
    const failed = stopped.filter((one: { stopCode: string }) => one.stopCode === 'EssentialContainerExited');
    expect(failed.length).toBeGreaterThanOrEqual(3);
    expect(failed[0].containers[0]).toMatchObject({ name: 'web', exitCode: 1, lastStatus: 'STOPPED' });
  });
});
