import {
  anApp,
  anImage,
  anObservedService,
  aStage,
  aTask,
  digestOf,
  MINUTE,
  revision,
  START,
} from '../builders.ts';

/** The shortest histories that once went wrong, found by simulation. */
describe('the same image under another tag', () => {
  /** 1.2.0 is live, and the same image was pushed again as 1.7.0. */
  function liveAsTwo() {
    const stage = aStage(anApp()).adopted().later(MINUTE).prepared('1.2.0').updated();
    stage.ended('web-app');
    stage.when({
      type: 'imagePushed',
      tag: '1.7.0',
      digest: digestOf('1.2.0'),
      at: stage.now,
      source: 'event',
    });
    stage.answer('inspectImage', {
      kind: 'imageInspected',
      image: { ...anImage('1.7.0'), digest: digestOf('1.2.0') },
      storage: 'ACTIVE',
    });
    return stage;
  }

  it('ranks by its newest tag: a version in between does not take its place', () => {
    const stage = liveAsTwo();
    stage.push('1.5.0');
    expect(stage.state.release).toBeUndefined();
    expect(stage.pending('recordPush').map(({ effect }) => effect.entry)).toContainEqual(
      expect.objectContaining({
        tag: '1.5.0',
        outcome: 'superseded',
        reason: expect.stringMatching(/^1\.7\.0 .* is newer and is live$/),
      }),
    );
  });

  it('gives way to what is newer than both', () => {
    const stage = liveAsTwo();
    stage.push('1.8.0');
    expect(stage.state.release?.image.tag).toBe('1.8.0');
  });
});

describe('two releases that end one right after the other', () => {
  it('are both kept until the history has them', () => {
    const stage = aStage(anApp()).adopted().later(MINUTE).prepared('1.1.0').updated();
    stage.push('1.2.0');
    stage.ended('web-app');
    const [first] = stage.state.ended;
    expect(first?.number).toBe(1);
    stage.when({
      type: 'operator',
      request: { command: 'cancel', app: 'web', who: 'arn:aws:iam::123456789012:user/op' },
    });
    expect(stage.state.ended.map(({ number }) => number)).toEqual([2, 1]);

    stage.answer('recordRelease', { kind: 'done' });
    expect(stage.state.ended.map(({ number }) => number)).toEqual([2]);
    expect(stage.now).toBeGreaterThan(START);
  });
});

describe('an image that waits while the same image fails under another tag', () => {
  function failing() {
    const stage = aStage(anApp()).adopted().later(MINUTE).prepared('1.2.0').updated();
    stage.ended('web-app', 'FAILED');
    return stage;
  }

  function pushedAs(stage: ReturnType<typeof aStage>, tag: string) {
    const digest = digestOf('1.2.0');
    stage.when({ type: 'imagePushed', tag, digest, at: stage.now, source: 'event' });
    const image = { ...anImage(tag), digest };
    stage.answer('inspectImage', { kind: 'imageInspected', image, storage: 'ACTIVE' });
  }

  it('is not replaced by a third tag of it', () => {
    const stage = failing();
    pushedAs(stage, '1.3.0');
    pushedAs(stage, '1.4.0');
    expect(stage.state.waiting?.image.tag).toBe('1.3.0');
    const entry = stage.pending('recordPush').find(({ effect }) => effect.entry.tag === '1.4.0')?.effect;
    const reason = 'the same image waits already, as 1.3.0';
    expect(entry).toMatchObject({ entry: { outcome: 'ignored', reason } });
  });

  it('ends in the ledger as ignored, not as waiting', () => {
    const stage = failing();
    pushedAs(stage, '1.3.0');
    expect(stage.state.waiting?.image.tag).toBe('1.3.0');
    stage.answer('rollBack', {
      kind: 'rollingBack',
      revision: revision('web-app', 10),
      deploymentId: 'ecs-svc/back',
      completed: true,
    });
    const entry = stage.pending('recordPush').find(({ effect }) => effect.entry.tag === '1.3.0')?.effect;
    expect(entry).toMatchObject({ entry: { outcome: 'ignored' }, overwrite: true });
  });
});

