import type { App } from '../../shared/domain/app.ts';
import type { ObservedServiceDeployment } from '../../shared/domain/observations.ts';
import { shiftsDueAt } from '../../shared/domain/releases/shiftLooks.ts';
import { anApp, anObservedService, aStage, digestOf, MINUTE, revision } from '../builders.ts';

const ARN = 'arn:aws:ecs:us-east-1:123456789012:service-deployment/app-prod/web-app/ours';
const NEW = revision('web-app', 11);
const who = 'ann';

/** The release of 1.1.0 has ordered a BLUE_GREEN deployment with a bake of 10 minutes. */
function shifting(app: App = anApp()) {
  const stage = aStage(app).adopted().later(MINUTE);
  stage.push('1.1.0');
  const shift = { strategy: 'BLUE_GREEN', shiftTime: { takes: 10 * MINUTE, bake: 10 * MINUTE } };
  stage.registered(() => ({ overrides: shift })).updated();
  const played = {
    ...stage,
    get state() {
      return stage.state;
    },
    get now() {
      return stage.now;
    },
    rollout: () => stage.state.release?.services[0],
    /** A minute passes, the sweep looks, and ECS answers. */
    looks(...seen: Partial<ObservedServiceDeployment>[]) {
      stage.later(MINUTE);
      stage.when({ type: 'tick' });
      return played.sees(...seen);
    },
    sees(...seen: Partial<ObservedServiceDeployment>[]) {
      stage.answer('lookAtShifts', { kind: 'shiftsSeen', shifts: { 'web-app': seen.map(aDeployment) } });
      return played;
    },
    said: () =>
      stage
        .pending('announceApp')
        .filter(({ effect }) => effect.topic === 'paused')
        .map(({ effect }) => effect.sentence),
    looksAt: () => (stage.state.release ? shiftsDueAt(stage.state.release) : undefined),
  };
  return played;
}

function aDeployment(overrides: Partial<ObservedServiceDeployment>): ObservedServiceDeployment {
  return {
    arn: ARN,
    taskDefinition: NEW,
    status: 'IN_PROGRESS',
    words: [],
    breaker: false,
    alarms: [],
    watched: true,
    hooks: [],
    running: 3,
    ...overrides,
  };
}

const pause = {
  id: 'ecs-pause-1',
  type: 'PAUSE',
  status: 'AWAITING_ACTION',
  timeoutAction: 'ROLLBACK' as const,
};

