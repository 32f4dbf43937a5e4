import type { Answer } from '../../shared/domain/answers.ts';
import type { ObservedServiceDeployment } from '../../shared/domain/observations.ts';
import {
  anApp,
  anImage,
  anObservedService,
  aStage,
  aTask,
  digestOf,
  MINUTE,
  meaningOf,
  revision,
  START,
} from '../builders.ts';

/** What a person does to the services in ECS while a release is open. */

const services = ['web-app', 'worker'].map((name) => ({ name, wave: 1, family: name, containers: [] }));
const OURS = 'ecs-svc/v1-web-app';

type Stage = ReturnType<typeof aStage>;

function rolling(app = anApp()) {
  return aStage(app).adopted().later(MINUTE).prepared('1.1.0').updated().later(1_000);
}

function look(stage: Stage, ...observations: ReturnType<typeof anObservedService>[]) {
  stage.when({ type: 'deploymentEnded', service: 'web-app', deploymentId: 'ecs-svc/any' });
  return stage.answer('lookAtServices', { kind: 'servicesSeen', services: observations });
}

function resume(stage: Stage) {
  return stage.when({ type: 'operator', request: { command: 'resume', app: 'web', who: 'op' } });
}

describe('the old revision, deployed by hand while a release rolls', () => {
  const theirs = (stage: Stage, rolloutState = 'COMPLETED') =>
    anObservedService('web-app', {
      primary: 'ecs-svc/theirs',
      runs: revision('web-app', 10),
      createdAt: stage.now,
      rolloutState,
    });

  it('supersedes the release, says so, and holds the app', () => {
    const stage = rolling();
    look(stage, theirs(stage));
    const [release] = stage.state.ended;
    expect(release?.end?.outcome).toBe('superseded');
    expect(release?.end?.reason).toMatch(/^web-app:10 was deployed to web-app outside Fairway while v1/);
    expect(release?.end?.reason).not.toMatch(/ECS marked|No service was changed/);
    expect(stage.state.hold?.by).toBe('Fairway');
  });

  it('is left alone, and the other services are rolled back', () => {
    const stage = rolling(anApp({ services }));
    look(stage, theirs(stage, 'IN_PROGRESS'));
    expect(stage.pending('rollBack').map(({ effect }) => effect.service)).toEqual(['worker']);
    stage.answer('rollBack', {
      kind: 'rollingBack',
      revision: revision('worker', 10),
      deploymentId: 'ecs-svc/back',
      completed: true,
    });
    expect(stage.state.ended[0]?.end?.reason).toMatch(/That deployment stays.* Rolled back: worker\.$/);
  });

  it('is not said to have failed when its image comes again', () => {
    const stage = rolling();
    look(stage, theirs(stage));
    resume(stage);
    expect(stage.push('1.1.0').reason).toMatch(/^this image was stopped in ECS by a person as v1/);
  });
});

