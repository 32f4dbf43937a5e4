import type { App } from '../../shared/domain/app.ts';
import type { ObservedTask } from '../../shared/domain/observations.ts';
import type { Cause } from '../../shared/domain/release.ts';
import type { PendingEffect } from '../../shared/domain/state.ts';
import {
  anApp,
  anImage,
  anObservedService,
  aReason,
  aStage,
  aTail,
  aTask,
  digestOf,
  MINUTE,
  revision,
} from '../builders.ts';

const crash: Cause = {
  kind: 'crash',
  sentence: 'Container web exited with code 1.',
  evidence: [],
  canHeal: true,
  exitCode: 1,
};
const noImage: Cause = {
  kind: 'imageNotFound',
  sentence: 'The image does not exist.',
  evidence: [],
  canHeal: false,
};

const migrating: App = anApp({ before: [aTask('db-migrate', { container: 'migrate' })] });
const two: App = anApp({
  services: [
    { name: 'web-app', wave: 1, family: 'web-app', containers: [] },
    { name: 'worker', wave: 2, family: 'worker', containers: [] },
  ],
});

function stopped(taskArn: string, startedBy: string, cause: Cause): ObservedTask {
  return {
    taskArn,
    found: true,
    lastStatus: 'STOPPED',
    startedBy,
    scaledIn: false,
    cause,
    exitCodes: { web: 1 },
  };
}

function ranTo(exitCode: number | undefined, cause?: Cause): ObservedTask {
  return {
    taskArn: 'task/1',
    found: true,
    lastStatus: 'STOPPED',
    scaledIn: false,
    exitCodes: exitCode === undefined ? {} : { migrate: exitCode },
    ...(cause === undefined ? {} : { cause }),
  };
}

function live(tag: string) {
  return aStage(anApp()).adopted().later(MINUTE).prepared(tag).updated();
}

describe('decide, at first sight of an app', () => {
  it('adopts what runs and deploys nothing', () => {
    const stage = aStage(anApp()).adopted();
    expect(stage.state.live).toMatchObject({ tag: '1.0.0', digest: digestOf('1.0.0') });
    expect(stage.state.outbox).toEqual([]);
    expect(stage.state.release).toBeUndefined();
  });

  it('waits with a push for services that do not exist yet, and says so once', () => {
    const stage = aStage(anApp());
    stage.push('1.1.0');
    stage.answer('adopt', { kind: 'adopted', services: [] });
    stage.later(MINUTE).when({ type: 'tick' });
    stage.answer('adopt', { kind: 'adopted', services: [] });
    expect(stage.state.release).toBeUndefined();
    expect(stage.state.waiting?.image.tag).toBe('1.1.0');
    expect(stage.pending('announceApp').map(({ effect }) => effect)).toMatchObject([
      { topic: 'waiting', sentence: expect.stringContaining('`fairway apply`') },
    ]);
  });

  it('says so as well where the services were looked for before the push', () => {
    const stage = aStage(anApp());
    stage.when({ type: 'tick' });
    stage.answer('adopt', { kind: 'adopted', services: [] });
    stage.push('1.1.0');
    stage.answer('adopt', { kind: 'adopted', services: [] });
    expect(stage.pending('announceApp')).toHaveLength(1);
  });

  it('takes the first image of a new service as live, also where its push was seen before', () => {
    const stage = aStage(anApp());
    stage.push('1.0.0');
    stage.answer('adopt', { kind: 'adopted', services: [] });
    stage.later(MINUTE).when({ type: 'tick' });
    // By digest, as `fairway apply` starts it: the tag is that of the push.
    const seen = { service: 'web-app', deploymentId: 'ecs-svc/1', taskDefinition: revision('web-app', 1) };
    stage.answer('adopt', { kind: 'adopted', services: [{ ...seen, digest: digestOf('1.0.0') }] });
    expect(stage.state.live).toMatchObject({ tag: '1.0.0', digest: digestOf('1.0.0') });
    expect(stage.state.release).toBeUndefined();
    expect(stage.state.waiting).toBeUndefined();
    expect(stage.state.hold).toBeUndefined();
  });

  it('names the first image by its push, also where the service was seen before the push', () => {
    const stage = aStage(anApp());
    stage.when({ type: 'tick' });
    const seen = { service: 'web-app', deploymentId: 'ecs-svc/1', taskDefinition: revision('web-app', 1) };
    stage.answer('adopt', { kind: 'adopted', services: [{ ...seen, digest: digestOf('1.0.0') }] });
    stage.push('1.0.0');
    expect(stage.state.live).toMatchObject({ tag: '1.0.0', digest: digestOf('1.0.0') });
    expect(stage.state.liveHistory).toMatchObject([{ tag: '1.0.0' }]);
    expect(stage.pending('recordPush')[0]?.effect.entry).toMatchObject({
      reason: 'the same image is live already, as 1.0.0',
    });
  });
});