describe('an image that waits, and is asked for by a person under another tag of it', () => {
  /** While 1.1.0 rolls, 1.3.0 waits; a person asks for the same image as 1.2.0. */
  function waitingAsTwo() {
    const stage = aStage(anApp()).adopted().later(MINUTE).prepared('1.1.0').updated();
    stage.push('1.3.0');
    const who = 'arn:aws:iam::123456789012:user/op';
    stage.when({ type: 'operator', request: { command: 'deploy', app: 'web', tag: '1.2.0', who } });
    stage.answer('inspectImage', {
      kind: 'imageInspected',
      image: { ...anImage('1.2.0'), digest: digestOf('1.3.0') },
      storage: 'ACTIVE',
    });
    return stage;
  }

  it('does not stay in the ledger as waiting under its first tag once it is released', () => {
    const stage = waitingAsTwo();
    stage.ended('web-app');
    expect(stage.state.release?.image.tag).toBe('1.2.0');
    const entry = stage.pending('recordPush').find(({ effect }) => effect.entry.tag === '1.3.0')?.effect;
    expect(entry).toMatchObject({
      entry: { outcome: 'ignored', reason: 'the same image is being released as v2' },
      overwrite: true,
    });
  });

  it('still ranks by its newest tag', () => {
    const stage = waitingAsTwo();
    stage.push('1.2.5');
    stage.ended('web-app');
    stage.push('1.2.6');
    const outcomes = stage
      .pending('recordPush')
      .map(({ effect }) => [effect.entry.tag, effect.entry.outcome]);
    expect(outcomes).toEqual(
      expect.arrayContaining([
        ['1.2.5', 'superseded'],
        ['1.2.6', 'superseded'],
      ]),
    );
  });
});

describe('a release that a person ends during its migration', () => {
  it('was cancelled, and did not fail', () => {
    const app = anApp({ before: [aTask('db-migrate', { container: 'migrate' })] });
    const stage = aStage(app).adopted().later(MINUTE).prepared('1.1.0');
    stage.answer('startRun', { kind: 'runStarted', taskArns: ['task/1'] });
    stage.when({
      type: 'operator',
      request: { command: 'cancel', app: 'web', who: 'arn:aws:iam::123456789012:user/op' },
    });
    stage.answer('stopTask', { kind: 'done' });
    stage.when({ type: 'taskStopped', taskArn: 'task/1', scaledIn: false });
    stage.answer('lookAtTask', {
      kind: 'taskSeen',
      task: {
        taskArn: 'task/1',
        found: true,
        lastStatus: 'STOPPED',
        scaledIn: false,
        exitCodes: { migrate: 137 },
      },
    });
    expect(stage.state.ended[0]?.end?.outcome).toBe('rolledBack');
  });
});

describe('a rollback, when the old revision does not run any more either', () => {
  it('is reported as failed after ECS has returned to the failed revision', () => {
    const stage = aStage(anApp()).adopted().later(MINUTE).prepared('1.1.0').updated();
    stage.when({
      type: 'operator',
      request: { command: 'cancel', app: 'web', who: 'arn:aws:iam::123456789012:user/op' },
    });
    stage.answer('rollBack', {
      kind: 'rollingBack',
      revision: revision('web-app', 10),
      deploymentId: 'ecs-svc/back',
      createdAt: stage.now,
      completed: false,
    });
    stage.when({ type: 'deploymentEnded', service: 'web-app', deploymentId: 'ecs-svc/back' });
    stage.answer('lookAtServices', {
      kind: 'servicesSeen',
      services: [
        anObservedService('web-app', {
          primary: 'ecs-svc/v1-web-app',
          runs: revision('web-app', 11),
          updatedAt: stage.now + 1,
        }),
      ],
    });
    expect(stage.state.ended[0]?.end).toMatchObject({ outcome: 'rollbackFailed' });
    expect(stage.state.ended[0]?.notes.join()).toMatch(/ECS could not deploy web-app:10 either/);
    expect(stage.state.hold?.by).toBe('Fairway');
  });
});