describe('our own revision, deployed again by hand', () => {
  const again = (stage: Stage, rolloutState = 'IN_PROGRESS') =>
    anObservedService('web-app', {
      primary: 'ecs-svc/again',
      runs: revision('web-app', 11),
      createdAt: stage.now,
      rolloutState,
    });

  it('is followed as ours', () => {
    const stage = rolling();
    look(stage, again(stage));
    expect(stage.state.release?.services[0]).toMatchObject({
      state: 'rolling',
      deploymentId: 'ecs-svc/again',
    });
    expect(stage.state.hold).toBeUndefined();
    stage.later(MINUTE);
    look(stage, { ...again(stage, 'COMPLETED') });
    expect(stage.state.ended[0]?.end?.outcome).toBe('live');
    expect(stage.state.ended[0]?.notes.join()).toMatch(/web-app:11 was forced outside Fairway/);
  });

  it('is followed where the service was live already and another one still rolls', () => {
    const stage = rolling(anApp({ services }));
    stage.ended('web-app');
    stage.when({ type: 'deploymentEnded', service: 'web-app', deploymentId: 'ecs-svc/again' });
    stage.answer('lookAtServices', { kind: 'servicesSeen', services: [again(stage)] });
    expect(stage.state.hold).toBeUndefined();
    expect(stage.state.release?.services[0]?.state).toBe('rolling');
    stage.ended('worker');
    expect(stage.state.release).toBeDefined();
  });

  it('stays live during the smoke test', () => {
    const stage = rolling(anApp({ after: [aTask('smoke-test')] }));
    stage.ended('web-app');
    stage.when({ type: 'deploymentEnded', service: 'web-app', deploymentId: 'ecs-svc/again' });
    stage.answer('lookAtServices', { kind: 'servicesSeen', services: [again(stage)] });
    expect(stage.state.release?.failure).toBeUndefined();
    expect(stage.state.release?.step).toBe('verifying');
  });

  it('is not taken for a foreign one while the answer to our order is on its way', () => {
    const stage = aStage(anApp()).adopted().later(MINUTE).prepared('1.1.0');
    stage.when({ type: 'deploymentEnded', service: 'web-app', deploymentId: OURS });
    const ours = { primary: OURS, runs: revision('web-app', 11), createdAt: stage.now };
    stage.answer('lookAtServices', { kind: 'servicesSeen', services: [anObservedService('web-app', ours)] });
    expect(stage.state.hold).toBeUndefined();
    expect(stage.state.release?.services[0]?.state).toBe('updating');
  });

  it('over a rollback is said to run again, and holds the app', () => {
    const stage = rolling();
    stage.when({ type: 'operator', request: { command: 'cancel', app: 'web', who: 'op' } });
    stage.answer('rollBack', {
      kind: 'rollingBack',
      revision: revision('web-app', 10),
      deploymentId: 'ecs-svc/back',
      createdAt: stage.now,
      completed: false,
    });
    stage.later(MINUTE);
    look(stage, again(stage));
    const [release] = stage.state.ended;
    expect(release?.end?.outcome).toBe('rollbackFailed');
    expect(release?.notes.join()).toMatch(/web-app:11 was deployed to it again outside Fairway/);
    expect(stage.state.hold?.by).toBe('Fairway');
  });
});