describe('decide, when an image is pushed', () => {
  it('resolves the tag again before acting', () => {
    const stage = aStage(anApp()).adopted();
    stage.when({ type: 'imagePushed', tag: '1.1.0', digest: 'sha256:stale', at: stage.now, source: 'event' });
    expect(stage.pending('inspectImage')).toHaveLength(1);
    expect(stage.state.release).toBeUndefined();
  });

  it('ignores a tag that does not count and says why in the ledger', () => {
    const stage = aStage(anApp()).adopted();
    stage.when({ type: 'imagePushed', tag: 'main-1', digest: digestOf('x'), at: stage.now, source: 'event' });
    expect(stage.pending('recordPush')[0]?.effect.entry).toMatchObject({ tag: 'main-1', outcome: 'ignored' });
    expect(stage.pending('inspectImage')).toEqual([]);
  });

  it('releases no artifact, and records it in the ledger if its tag matches', () => {
    const stage = aStage(anApp()).adopted();
    const push = { type: 'imagePushed', digest: digestOf('x'), at: stage.now, source: 'event' } as const;
    const notAnImage = 'application/vnd.cncf.helm.config.v1+json is not an image';
    stage.when({ ...push, tag: '4.0.0', notAnImage });
    stage.when({ ...push, tag: 'chart', notAnImage });
    expect(stage.pending('inspectImage')).toEqual([]);
    expect(stage.pending('recordPush').map((entry) => entry.effect.entry)).toEqual([
      expect.objectContaining({ tag: '4.0.0', outcome: 'ignored', reason: notAnImage }),
    ]);
  });

  it('enters what only its manifest shows to be no image into the ledger under its digest', () => {
    const stage = aStage(anApp()).adopted();
    const digest = digestOf('x');
    stage.when({ type: 'imagePushed', tag: '4.0.0', digest, at: stage.now, source: 'event' });
    stage.answer('inspectImage', { kind: 'imageMissing', reason: 'it cannot run', digest });
    expect(stage.state.release).toBeUndefined();
    expect(stage.pending('recordPush')[0]?.effect.entry).toMatchObject({ outcome: 'ignored', digest });
  });

  it('starts nothing before it knows what runs', () => {
    const stage = aStage(anApp());
    stage.push('1.1.0');
    expect(stage.state.release).toBeUndefined();
    expect(stage.pending('recordPush')[0]?.effect.entry.outcome).toBe('waiting');
    stage.adopted();
    expect(stage.state.live?.tag).toBe('1.0.0');
    expect(stage.state.release).toMatchObject({ image: { tag: '1.1.0' }, previous: { tag: '1.0.0' } });
  });

  it('rolls the service to a new revision and calls it live only by our deployment ID', () => {
    const stage = live('1.1.0');
    expect(stage.state.release?.services[0]).toMatchObject({
      state: 'rolling',
      deploymentId: 'ecs-svc/v1-web-app',
    });
    stage.ended('web-app', 'IN_PROGRESS');
    expect(stage.state.release?.step).toBe('rolling');
    stage.ended('web-app');
    expect(stage.state.release).toBeUndefined();
    expect(stage.state.ended[0]?.end).toMatchObject({ outcome: 'live' });
    expect(stage.state.live).toMatchObject({ tag: '1.1.0', release: 1 });
  });

  it('makes three tags on one digest one release', () => {
    const stage = live('1.1.0');
    for (const tag of ['1.1.1', '1.1.2']) {
      stage.when({ type: 'imagePushed', tag, digest: digestOf('1.1.0'), at: stage.now, source: 'event' });
      const image = anImage(tag, { digest: digestOf('1.1.0'), pushedAt: stage.now });
      stage.answer('inspectImage', { kind: 'imageInspected', image, storage: 'ACTIVE' });
    }
    expect(stage.state.waiting).toBeUndefined();
    stage.ended('web-app');
    expect(stage.state.lastNumber).toBe(1);
  });

  it.each([
    ['an archived image', 'ARCHIVED' as const],
    ['an image that is being restored', 'ACTIVATING' as const],
  ])('does not deploy %s', (_, storage) => {
    const stage = aStage(anApp()).adopted();
    stage.when({
      type: 'imagePushed',
      tag: '1.1.0',
      digest: digestOf('1.1.0'),
      at: stage.now,
      source: 'event',
    });
    stage.answer('inspectImage', { kind: 'imageInspected', image: anImage('1.1.0'), storage });
    expect(stage.state.release).toBeUndefined();
    expect(stage.pending('recordPush')[0]?.effect.entry.reason).toMatch(/cannot be pulled/);
  });
});

describe('invariant 1, one at a time', () => {
  it('lets a newer image wait until the open release has ended', () => {
    const stage = live('1.1.0');
    stage.push('1.2.0');
    expect(stage.state.release?.number).toBe(1);
    expect(stage.state.waiting?.image.tag).toBe('1.2.0');
    stage.ended('web-app');
    expect(stage.state.release).toMatchObject({ number: 2, image: { tag: '1.2.0' } });
  });
});