describe('a rollback to a copy that ECS gives up, returning to the deployment of before', () => {
  /** ECS returns to the deployment of before the release, under its old id. */
  function returning(rolloutState: string) {
    const stage = aStage(anApp()).adopted().later(MINUTE).prepared('1.1.0').updated();
    stage.when({ type: 'operator', request: { command: 'cancel', app: 'web', who: 'op' } });
    const copy = { revision: revision('web-app', 12), deploymentId: 'ecs-svc/copy', createdAt: stage.now };
    stage.answer('rollBack', { kind: 'rollingBack', ...copy, completed: false });
    stage.later(MINUTE).when({ type: 'deploymentEnded', service: 'web-app', deploymentId: 'ecs-svc/copy' });
    const services = [anObservedService('web-app', { rolloutState, updatedAt: stage.now })];
    stage.answer('lookAtServices', { kind: 'servicesSeen', services });
    return stage;
  }

  it('waits for that deployment, which no one made outside Fairway', () => {
    const stage = returning('IN_PROGRESS');
    expect(stage.state.hold).toBeUndefined();
    expect(stage.state.release?.services[0]?.state).toBe('rollingBack');
  });

  it('is rolled back once ECS has completed it', () => {
    const stage = returning('COMPLETED');
    const [release] = stage.state.ended;
    expect(release?.end).toMatchObject({
      outcome: 'rolledBack',
      reason: expect.stringMatching(/rolled back/),
    });
    expect(release?.notes.join()).toMatch(/ECS could not deploy web-app:12 and returned to web-app:10/);
    expect(stage.state.hold).toBeUndefined();
  });

  it('has failed where ECS gives that up as well', () => {
    const stage = returning('FAILED');
    expect(stage.state.ended[0]?.end?.outcome).toBe('rollbackFailed');
    expect(stage.state.hold?.reason).not.toMatch(/outside Fairway/);
  });
});

describe('a deployment made outside Fairway in the middle of a release', () => {
  const app = anApp({ before: [aTask('db-migrate', { container: 'migrate' })] });

  /** The migration runs. */
  function migrating() {
    const stage = aStage(app).adopted().later(MINUTE).prepared('1.1.0');
    stage.answer('startRun', { kind: 'runStarted', taskArns: ['task/1'] });
    return stage;
  }

  it('is seen while the migration runs, and stands', () => {
    const stage = migrating();
    stage.when({ type: 'deploymentEnded', service: 'web-app', deploymentId: 'ecs-svc/theirs' });
    stage.answer('lookAtServices', {
      kind: 'servicesSeen',
      services: [anObservedService('web-app', { primary: 'ecs-svc/theirs', runs: revision('web-app', 99) })],
    });
    expect(stage.state.hold?.reason).toMatch(/web-app:99/);
    stage.answer('stopTask', { kind: 'done' });
    stage.when({ type: 'taskStopped', taskArn: 'task/1', scaledIn: false });
    stage.answer('lookAtTask', {
      kind: 'taskSeen',
      task: { taskArn: 'task/1', found: true, lastStatus: 'STOPPED', scaledIn: false, exitCodes: {} },
    });
    expect(stage.state.ended[0]?.end?.outcome).toBe('superseded');
    expect(stage.pending('updateService')).toEqual([]);
  });

  it('is not taken for one when it is the deployment from before the release', () => {
    const stage = migrating();
    stage.when({ type: 'deploymentEnded', service: 'web-app', deploymentId: 'ecs-svc/1' });
    expect(stage.pending('lookAtServices')).toEqual([]);
  });
});

describe('what does not get done', () => {
  it('is announced once, with the reason, and is retried further', () => {
    const stage = aStage(anApp()).adopted().later(MINUTE);
    stage.when({
      type: 'imagePushed',
      tag: '1.1.0',
      digest: digestOf('1.1.0'),
      at: stage.now,
      source: 'event',
    });
    stage.answer('inspectImage', { kind: 'retry', wait: MINUTE, why: 'ecr:DescribeImages: Rate exceeded.' });
    stage.later(10 * MINUTE).when({ type: 'tick' });
    expect(stage.pending('announceApp')).toEqual([]);

    stage.later(6 * MINUTE).when({ type: 'tick' });
    stage.later(MINUTE).when({ type: 'tick' });
    expect(stage.pending('announceApp').map(({ effect }) => effect.sentence)).toEqual([
      'Fairway has been retrying for 16 min to look up the image 1.1.0 for web: ecr:DescribeImages: Rate exceeded. It keeps retrying.',
    ]);
    expect(stage.pending('inspectImage')).toHaveLength(1);
  });
});