describe('a rollout whose traffic shifts', () => {
  it('is live when ECS calls our service deployment SUCCESSFUL, and not before', () => {
    const stage = shifting().looks({ stage: 'SCALE_UP' }).looks({ stage: 'BAKE_TIME', share: 100 });
    expect(stage.state.release?.step).toBe('rolling');
    stage.looks({ status: 'SUCCESSFUL' });
    expect(stage.state.live?.tag).toBe('1.1.0');
  });

  it('is not live because a deployment of another revision succeeded', () => {
    const stage = shifting().looks({
      taskDefinition: revision('web-app', 99),
      arn: 'other',
      status: 'SUCCESSFUL',
    });
    expect(stage.state.live?.tag).toBe('1.0.0');
    expect(stage.state.release).toBeDefined();
  });

  it('is not judged by PRIMARY: that may be ours long before users are on it', () => {
    const stage = shifting();
    const deploymentId = stage.rollout()?.deploymentId ?? '';
    stage.when({ type: 'deploymentEnded', service: 'web-app', deploymentId });
    expect(stage.pending('lookAtServices')).toEqual([]);
    expect(stage.pending('lookAtShifts')).toHaveLength(1);
  });

  it('is checked once a minute', () => {
    const stage = shifting();
    expect(stage.looksAt()).toBe(stage.now + MINUTE);
    stage.looks({ stage: 'SCALE_UP' });
    expect(stage.looksAt()).toBe(stage.now + MINUTE);
  });

  it('edits its message on change only', () => {
    const stage = shifting().looks({ stage: 'SCALE_UP' });
    for (const { key } of stage.pending('announceRelease'))
      stage.when({ type: 'answered', key, answer: { kind: 'announced' } });
    stage.looks({ stage: 'SCALE_UP' });
    expect(stage.pending('announceRelease')).toEqual([]);
    stage.looks({ stage: 'POST_SCALE_UP' });
    expect(stage.pending('announceRelease')).toHaveLength(1);
  });

  it.each([
    ['ROLLBACK_IN_PROGRESS', { breaker: true }, 'failed'],
    ['ROLLBACK_SUCCESSFUL', { alarms: ['web-5xx'] }, 'failed'],
    [
      'STOPPED',
      { words: ['Service deployment rolled back because POST_TEST_TRAFFIC_SHIFT pause hook timed out.'] },
      'failed',
    ],
    ['ROLLBACK_SUCCESSFUL', {}, 'superseded'],
  ])('has failed when ECS ends it: %s %j', (status, more, outcome) => {
    const stage = shifting().looks({ status, ...more });
    expect(stage.state.release?.failure?.outcome).toBe(outcome);
    expect(stage.pending('rollBack')[0]?.effect.shift).toEqual({ since: expect.any(Number) });
  });

  it('is still open while a person has asked ECS to stop it: it may end in success', () => {
    const stage = shifting().looks({ status: 'ROLLBACK_REQUESTED', stage: 'CLEAN_UP' });
    expect(stage.state.release?.failure).toBeUndefined();
    expect(stage.looks({ status: 'SUCCESSFUL' }).state.live?.tag).toBe('1.1.0');
  });

  const theirs = revision('web-app', 99);
  function superseded() {
    return shifting().looks(
      { arn: 'arn:newer', taskDefinition: theirs },
      { status: 'STOPPED', words: ['Service deployment was superseded by a newer one.'] },
    );
  }

  it('is superseded by a newer deployment from outside', () => {
    expect(superseded().state.hold?.reason).toMatch(/outside Fairway/);
  });

  it('is superseded by a deployment that holds the app once', () => {
    const stage = superseded();
    stage.when({ type: 'operator', request: { command: 'resume', app: 'web', who } });
    const seen = { service: 'web-app', taskDefinition: theirs, underWay: false, digest: digestOf('0.9.0') };
    stage.answer('adopt', { kind: 'adopted', services: [{ ...seen, deploymentId: 'ecs-svc/theirs' }] });
    expect(stage.state.hold).toBeUndefined();
  });
});

describe('the deadline of a rollout whose traffic shifts', () => {
  it('is for starting tasks', () => {
    const stage = shifting().looks({ stage: 'SCALE_UP' });
    stage.later(30 * MINUTE);
    stage.looks({ stage: 'SCALE_UP' }).later(MINUTE);
    stage.when({ type: 'tick' });
    expect(stage.state.release?.failure?.cause.kind).toBe('timeout');
  });

  it('is not over before a look where the answer to the order came late', () => {
    const stage = aStage(anApp()).adopted().later(MINUTE);
    stage.push('1.1.0');
    stage.registered(() => ({
      overrides: { strategy: 'BLUE_GREEN', shiftTime: { takes: 10 * MINUTE, bake: 0 } },
    }));
    stage.answer('updateService', { kind: 'retry', wait: MINUTE, why: 'no answer' });
    stage.later(40 * MINUTE).when({ type: 'tick' });
    stage.updated().later(MINUTE).when({ type: 'tick' });
    expect(stage.state.release?.failure).toBeUndefined();
    expect(stage.pending('lookAtShifts')).toHaveLength(1);
  });

  it('does not end bakes, which are announced when they take much longer than configured', () => {
    const stage = shifting().looks({ stage: 'BAKE_TIME', share: 100 });
    stage.later(60 * MINUTE);
    stage.looks({ stage: 'BAKE_TIME', share: 100 });
    stage.looks({ stage: 'BAKE_TIME', share: 100 });
    expect(stage.state.release?.failure).toBeUndefined();
    expect(stage.state.release?.notes.join()).toMatch(/web-app takes longer than expected in BAKE_TIME/);
  });

  it('ends long after its time where none of its tasks runs and ECS watches nothing', () => {
    const idle = { stage: 'CLEAN_UP', share: 100, running: 0, watched: false };
    const stage = shifting().looks(idle);
    stage.later(60 * MINUTE);
    stage.looks(idle).later(6 * MINUTE);
    stage.when({ type: 'tick' });
    stage.answer('lookAtServices', { kind: 'servicesSeen', services: [anObservedService('web-app')] });
    stage.answer('countHealthy', { kind: 'healthyCounted', healthy: 0, running: 0 });
    expect(stage.state.release?.failure?.cause.sentence).toBe(
      'The tasks of web-app stopped and none became healthy.',
    );
  });

  it('does not run while a person decides', () => {
    const expiresAt = shifting().now + 300 * MINUTE;
    const stage = shifting().looks({ stage: 'PRE_SCALE_UP', hooks: [{ ...pause, expiresAt }] });
    stage.later(60 * MINUTE);
    stage.when({ type: 'tick' });
    expect(stage.state.release?.failure).toBeUndefined();
  });
});

