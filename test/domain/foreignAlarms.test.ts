import type { ObservedServiceDeployment } from '../../shared/domain/observations.ts';
import { anApp, anObservedService, aStage, MINUTE, revision } from '../builders.ts';

/** Alarms and hooks of deployments that others made: they end those, and never a release of ours. */

const OURS = revision('web-app', 11);
const STRATEGIES = ['ROLLING', 'BLUE_GREEN', 'LINEAR', 'CANARY'];

function aRecord(overrides: Partial<ObservedServiceDeployment>): ObservedServiceDeployment {
  return {
    arn: 'arn:ours',
    taskDefinition: OURS,
    status: 'IN_PROGRESS',
    words: [],
    breaker: false,
    alarms: [],
    watched: true,
    stage: 'SCALE_UP',
    running: 3,
    ...overrides,
  };
}

const theirs = { arn: 'arn:theirs', taskDefinition: revision('web-app', 99) };
const reason = 'Service deployment rolled back because POST_TEST_TRAFFIC_SHIFT';
/** What ECS says of a deployment that others made a moment ago, or make now. */
const FOREIGN: readonly [string, ObservedServiceDeployment][] = [
  ['an alarm ended', aRecord({ ...theirs, status: 'ROLLBACK_SUCCESSFUL', alarms: ['web-5xx'] })],
  ['an alarm is ending', aRecord({ ...theirs, status: 'ROLLBACK_IN_PROGRESS', alarms: ['web-5xx'] })],
  [
    'a hook failed',
    aRecord({ ...theirs, status: 'ROLLBACK_SUCCESSFUL', words: [`${reason} lifecycle hook(s) failed.`] }),
  ],
  [
    'a pause ended',
    aRecord({ ...theirs, status: 'ROLLBACK_SUCCESSFUL', words: [`${reason} pause hook timed out.`] }),
  ],
];

describe.each(STRATEGIES)('an open release with the strategy %s', (strategy) => {
  function rolling() {
    const stage = aStage(anApp()).adopted().later(MINUTE);
    stage.push('1.1.0');
    const shift = { strategy, shiftTime: { takes: MINUTE, bake: MINUTE } };
    return stage.registered(() => (strategy === 'ROLLING' ? {} : { overrides: shift })).updated();
  }

  /** The event of a hook of some deployment of the service arrives, and ECS is asked. */
  function looks(stage: ReturnType<typeof rolling>, ...seen: ObservedServiceDeployment[]) {
    stage.later(MINUTE).when({ type: 'hookChanged', service: 'web-app' });
    stage.answer('lookAtShifts', { kind: 'shiftsSeen', shifts: { 'web-app': seen } });
    return stage;
  }

  it.each(FOREIGN)('goes on where %s a deployment of others', (_, foreign) => {
    const { release } = looks(looks(rolling(), aRecord({}), foreign), foreign, aRecord({})).state;
    expect(release).toMatchObject({ step: 'rolling', services: [{ state: 'rolling' }] });
    expect(release?.failure).toBeUndefined();
  });

  it('waits for no one because a deployment of others does', () => {
    const hooks = [{ id: 'ecs-pause-1', type: 'PAUSE', status: 'AWAITING_ACTION' }];
    const stage = looks(rolling(), aRecord({}), aRecord({ ...theirs, hooks }));
    expect(stage.state.release?.services[0]?.pauses ?? []).toEqual([]);
    const request = { command: 'continue', app: 'web', who: 'ann' } as const;
    expect(stage.when({ type: 'operator', request })).toMatchObject({ refused: true });
  });

  it('asks what runs where a deployment of others fails, and goes on where ours does not', () => {
    const stage = rolling();
    stage.when({ type: 'deploymentEnded', service: 'web-app', deploymentId: 'ecs-svc/theirs' });
    const { deploymentId: primary = '' } = stage.state.release?.services[0] ?? {};
    const service = anObservedService('web-app', { primary, runs: OURS, rolloutState: 'IN_PROGRESS' });
    const failed = { ...service.deployments[0], id: 'ecs-svc/theirs', status: 'ACTIVE', ...theirs };
    const deployments = [...service.deployments, { ...failed, rolloutState: 'FAILED' } as never];
    if (strategy === 'ROLLING')
      stage.answer('lookAtServices', { kind: 'servicesSeen', services: [{ ...service, deployments }] });
    else looks(stage, aRecord({}), aRecord({ ...theirs, status: 'ROLLBACK_FAILED' }));
    expect(stage.state.release?.failure).toBeUndefined();
    expect(stage.state.release?.step).toBe('rolling');
  });
});

describe('a release whose rollout has left DescribeServices', () => {
  it('is not ended by the alarm of a deployment of others', () => {
    const stage = aStage(anApp()).adopted().later(MINUTE).prepared('1.1.0').updated();
    // Two looks do not show ours: ECS's own record of the deployments is read.
    for (let looks = 0; looks < 2; looks += 1) {
      stage.later(MINUTE).when({ type: 'deploymentEnded', service: 'web-app', deploymentId: 'ecs-svc/x' });
      stage.answer('lookAtServices', { kind: 'servicesSeen', services: [anObservedService('web-app')] });
    }
    const [, alarm = aRecord({})] = FOREIGN[0] ?? [];
    stage.answer('readServiceDeployments', { kind: 'serviceDeploymentsRead', deployments: [alarm] });
    expect(stage.state.release?.failure).toBeUndefined();
  });
});
