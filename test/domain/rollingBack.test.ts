import type { AppState } from '../../shared/domain/state.ts';
import { anApp, anImage, anObservedService, aStage, digestOf, MINUTE, revision, START } from '../builders.ts';

type Stage = ReturnType<typeof aStage>;

const ANN = 'ann';
const BOB = 'bob';

function rollback(stage: Stage, more: { who?: string; to?: number; tag?: string } = {}) {
  return stage.when({ type: 'operator', request: { command: 'rollback', app: 'web', who: ANN, ...more } });
}

/** ECR still has the image. */
function found(stage: Stage) {
  const [entry] = stage.pending('inspectImage');
  const { tag = '' } = entry?.effect ?? {};
  return stage.answer('inspectImage', {
    kind: 'imageInspected',
    image: anImage(tag),
    storage: 'ACTIVE',
  });
}

/** Rolls back and lets the release end; answers what the person read. */
function rolledBack(stage: Stage, more: { who?: string; to?: number } = {}): string {
  const { reason } = rollback(stage, more);
  if (stage.pending('inspectImage').length > 0) found(stage);
  stage.finish();
  return reason;
}

/** ECS shows the service so. */
function look(stage: Stage, observed: Parameters<typeof anObservedService>[1]) {
  stage.when({ type: 'deploymentEnded', service: 'web-app', deploymentId: 'ecs-svc/any' });
  const at = stage.later(1_000).now;
  const services = [anObservedService('web-app', { createdAt: at, updatedAt: at, ...observed })];
  return stage.answer('lookAtServices', { kind: 'servicesSeen', services });
}

function resume(stage: Stage) {
  stage.when({ type: 'operator', request: { command: 'resume', app: 'web', who: BOB } });
  if (stage.pending('adopt').length > 0) stage.answer('adopt', { kind: 'refused', cause: denied });
}

function cancel(stage: Stage) {
  return stage.when({ type: 'operator', request: { command: 'cancel', app: 'web', who: BOB } });
}

const denied = { kind: 'accessDenied', sentence: 'AWS refused it.', evidence: [], canHeal: false };

function said(stage: Stage, topic?: string): string {
  return stage
    .pending('announceApp')
    .filter(({ effect }) => topic === undefined || effect.topic === topic)
    .map(({ effect }) => effect.sentence)
    .join('\n');
}

/** 1.0.0 ran before Fairway; these were live after it, the last one still is. */
function lived(...tags: string[]) {
  const stage = aStage(anApp()).adopted().later(MINUTE);
  for (const tag of tags) {
    stage.later(MINUTE).push(tag);
    stage.finish();
    if (stage.state.live?.tag !== tag) throw new Error(`${tag} is not live`);
  }
  return stage;
}

describe('a second rollback at once', () => {
  it.each([['while the image is looked up'], ['while the release is open']])(
    'is answered with the first one and changes nothing: %s',
    (when) => {
      const stage = lived('1.1.0', '1.2.0');
      rollback(stage);
      if (when === 'while the release is open') found(stage);
      const before = stage.state;
      const second = rollback(stage, { who: BOB });
      expect(second.reason).toMatch(/^web is already rolling back to 1\.1\.0.*as ann asked/);
      expect(second.changed).toBe(false);
      expect(stage.state).toEqual(before);
      if (when !== 'while the release is open') found(stage);
      stage.finish();
      expect(stage.state.live?.tag).toBe('1.1.0');
      expect(stage.state.ended.map(({ image }) => image.tag)[0]).toBe('1.1.0');
    },
  );

  it('holds again where someone resumed in the meantime', () => {
    const stage = lived('1.1.0', '1.2.0');
    rollback(stage);
    found(stage);
    resume(stage);
    rollback(stage, { who: BOB });
    expect(stage.state.hold?.by).toBe(BOB);
    expect(said(stage, 'held')).toMatch(/bob/);
  });

  it('to another release is refused, with the way to do it', () => {
    const stage = lived('1.1.0', '1.2.0', '1.3.0');
    rollback(stage);
    found(stage);
    expect(rollback(stage, { to: 1 })).toMatchObject({
      refused: true,
      reason: expect.stringMatching(/already rolling back to 1\.2\.0.*fairway cancel web/),
    });
    expect(rollback(stage, { to: 2 }).refused).toBeUndefined();
  });

  it('is answered with the first one where that cancelled an open release', () => {
    const stage = lived('1.1.0');
    stage.push('1.2.0');
    stage.registered(() => ({ primary: stage.state.knownDeployments['web-app']?.[0] ?? '' })).updated();
    expect(rollback(stage).refused).toBeUndefined();
    expect(rollback(stage, { who: BOB }).reason).toMatch(/v2 is already rolling back to 1\.1\.0/);
    stage.finish();
    expect(stage.state.hold?.by).toBe(ANN);
    expect(stage.state.live?.tag).toBe('1.1.0');
  });

  it('holds the app where a failed release is already rolling back', () => {
    const stage = lived('1.1.0');
    stage.push('1.2.0');
    stage.registered(() => ({ primary: stage.state.knownDeployments['web-app']?.[0] ?? '' })).updated();
    stage.ended('web-app', 'FAILED');
    expect(rollback(stage).reason).toMatch(/v2 is already rolling back to 1\.1\.0.*web is held/);
    expect(stage.state.hold?.by).toBe(ANN);
  });

  it('lets a push wait that comes before the rollback has started', () => {
    const stage = lived('1.1.0', '1.2.0');
    rollback(stage);
    resume(stage);
    stage.when({
      type: 'imagePushed',
      tag: '1.3.0',
      digest: digestOf('1.3.0'),
      at: stage.now,
      source: 'event',
    });
    const push = stage.pending('inspectImage').find(({ effect }) => effect.trigger.kind === 'push');
    stage.when({
      type: 'answered',
      key: push?.key ?? '',
      answer: { kind: 'imageInspected', image: anImage('1.3.0'), storage: 'ACTIVE' },
    });
    expect(stage.state.release).toBeUndefined();
    found(stage);
    expect(stage.state.release?.image.tag).toBe('1.1.0');
    stage.finish();
    expect(stage.state.release?.image.tag).toBe('1.3.0');
  });
});