describe('invariant 2, newest wins', () => {
  it('supersedes an image in between, and records it in the ledger', () => {
    const stage = live('1.1.0');
    stage.push('1.2.0');
    stage.push('1.3.0');
    expect(stage.state.waiting?.image.tag).toBe('1.3.0');
    const entries = stage
      .pending('recordPush')
      .map((entry) => [entry.effect.entry.tag, entry.effect.entry.outcome]);
    expect(entries).toContainEqual(['1.2.0', 'superseded']);
  });

  it('never moves backwards by a late event', () => {
    const stage = live('1.1.0');
    stage.ended('web-app');
    stage.push('1.0.9');
    expect(stage.state.release).toBeUndefined();
    expect(stage.pending('recordPush').at(-1)?.effect.entry).toMatchObject({
      tag: '1.0.9',
      outcome: 'superseded',
    });
  });

  it('takes what a moving tag points at now', () => {
    const app = anApp({
      image: { repository: 'web-app', tags: { kind: 'digest', tag: 'latest' }, ignore: [] },
    });
    const stage = aStage(app).adopted();
    stage.when({
      type: 'imagePushed',
      tag: 'latest',
      digest: digestOf('old'),
      at: stage.now,
      source: 'event',
    });
    const image = anImage('latest', { digest: digestOf('old'), pushedAt: 0 });
    stage.answer('inspectImage', { kind: 'imageInspected', image, storage: 'ACTIVE' });
    expect(stage.state.release?.image.digest).toBe(digestOf('old'));
  });

  it('starts a good image that arrived while a bad one was rolled back', () => {
    const stage = live('1.1.0');
    stage.ended('web-app', 'FAILED');
    stage.push('1.2.0');
    stage.answer('rollBack', {
      kind: 'rollingBack',
      revision: revision('web-app', 10),
      deploymentId: 'ecs-svc/9',
      completed: true,
    });
    expect(stage.state.ended[0]?.end?.outcome).toBe('failed');
    expect(stage.state.release?.image.tag).toBe('1.2.0');
  });
});

describe('invariant 3, live means live', () => {
  it("takes ECS's own rollback for a failure, however steady the service is", () => {
    const stage = live('1.1.0');
    const reason = 'ECS deployment circuit breaker: rolling back to deploymentId ecs-svc/1.';
    stage.ended('web-app', 'IN_PROGRESS', { primary: 'ecs-svc/1', runs: revision('web-app', 10), reason });
    expect(stage.state.release?.failure).toMatchObject({
      service: 'web-app',
      cause: { kind: 'circuitBreaker' },
    });
    expect(stage.state.live?.tag).toBe('1.0.0');
  });

  it.each([
    ['ECS deployment failed: alarm detected.', 'deploymentAlarm', /alarms/],
    ['ECS deployment circuit breaker: tasks failed to start.', 'circuitBreaker', undefined],
  ])('names what ended its deployment: %s', (rolloutStateReason, kind, advice) => {
    const stage = live('1.1.0');
    const observed = anObservedService('web-app').deployments[0];
    const target = stage.state.release?.services[0];
    const ours = {
      ...observed,
      id: target?.deploymentId ?? '',
      status: 'PRIMARY',
      taskDefinition: target?.target ?? '',
      running: 0,
      desired: 3,
      failedTasks: 3,
      rolloutState: 'FAILED',
      ...aReason('web-app', rolloutStateReason),
    };
    stage.ended('web-app', 'FAILED', { overrides: { deployments: [ours] } });
    const cause = stage.state.release?.failure?.cause;
    expect(cause).toMatchObject({ kind, evidence: [rolloutStateReason] });
    if (advice) expect(cause?.advice).toMatch(advice);
  });

  it('does not take our deployment for live while it runs another revision', () => {
    const stage = live('1.1.0');
    stage.ended('web-app', 'COMPLETED', { runs: revision('web-app', 99) });
    expect(stage.state.release?.services[0]?.state).toBe('rolling');
  });
});