describe('a deployment of ours that ECS has ended', () => {
  const rollsBack = (stage: Stage, reason: string) =>
    anObservedService('web-app', { rolloutState: 'IN_PROGRESS', reason, updatedAt: stage.now });
  const silent = 'ECS deployment ecs-svc/1 in progress.';

  function read(one: Partial<ObservedServiceDeployment>): Answer {
    const usual = {
      taskDefinition: revision('web-app', 11),
      words: [],
      breaker: false,
      alarms: [],
      arn: 'arn:deployment',
      watched: false,
      status: 'IN_PROGRESS',
    };
    return {
      kind: 'serviceDeploymentsRead',
      deployments: [{ ...usual, ...one, ...meaningOf('web-app', one.words ?? []) }],
    };
  }

  it.each([
    ['circuitBreaker', 'ECS deployment circuit breaker: rolling back to deploymentId ecs-svc/1.'],
    ['deploymentAlarm', 'ECS deployment failed: alarm detected.'],
  ])('failed by its %s where ECS says so, without another question', (kind, reason) => {
    const stage = rolling();
    look(stage, rollsBack(stage, reason));
    expect(stage.state.release?.failure).toMatchObject({ outcome: 'failed', cause: { kind } });
    expect(stage.pending('readServiceDeployments')).toEqual([]);
    expect(stage.state.hold).toBeUndefined();
  });

  it.each<[string, string, Partial<ObservedServiceDeployment>]>([
    [
      'circuitBreaker',
      'its monitor',
      { status: 'ROLLBACK_IN_PROGRESS', breaker: true, words: ['rolled back'] },
    ],
    [
      'circuitBreaker',
      'its reason',
      {
        status: 'ROLLBACK_SUCCESSFUL',
        words: ['Service deployment rolled back because the circuit breaker threshold was exceeded.'],
      },
    ],
    ['deploymentAlarm', 'its monitor', { status: 'ROLLBACK_IN_PROGRESS', alarms: ['web-5xx'] }],
    [
      'hookFailed',
      'a lifecycle hook',
      {
        status: 'ROLLBACK_SUCCESSFUL',
        words: ['Service deployment rolled back because PRE_SCALE_UP lifecycle hook(s) failed.'],
      },
    ],
  ])('failed by %s where the service deployment says so by %s', (kind, _, one) => {
    const stage = rolling();
    look(stage, rollsBack(stage, silent));
    expect(stage.state.release?.failure).toBeUndefined();
    stage.answer('readServiceDeployments', read(one));
    expect(stage.state.release?.failure).toMatchObject({ outcome: 'failed', cause: { kind } });
    expect(stage.state.hold).toBeUndefined();
  });

  it.each(['ROLLBACK_REQUESTED', 'ROLLBACK_IN_PROGRESS', 'ROLLBACK_SUCCESSFUL', 'STOPPED'])(
    'was stopped by a person where no monitor was triggered: %s',
    (status) => {
      const stage = rolling(anApp({ services }));
      look(stage, rollsBack(stage, 'ECS deployment ecs-svc/v1-web-app was stopped by a user: rolling back.'));
      stage.answer('readServiceDeployments', read({ status, words: ['stopped'] }));
      const failure = stage.state.release?.failure;
      expect(failure).toMatchObject({ outcome: 'superseded', cause: { kind: 'stoppedInEcs' } });
      expect(failure?.cause.sentence).toBe(
        'The deployment of web-app by v1 was stopped in ECS by a person, and ECS rolls it back to web-app:10.',
      );
      expect(stage.state.hold?.by).toBe('Fairway');
      // The whole set rolls back; where ECS does it already, that is waited for.
      expect(stage.pending('rollBack').map(({ effect }) => effect.service)).toEqual(['web-app', 'worker']);
    },
  );

  it('before the answer to its order came is not deployed again', () => {
    const stage = aStage(anApp()).adopted().later(MINUTE).prepared('1.1.0');
    stage.answer('updateService', read({ status: 'ROLLBACK_SUCCESSFUL', breaker: true }));
    expect(stage.state.release?.failure).toMatchObject({
      outcome: 'failed',
      cause: { kind: 'circuitBreaker' },
    });
    expect(stage.pending('updateService')).toEqual([]);
    expect(stage.pending('rollBack')).toHaveLength(1);
  });

  it('was ended for a reason that is not known where service deployments may not be read', () => {
    const stage = rolling();
    look(stage, rollsBack(stage, silent));
    const sentence = 'AWS refused it: ecs:ListServiceDeployments: not authorized.';
    const cause = { kind: 'accessDenied', sentence, evidence: [], canHeal: false };
    stage.answer('readServiceDeployments', { kind: 'refused', cause });
    expect(stage.state.release?.failure?.outcome).toBe('failed');
    expect(stage.state.release?.notes).toContain(sentence);
  });

  it('and over which someone has deployed is followed by a hold, not by a rollback', () => {
    const stage = rolling();
    look(stage, rollsBack(stage, 'ECS deployment circuit breaker: rolling back to deploymentId ecs-svc/1.'));
    const deploymentId = 'ecs-svc/theirs';
    stage.answer('rollBack', { kind: 'foreign', deploymentId, taskDefinition: revision('web-app', 99) });
    expect(stage.state.ended[0]?.end?.outcome).toBe('failed');
    expect(stage.state.ended[0]?.end?.reason).toMatch(/That deployment stays/);
    expect(stage.state.hold?.reason).toMatch(/web-app:99 was deployed to web-app outside Fairway/);
  });
});

describe('a look at what runs that is answered while a release rolls', () => {
  /** First sight is answered, and asked once more since another function came by; UpdateService has no answer yet. */
  function asked() {
    const stage = aStage(anApp());
    stage.when({ type: 'tick' });
    stage.when({ type: 'tick' }, { contended: true });
    return stage.adopted().later(MINUTE).prepared('1.1.0').later(MINUTE);
  }
  const seen = (deploymentId: string, number: number, tag: string): Answer => {
    const taskDefinition = revision('web-app', number);
    return {
      kind: 'adopted',
      services: [{ service: 'web-app', deploymentId, taskDefinition, digest: digestOf(tag), tag }],
    };
  };

  it("does not take the release's own deployment for one from outside", () => {
    const stage = asked();
    stage.answer('adopt', seen(OURS, 11, '1.1.0'));
    expect(stage.state.hold).toBeUndefined();
    stage.updated().ended('web-app');
    expect(stage.state.live?.tag).toBe('1.1.0');
  });

  it('leaves a deployment from outside to the release, which ends superseded', () => {
    const stage = asked().updated();
    const [theirs, runs] = ['ecs-svc/theirs', revision('web-app', 99)];
    stage.answer('adopt', seen(theirs, 99, '9.9.9'));
    expect(stage.pending('lookAtServices')).toHaveLength(1);
    const observed = anObservedService('web-app', { primary: theirs, runs, createdAt: stage.now + 1 });
    stage.answer('lookAtServices', { kind: 'servicesSeen', services: [observed] });
    expect(stage.state.ended[0]?.end?.outcome).toBe('superseded');
    expect(stage.state.hold?.by).toBe('Fairway');
  });
});

