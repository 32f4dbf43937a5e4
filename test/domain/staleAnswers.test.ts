import type { Answer } from '../../shared/domain/answers.ts';
import type { ObservedServiceDeployment } from '../../shared/domain/observations.ts';
import { anApp, anObservedService, aStage, MINUTE, revision, START } from '../builders.ts';

/**
 * Answers of ECS may be older than what Fairway ordered, and ECS's own rollback brings a deployment back under its old
 * id: what an answer shows is no verdict until it is newer than the order.
 */

const OURS = 'ecs-svc/v1-web-app';
const SECOND = 1_000;
const services = ['web-app', 'worker'].map((name) => ({ name, wave: 1, family: name, containers: [] }));

type Stage = ReturnType<typeof aStage>;

/** v1 rolls since the last second. */
function rolling(app = anApp()) {
  const stage = aStage(app).adopted().later(MINUTE).prepared('1.1.0').updated();
  return stage.later(SECOND);
}

/** As it was before v1: PRIMARY is the deployment that completed an hour ago. */
function asItWas(service = 'web-app') {
  return anObservedService(service);
}

function look(stage: Stage, ...observations: ReturnType<typeof anObservedService>[]) {
  return stage.answer('lookAtServices', { kind: 'servicesSeen', services: observations });
}

function afterAnEnd(stage: Stage, ...observations: ReturnType<typeof anObservedService>[]) {
  stage.when({ type: 'deploymentEnded', service: 'web-app', deploymentId: OURS });
  return look(stage, ...observations);
}

function read(...deployments: Partial<ObservedServiceDeployment>[]): Answer {
  const usual = {
    taskDefinition: revision('web-app', 11),
    status: 'IN_PROGRESS',
    words: [],
    breaker: false,
    alarms: [],
    arn: 'arn:deployment',
    watched: false,
  };
  return { kind: 'serviceDeploymentsRead', deployments: deployments.map((one) => ({ ...usual, ...one })) };
}

describe('an answer without our deployment', () => {
  it('is no rollback where PRIMARY was last changed before ours was created', () => {
    const stage = rolling();
    afterAnEnd(stage, asItWas());
    expect(stage.state.release?.failure).toBeUndefined();
    expect(stage.state.release?.services[0]?.state).toBe('rolling');
  });

  it('is followed by a second check at its own time', () => {
    const stage = rolling();
    afterAnEnd(stage, asItWas());
    expect(stage.pending('lookAtServices')[0]).toMatchObject({ notBefore: stage.now + 30 * SECOND });
    stage.later(30 * SECOND);
    const observed = anObservedService('web-app', {
      primary: OURS,
      runs: revision('web-app', 11),
      createdAt: stage.now,
    });
    look(stage, observed);
    expect(stage.state.ended[0]?.end?.outcome).toBe('live');
  });

  it('does not delay the look that an event asks for', () => {
    const stage = rolling();
    afterAnEnd(stage, asItWas());
    stage.when({ type: 'deploymentEnded', service: 'web-app', deploymentId: OURS });
    expect(stage.pending('lookAtServices')).toHaveLength(1);
    expect(stage.pending('lookAtServices')[0]?.notBefore).toBeUndefined();
  });

  it('is a rollback by ECS where PRIMARY was changed after ours was created, whatever its id', () => {
    const stage = rolling();
    const reason = 'ECS deployment circuit breaker: rolling back to deploymentId ecs-svc/1.';
    afterAnEnd(
      stage,
      anObservedService('web-app', { rolloutState: 'IN_PROGRESS', reason, updatedAt: stage.now }),
    );
    expect(stage.state.release?.failure?.cause.kind).toBe('circuitBreaker');
    expect(stage.state.release?.failure?.outcome).toBe('failed');
  });

  it.each([
    ['has rolled it back', { status: 'ROLLBACK_SUCCESSFUL', breaker: true }, 'failed'],
    ['is still at it', { status: 'IN_PROGRESS' }, undefined],
    ['has completed it', { status: 'SUCCESSFUL' }, undefined],
  ])('in two looks without times counts as the service deployments say: ECS %s', (_, said, outcome) => {
    const stage = rolling();
    const { createdAt, updatedAt, ...untimed } = asItWas().deployments[0] ?? {};
    const observed = anObservedService('web-app', { overrides: { deployments: [untimed as never] } });
    afterAnEnd(stage, observed);
    expect(stage.pending('readServiceDeployments')).toEqual([]);
    stage.later(30 * SECOND);
    look(stage, observed);
    stage.answer('readServiceDeployments', read(said));
    expect(stage.state.release?.failure?.outcome).toBe(outcome);
  });

  it('does not end the other services: they are not rolled back for it', () => {
    const stage = rolling(anApp({ services }));
    afterAnEnd(stage, asItWas('web-app'), asItWas('worker'));
    expect(stage.pending('rollBack')).toEqual([]);
  });
});