describe('invariant 4, the migration gates', () => {
  const prepared = () => aStage(migrating).adopted().later(MINUTE).prepared('1.1.0');
  const running = () => {
    const stage = prepared();
    stage.answer('startRun', { kind: 'runStarted', taskArns: ['task/1'] });
    return stage;
  };
  const seen = (task: ObservedTask) => {
    const stage = running();
    stage.when({ type: 'taskStopped', taskArn: 'task/1', scaledIn: false });
    stage.answer('lookAtTask', { kind: 'taskSeen', task });
    return stage;
  };

  it('changes no service before the migration has ended with 0', () => {
    const stage = running();
    expect(stage.pending('updateService')).toEqual([]);
    stage.when({ type: 'taskStopped', taskArn: 'task/1', scaledIn: false });
    stage.answer('lookAtTask', { kind: 'taskSeen', task: ranTo(0) });
    expect(stage.pending('updateService')).toHaveLength(1);
  });

  it.each<[string, ObservedTask]>([
    ['ends with another code', ranTo(1, crash)],
    ['never ran its container', ranTo(undefined, noImage)],
    ['was killed without an exit code', ranTo(undefined)],
  ])('fails and leaves the services untouched when it %s', (_, task) => {
    const stage = seen(task);
    expect(stage.state.release).toBeUndefined();
    expect(stage.state.ended[0]?.end).toMatchObject({ outcome: 'failed' });
    expect(stage.state.ended[0]?.end?.reason).toMatch(/No service was changed/);
    expect(stage.pending('rollBack')).toEqual([]);
  });

  it('stops a migration that hangs, and only then fails', () => {
    const stage = running().taskOutOfTime(16 * MINUTE);
    expect(stage.pending('stopTask')).toHaveLength(1);
    expect(stage.state.release).toBeDefined();
    stage.answer('stopTask', { kind: 'done' });
    stage.when({ type: 'taskStopped', taskArn: 'task/1', scaledIn: false });
    stage.answer('lookAtTask', { kind: 'taskSeen', task: ranTo(143) });
    expect(stage.state.ended[0]?.failure?.cause).toMatchObject({ kind: 'timeout' });
  });

  it('retries for lack of capacity with a new token, up to the limit', () => {
    const stage = prepared();
    const cause: Cause = { kind: 'capacity', sentence: 'No capacity.', evidence: [], canHeal: true };
    stage.answer('startRun', { kind: 'taskNotStarted', cause, capacity: true });
    expect(stage.pending('startRun')[0]?.effect.attempt).toBe(2);
    stage.later(11 * MINUTE).answer('startRun', { kind: 'taskNotStarted', cause, capacity: true });
    expect(stage.state.ended[0]?.end?.outcome).toBe('failed');
  });
});

describe('invariant 5, the set rolls back together', () => {
  it('rolls back the services of earlier waves too, to the revision they ran before', () => {
    const stage = aStage(two).adopted().later(MINUTE).prepared('1.1.0').updated();
    stage.ended('web-app');
    stage.updated().ended('worker', 'FAILED');
    const orders = stage.pending('rollBack').map((entry) => [entry.effect.service, entry.effect.revision]);
    expect(orders).toEqual([
      ['web-app', revision('web-app', 10)],
      ['worker', revision('worker', 10)],
    ]);
  });

  it('rolls the set back when the smoke test fails', () => {
    const stage = aStage(anApp({ after: [aTask('smoke', { container: 'migrate' })] }))
      .adopted()
      .prepared('1.1.0')
      .updated();
    stage.ended('web-app');
    stage.answer('startRun', { kind: 'runStarted', taskArns: ['task/1'] });
    stage.when({ type: 'taskStopped', taskArn: 'task/1', scaledIn: false });
    stage.answer('lookAtTask', { kind: 'taskSeen', task: ranTo(1, crash) });
    expect(stage.pending('rollBack')).toHaveLength(1);
  });

  it('leaves it to a person after a migration that is not reversible, and holds', () => {
    const app = anApp({ before: [aTask('db-migrate', { container: 'migrate', reversible: false })] });
    const stage = aStage(app).adopted().prepared('1.1.0');
    stage.answer('startRun', { kind: 'runStarted', taskArns: ['task/1'] });
    stage.when({ type: 'taskStopped', taskArn: 'task/1', scaledIn: false });
    stage.answer('lookAtTask', { kind: 'taskSeen', task: ranTo(0) });
    stage.updated().ended('web-app', 'FAILED');
    expect(stage.pending('rollBack')).toEqual([]);
    const observed = anObservedService('web-app', { updatedAt: stage.now + 1 });
    stage.answer('lookAtServices', { kind: 'servicesSeen', services: [observed] });
    expect(stage.state.hold?.reason).toMatch(/not reversible/);
    expect(stage.state.ended[0]?.end?.outcome).toBe('failed');
  });

  it('reports a failed rollback and holds when a service cannot roll back', () => {
    const stage = live('1.1.0');
    stage.ended('web-app', 'FAILED');
    stage.answer('rollBack', { kind: 'refused', cause: noImage });
    expect(stage.state.ended[0]?.end?.outcome).toBe('rollbackFailed');
    expect(stage.state.hold?.by).toBe('Fairway');
  });
});