describe('a stopped task of a rollout whose traffic shifts', () => {
  const cause = { kind: 'imageNotFound', sentence: 'There is no image.', evidence: [], canHeal: false };
  function stopped(stage: ReturnType<typeof shifting>, deploymentId: string) {
    stage.when({ type: 'taskStopped', taskArn: 'task/1', service: 'web-app', deploymentId, scaledIn: false });
    const task = {
      taskArn: 'task/1',
      found: true,
      lastStatus: 'STOPPED',
      scaledIn: false,
      exitCodes: {},
      cause,
    };
    stage.answer('lookAtTask', {
      kind: 'taskSeen',
      task: { ...task, startedBy: deploymentId, revision: NEW },
    });
    return stage;
  }

  it('ends it at once for a cause that cannot heal, before the shift', () => {
    const stage = stopped(shifting().looks({ stage: 'SCALE_UP' }), 'ecs-svc/v1-web-app');
    expect(stage.state.release?.failure?.cause.kind).toBe('imageNotFound');
  });

  it('is recognized by its revision where ECS lists the deployment under another id', () => {
    const stage = stopped(shifting().looks({ stage: 'SCALE_UP' }), 'ecs-svc/unlisted');
    expect(stage.state.release?.failure?.cause.kind).toBe('imageNotFound');
  });

  it('is left to ECS after the shift, where alarms or the circuit breaker watch', () => {
    const stage = stopped(shifting().looks({ stage: 'BAKE_TIME', share: 100 }), 'ecs-svc/v1-web-app');
    expect(stage.state.release?.failure).toBeUndefined();
  });

  it('ends it after the shift where nothing watches', () => {
    const stage = stopped(
      shifting().looks({ stage: 'BAKE_TIME', share: 100, watched: false }),
      'ecs-svc/v1-web-app',
    );
    expect(stage.state.release?.failure?.cause.kind).toBe('imageNotFound');
  });
});

describe('tasks of a rollout whose traffic shifts that keep stopping, some of them healthy', () => {
  /** Three more have stopped, and one is healthy. */
  function counted(stage: ReturnType<typeof shifting>) {
    for (const number of [1, 2, 3]) {
      const taskArn = `task/${number}`;
      const deploymentId = 'ecs-svc/v1-web-app';
      stage.when({ type: 'taskStopped', taskArn, service: 'web-app', deploymentId, scaledIn: false });
      const task = { taskArn, found: true, lastStatus: 'STOPPED', scaledIn: false, exitCodes: {} };
      stage.answer('lookAtTask', {
        kind: 'taskSeen',
        task: { ...task, startedBy: deploymentId, revision: NEW },
      });
    }
    stage.answer('countHealthy', { kind: 'healthyCounted', healthy: 1, running: 1 });
    return stage.state.release?.failure?.cause.sentence;
  }
  const baking = { stage: 'BAKE_TIME', share: 100, watched: false };

  it('do not end it in its time', () => {
    expect(counted(shifting().looks(baking))).toBeUndefined();
  });

  it('end it long after its time where nothing watches', () => {
    const stage = shifting().looks(baking);
    stage.later(60 * MINUTE);
    expect(counted(stage.looks(baking))).toBe(
      'Tasks of web-app keep stopping, and its deployment takes longer than expected.',
    );
  });
});

