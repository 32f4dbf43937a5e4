import type { App } from '../../shared/domain/app.ts';
import type { OperatorRequest } from '../../shared/domain/operator.ts';
import { anApp, anImage, aStage, aTask, digestOf, MINUTE, revision } from '../builders.ts';

/** The live image once more: a restart, and settings that start a deployment. */

type Stage = ReturnType<typeof aStage>;
type Asked = Omit<Extract<OperatorRequest, { command: 'deploy' }>, 'command' | 'app' | 'who'>;

const NETWORK = { 'web-app': { to: '{"platformVersion":"1.4.0"}', from: '{"platformVersion":"LATEST"}' } };

function ask(stage: Stage, more: Asked) {
  return stage.when({ type: 'operator', request: { command: 'deploy', app: 'web', who: 'ann', ...more } });
}

/** ECR shows the image that was asked for. */
function found(stage: Stage, tag: string) {
  return stage.answer('inspectImage', { kind: 'imageInspected', image: anImage(tag), storage: 'ACTIVE' });
}

/** 1.0.0 is live, and the services run it by its digest. */
function adopted(app: App = anApp()): Stage {
  return aStage(app).adopted().later(MINUTE);
}

function prepared(stage: Stage): Stage {
  return stage.registered(() => ({}), { runs: digestOf('1.0.0') });
}

describe('a restart', () => {
  function restarted(app?: App): Stage {
    const stage = adopted(app);
    ask(stage, { live: true, restart: true });
    found(stage, '1.0.0');
    return stage;
  }

  it('looks the live image up by its digest, whatever its tag names by now', () => {
    const stage = adopted();
    expect(ask(stage, { live: true, restart: true }).reason).toBe('web will be restarted with 1.0.0');
    expect(stage.pending('inspectImage')[0]?.effect).toMatchObject({ digest: digestOf('1.0.0') });
  });

  it('rolls a new revision of the image that runs already', () => {
    const stage = prepared(restarted());
    expect(stage.pending('updateService')[0]?.effect).toMatchObject({ revision: revision('web-app', 11) });
    stage.finish();
    expect(stage.state.ended[0]).toMatchObject({
      end: { outcome: 'live' },
      trigger: { kind: 'deploy', live: true, restart: true, who: 'ann' },
    });
    expect(stage.state.live).toMatchObject({ tag: '1.0.0' });
  });

  it('runs no migration: the one of the live image has run', () => {
    const stage = prepared(restarted(anApp({ before: [aTask('db-migrate')], after: [aTask('smoke-test')] })));
    expect(stage.state.runs.map(({ task }) => task)).toEqual(['smoke-test']);
  });

  it('is for what is live when its turn has come', () => {
    const stage = adopted().prepared('1.1.0').updated();
    ask(stage, { live: true, restart: true });
    found(stage, '1.0.0');
    stage.finish();
    expect(stage.state.live).toMatchObject({ tag: '1.1.0' });
    expect(stage.state.release).toBeUndefined();
    expect(stage.pending('inspectImage')[0]?.effect).toMatchObject({ digest: digestOf('1.1.0') });
    found(stage, '1.1.0');
    expect(stage.state.release).toMatchObject({ image: { tag: '1.1.0' }, trigger: { restart: true } });
  });

  it('is refused while the app is held, and passes the hold with a reason', () => {
    const stage = adopted();
    stage.when({
      type: 'operator',
      request: { command: 'hold', app: 'web', reason: 'incident', who: 'bob' },
    });
    const refused = ask(stage, { live: true, restart: true });
    expect(refused).toMatchObject({ refused: true });
    expect(refused.reason).toContain('or `fairway restart web --despite-hold --reason …`');
    ask(stage, { live: true, restart: true, despiteHold: true, reason: 'leaks memory' });
    found(stage, '1.0.0');
    expect(stage.state.release?.trigger).toMatchObject({
      restart: true,
      despiteHold: { reason: 'leaks memory' },
    });
  });

  it('changes nothing where nothing has to be new', () => {
    const stage = adopted();
    ask(stage, { live: true });
    found(stage, '1.0.0');
    prepared(stage);
    expect(stage.pending('updateService')).toEqual([]);
    expect(stage.state.ended[0]?.end?.reason).toContain('nothing was changed');
  });
});