describe("invariant 6, a person's word stands", () => {
  const held = () => {
    const stage = live('1.1.0');
    stage.ended('web-app');
    stage.when({
      type: 'operator',
      request: { command: 'rollback', app: 'web', who: 'arn:aws:iam::1:user/op' },
    });
    return stage;
  };

  it('rolls back by hand without running migrations, and holds', () => {
    const stage = held();
    expect(stage.state.hold?.by).toBe('arn:aws:iam::1:user/op');
    expect(stage.pending('inspectImage')[0]?.effect).toMatchObject({
      digest: digestOf('1.0.0'),
      trigger: { kind: 'rollback' },
    });
  });

  it('lets the next push wait until it is resumed', () => {
    const stage = held();
    stage.answer('inspectImage', { kind: 'imageMissing', reason: 'gone' });
    stage.push('1.2.0');
    expect(stage.state.release).toBeUndefined();
    expect(stage.state.waiting?.image.tag).toBe('1.2.0');
    stage.when({ type: 'operator', request: { command: 'resume', app: 'web', who: 'op' } });
    const deploymentId = 'ecs-svc/v1-web-app';
    const live = { deploymentId, taskDefinition: revision('web-app', 11), digest: digestOf('1.1.0') };
    stage.answer('adopt', { kind: 'adopted', services: [{ service: 'web-app', ...live }] });
    expect(stage.state.release?.image.tag).toBe('1.2.0');
  });

  it('does not automatically deploy the image that was rolled back again', () => {
    const stage = held();
    stage.answer('inspectImage', { kind: 'imageMissing', reason: 'gone' });
    stage.when({ type: 'operator', request: { command: 'resume', app: 'web', who: 'op' } });
    stage.push('1.1.0');
    expect(stage.state.release).toBeUndefined();
  });

  it('does not retry a failed image automatically, but does when a person says so', () => {
    const stage = live('1.1.0');
    stage.ended('web-app', 'FAILED');
    stage.answer('rollBack', {
      kind: 'rollingBack',
      revision: revision('web-app', 10),
      deploymentId: 'ecs-svc/9',
      completed: true,
    });
    stage.push('1.1.0');
    expect(stage.state.release).toBeUndefined();
    stage.when({ type: 'operator', request: { command: 'deploy', app: 'web', tag: '1.1.0', who: 'op' } });
    stage.answer('inspectImage', { kind: 'imageInspected', image: anImage('1.1.0'), storage: 'ACTIVE' });
    expect(stage.state.release?.trigger).toEqual({ kind: 'deploy', who: 'op' });
  });

  it('announces that an image cannot be rolled back to', () => {
    const stage = held();
    stage.answer('inspectImage', {
      kind: 'imageMissing',
      reason: 'there is no image sha256:1 in web-app any more',
    });
    const told = stage.pending('announceApp').map(({ effect }) => effect);
    expect(told).toContainEqual(
      expect.objectContaining({
        topic: 'notDeployed',
        severity: 'failure',
        sentence:
          'The rollback of web to 1.0.0, requested by arn:aws:iam::1:user/op, failed: there is no image sha256:1 in web-app any more; 1.1.0, the image that was rolled back from, still runs. web is held.',
      }),
    );
  });

  it.each([
    [
      'is not there',
      { kind: 'imageMissing', reason: 'there is no tag 9.9.9 in web-app' },
      'there is no tag 9.9.9 in web-app',
    ],
    [
      'is archived',
      { kind: 'imageInspected', image: anImage('9.9.9'), storage: 'ARCHIVED' },
      'the image is archived in ECR and cannot be pulled: restore it first',
    ],
    [
      'may not be read',
      { kind: 'refused', cause: { ...noImage, sentence: 'AWS refused it.' } },
      'AWS refused it',
    ],
  ] as const)('announces that a requested image %s, and records it in the ledger', (_, answer, why) => {
    const stage = aStage(anApp()).adopted();
    stage.when({ type: 'operator', request: { command: 'deploy', app: 'web', tag: '9.9.9', who: 'op' } });
    stage.answer('inspectImage', answer);
    expect(stage.pending('announceApp')[0]?.effect).toMatchObject({
      topic: 'notDeployed',
      severity: 'warning',
      sentence: `op asked to deploy 9.9.9 to web: ${why}. Nothing was changed.`,
    });
    expect(stage.pending('recordPush')[0]?.effect.entry).toMatchObject({ tag: '9.9.9', outcome: 'ignored' });
    expect(stage.state.release).toBeUndefined();
  });

  it.each(['rollback', 'resume', 'cancel'] as const)(
    'refuses %s with a reason when there is nothing to do',
    (command) => {
      const stage = aStage(anApp()).adopted();
      const before = stage.state;
      const decision = stage.when({ type: 'operator', request: { command, app: 'web', who: 'op' } });
      expect(decision.refused).toBe(true);
      expect(stage.state).toBe(before);
    },
  );
});

describe('invariant 7, nothing vanishes', () => {
  it('announces each outcome to every channel and writes it to the ledger and the history', () => {
    const stage = live('1.1.0');
    stage.ended('web-app');
    expect(stage.pending('announceRelease').map((entry) => entry.effect.channel)).toEqual(['deploys']);
    expect(stage.pending('recordRelease')).toHaveLength(1);
    expect(stage.pending('recordPush').at(-1)?.effect.entry).toMatchObject({
      tag: '1.1.0',
      outcome: 'live',
      release: 1,
    });
  });
});

describe('invariant 9, scaling is not ours', () => {
  it('sends a revision and nothing else', () => {
    const stage = aStage(anApp()).adopted().prepared('1.1.0');
    expect(Object.keys(stage.pending('updateService')[0]?.effect ?? {}).toSorted()).toEqual([
      'expected',
      'expectedAt',
      'kind',
      'revision',
      'service',
    ]);
  });
});