describe('a deployment from outside that is still in progress', () => {
  const theirs = {
    service: 'web-app',
    deploymentId: 'ecs-svc/theirs',
    taskDefinition: revision('web-app', 99),
  };
  const ofTag = { ...theirs, underWay: true };
  const ended = { ...theirs, digest: digestOf('9.9.9'), tag: '1.1.0-hotfix' };

  function superseded() {
    const stage = rolling();
    const { deploymentId: primary, taskDefinition: runs } = theirs;
    look(
      stage,
      anObservedService('web-app', { primary, runs, rolloutState: 'IN_PROGRESS', createdAt: stage.now }),
    );
    return stage;
  }

  it('is what is live once it has ended, after one resume', () => {
    const stage = superseded();
    resume(stage);
    stage.answer('adopt', { kind: 'adopted', services: [ofTag] });
    expect(stage.state.live?.tag).toBe('1.0.0');
    stage.when({ type: 'deploymentEnded', service: 'web-app', deploymentId: theirs.deploymentId });
    expect(stage.pending('adopt')[0]?.notBefore).toBeUndefined();
    stage.answer('adopt', { kind: 'adopted', services: [ended] });
    expect(stage.state.live?.tag).toBe('1.1.0-hotfix');
    expect(stage.state.hold).toBeUndefined();
  });

  it('is checked again without its event, for as long as a rollout may take', () => {
    const stage = superseded();
    resume(stage);
    stage.answer('adopt', { kind: 'adopted', services: [ofTag] });
    stage.later(MINUTE).answer('adopt', { kind: 'adopted', services: [ofTag] });
    expect(stage.pending('adopt')).toHaveLength(1);
    stage.later(30 * MINUTE).answer('adopt', { kind: 'adopted', services: [ofTag] });
    expect(stage.pending('adopt')).toEqual([]);
  });

  it('is not taken for the live image while ECS has not resolved its tag', () => {
    const stage = aStage(anApp()).adopted().later(MINUTE);
    stage.when({ type: 'deploymentEnded', service: 'web-app', deploymentId: theirs.deploymentId });
    stage.answer('adopt', { kind: 'adopted', services: [ofTag] });
    stage.later(MINUTE).answer('adopt', { kind: 'adopted', services: [ended] });
    expect(stage.state.hold?.by).toBe('Fairway');
  });

  it('is not rolled back to with the digest of what ran before it', () => {
    const stage = superseded();
    stage.push('1.2.0');
    resume(stage);
    stage.answer('adopt', { kind: 'adopted', services: [ofTag] });
    const { deploymentId: primary, taskDefinition: runs } = theirs;
    const observed = anObservedService('web-app', { primary, runs, createdAt: START + 2 * MINUTE });
    stage.answer('lookAtServices', { kind: 'servicesSeen', services: [observed] });
    const { before } = stage.state.release?.services[0] ?? {};
    expect(before).toMatchObject({ taskDefinition: runs, deploymentId: primary });
    expect(before?.digest).toBeUndefined();
  });
});

describe('a service that is first seen while its first deployment is in progress', () => {
  const first = { service: 'web-app', deploymentId: 'ecs-svc/1', taskDefinition: revision('web-app', 10) };

  it('is live with its image once its tasks run', () => {
    const stage = aStage(anApp());
    stage.when({ type: 'tick' });
    stage.answer('adopt', { kind: 'adopted', services: [{ ...first, underWay: true }] });
    expect(stage.state.live).toBeUndefined();
    stage.later(MINUTE);
    const digest = digestOf('1.0.0');
    stage.answer('adopt', { kind: 'adopted', services: [{ ...first, digest, tag: '1.0.0' }] });
    expect(stage.state.live).toMatchObject({ tag: '1.0.0', digest });
    expect(stage.pending('adopt')).toEqual([]);
  });
});