describe('a release that begins on an unknown deployment', () => {
  const theirs = {
    service: 'web-app',
    deploymentId: 'ecs-svc/theirs',
    taskDefinition: revision('web-app', 99),
  };

  function begun() {
    const stage = aStage(anApp()).adopted().later(MINUTE);
    stage.push('1.1.0');
    stage.answer('lookAtServices', {
      kind: 'servicesSeen',
      services: [anObservedService('web-app', { primary: theirs.deploymentId, runs: theirs.taskDefinition })],
    });
    return stage;
  }

  it('gives way when it runs another image, and holds the app', () => {
    const stage = begun();
    stage.answer('adopt', { kind: 'adopted', services: [{ ...theirs, digest: digestOf('9.9.9') }] });
    expect(stage.state.ended[0]?.end?.outcome).toBe('superseded');
    expect(stage.state.hold?.by).toBe('Fairway');
  });

  it('goes on when it runs the live image', () => {
    const stage = begun();
    stage.answer('adopt', { kind: 'adopted', services: [{ ...theirs, digest: digestOf('1.0.0') }] });
    stage.answer('lookAtServices', {
      kind: 'servicesSeen',
      services: [anObservedService('web-app', { primary: theirs.deploymentId, runs: theirs.taskDefinition })],
    });
    expect(stage.pending('readBases')[0]?.effect.bases[0]?.reference).toBe(theirs.taskDefinition);
    expect(stage.state.hold).toBeUndefined();
  });
});

describe('a smoke test that is removed from fairway.yml while its release rolls', () => {
  it('is skipped, and said so', () => {
    const before = anApp({ after: [aTask('smoke-test')] });
    const rolling = aStage(before).adopted().later(MINUTE).prepared('1.1.0').updated();
    const stage = aStage(anApp(), rolling.state);
    stage.ended('web-app');
    expect(stage.state.ended[0]?.end?.outcome).toBe('live');
    expect(stage.state.ended[0]?.notes).toEqual(['smoke-test was removed from fairway.yml: skipped']);
  });
});

describe('a failed image that a person left running', () => {
  it('is what the app is at, once the app is resumed', () => {
    const stage = aStage(anApp({ onFailure: 'leave' }))
      .adopted()
      .later(MINUTE)
      .prepared('1.1.0')
      .updated();
    stage.ended('web-app', 'FAILED');
    const by = 'arn:aws:iam::123456789012:user/op';
    stage.answer('lookAtServices', {
      kind: 'servicesSeen',
      services: [
        anObservedService('web-app', { primary: 'ecs-svc/v1-web-app', runs: revision('web-app', 11) }),
      ],
    });
    expect(stage.state.ended[0]?.end?.outcome).toBe('failed');
    stage.when({ type: 'operator', request: { command: 'hold', app: 'web', reason: 'looking', who: by } });
    stage.when({ type: 'operator', request: { command: 'resume', app: 'web', who: by } });
    expect(stage.state.live?.tag).toBe('1.0.0');
    const runs = {
      service: 'web-app',
      deploymentId: 'ecs-svc/v1-web-app',
      taskDefinition: revision('web-app', 11),
    };
    stage.answer('adopt', {
      kind: 'adopted',
      services: [{ ...runs, digest: digestOf('1.1.0'), tag: '1.1.0', pushedAt: START }],
    });
    expect(stage.state.live?.digest).toBe(digestOf('1.1.0'));
  });
});

describe('an image that ECR has had for long, pushed again under another tag', () => {
  it('is as new as that push', () => {
    const image = {
      repository: 'web-app',
      tags: { kind: 'newest', match: { glob: '*' } },
      ignore: [],
    } as const;
    const stage = aStage(anApp({ image })).adopted().later(MINUTE);
    stage.when({
      type: 'imagePushed',
      tag: 'again',
      digest: digestOf('old'),
      at: stage.now,
      source: 'event',
    });
    const beforeFairway = START - 60 * MINUTE;
    stage.answer('inspectImage', {
      kind: 'imageInspected',
      image: { ...anImage('again', { pushedAt: beforeFairway }), digest: digestOf('old') },
      storage: 'ACTIVE',
    });
    expect(stage.state.release?.image).toMatchObject({ tag: 'again', pushedAt: stage.now });
  });
});