describe('changed settings', () => {
  function ordered(): Stage {
    const stage = adopted();
    ask(stage, { live: true, settings: NETWORK });
    found(stage, '1.0.0');
    return prepared(stage);
  }

  it('go to ECS with the new revision, and are not kept after that', () => {
    const stage = ordered();
    expect(stage.pending('updateService')[0]?.effect).toMatchObject({ settings: NETWORK['web-app'].to });
    stage.finish();
    expect(stage.state.ended[0]?.end?.outcome).toBe('live');
    expect(JSON.stringify(stage.state.ended)).not.toContain('platformVersion');
  });

  it('are rolled back to what the service had before, and do not block the live image', () => {
    const stage = ordered().updated();
    stage.ended('web-app', 'FAILED');
    expect(stage.pending('rollBack')[0]?.effect).toMatchObject({
      revision: revision('web-app', 10),
      settings: NETWORK['web-app'].from,
    });
    stage.finish();
    expect(stage.state.ended[0]?.end?.outcome).toBe('failed');
    expect(stage.state.blockedImages).toEqual([]);
    expect(stage.state.live).toMatchObject({ tag: '1.0.0' });
  });

  it('wait in place of an order of the same image, whose person is notified', () => {
    const stage = adopted().prepared('1.1.0').updated();
    ask(stage, { live: true, restart: true });
    found(stage, '1.0.0');
    ask(stage, { live: true, settings: NETWORK });
    found(stage, '1.0.0');
    expect(stage.state.ordered?.trigger).toMatchObject({ settings: NETWORK });
    ask(stage, { live: true, settings: { 'web-app': { ...NETWORK['web-app'], from: '{}' } } });
    found(stage, '1.0.0');
    expect(JSON.stringify(stage.state.outbox)).toContain('without the changes that `fairway apply` ordered');
  });

  it('are another order than a restart of the same person while ECR does not answer', () => {
    const stage = adopted();
    ask(stage, { live: true, restart: true });
    ask(stage, { live: true, settings: NETWORK });
    const triggers = stage
      .pending('inspectImage')
      .map(({ effect }) => ('trigger' in effect ? effect.trigger : undefined));
    expect(triggers).toMatchObject([{ restart: true }, { settings: NETWORK }]);
  });

  it('start a separate release beside one of the same image', () => {
    const stage = adopted();
    ask(stage, { live: true, restart: true });
    found(stage, '1.0.0');
    ask(stage, { live: true, settings: NETWORK });
    found(stage, '1.0.0');
    expect(stage.state.ordered?.trigger).toMatchObject({ settings: NETWORK });
  });

  it.each([
    ['of a service that the app does not have', { other: NETWORK['web-app'] }, 'web has no service other'],
    [
      'that start no deployment',
      { 'web-app': { to: '{"desiredCount":9}', from: '{}' } },
      'a release does not change desiredCount of a service',
    ],
    [
      'that are too large for the item',
      { 'web-app': { to: `{"volumeConfigurations":"${'x'.repeat(12_000)}"}`, from: '{}' } },
      'at most 12000 are ordered at once: apply fewer services with --only',
    ],
    [
      'with a secret',
      { 'web-app': { to: '{"serviceConnectConfiguration":{"password":"hunter2hunter2"}}', from: '{}' } },
      'the settings of web-app contain what looks like a secret: change them by hand',
    ],
  ])('%s are refused', (_, settings, why) => {
    const answer = ask(adopted(), { live: true, settings });
    expect(answer).toMatchObject({ refused: true });
    expect(answer.reason).toContain(why);
  });
});