describe('rollbacks in turn', () => {
  it('go one live image further back each, say which, and say when there is none left', () => {
    const stage = lived('1.1.0', '1.2.0', '1.3.0');
    expect(rolledBack(stage)).toMatch(/^web rolls back to 1\.2\.0 \(v2\)/);
    expect(stage.state.live?.tag).toBe('1.2.0');
    expect(rolledBack(stage, { who: BOB })).toMatch(/^web rolls back to 1\.1\.0 \(v1\)/);
    expect(stage.state.live?.tag).toBe('1.1.0');
    expect(rolledBack(stage)).toMatch(/^web rolls back to 1\.0\.0/);
    expect(stage.state.live?.tag).toBe('1.0.0');
    const last = rollback(stage);
    expect(last.refused).toBe(true);
    expect(last.reason).toMatch(/web has no earlier image to roll back to/);
    expect(last.reason).toMatch(/1\.3\.0.*was rolled back by ann/);
  });

  it('go on from what is live after a later push', () => {
    const stage = lived('1.1.0', '1.2.0');
    rolledBack(stage);
    resume(stage);
    stage.push('1.3.0');
    stage.finish();
    expect(rolledBack(stage)).toMatch(/^web rolls back to 1\.1\.0/);
    expect(rolledBack(stage)).toMatch(/^web rolls back to 1\.0\.0/);
  });

  it('never return to an image without a release that was rolled back from', () => {
    const stage = lived('1.1.0');
    stage.when({ type: 'operator', request: { command: 'hold', app: 'web', reason: 'by hand', who: BOB } });
    stage.when({ type: 'operator', request: { command: 'resume', app: 'web', who: BOB } });
    // What someone deployed outside Fairway while the app was held is live after the resume.
    const seen = {
      service: 'web-app',
      deploymentId: stage.state.knownDeployments['web-app']?.[0] ?? '',
      taskDefinition: revision('web-app', 99),
      digest: digestOf('9.9.9'),
      tag: '9.9.9',
    };
    stage.answer('adopt', { kind: 'adopted', services: [seen] });
    expect(stage.state.live).toMatchObject({ tag: '9.9.9' });
    expect(rolledBack(stage)).toMatch(/^web rolls back to 1\.1\.0/);
    expect(rolledBack(stage)).toMatch(/^web rolls back to 1\.0\.0/);
    resume(stage);
    stage.push('9.9.9');
    expect(stage.state.release).toBeUndefined();
  });

  it('do not go forward again after a rollback to a named release', () => {
    const stage = lived('1.1.0', '1.2.0', '1.3.0');
    expect(rolledBack(stage, { to: 1 })).toMatch(/^web rolls back to 1\.1\.0 \(v1\)/);
    expect(rolledBack(stage)).toMatch(/^web rolls back to 1\.0\.0/);
  });

  it('find a named release by each number that its image was released as', () => {
    const stage = lived('1.1.0', '1.2.0');
    rolledBack(stage);
    resume(stage);
    stage.push('1.3.0');
    stage.finish();
    expect(stage.state.lastNumber).toBe(4);
    expect(rollback(stage, { to: 1 }).reason).toMatch(/^web rolls back to 1\.1\.0/);
  });

  it('warn where the named image was rolled back from, in the answer and in the channels', () => {
    const stage = lived('1.1.0', '1.2.0');
    rolledBack(stage);
    const warning = /1\.2\.0.*was rolled back by ann/;
    expect(rolledBack(stage, { who: BOB, to: 2 })).toMatch(warning);
    expect(said(stage, 'held')).toMatch(warning);
    expect(stage.state.live?.tag).toBe('1.2.0');
    expect(rollback(stage).reason).toMatch(/^web rolls back to 1\.0\.0/);
  });

  it('skip an image that ECR does not have any more', () => {
    const stage = lived('1.1.0', '1.2.0');
    rollback(stage);
    stage.answer('inspectImage', {
      kind: 'imageMissing',
      reason: 'there is no image 1.1.0 in web-app any more',
    });
    expect(stage.state.live?.tag).toBe('1.2.0');
    expect(rolledBack(stage)).toMatch(/^web rolls back to 1\.0\.0/);
  });

  it.each([
    ['return to the live image where a failed one was left running', 12, /^web rolls back to 1\.1\.0/],
    ['go further back where ECS itself has rolled back', 10, /^web rolls back to 1\.0\.0/],
  ])('%s', (_, number, where) => {
    const stage = lived('1.1.0');
    stage.configured(anApp({ onFailure: 'leave' })).push('1.2.0');
    stage.registered(() => ({ primary: stage.state.knownDeployments['web-app']?.[0] ?? '' })).updated();
    stage.ended('web-app', 'FAILED');
    const runs = revision('web-app', number);
    const services = [anObservedService('web-app', { runs, updatedAt: stage.now + 1 })];
    stage.answer('lookAtServices', { kind: 'servicesSeen', services });
    expect(stage.state.ended[0]?.end?.outcome).toBe('failed');
    expect(rollback(stage).reason).toMatch(where);
  });

  it('go on from an item of an earlier version', () => {
    // It listed the target of the rollback first.
    const { live, liveHistory, blockedImages, ...rest } = lived('1.1.0', '1.2.0').state;
    const [last, first, ...others] = liveHistory;
    if (!last || !first) throw new Error('nothing was live');
    const earlier: AppState = {
      ...rest,
      live: { ...first, release: 3 },
      liveHistory: [{ ...first, release: 3 }, last, ...others],
      blockedImages: [{ digest: last.digest, release: 2, how: 'was rolled back by ann' }, ...blockedImages],
    };
    expect(live?.tag).toBe('1.2.0');
    expect(rollback(aStage(anApp(), earlier)).reason).toMatch(/^web rolls back to 1\.0\.0/);
  });
});

