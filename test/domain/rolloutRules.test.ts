import type { Cause } from '../../shared/domain/release.ts';
import { isComplete, primaryOf } from '../../shared/domain/strategies/rolling.ts';
import { anApp, anImage, anObservedService, aStage, aTask, digestOf, MINUTE, revision } from '../builders.ts';

/** Rules of a rollout that only show after its first step: counts that begin anew, deadlines, second looks. */

const crash: Cause = { kind: 'crash', sentence: 'It crashed.', evidence: [], canHeal: true, exitCode: 1 };
const service = (name: string, wave = 1) => ({ name, wave, family: name, containers: [] });
const OURS = 'ecs-svc/v1-web-app';

type Stage = ReturnType<typeof aStage>;

function rolling(app = anApp()): Stage {
  return aStage(app).adopted().later(MINUTE).prepared('1.1.0').updated();
}

function stop(stage: Stage, taskArn: string): void {
  stage.when({ type: 'taskStopped', taskArn, service: 'web-app', deploymentId: OURS, scaledIn: false });
  stage.answer('lookAtTask', {
    kind: 'taskSeen',
    task: {
      taskArn,
      found: true,
      lastStatus: 'STOPPED',
      startedBy: OURS,
      scaledIn: false,
      cause: crash,
      exitCodes: { web: 1 },
    },
  });
}

describe('a rollout of which a task is healthy', () => {
  it('counts stopped tasks anew: those that were judged do not fail it', () => {
    const stage = rolling();
    for (const arn of ['task/1', 'task/2', 'task/3']) stop(stage, arn);
    stage.answer('countHealthy', { kind: 'healthyCounted', running: 2, healthy: 1 });
    stop(stage, 'task/4');
    expect(stage.pending('countHealthy')).toEqual([]);
    stop(stage, 'task/5');
    expect(stage.pending('countHealthy')).toHaveLength(1);
  });
});

describe('a service whose rollout state ECS does not report', () => {
  const unreported = (...counts: readonly (readonly [running: number, desired: number])[]) => {
    const observed = anObservedService('web-app');
    const deployments = counts.map(([running, desired], index) => ({
      id: `ecs-svc/${index}`,
      status: index === 0 ? 'PRIMARY' : 'ACTIVE',
      taskDefinition: revision('web-app', 11 - index),
      running,
      desired,
      failedTasks: 0,
    }));
    return { ...observed, deployments };
  };

  it.each<[string, readonly (readonly [number, number])[], boolean]>([
    ['all run, and nothing of another deployment', [[3, 3]], true],
    ['one is missing', [[2, 3]], false],
    [
      'all run, beside those of another deployment',
      [
        [3, 3],
        [1, 0],
      ],
      false,
    ],
  ])('is complete only where all run alone: %s', (_, counts, complete) => {
    const observed = unreported(...counts);
    const primary = primaryOf(observed);
    expect(primary && isComplete(observed, primary)).toBe(complete);
  });
});

describe('a wave that begins late', () => {
  it('has the whole time for its rollout', () => {
    const app = anApp({ services: [service('web-app'), service('worker', 2)] });
    const stage = rolling(app).later(25 * MINUTE);
    stage.ended('web-app');
    stage.updated().outOfTime('worker', 10 * MINUTE);
    expect(stage.state.release?.failure).toBeUndefined();
    stage.outOfTime('worker', 21 * MINUTE);
    expect(stage.state.release?.failure?.cause.kind).toBe('timeout');
  });
});

describe('a rollback that ECS gives up as well', () => {
  it('is called failed at once, not after its timeout', () => {
    const stage = rolling();
    stage.ended('web-app', 'FAILED');
    const back = { primary: 'ecs-svc/back', runs: revision('web-app', 10) };
    stage.answer('rollBack', {
      kind: 'rollingBack',
      revision: back.runs,
      deploymentId: back.primary,
      createdAt: stage.now,
      completed: false,
    });
    stage.later(MINUTE).when({ type: 'deploymentEnded', service: 'web-app', deploymentId: back.primary });
    const observed = anObservedService('web-app', { ...back, rolloutState: 'FAILED', updatedAt: stage.now });
    stage.answer('lookAtServices', { kind: 'servicesSeen', services: [observed] });
    expect(stage.state.ended[0]?.end?.outcome).toBe('rollbackFailed');
    expect(stage.state.hold?.by).toBe('Fairway');
  });
});