describe('a deployment from outside that is found while an order by a person begins', () => {
  const theirs = {
    service: 'web-app',
    deploymentId: 'ecs-svc/theirs',
    taskDefinition: revision('web-app', 99),
    digest: digestOf('9.9.9'),
  };

  it.each(['deploy', 'rollback'] as const)('does not end the %s, and holds the app', (command) => {
    const stage = aStage(anApp()).adopted().later(MINUTE).prepared('1.1.0').updated();
    stage.ended('web-app');
    stage.when({ type: 'deploymentEnded', service: 'web-app', deploymentId: theirs.deploymentId });
    const order = { app: 'web', who: 'op' };
    const tag = command === 'deploy' ? '1.0.5' : '1.0.0';
    stage.when({
      type: 'operator',
      request: command === 'deploy' ? { command, tag, ...order } : { command, ...order },
    });
    stage.answer('inspectImage', { kind: 'imageInspected', image: anImage(tag), storage: 'ACTIVE' });
    expect(stage.state.release?.image.tag).toBe(tag);
    stage.answer('adopt', { kind: 'adopted', services: [theirs] });
    expect(stage.state.release?.image.tag).toBe(tag);
    expect(stage.pending('lookAtServices')).toHaveLength(1);
    expect(stage.state.hold).toBeDefined();
  });
});

describe('a deployment whose order got no answer, and that traffic shifts to', () => {
  const byRecord = 'arn:aws:ecs:us-east-1:123456789012:service-deployment/app-prod/web-app/ours';
  const shown = (deploymentId: string) => ({
    kind: 'adopted' as const,
    services: [
      {
        service: 'web-app',
        deploymentId,
        taskDefinition: revision('web-app', 11),
        digest: digestOf('1.1.0'),
        underWay: false,
      },
    ],
  });

  /** v1 was canceled and left as it is: ECS's record is all that is known of its deployment. */
  function leftRunning() {
    const stage = aStage(anApp({ onFailure: 'leave' }))
      .adopted()
      .later(MINUTE)
      .prepared('1.1.0');
    stage.answer('updateService', { kind: 'serviceUpdated', deploymentId: byRecord });
    stage.when({ type: 'operator', request: { command: 'cancel', app: 'web', who: 'op' } });
    stage.answer('lookAtServices', { kind: 'servicesSeen', services: [] });
    resume(stage);
    return stage;
  }

  it('is not taken for one from outside under the id that a look shows', () => {
    const stage = leftRunning().answer('adopt', shown('ecs-svc/ours'));
    expect(stage.state.hold).toBeUndefined();
    expect(stage.state.live?.tag).toBe('1.1.0');
  });

  it('is not taken for one from outside where the answer to its order was lost', () => {
    const stage = aStage(anApp({ onFailure: 'leave' }))
      .adopted()
      .later(MINUTE)
      .prepared('1.1.0');
    stage.when({ type: 'operator', request: { command: 'cancel', app: 'web', who: 'op' } });
    stage.answer('lookAtServices', { kind: 'servicesSeen', services: [] });
    resume(stage);
    stage.answer('adopt', shown('ecs-svc/ours'));
    expect(stage.state.hold).toBeUndefined();
    expect(stage.state.knownDeployments['web-app']).toContain('ecs-svc/ours');
  });

  it('is not taken for one from outside where that answer was lost and its rollback failed', () => {
    const stage = aStage(anApp()).adopted().later(MINUTE).prepared('1.1.0');
    stage.when({ type: 'operator', request: { command: 'cancel', app: 'web', who: 'op' } });
    const cause = { kind: 'denied', sentence: 'AWS denied it.', evidence: [], canHeal: false };
    stage.answer('rollBack', { kind: 'refused', cause });
    expect(stage.state.ended[0]?.end?.outcome).toBe('rollbackFailed');
    resume(stage);
    stage.answer('adopt', shown('ecs-svc/ours'));
    expect(stage.state.hold).toBeUndefined();
    expect(stage.state.live?.tag).toBe('1.1.0');
  });

  it('has one id: what is deployed of its revision later is from outside', () => {
    const stage = leftRunning().answer('adopt', shown('ecs-svc/ours'));
    expect(stage.state.knownDeployments['web-app']).toContain('ecs-svc/ours');
    expect(stage.state.knownDeployments['web-app']).not.toContain(revision('web-app', 11));
  });
});