describe('a rollback', () => {
  /** v1 was cancelled; the order to roll back is pending. */
  function cancelled() {
    const stage = rolling();
    stage.when({ type: 'operator', request: { command: 'cancel', app: 'web', who: 'op' } });
    return stage;
  }

  it('is not done where one look shows only what ran before: another one follows at its own time', () => {
    const stage = cancelled();
    stage.answer('rollBack', { kind: 'unproven' });
    expect(stage.state.release?.services[0]?.state).toBe('rollingBack');
    expect(stage.pending('rollBack')[0]).toMatchObject({
      notBefore: stage.now + 30 * SECOND,
      effect: { doubtedAt: stage.now, orderedAt: START + MINUTE },
    });
  });

  it('keeps the time of the first doubt', () => {
    const stage = cancelled();
    stage.answer('rollBack', { kind: 'unproven' });
    const first = stage.now;
    stage.later(10 * SECOND).answer('rollBack', { kind: 'unproven' });
    expect(stage.pending('rollBack')[0]?.effect.doubtedAt).toBe(first);
  });

  const order = { kind: 'rollingBack', revision: revision('web-app', 10), completed: false } as const;

  it('is not done by a look that is older than its order', () => {
    const stage = cancelled();
    stage.answer('rollBack', { ...order, deploymentId: 'ecs-svc/back', createdAt: stage.now });
    afterAnEnd(stage, asItWas());
    expect(stage.state.release?.services[0]?.state).toBe('rollingBack');
    stage.later(30 * SECOND);
    look(stage, anObservedService('web-app', { primary: 'ecs-svc/back', createdAt: stage.now - MINUTE / 2 }));
    expect(stage.state.ended[0]?.end?.outcome).toBe('rolledBack');
  });

  it('has not failed by a look that still shows the failed revision', () => {
    const stage = cancelled();
    stage.answer('rollBack', { ...order, deploymentId: 'ecs-svc/back', createdAt: stage.now });
    const ours = { primary: OURS, runs: revision('web-app', 11), createdAt: START + MINUTE };
    afterAnEnd(stage, anObservedService('web-app', ours));
    expect(stage.state.ended).toEqual([]);
    expect(stage.state.release?.services[0]?.state).toBe('rollingBack');
  });

  it('has not failed by such a look where ECS had returned before the order, which then changed nothing', () => {
    const stage = cancelled();
    const { deployedAt = 0 } = stage.state.release?.services[0] ?? {};
    // UpdateService answers the deployment of before, which ECS has brought back.
    stage.answer('rollBack', { ...order, deploymentId: 'ecs-svc/1', createdAt: START - 60 * MINUTE });
    const failed = { primary: OURS, runs: revision('web-app', 11), createdAt: deployedAt };
    afterAnEnd(stage, anObservedService('web-app', { ...failed, updatedAt: deployedAt + SECOND }));
    expect(stage.state.release?.services[0]?.state).toBe('rollingBack');
    stage.later(30 * SECOND);
    look(stage, anObservedService('web-app', { updatedAt: deployedAt + 2 * SECOND }));
    expect(stage.state.ended[0]?.end?.outcome).toBe('rolledBack');
  });

  it('that ECS makes itself is done once ECS has changed the old deployment since', () => {
    const stage = cancelled();
    stage.answer('rollBack', { ...order, deploymentId: 'ecs-svc/1' });
    afterAnEnd(stage, asItWas());
    expect(stage.state.release?.services[0]?.state).toBe('rollingBack');
    afterAnEnd(stage, anObservedService('web-app', { updatedAt: stage.now }));
    expect(stage.state.ended[0]?.end?.outcome).toBe('rolledBack');
  });
});

describe('a release that was open before times were kept', () => {
  /** Its rollouts have no time of their order. */
  function ofBefore() {
    const { state } = rolling();
    const release = state.release && {
      ...state.release,
      services: state.release.services.map(({ deployedAt, ...rollout }) => rollout),
    };
    return aStage(anApp(), { ...state, ...(release && { release }) }).later(2 * MINUTE);
  }

  it('goes live', () => {
    const stage = ofBefore();
    stage.ended('web-app');
    expect(stage.state.ended[0]?.end?.outcome).toBe('live');
  });

  it('is rolled back, and ends', () => {
    const stage = ofBefore();
    stage.ended('web-app', 'FAILED');
    const deploymentId = 'ecs-svc/back';
    const order = { revision: revision('web-app', 10), deploymentId, completed: false } as const;
    stage.answer('rollBack', { kind: 'rollingBack', ...order });
    stage.when({ type: 'deploymentEnded', service: 'web-app', deploymentId });
    look(stage, anObservedService('web-app', { primary: deploymentId }));
    stage.later(30 * SECOND);
    look(stage, anObservedService('web-app', { primary: deploymentId }));
    expect(stage.state.ended[0]?.end?.outcome).toBe('failed');
  });
});

describe('the next release', () => {
  it('does not begin on an answer that is older than the last deployment', () => {
    const stage = rolling();
    stage.push('1.2.0');
    stage.ended('web-app');
    expect(stage.state.release?.number).toBe(2);
    look(stage, asItWas());
    expect(stage.state.release?.services[0]?.before).toBeUndefined();
    stage.later(30 * SECOND);
    const live = { primary: OURS, runs: revision('web-app', 11), createdAt: START + MINUTE };
    look(stage, anObservedService('web-app', live));
    expect(stage.state.release?.services[0]?.before?.taskDefinition).toBe(revision('web-app', 11));
  });
});

describe('what runs, looked up after a release', () => {
  it('is not what an older answer says', () => {
    const stage = rolling();
    stage.ended('web-app');
    stage.when({ type: 'operator', request: { command: 'hold', app: 'web', reason: 'x', who: 'op' } });
    stage.when({ type: 'operator', request: { command: 'resume', app: 'web', who: 'op' } });
    const old = { deploymentId: 'ecs-svc/1', taskDefinition: revision('web-app', 10), digest: 'sha256:old' };
    stage.answer('adopt', {
      kind: 'adopted',
      services: [{ service: 'web-app', ...old, changedAt: START - MINUTE }],
    });
    expect(stage.state.live?.tag).toBe('1.1.0');
    expect(stage.pending('adopt')[0]).toMatchObject({ notBefore: stage.now + 30 * SECOND });
  });
});