describe('rolling back where traffic shifts', () => {
  function canceled() {
    const stage = shifting().looks({ stage: 'BAKE_TIME', share: 100 });
    stage.when({ type: 'operator', request: { command: 'cancel', app: 'web', who } });
    stage.answer('rollBack', { kind: 'stopping', deployment: ARN });
    return stage;
  }

  it('waits for ECS to return the traffic, and compares what runs then', () => {
    const stage = canceled().looks({ status: 'ROLLBACK_IN_PROGRESS', share: 0 });
    expect(stage.pending('rollBack')).toEqual([]);
    stage.looks({ status: 'ROLLBACK_SUCCESSFUL' });
    expect(stage.pending('rollBack')).toHaveLength(1);
    const answer = {
      kind: 'rollingBack',
      revision: revision('web-app', 10),
      deploymentId: 'ecs-svc/1',
      completed: true,
    };
    stage.answer('rollBack', answer as never);
    expect(stage.state.ended[0]?.end?.outcome).toBe('rolledBack');
  });

  it('orders the earlier revision where the stop came too late', () => {
    const stage = canceled().looks({ status: 'SUCCESSFUL' });
    expect(stage.pending('rollBack')[0]?.effect.revision).toBe(revision('web-app', 10));
    const createdAt = stage.now;
    stage.answer('rollBack', {
      kind: 'rollingBack',
      revision: revision('web-app', 10),
      deploymentId: 'ecs-svc/9',
      createdAt,
      completed: false,
    });
    stage.looks({ arn: 'back', taskDefinition: revision('web-app', 10), stage: 'SCALE_UP' });
    expect(stage.state.release).toBeDefined();
    stage.looks({ arn: 'back', taskDefinition: revision('web-app', 10), status: 'SUCCESSFUL' });
    expect(stage.state.ended[0]?.end?.outcome).toBe('rolledBack');
  });

  it('ends when the deployment of the earlier revision ends, although ECS lists none while traffic shifts', () => {
    const stage = canceled().looks({ status: 'SUCCESSFUL' });
    const taskDefinition = revision('web-app', 10);
    const deploymentId = 'arn:back';
    stage.answer('rollBack', {
      kind: 'rollingBack',
      revision: taskDefinition,
      deploymentId,
      completed: false,
    });
    stage.looks({ arn: 'arn:back', taskDefinition, stage: 'SCALE_UP' });
    // It is known by its ARN from now on: its revision is not read.
    stage.looks({ arn: 'arn:back', taskDefinition: '', status: 'SUCCESSFUL' });
    expect(stage.state.ended[0]?.end?.outcome).toBe('rolledBack');
  });

  it.each([
    { returnedTo: revision('web-app', 10), outcome: 'rolledBack', runs: 'web-app:10' },
    { returnedTo: NEW, outcome: 'rollbackFailed', runs: 'web-app:11' },
  ])('is judged by what ECS returned to where it gave up that deployment: $runs', (expected) => {
    const stage = canceled().looks({ status: 'SUCCESSFUL' });
    const taskDefinition = revision('web-app', 10);
    stage.answer('rollBack', {
      kind: 'rollingBack',
      revision: taskDefinition,
      deploymentId: 'arn:back',
      completed: false,
    });
    const { returnedTo } = expected;
    stage.looks({ arn: 'arn:back', taskDefinition, status: 'ROLLBACK_SUCCESSFUL', returnedTo });
    const [ended] = stage.state.ended;
    expect(ended?.end?.outcome).toBe(expected.outcome);
    expect(ended?.services[0]?.runs).toBe(expected.runs);
  });

  it('ends where ECS had returned to the earlier revision before the order: that is no deployment', () => {
    const stage = canceled().looks({ status: 'ROLLBACK_SUCCESSFUL', returnedTo: revision('web-app', 10) });
    stage.answer('rollBack', {
      kind: 'rollingBack',
      revision: revision('web-app', 10),
      deploymentId: 'ecs-svc/1',
      completed: false,
    });
    stage.looks({ status: 'ROLLBACK_SUCCESSFUL', returnedTo: revision('web-app', 10) });
    expect(stage.state.ended[0]?.end?.outcome).toBe('rolledBack');
  });

  it('is loudest where ECS cannot roll back', () => {
    const stage = canceled().looks({ status: 'ROLLBACK_FAILED' });
    const sentence = 'ECS failed to roll back web-app: No rollback candidate was found.';
    const cause = { kind: 'rollbackFailed', sentence, evidence: [], canHeal: false };
    stage.answer('rollBack', { kind: 'refused', cause });
    expect(stage.state.ended[0]?.end?.outcome).toBe('rollbackFailed');
  });

  it('has time for the shift of a Network Load Balancer, and has an end', () => {
    const stage = canceled();
    stage.later(40 * MINUTE).when({ type: 'tick' });
    expect(stage.state.release).toBeDefined();
    stage.later(30 * MINUTE);
    stage.looks({ status: 'ROLLBACK_IN_PROGRESS' }).later(MINUTE);
    stage.when({ type: 'tick' });
    expect(stage.state.ended[0]?.end?.outcome).toBe('rollbackFailed');
  });
});

