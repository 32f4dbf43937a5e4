import { anApp, anObservedService, aStage, MINUTE } from '../builders.ts';

/** A release of a service that deploys with these options has ordered its deployment. */
function rolling(options: object) {
  const stage = aStage(anApp()).adopted().later(MINUTE);
  stage.push('1.1.0');
  return stage.registered(() => ({ overrides: options })).updated();
}

describe('a rolling deployment that bakes', () => {
  it('has its own time and that of the bake', () => {
    const stage = rolling({ bake: 20 * MINUTE });
    const [rollout] = stage.state.release?.services ?? [];
    expect(rollout?.bake).toBe(20 * MINUTE);
    expect((stage.state.release?.deadline ?? 0) - stage.now).toBe(50 * MINUTE);
  });
});

describe('a rolling deployment with early success criteria', () => {
  it('is live at the tasks that run, and says what ECS does with the rest', () => {
    const stage = rolling({});
    const { deploymentId = '', target = '' } = stage.state.release?.services[0] ?? {};
    stage.when({ type: 'deploymentEnded', service: 'web-app', deploymentId });
    const [deployment] = anObservedService('web-app').deployments;
    const ours = { ...deployment, id: deploymentId, taskDefinition: target, rolloutState: 'COMPLETED' };
    const overrides = {
      desired: 10,
      earlySuccess: true,
      deployments: [{ ...ours, status: 'PRIMARY', running: 5, desired: 10, failedTasks: 0 }],
    };
    stage.answer('lookAtServices', {
      kind: 'servicesSeen',
      services: [anObservedService('web-app', { overrides })],
    });
    expect(stage.state.live?.tag).toBe('1.1.0');
    expect(stage.state.ended[0]?.notes).toContain(
      'web-app is live at 5 of 10 tasks: ECS starts the rest without circuit breaker or alarms',
    );
  });
});

describe('a rolling deployment whose time is over', () => {
  it('is asked for a pause first: the event of that may have been lost', () => {
    const stage = rolling({ mayPause: true });
    stage.later(31 * MINUTE);
    stage.when({ type: 'tick' });
    expect(stage.state.release?.failure).toBeUndefined();
    const arn = 'arn:aws:ecs:us-east-1:123456789012:service-deployment/app-prod/web-app/1';
    const { target = '' } = stage.state.release?.services[0] ?? {};
    const hooks = [{ id: 'ecs-pause-1', type: 'PAUSE', status: 'AWAITING_ACTION' }];
    const ours = { arn, taskDefinition: target, status: 'IN_PROGRESS', words: [], hooks };
    const seen = { ...ours, breaker: false, alarms: [], watched: true };
    stage.answer('lookAtShifts', { kind: 'shiftsSeen', shifts: { 'web-app': [seen] } });
    stage.later(MINUTE);
    stage.when({ type: 'tick' });
    expect(stage.state.release?.failure).toBeUndefined();
    expect(stage.state.release?.services[0]?.pauses).toMatchObject([{ id: 'ecs-pause-1' }]);
  });
});
