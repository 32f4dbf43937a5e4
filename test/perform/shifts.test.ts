import type { App } from '../../shared/domain/app.ts';
import type { EffectOf } from '../../shared/domain/effects.ts';
import type { ObservedServiceDeployment } from '../../shared/domain/observations.ts';
import { judgeSince, lookAtShifts, startedShift, stopShift } from '../../shared/perform/shifts.ts';
import { AwsFault } from '../../shared/ports.ts';
import { anApp, revision, START } from '../builders.ts';

const NEW = revision('web-app', 11);
const OLD = revision('web-app', 10);
const app: App = anApp();

function one(overrides: Partial<ObservedServiceDeployment> = {}): ObservedServiceDeployment {
  const monitors = { breaker: false, alarms: [], watched: true };
  return {
    arn: 'arn:ours',
    taskDefinition: NEW,
    status: 'IN_PROGRESS',
    words: [],
    ...monitors,
    ...overrides,
  };
}

/** ECS with these service deployments; a stop is refused with `refusal`. */
function anEcs(deployments: readonly ObservedServiceDeployment[], refusal?: AwsFault) {
  const stopped: string[] = [];
  const listed: string[] = [];
  return {
    stopped,
    listed,
    async serviceDeployments(_: string, service: string) {
      listed.push(service);
      return deployments;
    },
    async deploymentsNamed(arns: readonly string[]) {
      return new Map(deployments.filter(({ arn }) => arns.includes(arn)).map((each) => [each.arn, each]));
    },
    async stopDeployment(arn: string) {
      stopped.push(arn);
      if (refusal) throw refusal;
    },
  };
}

describe('a look at deployments that shift traffic', () => {
  const shifts = [{ service: 'web-app', since: START, deployment: 'arn:ours' }];

  it('lists none whose ARN is known while it is open', async () => {
    const ecs = anEcs([one()]);
    await lookAtShifts(ecs, app, { kind: 'lookAtShifts', shifts });
    expect(ecs.listed).toEqual([]);
  });

  it.each(['STOPPED', 'ROLLBACK_SUCCESSFUL'])(
    'lists what may have superseded one that is %s',
    async (status) => {
      const newer = one({ arn: 'arn:newer', taskDefinition: OLD });
      const answer = await lookAtShifts(anEcs([newer, one({ status })]), app, {
        kind: 'lookAtShifts',
        shifts,
      });
      expect(answer).toMatchObject({ shifts: { 'web-app': [{ arn: 'arn:newer' }, { status }] } });
    },
  );
});

describe('a repeated order to update a service whose traffic shifts', () => {
  const effect: EffectOf<'updateService'> = {
    kind: 'updateService',
    service: 'web-app',
    revision: NEW,
    expected: 'ecs-svc/1',
    since: START,
  };

  it.each(['IN_PROGRESS', 'ROLLBACK_SUCCESSFUL', 'ROLLBACK_FAILED', 'SUCCESSFUL'])(
    'finds the deployment that was started, although it is %s',
    async (status) => {
      const answer = await startedShift(anEcs([one({ status })]), app, effect, START);
      expect(answer).toEqual({ kind: 'serviceUpdated', deploymentId: 'arn:ours' });
    },
  );

  it('is not sent over a deployment from outside', async () => {
    const theirs = one({ arn: 'arn:theirs', taskDefinition: revision('web-app', 99) });
    expect(await startedShift(anEcs([theirs]), app, effect, START)).toMatchObject({ kind: 'foreign' });
  });

  it('is sent although a release just before was rolled back by ECS', async () => {
    const earlier = one({
      arn: 'arn:v1',
      taskDefinition: revision('web-app', 9),
      status: 'ROLLBACK_SUCCESSFUL',
    });
    expect(await startedShift(anEcs([earlier]), app, effect, START)).toBeUndefined();
  });

  it('is sent where nothing was started', async () => {
    expect(await startedShift(anEcs([]), app, effect, START)).toBeUndefined();
  });
});

describe('rolling back a deployment that shifts traffic', () => {
  const effect: EffectOf<'rollBack'> = {
    kind: 'rollBack',
    service: 'web-app',
    revision: OLD,
    target: NEW,
    expected: 'ecs-svc/1',
    ours: [],
    releaseId: 'r1',
    release: 1,
    shift: { since: START },
  };
  const stop = (ecs: ReturnType<typeof anEcs>) => stopShift(ecs, app, effect, START);

  it.each([
    ['PENDING', ['arn:ours']],
    ['IN_PROGRESS', ['arn:ours']],
    ['ROLLBACK_REQUESTED', []],
    ['ROLLBACK_IN_PROGRESS', []],
    ['STOP_REQUESTED', []],
  ])('stops it where it is %s', async (status, stopped) => {
    const ecs = anEcs([one({ status })]);
    expect(await stop(ecs)).toEqual({ answer: { kind: 'stopping', deployment: 'arn:ours' } });
    expect(ecs.stopped).toEqual(stopped);
  });

  it('accepts that it has ended meanwhile', async () => {
    const ecs = anEcs([one()], new AwsFault('ConflictException', 'it has ended', false));
    expect(await stop(ecs)).toEqual({ answer: { kind: 'stopping', deployment: 'arn:ours' } });
  });

  it('says so where ECS does not stop deployments of this service', async () => {
    const unsupported = new AwsFault('UnsupportedFeatureException', 'managed by Amazon ECS', false);
    expect(await stop(anEcs([one()], unsupported))).toEqual({ cannotStop: true });
  });

  it.each(['SUCCESSFUL', 'ROLLBACK_SUCCESSFUL', 'STOPPED'])(
    'leaves it to what runs after %s',
    async (status) => {
      expect(await stop(anEcs([one({ status })]))).toEqual({});
    },
  );

  it('says what ECS said where its rollback failed', async () => {
    const words = ['No rollback candidate was found to run the rollback.'];
    expect(await stop(anEcs([one({ status: 'ROLLBACK_FAILED', words })]))).toMatchObject({
      answer: { kind: 'refused', cause: { sentence: expect.stringContaining('No rollback candidate') } },
    });
  });

  it('never touches a newer deployment from outside', async () => {
    const theirs = one({ arn: 'arn:theirs', taskDefinition: revision('web-app', 99) });
    const ecs = anEcs([theirs, one({ status: 'STOPPED' })]);
    const { since = theirs } = await stop(ecs);
    expect(judgeSince(since, OLD)).toMatchObject({ kind: 'foreign', deploymentId: 'arn:theirs' });
    expect(ecs.stopped).toEqual([]);
  });

  it.each([
    ['IN_PROGRESS', false],
    ['SUCCESSFUL', true],
  ])('finds the copy that an unanswered order has deployed: %s', (status, completed) => {
    const copy = revision('web-app', 12);
    const since = one({ arn: 'arn:back', taskDefinition: copy, status });
    expect(judgeSince(since, copy)).toEqual({
      kind: 'rollingBack',
      revision: copy,
      deploymentId: 'arn:back',
      completed,
    });
  });
});