describe('a rollback that does not reach its end', () => {
  function rolling() {
    const stage = lived('1.1.0', '1.2.0');
    rollback(stage);
    found(stage);
    stage.registered(() => ({ primary: stage.state.knownDeployments['web-app']?.[0] ?? '' })).updated();
    return stage;
  }

  it.each([['held'], ['resumed in the meantime']])(
    'is announced loudly where it fails, and holds: %s',
    (how) => {
      const stage = rolling();
      if (how !== 'held') resume(stage);
      stage.ended('web-app', 'FAILED');
      stage.finish();
      expect(stage.state.ended[0]).toMatchObject({ image: { tag: '1.1.0' }, end: { outcome: 'failed' } });
      expect(said(stage, 'rollbackFailed')).toMatch(
        /^The rollback of web to 1\.1\.0 \(v3\) failed: 1\.2\.0, the image that was rolled back from, runs again\./,
      );
      expect(stage.pending('announceApp').at(-1)?.effect.severity).toBe('failure');
      expect(stage.state.hold?.reason).toMatch(/1\.2\.0, the image that was rolled back from, runs again/);
      expect(rollback(stage).reason).toMatch(/^web rolls back to 1\.0\.0/);
    },
  );

  it('is announced loudly where it is cancelled, and holds; its target is not to blame', () => {
    const stage = rolling();
    resume(stage);
    expect(cancel(stage).reason).toMatch(/1\.2\.0, the image that was rolled back from, will run again/);
    stage.finish();
    expect(said(stage, 'rollbackFailed')).toMatch(
      /^The rollback of web to 1\.1\.0 \(v3\) was canceled: 1\.2\.0, the image that was rolled back from, runs again\./,
    );
    expect(stage.state.hold?.reason).toMatch(/runs again/);
    expect(rollback(stage).reason).toMatch(/^web rolls back to 1\.1\.0/);
  });

  it('is announced loudly where it is cancelled, and was to replace a failed image that was left running', () => {
    const stage = lived('1.1.0');
    stage.configured(anApp({ onFailure: 'leave' })).push('1.2.0');
    const primary = () => ({ primary: stage.state.knownDeployments['web-app']?.[0] ?? '' });
    stage.registered(primary).updated().ended('web-app', 'FAILED');
    const services = [
      anObservedService('web-app', { runs: revision('web-app', 12), updatedAt: stage.now + 1 }),
    ];
    stage.answer('lookAtServices', { kind: 'servicesSeen', services });
    stage.configured(anApp());
    rollback(stage);
    found(stage);
    stage.registered(primary).updated();
    expect(cancel(stage).reason).toMatch(/1\.2\.0, the image that was rolled back from, will run again/);
    stage.finish();
    expect(said(stage, 'rollbackFailed')).toMatch(
      /^The rollback of web to 1\.1\.0 \(v3\) was canceled: 1\.2\.0, the image that was rolled back from, runs again\./,
    );
    expect(stage.state.hold?.reason).toMatch(/runs again/);
  });

  it('is announced loudly where a person stops it in ECS', () => {
    const stage = rolling();
    const { target = '', before } = stage.state.release?.services[0] ?? {};
    const earlier = { primary: before?.deploymentId ?? '', runs: before?.taskDefinition ?? '' };
    look(stage, { ...earlier, createdAt: 0, reason: 'ECS deployment ecs-svc/2 in progress.' });
    const monitors = { breaker: false, alarms: [], watched: false };
    const stopped = { arn: 'arn:ours', taskDefinition: target, words: [], ...monitors, status: 'STOPPED' };
    stage.answer('readServiceDeployments', { kind: 'serviceDeploymentsRead', deployments: [stopped] });
    stage.finish();
    expect(stage.state.ended[0]?.end?.outcome).toBe('superseded');
    expect(said(stage, 'rollbackFailed')).toMatch(
      /^The rollback of web to 1\.1\.0 \(v3\) was stopped in ECS by a person: 1\.2\.0, the image that was rolled back from, runs again\./,
    );
    expect(stage.state.hold).toBeDefined();
  });

  it('is announced where someone deploys over it outside Fairway, without a word on what that is', () => {
    const stage = rolling();
    look(stage, { primary: 'ecs-svc/theirs', runs: revision('web-app', 99) });
    expect(stage.state.ended[0]?.end?.outcome).toBe('superseded');
    expect(said(stage, 'rollbackFailed')).toMatch(
      /^The rollback of web to 1\.1\.0 \(v3\) was stopped in ECS by a person: services may run 1\.2\.0, the image that was rolled back from: check them at once\./,
    );
  });

  it('keeps its target for the next rollback where someone deploys over it', () => {
    const stage = rolling();
    look(stage, { primary: 'ecs-svc/theirs', runs: revision('web-app', 99) });
    expect(rollback(stage).reason).toMatch(/^web rolls back to 1\.1\.0/);
  });

  it('goes further back next time where its image is archived', () => {
    const stage = lived('1.1.0', '1.2.0');
    rollback(stage);
    stage.answer('inspectImage', { kind: 'imageInspected', image: anImage('1.1.0'), storage: 'ARCHIVED' });
    expect(rollback(stage).reason).toMatch(/^web rolls back to 1\.0\.0/);
  });

  it('says "still" where nothing was changed', () => {
    const stage = lived('1.1.0', '1.2.0');
    rollback(stage);
    found(stage);
    cancel(stage);
    expect(said(stage, 'rollbackFailed')).toMatch(/1\.2\.0, the image that was rolled back from, still runs/);
  });

  it('is cancelled while its image is looked up: the hold stays, and that is announced', () => {
    const stage = lived('1.1.0', '1.2.0');
    rollback(stage);
    expect(cancel(stage).refused).toBeUndefined();
    expect(stage.pending('inspectImage')).toEqual([]);
    expect(said(stage, 'rollbackFailed')).toMatch(
      /^The rollback of web to 1\.1\.0, requested by ann, was canceled by bob: 1\.2\.0, the image that was rolled back from, still runs\. web stays held\./,
    );
    expect(stage.state.hold?.by).toBe(ANN);
    expect(stage.state.blockedImages).toEqual([]);
  });

  it('is not stopped by a resume that discards what waits', () => {
    const stage = lived('1.1.0', '1.2.0');
    rollback(stage);
    const request = { command: 'resume', app: 'web', who: BOB, discardWaiting: true } as const;
    stage.when({ type: 'operator', request });
    found(stage);
    expect(stage.state.release?.image.tag).toBe('1.1.0');
  });

  it('says so where a second rollback comes while the bad image is on its way back', () => {
    const stage = rolling();
    stage.ended('web-app', 'FAILED');
    expect(rollback(stage, { who: BOB })).toMatchObject({
      refused: true,
      reason: expect.stringMatching(/v3.*failed.*1\.2\.0.*once it has ended/),
    });
  });
});

