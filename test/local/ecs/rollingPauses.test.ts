import type { Disputed } from '../../../local/ecs/disputed.ts';
import { pauseAt } from './shifting.ts';
import { aSteadyWorld } from './world.ts';

/** A rolling deployment of web-app:2 that pauses at this stage. */
function rolling(stage: string, rollingPauses: Disputed['rollingPauses'] = 'both') {
  const world = aSteadyWorld();
  world.ecs.setDisputed({ rollingPauses });
  world.update({ deploymentConfiguration: pauseAt(stage) });
  world.update({ taskDefinition: 'web-app:2' });
  world.after(300);
  const open = () => {
    const { serviceDeployments } = world.call('ListServiceDeployments', { cluster: 'prod', service: 'web' });
    const serviceDeploymentArns = [serviceDeployments[0].serviceDeploymentArn];
    return world.call('DescribeServiceDeployments', { serviceDeploymentArns }).serviceDeployments[0];
  };
  return {
    world,
    open,
    answer(action: string) {
      const { serviceDeploymentArn, lifecycleHookDetails } = open();
      const { hookId } = lifecycleHookDetails[0];
      world.call('ContinueServiceDeployment', { serviceDeploymentArn, hookId, action });
      world.after(300);
    },
  };
}

describe('a rolling deployment that pauses', () => {
  it('starts no task before a person continues it', () => {
    const { world, open, answer } = rolling('PRE_SCALE_UP');
    expect(open()).toMatchObject({
      status: 'IN_PROGRESS',
      lifecycleHookDetails: [{ status: 'AWAITING_ACTION' }],
    });
    expect(open().lifecycleStage).toBeUndefined();
    expect(world.service().deployments).toMatchObject([{ runningCount: 0 }, { runningCount: 3 }]);
    answer('CONTINUE');
    expect(open()).toMatchObject({ status: 'SUCCESSFUL' });
  });

  it('is not completed before a person continues it', () => {
    const { world, open, answer } = rolling('POST_SCALE_UP');
    expect(world.service().deployments[0]).toMatchObject({ runningCount: 3, rolloutState: 'IN_PROGRESS' });
    answer('CONTINUE');
    expect(open()).toMatchObject({ status: 'SUCCESSFUL' });
  });

  it.each([
    ['ROLLBACK', 'PRE_SCALE_UP'],
    ['expiry', 'PRE_SCALE_UP'],
    ['ROLLBACK', 'POST_SCALE_UP'],
  ])('is rolled back by %s at %s', (how, stage) => {
    const { world, open, answer } = rolling(stage);
    if (how === 'ROLLBACK') answer(how);
    else world.after(3_700);
    expect(open()).toMatchObject({
      status: 'ROLLBACK_SUCCESSFUL',
      statusReason: expect.stringContaining('rolling back'),
    });
    expect(world.service()).toMatchObject({
      taskDefinition: expect.stringMatching(/web-app:1$/),
      runningCount: 3,
      deployments: [{ rolloutState: 'COMPLETED' }],
    });
  });

  it('sends the events of its hook', () => {
    const { world } = rolling('PRE_SCALE_UP');
    expect(world.named('HOOK_AWAITING_ACTION')).toMatchObject([
      { detail: { lifecycleStage: 'PRE_SCALE_UP' } },
    ]);
  });

  it('may pass these stages without a pause: that is disputed', () => {
    expect(rolling('PRE_SCALE_UP', 'none').open()).toMatchObject({ status: 'SUCCESSFUL' });
    expect(rolling('POST_SCALE_UP', 'beforeTasks').open()).toMatchObject({ status: 'SUCCESSFUL' });
  });
});