describe('decide, failing fast', () => {
  const stop = (stage: ReturnType<typeof live>, arn: string, cause: Cause) => {
    stage.when({
      type: 'taskStopped',
      taskArn: arn,
      service: 'web-app',
      deploymentId: 'ecs-svc/v1-web-app',
      scaledIn: false,
    });
    return stage.answer('lookAtTask', { kind: 'taskSeen', task: stopped(arn, 'ecs-svc/v1-web-app', cause) });
  };

  it('ends at the first task whose cause cannot heal', () => {
    const stage = live('1.1.0');
    stop(stage, 'task/1', noImage);
    expect(stage.state.release?.failure?.cause.kind).toBe('imageNotFound');
  });

  it('ends when as many tasks stopped as the threshold says and none is healthy', () => {
    const stage = live('1.1.0');
    for (const arn of ['task/1', 'task/2', 'task/3']) stop(stage, arn, crash);
    stage.answer('countHealthy', { kind: 'healthyCounted', running: 1, healthy: 0 });
    expect(stage.state.release?.failure?.cause).toEqual(crash);
  });

  it('says why tasks fail, in whatever order they were checked: not a symptom, and not an external cause', () => {
    const stage = live('1.1.0');
    const spot: Cause = { kind: 'spotInterruption', sentence: 'Spot.', evidence: [], canHeal: true };
    const terminated: Cause = { kind: 'terminated', sentence: 'Asked to stop.', evidence: [], canHeal: true };
    for (const [index, cause] of [terminated, spot, crash].entries()) stop(stage, `task/${index}`, cause);
    stage.answer('countHealthy', { kind: 'healthyCounted', running: 0, healthy: 0 });
    expect(stage.state.release?.failure?.cause).toEqual(crash);
  });

  it('asks the service events where the tasks show only how they ended', () => {
    const terminated: Cause = {
      kind: 'terminated',
      sentence: 'Asked to stop.',
      evidence: ['a'],
      canHeal: true,
    };
    const noRoom: Cause = { kind: 'capacity', sentence: 'No room.', evidence: ['b'], canHeal: true };
    const failed = () => {
      const stage = live('1.1.0');
      for (const arn of ['task/1', 'task/2', 'task/3']) stop(stage, arn, terminated);
      stage.answer('countHealthy', { kind: 'healthyCounted', running: 0, healthy: 0 });
      return stage;
    };
    const stage = failed();
    stage.answer('findCause', { kind: 'causeFound', cause: noRoom, taskArns: [] });
    expect(stage.state.release?.failure?.cause).toEqual({ ...noRoom, evidence: ['b', 'a'] });
    const other = failed();
    const unknown: Cause = { kind: 'unknown', sentence: 'Flux.', evidence: ['c'], canHeal: true };
    other.answer('findCause', { kind: 'causeFound', cause: unknown, taskArns: [] });
    expect(other.state.release?.failure?.cause).toEqual({ ...terminated, evidence: ['c', 'a'] });
  });

  it('asks the service events why a rollout did not become stable in time', () => {
    const stage = live('1.1.0').outOfTime('web-app', 31 * MINUTE);
    const noRoom: Cause = {
      kind: 'capacity',
      sentence: 'No instance has room.',
      evidence: ['b'],
      canHeal: true,
    };
    stage.answer('findCause', { kind: 'causeFound', cause: noRoom, taskArns: [] });
    const sentence = 'web-app did not become stable within 30 min. No instance has room.';
    expect(stage.state.release?.failure?.cause).toMatchObject({ kind: 'capacity', sentence });
  });

  it('uses what the last lines of the container say', () => {
    const stage = live('1.1.0');
    const sentence = 'Container web exited with code 1: see its log.';
    for (const arn of ['task/1', 'task/2', 'task/3'])
      stop(stage, arn, { ...crash, sentence, container: 'web' });
    stage.answer('countHealthy', { kind: 'healthyCounted', running: 0, healthy: 0 });
    const tail = aTail('exec /app/start: exec format error');
    stage.answer('readLines', { kind: 'linesRead', tail });
    expect(stage.state.release?.failure?.cause).toMatchObject({
      kind: 'wrongPlatform',
      sentence:
        'Container web exited with code 1: its program was built for another processor, or is a script without #! in its first line; its log says "exec /app/start: exec format error".',
    });
  });

  it("asks how the load balancer's checks failed, after it has started the rollback", () => {
    const unhealthy: Cause = {
      kind: 'targetHealth',
      sentence: 'Checks failed.',
      evidence: [],
      canHeal: true,
    };
    const told = { ...unhealthy, sentence: 'Checks on port 8080 failed: codes [502].' };
    const failed = () => {
      const stage = live('1.1.0');
      for (const arn of ['task/1', 'task/2', 'task/3']) stop(stage, arn, unhealthy);
      stage.answer('countHealthy', { kind: 'healthyCounted', running: 0, healthy: 0 });
      return stage;
    };
    const stage = failed();
    const kinds = stage.state.outbox.map(({ effect }) => effect.kind);
    expect(kinds.indexOf('findCause')).toBeGreaterThan(kinds.indexOf('rollBack'));
    stage.answer('findCause', { kind: 'causeFound', cause: told, taskArns: [] });
    expect(stage.state.release?.failure?.cause).toEqual(told);

    const other = failed();
    other.answer('findCause', { kind: 'causeFound', cause: crash, taskArns: [] });
    expect(other.state.release?.failure?.cause).toEqual(unhealthy);
  });

  it.each<[string, Cause]>([
    ['say why', crash],
    ['show a symptom', { ...crash, kind: 'targetHealth', sentence: 'Checks failed.' }],
    ['do not say why', { ...crash, kind: 'unknown', sentence: 'Stopped.' }],
  ])('reads log lines once for all tasks that stop, where they %s', (_, cause) => {
    const stage = live('1.1.0');
    let reads = 0;
    const isAsked = ({ effect: { kind } }: PendingEffect) => kind === 'findCause' || kind === 'readLines';
    const answerAll = () => {
      // In their order, as they are performed.
      for (let asked = stage.state.outbox.find(isAsked); asked; asked = stage.state.outbox.find(isAsked)) {
        const isRead = asked.effect.kind === 'readLines';
        if (isRead) reads += 1;
        const found = { kind: 'causeFound', cause, taskArns: ['task/1', 'task/2', 'task/3'] } as const;
        const lines = { kind: 'linesRead', tail: aTail('Error: no database') } as const;
        stage.when({ type: 'answered', key: asked.key, answer: isRead ? lines : found });
      }
    };
    for (const arn of ['task/1', 'task/2', 'task/3']) stop(stage, arn, cause);
    stage.answer('countHealthy', { kind: 'healthyCounted', running: 0, healthy: 0 });
    answerAll();
    for (const taskArn of ['task/4', 'task/5']) {
      const of = { service: 'web-app', deploymentId: 'ecs-svc/v1-web-app' };
      stage.when({ type: 'taskStopped', taskArn, ...of, scaledIn: false });
    }
    answerAll();
    stage.rolledBack();
    answerAll();
    expect(stage.state.release).toBeUndefined();
    expect(reads).toBe(1);
  });

  it('reads the last lines of the task that the cause is of before those of others', () => {
    const stage = live('1.1.0');
    const terminated: Cause = { kind: 'terminated', sentence: 'Asked to stop.', evidence: [], canHeal: true };
    for (const [index, cause] of [terminated, terminated, crash].entries())
      stop(stage, `task/${index}`, cause);
    stage.answer('countHealthy', { kind: 'healthyCounted', running: 0, healthy: 0 });
    expect(stage.pending('readLines')[0]?.effect.taskArns).toEqual(['task/2', 'task/0', 'task/1']);

    const other = live('1.1.0');
    stop(other, 'task/0', crash);
    stop(other, 'task/1', { ...crash, kind: 'commandNotFound', canHeal: false });
    expect(other.state.release?.failure?.cause.kind).toBe('commandNotFound');
    expect(other.pending('readLines')[0]?.effect.taskArns).toEqual(['task/1', 'task/0']);
  });

  it('goes on when a task is healthy', () => {
    const stage = live('1.1.0');
    for (const arn of ['task/1', 'task/2', 'task/3']) stop(stage, arn, crash);
    stage.answer('countHealthy', { kind: 'healthyCounted', running: 2, healthy: 1 });
    expect(stage.state.release?.failure).toBeUndefined();
  });

  it('does not look at tasks that were scaled in, or at the same task twice', () => {
    const stage = live('1.1.0');
    const event = {
      type: 'taskStopped',
      taskArn: 'task/1',
      service: 'web-app',
      deploymentId: 'ecs-svc/v1-web-app',
    } as const;
    stage.when({ ...event, scaledIn: true });
    expect(stage.pending('lookAtTask')).toEqual([]);
    stop(stage, 'task/1', crash);
    stage.when({ ...event, scaledIn: false });
    expect(stage.pending('lookAtTask')).toEqual([]);
  });

  it('gives a rollout up at its own timeout', () => {
    const stage = live('1.1.0').outOfTime('web-app', 31 * MINUTE);
    expect(stage.state.release?.failure?.cause.kind).toBe('timeout');
  });
});