describe('a rollback to the image that is live', () => {
  /** ECS shows what the service runs once the rollback has started. */
  function shown(stage: Stage, observed: Parameters<typeof anObservedService>[1]) {
    found(stage);
    const services = [anObservedService('web-app', { updatedAt: stage.now + 1, ...observed })];
    return stage.answer('lookAtServices', { kind: 'servicesSeen', services });
  }

  const known = ({ state }: Stage) => state.knownDeployments['web-app']?.[0] ?? '';

  it.each<[string, string, Stage, { to?: number; tag?: string }]>([
    ['which was released', '1.2.0 (v2)', lived('1.1.0', '1.2.0'), { to: 2 }],
    ['which ran before Fairway', '1.0.0 (from before Fairway)', lived(), { tag: '1.0.0' }],
    [
      'of an app whose revisions are made from the newest ones',
      '1.1.0 (v1)',
      lived('1.1.0').configured(anApp({ baseRevision: 'latest' })),
      { to: 1 },
    ],
  ])('changes nothing where every service runs it, and holds: %s', (_, name, stage, target) => {
    const [tag = ''] = name.split(' ');
    expect(rollback(stage, target).reason).toBe(
      `web rolls back to ${name} and is held. ${tag} is live already: if every service still runs it, nothing is changed.`,
    );
    expect(said(stage, 'held')).toContain(`${tag} is live already`);
    shown(stage, { primary: known(stage) });
    expect(stage.state.ended[0]?.end).toMatchObject({
      outcome: 'live',
      reason: 'every service runs this image already: nothing was changed',
    });
    expect(stage.pending('readBases')).toEqual([]);
    expect(stage.state).toMatchObject({ hold: { by: ANN }, live: { tag } });
  });

  it.each([
    ['whose event has not arrived', undefined],
    // It was judged while v2 rolled, so that it is older than the success of v2.
    ['that was judged before the image went live', 'ecs-svc/theirs'],
  ])('replaces what was deployed outside Fairway, %s', (_, judged) => {
    const { state } = lived('1.1.0', '1.2.0');
    const ours = state.knownDeployments['web-app'] ?? [];
    const knownDeployments = { 'web-app': judged === undefined ? ours : [judged, ...ours] };
    const stage = aStage(anApp(), { ...state, knownDeployments }).later(60 * MINUTE);
    rollback(stage, { to: 2 });
    shown(stage, { primary: 'ecs-svc/theirs', createdAt: START });
    expect(stage.pending('readBases')).toHaveLength(1);
  });

  it('replaces another image that a service runs, as last proven', () => {
    const { state } = lived('1.1.0', '1.2.0');
    const stage = aStage(anApp(), { ...state, liveDigests: { 'web-app': digestOf('9.9.9') } });
    rollback(stage.later(60 * MINUTE), { to: 2 });
    shown(stage, { primary: known(stage) });
    expect(stage.pending('readBases')).toHaveLength(1);
  });

  it('is no word of the live image where it replaces a failed one that was left running', () => {
    const stage = lived('1.1.0').configured(anApp({ onFailure: 'leave' }));
    stage.push('1.2.0');
    stage.registered(() => ({ primary: known(stage) })).updated();
    const createdAt = stage.now + 1;
    stage.ended('web-app', 'FAILED');
    const runs = revision('web-app', 12);
    const services = [anObservedService('web-app', { runs, updatedAt: createdAt })];
    stage.answer('lookAtServices', { kind: 'servicesSeen', services });
    expect(rollback(stage).reason).toBe('web rolls back to 1.1.0 (v1) and is held.');
    shown(stage, { primary: 'ecs-svc/v2-web-app', runs, createdAt });
    expect(stage.pending('readBases')).toHaveLength(1);
  });
});