describe('a pause on the way back', () => {
  /** The deployment of the earlier revision waits at its first step. */
  function pausedBack() {
    const stage = shifting().looks({ stage: 'BAKE_TIME', share: 100 });
    stage.when({ type: 'operator', request: { command: 'cancel', app: 'web', who } });
    const taskDefinition = revision('web-app', 10);
    const back = { arn: 'arn:back', taskDefinition, stage: 'PRE_PRODUCTION_TRAFFIC_SHIFT' };
    stage.answer('rollBack', {
      kind: 'rollingBack',
      revision: taskDefinition,
      deploymentId: 'arn:back',
      completed: false,
    });
    const hooks = [{ ...pause, expiresAt: stage.now + 600 * MINUTE }];
    return { stage: stage.looks({ ...back, hooks }), back };
  }

  it('is announced, and continued by a person', () => {
    const { stage } = pausedBack();
    expect(stage.said()[0]).toMatch(
      /^the rollback of web-app waits for a person at PRE_PRODUCTION_TRAFFIC_SHIFT until \d\d:\d\d UTC, then fails\. `fairway continue web` continues it\.$/,
    );
    stage.when({ type: 'operator', request: { command: 'continue', app: 'web', who } });
    expect(stage.pending('answerPause')[0]?.effect).toMatchObject({ deployment: 'arn:back' });
  });

  it('is no time of the rollback', () => {
    const { stage, back } = pausedBack();
    for (let hour = 0; hour < 5; hour += 1) stage.later(60 * MINUTE).when({ type: 'tick' });
    expect(stage.state.release?.step).toBe('rollingBack');
    stage.when({ type: 'hookChanged', service: 'web-app' });
    stage.sees({ ...back, status: 'SUCCESSFUL' });
    expect(stage.state.ended[0]?.end?.outcome).toBe('rolledBack');
  });
});

describe('a pause', () => {
  function paused(minutes = 60) {
    const stage = shifting();
    const expiresAt = stage.now + MINUTE + minutes * MINUTE;
    const hooks = [{ ...pause, expiresAt }];
    stage.when({ type: 'hookChanged', service: 'web-app' });
    return {
      stage: stage.later(MINUTE) && stage.sees({ stage: 'POST_TEST_TRAFFIC_SHIFT', hooks }),
      expiresAt,
      hooks,
    };
  }
  const request = { command: 'continue', app: 'web', who } as const;

  it('is announced, with what ECS does at its end', () => {
    expect(paused().stage.said()[0]).toMatch(
      /^web-app waits for a person at POST_TEST_TRAFFIC_SHIFT until \d\d:\d\d UTC, then rolls back\. `fairway continue web`/,
    );
  });

  it('is not checked while it waits, until it ends', () => {
    const { stage, expiresAt } = paused();
    stage.later(10 * MINUTE);
    stage.when({ type: 'tick' });
    expect(stage.pending('lookAtShifts')).toEqual([]);
    stage.later(expiresAt - stage.now);
    stage.when({ type: 'tick' });
    expect(stage.pending('lookAtShifts')).toHaveLength(1);
  });

  it('that does not end in time may be of a service that is gone', () => {
    const { stage, expiresAt } = paused();
    stage.later(expiresAt - stage.now + 10 * MINUTE).when({ type: 'tick' });
    const [look] = stage.pending('lookAtServices');
    expect(look?.effect).toMatchObject({ services: ['web-app'] });
    const gone = { ...anObservedService('web-app'), status: 'INACTIVE' };
    stage.answer('lookAtServices', { kind: 'servicesSeen', services: [gone] });
    expect(stage.state.release?.failure?.cause.kind).toBe('serviceMissing');
  });

  it('that ends in time takes no look at its service', () => {
    const { stage, expiresAt } = paused();
    stage.later(expiresAt - stage.now).when({ type: 'tick' });
    expect(stage.pending('lookAtServices')).toEqual([]);
  });

  it('is reminded of at half time and shortly before its end', () => {
    const { stage, expiresAt } = paused();
    const counts = [31, 40, 55.5, 58].map((minutes) => {
      stage.later(expiresAt - (60 - minutes) * MINUTE - stage.now);
      stage.when({ type: 'tick' });
      return stage.said().length;
    });
    expect(counts).toEqual([2, 2, 3, 3]);
  });

  it('is continued by a person, with the hook that they saw', () => {
    const { stage } = paused();
    stage.when({ type: 'operator', request: { ...request, reason: 'checked' } });
    expect(stage.pending('answerPause')[0]?.effect).toMatchObject({
      deployment: ARN,
      hook: 'ecs-pause-1',
      action: 'CONTINUE',
    });
    expect(stage.state.release?.notes.join()).toContain(
      'ann continued web-app at POST_TEST_TRAFFIC_SHIFT: checked',
    );
  });

  it('of an earlier step is not continued any more', () => {
    const { stage } = paused();
    const decision = stage.when({ type: 'operator', request: { ...request, hook: 'ecs-pause-0' } });
    expect(decision).toMatchObject({ refused: true, reason: expect.stringContaining('ecs-pause-1') });
  });

  it('is refused a continue where nothing waits', () => {
    const decision = shifting().when({ type: 'operator', request });
    expect(decision).toMatchObject({ refused: true });
  });

  it('keeps a rolling rollout from timing out as well', () => {
    const stage = aStage(anApp()).adopted().later(MINUTE).prepared('1.1.0').updated();
    stage.when({ type: 'hookChanged', service: 'web-app' });
    const hooks = [{ ...pause, expiresAt: stage.now + 600 * MINUTE }];
    const shifts = { 'web-app': [aDeployment({ hooks })] };
    stage.answer('lookAtShifts', { kind: 'shiftsSeen', shifts });
    stage.later(31 * MINUTE);
    stage.when({ type: 'tick' });
    expect(stage.state.release?.failure).toBeUndefined();
  });
});