describe('decide, when events are lost', () => {
  it('looks after five minutes of silence', () => {
    const stage = live('1.1.0');
    stage.later(4 * MINUTE).when({ type: 'tick' });
    expect(stage.pending('lookAtServices')).toEqual([]);
    stage.later(MINUTE).when({ type: 'tick' });
    expect(stage.pending('lookAtServices')).toHaveLength(1);
  });
});

describe('decide, about deployments of others', () => {
  it('ends superseded, rolls its other services back and holds', () => {
    const app = anApp({
      services: [
        { name: 'web-app', wave: 1, family: 'web-app', containers: [] },
        { name: 'worker', wave: 1, family: 'worker', containers: [] },
      ],
    });
    const stage = aStage(app).adopted().prepared('1.1.0').updated();
    stage.ended('web-app', 'IN_PROGRESS', { primary: 'ecs-svc/foreign', runs: revision('web-app', 50) });
    expect(stage.pending('rollBack').map((entry) => entry.effect.service)).toEqual(['worker']);
    stage.answer('rollBack', {
      kind: 'rollingBack',
      revision: revision('worker', 10),
      deploymentId: 'ecs-svc/8',
      completed: true,
    });
    expect(stage.state.ended[0]?.end?.outcome).toBe('superseded');
    expect(stage.state.hold?.by).toBe('Fairway');
  });

  it.each([
    ['adopts one that runs the live image', digestOf('1.0.0'), false],
    ['holds when it runs another image', digestOf('foreign'), true],
  ])('%s', (_, digest, holds) => {
    const stage = aStage(anApp()).adopted();
    stage.when({ type: 'deploymentEnded', service: 'web-app', deploymentId: 'ecs-svc/foreign' });
    stage.answer('adopt', {
      kind: 'adopted',
      services: [
        {
          service: 'web-app',
          deploymentId: 'ecs-svc/foreign',
          taskDefinition: revision('web-app', 50),
          digest,
        },
      ],
    });
    expect(stage.state.hold !== undefined).toBe(holds);
  });

  it('ignores the ends of deployments it knows', () => {
    const stage = live('1.1.0');
    stage.ended('web-app');
    const before = stage.state;
    stage.when({ type: 'deploymentEnded', service: 'web-app', deploymentId: 'ecs-svc/v1-web-app' });
    expect(stage.state).toEqual(before);
  });
});