describe('a migration that is not reversible and has not run in this release', () => {
  it('does not keep a failed rollback from being rolled back', () => {
    const app = anApp({ before: [aTask('db-migrate', { container: 'migrate', reversible: false })] });
    const stage = aStage(app).adopted().later(MINUTE).prepared('1.1.0');
    stage.answer('startRun', { kind: 'runStarted', taskArns: ['task/1'] });
    stage.when({ type: 'taskStopped', taskArn: 'task/1', scaledIn: false });
    const ended = { taskArn: 'task/1', found: true, lastStatus: 'STOPPED', scaledIn: false };
    stage.answer('lookAtTask', { kind: 'taskSeen', task: { ...ended, exitCodes: { migrate: 0 } } });
    stage.updated().ended('web-app');
    expect(stage.state.live?.tag).toBe('1.1.0');
    stage.later(MINUTE).when({ type: 'operator', request: { command: 'rollback', app: 'web', who: 'ann' } });
    stage.answer('inspectImage', {
      kind: 'imageInspected',
      image: anImage('1.0.0'),
      storage: 'ACTIVE',
    });
    stage.registered(() => ({ primary: OURS, runs: revision('web-app', 11) })).updated();
    stage.ended('web-app', 'FAILED');
    expect(stage.state.release?.step).toBe('rollingBack');
    expect(stage.pending('rollBack')).toHaveLength(1);
  });
});

describe('the live image, whose redeployment failed', () => {
  it('is not blocked for automation', () => {
    const stage = rolling();
    stage.ended('web-app');
    stage
      .later(MINUTE)
      .when({ type: 'operator', request: { command: 'deploy', app: 'web', tag: '1.1.0', who: 'ann' } });
    stage.answer('inspectImage', { kind: 'imageInspected', image: anImage('1.1.0'), storage: 'ACTIVE' });
    expect(stage.state.release?.number).toBe(2);
    stage.when({ type: 'operator', request: { command: 'cancel', app: 'web', who: 'ann' } });
    expect(stage.state.ended[0]?.end?.outcome).toBe('rolledBack');
    expect(stage.state.blockedImages).toEqual([]);
  });
});

describe('a look at services', () => {
  it('that is pending for one is made for another as well', () => {
    const stage = rolling(anApp({ services: [service('web-app'), service('worker', 2)] }));
    stage.when({ type: 'deploymentEnded', service: 'web-app', deploymentId: OURS });
    stage.when({ type: 'deploymentEnded', service: 'worker', deploymentId: 'ecs-svc/foreign' });
    const [pending] = stage.pending('lookAtServices');
    expect(pending?.effect.services.toSorted()).toEqual(['web-app', 'worker']);
  });

  it('is made once more where an event came while it was in progress', () => {
    const stage = rolling();
    const ended = { type: 'deploymentEnded', service: 'web-app', deploymentId: OURS } as const;
    stage.when(ended);
    stage.when(ended, { contended: true });
    const observed = anObservedService('web-app', {
      primary: OURS,
      runs: revision('web-app', 11),
      rolloutState: 'IN_PROGRESS',
    });
    stage.answer('lookAtServices', { kind: 'servicesSeen', services: [observed] });
    expect(stage.pending('lookAtServices')).toHaveLength(1);
  });

  it('that is made once more is not stuck because the one before took long', () => {
    const stage = rolling();
    const ended = { type: 'deploymentEnded', service: 'web-app', deploymentId: OURS } as const;
    stage.when(ended);
    stage.later(14 * MINUTE).when(ended, { contended: true });
    const ours = { primary: OURS, runs: revision('web-app', 11), rolloutState: 'IN_PROGRESS' };
    stage.answer('lookAtServices', { kind: 'servicesSeen', services: [anObservedService('web-app', ours)] });
    stage.later(2 * MINUTE).when({ type: 'tick' });
    expect(stage.pending('announceApp')[0]?.effect.sentence).toMatch(/write its history/);
    expect(stage.pending('lookAtServices')).toMatchObject([{ since: stage.now - 2 * MINUTE }]);
    expect(stage.pending('lookAtServices')[0]?.reported).toBeUndefined();
  });

  it('outside of a release is made once more where an event came while it was in progress', () => {
    const stage = aStage(anApp()).adopted();
    const deployed = {
      type: 'deploymentEnded',
      service: 'web-app',
      deploymentId: 'ecs-svc/foreign',
    } as const;
    stage.when(deployed);
    stage.when({ ...deployed, deploymentId: 'ecs-svc/newer' }, { contended: true });
    stage.answer('adopt', { kind: 'adopted', services: [] });
    expect(stage.pending('adopt')).toHaveLength(1);
  });

  it('puts off the next one that silence asks for', () => {
    const stage = rolling().later(4 * MINUTE);
    stage.when({ type: 'deploymentEnded', service: 'web-app', deploymentId: OURS });
    const observed = anObservedService('web-app', {
      primary: OURS,
      runs: revision('web-app', 11),
      rolloutState: 'IN_PROGRESS',
      updatedAt: stage.now,
    });
    stage.answer('lookAtServices', { kind: 'servicesSeen', services: [observed] });
    stage.later(4 * MINUTE).when({ type: 'tick' });
    expect(stage.pending('lookAtServices')).toEqual([]);
    stage.later(2 * MINUTE).when({ type: 'tick' });
    expect(stage.pending('lookAtServices')).toHaveLength(1);
  });
});

