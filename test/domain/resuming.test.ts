import { anApp, anObservedService, aStage, digestOf, MINUTE, revision } from '../builders.ts';

const who = 'arn:aws:iam::123456789012:user/op';
const theirs = {
  service: 'web-app',
  deploymentId: 'ecs-svc/theirs',
  taskDefinition: revision('web-app', 99),
};
const asBefore = {
  service: 'web-app',
  deploymentId: 'ecs-svc/1',
  taskDefinition: revision('web-app', 10),
  digest: digestOf('1.0.0'),
};

function resume(stage: ReturnType<typeof aStage>) {
  return stage.when({ type: 'operator', request: { command: 'resume', app: 'web', who } });
}

describe('resume', () => {
  /** Held by a person; 1.1.0 waits. */
  function waiting() {
    const stage = aStage(anApp()).adopted().later(MINUTE);
    stage.when({ type: 'operator', request: { command: 'hold', app: 'web', reason: 'incident', who } });
    stage.push('1.1.0');
    return stage;
  }

  it('looks at what runs before it starts what waits', () => {
    const stage = waiting();
    resume(stage);
    expect(stage.state.release).toBeUndefined();
    stage.answer('adopt', { kind: 'adopted', services: [asBefore] });
    expect(stage.state.release?.image.tag).toBe('1.1.0');
  });

  it('starts nothing over a deployment that no one has judged yet', () => {
    const stage = waiting();
    resume(stage);
    stage.answer('adopt', {
      kind: 'adopted',
      services: [{ ...theirs, digest: digestOf('9.9.9') }],
    });
    expect(stage.state.release).toBeUndefined();
    expect(stage.state.hold?.by).toBe('Fairway');
    expect(stage.state.waiting?.image.tag).toBe('1.1.0');
  });

  it('starts what waits also where the services may not be read', () => {
    const stage = waiting();
    resume(stage);
    const cause = { kind: 'accessDenied', sentence: 'AWS refused it.', evidence: [], canHeal: false };
    stage.answer('adopt', { kind: 'refused', cause });
    expect(stage.state.release?.image.tag).toBe('1.1.0');
  });
});

describe('a deployment outside Fairway that ended a release', () => {
  /** 1.1.0 was rolling; someone deployed web-app:99. */
  function superseded() {
    const stage = aStage(anApp()).adopted().later(MINUTE).prepared('1.1.0').updated();
    stage.ended('web-app', 'IN_PROGRESS', {
      primary: theirs.deploymentId,
      runs: theirs.taskDefinition,
      overrides: {},
    });
    expect(stage.state.ended[0]?.end?.outcome).toBe('superseded');
    expect(stage.state.hold?.by).toBe('Fairway');
    return stage;
  }

  it('does not hold the app a second time: one resume is enough', () => {
    const stage = superseded();
    stage.push('1.2.0');
    resume(stage);
    stage.answer('adopt', { kind: 'adopted', services: [{ ...theirs, digest: digestOf('9.9.9') }] });
    expect(stage.state.hold).toBeUndefined();
    expect(stage.state.live?.digest).toBe(digestOf('9.9.9'));
    expect(stage.state.release?.image.tag).toBe('1.2.0');
  });

  it('does not hold the app again when its end is reported', () => {
    const stage = superseded();
    resume(stage);
    stage.answer('adopt', { kind: 'adopted', services: [{ ...theirs, digest: digestOf('9.9.9') }] });
    stage.when({ type: 'deploymentEnded', service: 'web-app', deploymentId: theirs.deploymentId });
    expect(stage.pending('adopt')).toEqual([]);
    expect(stage.state.hold).toBeUndefined();
  });

  it('does not hold the app again where it was found by a repeated UpdateService', () => {
    const stage = aStage(anApp()).adopted().later(MINUTE).prepared('1.1.0');
    stage.answer('updateService', { kind: 'foreign', ...theirs });
    expect(stage.state.hold?.by).toBe('Fairway');
    resume(stage);
    stage.answer('adopt', { kind: 'adopted', services: [{ ...theirs, digest: digestOf('9.9.9') }] });
    expect(stage.state.hold).toBeUndefined();
  });

  it.each(['of the answer to its order', 'of a look'])(
    'does not hold the app again where it came during a rollback and was found by means %s',
    (how) => {
      const stage = aStage(anApp()).adopted().later(MINUTE).prepared('1.1.0').updated();
      stage.when({ type: 'operator', request: { command: 'cancel', app: 'web', who } });
      if (how === 'of a look') {
        const deploymentId = 'ecs-svc/back';
        const order = { revision: revision('web-app', 10), deploymentId, completed: false };
        stage.answer('rollBack', { kind: 'rollingBack', ...order });
        stage.when({ type: 'deploymentEnded', service: 'web-app', deploymentId: theirs.deploymentId });
        const observed = anObservedService('web-app', {
          primary: theirs.deploymentId,
          runs: theirs.taskDefinition,
        });
        stage.answer('lookAtServices', { kind: 'servicesSeen', services: [observed] });
      } else {
        stage.answer('rollBack', { kind: 'foreign', ...theirs });
      }
      expect(stage.state.ended[0]?.end).toBeDefined();
      expect(stage.state.hold?.by).toBe('Fairway');
      resume(stage);
      stage.answer('adopt', { kind: 'adopted', services: [{ ...theirs, digest: digestOf('9.9.9') }] });
      expect(stage.state.hold).toBeUndefined();
    },
  );
});