describe('decide, about services it cannot release', () => {
  it.each([
    ['a missing service', { found: false }, 'serviceMissing'],
    ['a service that is going away', { status: 'DRAINING' }, 'serviceNotActive'],
    ['CodeDeploy', { controller: 'CODE_DEPLOY' }, 'controller'],
    ['a strategy of tomorrow', { strategy: 'SHADOW' }, 'strategy'],
  ])('refuses %s and says so', (_, overrides, kind) => {
    const stage = aStage(anApp()).adopted();
    stage.push('1.1.0');
    stage.answer('lookAtServices', {
      kind: 'servicesSeen',
      services: [anObservedService('web-app', { overrides })],
    });
    expect(stage.state.ended[0]?.failure?.cause.kind).toBe(kind);
    expect(stage.pending('register')).toEqual([]);
  });

  it('says that a deployment at 0 tasks is unverified', () => {
    const stage = live('1.1.0');
    stage.ended('web-app', 'COMPLETED', { desired: 0 });
    expect(stage.state.ended[0]?.notes.join()).toMatch(/0 tasks: unverified/);
  });

  it('waits for a foreign deployment that is in progress', () => {
    const stage = aStage(anApp()).adopted();
    stage.push('1.1.0');
    stage.answer('lookAtServices', {
      kind: 'servicesSeen',
      services: [anObservedService('web-app', { rolloutState: 'IN_PROGRESS' })],
    });
    expect(stage.state.release?.step).toBe('preparing');
    stage.when({ type: 'deploymentEnded', service: 'web-app', deploymentId: 'ecs-svc/1' });
    expect(stage.pending('lookAtServices')).toHaveLength(1);
  });
});

describe('decide, about messages', () => {
  it('keeps what a channel remembers, also when it is notified again', () => {
    const stage = live('1.1.0');
    stage.answer('announceRelease', { kind: 'retry', wait: 5_000, why: 'down', memory: '1.0:' });
    expect(stage.state.channelMemory).toEqual({ [`${stage.state.release?.id}/deploys`]: '1.0:' });
    expect(stage.pending('announceRelease')).toHaveLength(1);
  });

  describe('to a channel that reports only ends', () => {
    const app = anApp({ channels: ['deploys', 'mail'], endsOnly: ['mail'] });
    const rolling = (first = app) =>
      aStage(first).adopted().later(MINUTE).prepared('1.1.0').updated().configured(app);
    const notified = (stage: ReturnType<typeof aStage>) =>
      stage.pending('announceRelease').map(({ effect }) => effect.channel);

    it('queues none before the end of a release', () => {
      const stage = rolling();
      expect(notified(stage)).toEqual(['deploys']);
      stage.ended('web-app');
      expect(notified(stage)).toEqual(['deploys', 'mail']);
    });

    it('continues what an earlier version queued', () => {
      const stage = rolling(anApp({ channels: ['mail'] }));
      expect(notified(stage)).toEqual(['mail']);
      stage.answer('announceRelease', { kind: 'announced' });
      expect(notified(stage)).toEqual([]);
      stage.ended('web-app');
      expect(notified(stage)).toEqual(['deploys', 'mail']);
    });
  });
});