describe('a task for which there is no capacity', () => {
  it('is tried again after longer and longer waits, of two minutes at most', () => {
    const app = anApp({
      before: [aTask('db-migrate')],
      timeouts: { ...anApp().timeouts, capacity: 60 * MINUTE },
    });
    const stage = aStage(app).adopted().later(MINUTE).prepared('1.1.0');
    const cause: Cause = { kind: 'capacity', sentence: 'None.', evidence: [], canHeal: true };
    const waits = Array.from({ length: 6 }, () => {
      stage.answer('startRun', { kind: 'taskNotStarted', cause, capacity: true });
      const wait = (stage.pending('startRun')[0]?.notBefore ?? 0) - stage.now;
      stage.later(wait);
      return wait / 1_000;
    });
    expect(waits).toEqual([15, 30, 60, 120, 120, 120]);
  });
});

describe('a deployment outside Fairway in the middle of a release', () => {
  it('has every other service of the release rolled back, those that are live already, too', () => {
    const stage = rolling(anApp({ services: [service('web-app'), service('worker', 2)] }));
    stage.ended('web-app');
    stage.updated();
    const foreign = { primary: 'ecs-svc/foreign', runs: revision('worker', 42), rolloutState: 'IN_PROGRESS' };
    stage.ended('worker', 'IN_PROGRESS', foreign);
    expect(stage.state.release?.failure?.outcome).toBe('superseded');
    expect(stage.pending('rollBack').map(({ effect }) => effect.service)).toEqual(['web-app']);
  });
});

describe('a hold', () => {
  const sentences = (stage: Stage) => stage.pending('announceApp').map(({ effect }) => effect.sentence);

  it('by a person is announced', () => {
    const stage = aStage(anApp()).adopted();
    stage.when({
      type: 'operator',
      request: { command: 'hold', app: 'web', reason: 'incident', who: 'ann' },
    });
    expect(sentences(stage)).toEqual([expect.stringMatching(/ann .*web.*incident/)]);
  });

  it('for a deployment outside Fairway is announced', () => {
    const stage = aStage(anApp()).adopted().later(MINUTE);
    stage.when({ type: 'deploymentEnded', service: 'web-app', deploymentId: 'ecs-svc/foreign' });
    stage.answer('adopt', {
      kind: 'adopted',
      services: [
        {
          service: 'web-app',
          deploymentId: 'ecs-svc/foreign',
          taskDefinition: revision('web-app', 42),
          digest: digestOf('foreign'),
        },
      ],
    });
    expect(stage.state.hold?.by).toBe('Fairway');
    expect(sentences(stage)).toEqual([expect.stringMatching(/web-app:42.*outside Fairway.*held/)]);
  });
});