describe('a wave of several strategies', () => {
  it('shifts traffic first: a fast service would be hours ahead', () => {
    const app = anApp({
      services: [
        { name: 'web-app', wave: 1, family: 'web-app', containers: ['web'] },
        { name: 'worker', wave: 1, family: 'worker', containers: ['worker'] },
      ],
    });
    const stage = aStage(app).adopted().later(MINUTE);
    stage.push('1.1.0');
    const shift = { strategy: 'CANARY', shiftTime: { takes: 0, bake: 0 } };
    stage.registered((service) => (service === 'web-app' ? { overrides: shift } : {}));
    expect(stage.pending('updateService').map(({ effect }) => effect.service)).toEqual(['web-app']);
    stage.updated().later(MINUTE);
    stage.when({ type: 'tick' });
    const shifts = { 'web-app': [aDeployment({ status: 'SUCCESSFUL' })] };
    stage.answer('lookAtShifts', { kind: 'shiftsSeen', shifts });
    expect(stage.pending('updateService').map(({ effect }) => effect.service)).toEqual(['worker']);
  });
});

describe('a release that begins while traffic shifts', () => {
  it('waits for the end of that deployment, even where ECS lists none', () => {
    const stage = aStage(anApp()).adopted().later(MINUTE);
    stage.push('1.1.0');
    const overrides = { strategy: 'BLUE_GREEN', serviceDeployment: 'arn:theirs', deployments: [] };
    stage.answer('lookAtServices', {
      kind: 'servicesSeen',
      services: [anObservedService('web-app', { overrides })],
    });
    expect(stage.state.release?.failure).toBeUndefined();
    expect(stage.state.release?.notes.join()).toMatch(/waited for a deployment of web-app/);
  });
});

describe('a listener rule that does not point at what runs', () => {
  const findings = [
    'The production listener rule of web-app points to web-green, but its revision serves from web-blue.',
  ];

  /** The revisions are read, with this check of the weights. */
  function read(app: App) {
    const stage = aStage(app).adopted().later(MINUTE);
    stage.push('1.1.0');
    stage.answer('lookAtServices', { kind: 'servicesSeen', services: [anObservedService('web-app')] });
    stage.answer('readBases', { kind: 'basesRead', bases: [], traffic: { findings, unchecked: [] } });
    return stage;
  }

  it('is a warning', () => {
    const { release } = read(anApp()).state;
    expect(release?.failure).toBeUndefined();
    expect(release?.notes).toContain(findings[0]);
  });

  it('fails the release before anything is changed, where the configuration says so', () => {
    const stage = read(anApp({ refusesResetWeights: true }));
    expect(stage.state.ended[0]).toMatchObject({ failure: { cause: { kind: 'resetWeights' } } });
    expect(stage.pending('register')).toEqual([]);
  });
});
