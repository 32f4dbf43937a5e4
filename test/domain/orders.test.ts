import type { OperatorRequest } from '../../shared/domain/operator.ts';
import type { AppState } from '../../shared/domain/state.ts';
import { anApp, anImage, aStage, digestOf, MINUTE, revision } from '../builders.ts';

type Stage = ReturnType<typeof aStage>;
type Asked = Omit<Extract<OperatorRequest, { command: 'deploy' }>, 'command' | 'app'>;

const ANN = 'ann';
const BOB = 'bob';

function deploy(stage: Stage, tag: string, more: Partial<Asked> = {}) {
  return stage.when({ type: 'operator', request: { command: 'deploy', app: 'web', tag, who: ANN, ...more } });
}

function hold(stage: Stage, reason = 'incident') {
  return stage.when({ type: 'operator', request: { command: 'hold', app: 'web', reason, who: BOB } });
}

/** Resumes the app; ECS then shows what Fairway has deployed last. */
function resume(stage: Stage, more: { discardWaiting?: true } = {}) {
  const answer = stage.when({
    type: 'operator',
    request: { command: 'resume', app: 'web', who: BOB, ...more },
  });
  if (!answer.refused && !stage.state.release) lookAtWhatRuns(stage);
  return answer;
}

function lookAtWhatRuns(stage: Stage) {
  const seen = {
    service: 'web-app',
    deploymentId: stage.state.knownDeployments['web-app']?.[0] ?? 'ecs-svc/1',
    taskDefinition: revision('web-app', 10),
    digest: stage.state.live?.digest ?? '',
  };
  return stage.answer('adopt', { kind: 'adopted', services: [seen] });
}

function cancel(stage: Stage) {
  return stage.when({ type: 'operator', request: { command: 'cancel', app: 'web', who: BOB } });
}

/** ECR answers the look-up that was asked by a push, or by a person. */
function found(stage: Stage, by: 'push' | 'deploy' | 'rollback', tag: string, digest = digestOf(tag)) {
  const entry = stage.pending('inspectImage').find(({ effect }) => effect.trigger.kind === by);
  if (!entry) throw new Error(`no look-up by ${by} is pending`);
  const image = { ...anImage(tag, { pushedAt: stage.now }), digest };
  return stage.when({
    type: 'answered',
    key: entry.key,
    answer: { kind: 'imageInspected', image, storage: 'ACTIVE' },
  });
}

function pushEvent(stage: Stage, tag: string, digest = digestOf(tag)) {
  return stage.when({ type: 'imagePushed', tag, digest, at: stage.now, source: 'event' });
}

function said(stage: Stage): string {
  return stage
    .pending('announceApp')
    .map(({ effect }) => effect.sentence)
    .join('\n');
}

/** The last ledger entry of a tag. */
function ledger(stage: Stage, tag: string) {
  return stage.pending('recordPush').findLast(({ effect }) => effect.entry.tag === tag)?.effect.entry;
}

/** Every ECS step of the open release succeeds. */
function goLive(stage: Stage) {
  const tag = stage.state.release?.image.tag;
  stage.finish();
  if (stage.state.ended[0]?.image.tag !== tag || stage.state.ended[0]?.end?.outcome !== 'live')
    throw new Error(`${tag} did not go live`);
  return stage;
}

/** v1 brings 1.2.0 and is still rolling. */
function rolling() {
  return aStage(anApp()).adopted().later(MINUTE).prepared('1.2.0').updated();
}

describe('a deploy by a person that waits behind an open release', () => {
  function waiting() {
    const stage = rolling();
    deploy(stage, '1.0.5');
    found(stage, 'deploy', '1.0.5');
    return stage;
  }

  it('starts when that release has ended', () => {
    const stage = goLive(waiting());
    expect(stage.state.release).toMatchObject({
      image: { tag: '1.0.5' },
      trigger: { kind: 'deploy', who: ANN },
    });
  });

  it('does not start while the app is held, is announced as waiting, and starts at resume', () => {
    const stage = waiting();
    hold(stage);
    expect(said(stage)).toMatch(/1\.0\.5, requested by ann, waits.*held by bob.*incident/);
    goLive(stage);
    expect(stage.state.release).toBeUndefined();
    expect(ledger(stage, '1.0.5')).toMatchObject({
      outcome: 'waiting',
      reason: 'the app is held by bob: incident',
    });
    const answer = resume(stage);
    expect(answer.reason).toBe('web is resumed: 1.0.5, requested by ann, starts after a look at what runs');
    expect(said(stage)).toMatch(
      /bob resumed web: 1\.0\.5, requested by ann, starts after a look at what runs/,
    );
    expect(stage.state.release?.image.tag).toBe('1.0.5');
  });

  it('does not start after a rollback by hand before the app is resumed', () => {
    const stage = waiting();
    stage.when({ type: 'operator', request: { command: 'rollback', app: 'web', who: BOB } });
    expect(said(stage)).toMatch(/1\.0\.5, requested by ann, waits/);
    stage.answer('rollBack', {
      kind: 'rollingBack',
      revision: revision('web-app', 10),
      deploymentId: 'ecs-svc/back',
      completed: true,
    });
    expect(stage.state.ended[0]?.end?.outcome).toBe('rolledBack');
    expect(stage.state.release).toBeUndefined();
    expect(stage.state.ordered?.image.tag).toBe('1.0.5');
  });

  it('does not start after a release that failed and holds the app', () => {
    const stage = aStage(anApp({ onFailure: 'leave' }))
      .adopted()
      .later(MINUTE)
      .prepared('1.2.0')
      .updated();
    deploy(stage, '1.0.5');
    found(stage, 'deploy', '1.0.5');
    stage.ended('web-app', 'FAILED');
    stage.finish();
    expect(stage.state.hold?.by).toBe('Fairway');
    expect(stage.state.release).toBeUndefined();
    expect(said(stage)).toMatch(/1\.0\.5, requested by ann, waits/);
  });

  it('is carried out before a push that came later, and the push has its turn after it', () => {
    const stage = waiting();
    stage.push('1.3.0');
    goLive(stage);
    expect(stage.state.release?.image.tag).toBe('1.0.5');
    goLive(stage);
    expect(stage.state.release).toMatchObject({ image: { tag: '1.3.0' }, trigger: { kind: 'push' } });
  });

  it('lets a newer push that waited before it keep its turn, and says so', () => {
    const stage = rolling();
    stage.push('1.3.0');
    expect(deploy(stage, '1.0.5').reason).toMatch(/after v1.*1\.3\.0.*waits.*after that/);
    found(stage, 'deploy', '1.0.5');
    goLive(stage);
    expect(stage.state.release?.image.tag).toBe('1.0.5');
    goLive(stage);
    expect(stage.state.release?.image.tag).toBe('1.3.0');
    goLive(stage);
    expect(stage.state.live?.tag).toBe('1.3.0');
  });

  it('gives way to a later order by another person, and the first person is notified', () => {
    const stage = waiting();
    deploy(stage, '1.0.6', { who: BOB });
    found(stage, 'deploy', '1.0.6');
    expect(said(stage)).toMatch(/ann asked to deploy 1\.0\.5 to web: 1\.0\.6, requested by bob, replaces it/);
    expect(ledger(stage, '1.0.5')).toMatchObject({
      outcome: 'superseded',
      reason: expect.stringMatching(/1\.0\.6, requested by bob/),
    });
    goLive(stage);
    expect(stage.state.release?.image.tag).toBe('1.0.6');
  });

  it('of the same image as a later one is carried out, and the later person is notified', () => {
    const stage = waiting();
    deploy(stage, '1.0.5', { who: BOB });
    found(stage, 'deploy', '1.0.5');
    expect(said(stage)).toBe(
      'bob asked to deploy 1.0.5 to web: the same image waits as 1.0.5, requested by ann.',
    );
    goLive(stage);
    expect(stage.state.release?.trigger).toEqual({ kind: 'deploy', who: ANN });
    goLive(stage);
    expect(stage.state.release).toBeUndefined();
  });

  it('of the same image gives way to a later one that passes the hold', () => {
    const stage = waiting();
    hold(stage);
    deploy(stage, '1.0.5', { who: BOB, despiteHold: true, reason: 'the fix' });
    found(stage, 'deploy', '1.0.5');
    expect(said(stage)).toMatch(
      /ann asked to deploy 1\.0\.5 to web: the same image waits as .* requested by bob/,
    );
    goLive(stage);
    expect(stage.state.release?.trigger).toMatchObject({ who: BOB });
  });

  it('is rejected by cancel once nothing is open, and the person is notified', () => {
    const stage = waiting();
    hold(stage);
    goLive(stage);
    expect(cancel(stage).reason).toMatch(/1\.0\.5/);
    expect(ledger(stage, '1.0.5')).toMatchObject({ outcome: 'rejected' });
    expect(said(stage)).toMatch(/bob canceled 1\.0\.5, requested by ann/);
    resume(stage);
    expect(stage.state.release).toBeUndefined();
  });

  it('was kept with the pushes by earlier versions: it is still an order, and a hold stops it', () => {
    const { ordered, ...rest } = waiting().state;
    if (!ordered) throw new Error('nothing waits');
    const earlier: AppState = { ...rest, waiting: ordered };
    const stage = aStage(anApp(), earlier).later(2 * MINUTE);
    stage.push('1.3.0');
    hold(stage);
    goLive(stage);
    expect(stage.state.release).toBeUndefined();
    resume(stage);
    expect(stage.state.release?.image.tag).toBe('1.0.5');
    goLive(stage);
    expect(stage.state.release?.image.tag).toBe('1.3.0');
  });
});

describe('a deploy by a person, between the request and the answer about its image', () => {
  it('waits when the app is held meanwhile, and that is announced', () => {
    const stage = aStage(anApp()).adopted().later(MINUTE);
    deploy(stage, '1.0.5');
    hold(stage);
    found(stage, 'deploy', '1.0.5');
    expect(stage.state.release).toBeUndefined();
    expect(said(stage)).toMatch(/1\.0\.5, requested by ann, waits.*held by bob/);
    expect(resume(stage).reason).toBe(
      'web is resumed: 1.0.5, requested by ann, starts after a look at what runs',
    );
    expect(stage.state.release?.image.tag).toBe('1.0.5');
  });

  it('is cancelled by cancel, and the person is notified', () => {
    const stage = aStage(anApp()).adopted().later(MINUTE);
    deploy(stage, '1.0.5');
    expect(cancel(stage).refused).toBeUndefined();
    expect(stage.pending('inspectImage')).toEqual([]);
    expect(said(stage)).toMatch(/bob canceled 1\.0\.5, requested by ann/);
  });

  it.each([['push first'], ['deploy first']])('is not lost in a push of the same tag: %s', (order) => {
    const stage = aStage(anApp()).adopted().later(MINUTE);
    const acts = [() => pushEvent(stage, '1.3.0'), () => deploy(stage, '1.3.0')];
    for (const act of order === 'push first' ? acts : acts.toReversed()) act();
    found(stage, 'push', '1.3.0');
    expect(stage.state.release?.trigger).toEqual({ kind: 'push' });
    found(stage, 'deploy', '1.3.0');
    expect(said(stage)).toMatch(/ann asked to deploy 1\.3\.0 to web: .*being released as v1/);
    goLive(stage);
    expect(stage.state.release).toBeUndefined();
  });

  it('tries an image again that had failed, though the same tag is pushed again at that moment', () => {
    const stage = rolling();
    stage.ended('web-app', 'FAILED');
    stage.finish();
    expect(stage.state.blockedImages[0]?.digest).toBe(digestOf('1.2.0'));
    deploy(stage, '1.2.0');
    pushEvent(stage, '1.2.0');
    found(stage, 'push', '1.2.0');
    expect(stage.state.release).toBeUndefined();
    found(stage, 'deploy', '1.2.0');
    expect(stage.state.release?.trigger).toEqual({ kind: 'deploy', who: ANN });
  });

  it('continues a look-up that an earlier version had asked for', () => {
    const stage = aStage(anApp()).adopted().later(MINUTE);
    const trigger = { kind: 'deploy', who: ANN } as const;
    const effect = { kind: 'inspectImage', tag: '1.3.0', trigger, source: 'operator' } as const;
    const entry = { key: 'inspect:1.3.0', effect, attempt: 0, since: stage.now };
    const again = aStage(anApp(), { ...stage.state, outbox: [...stage.state.outbox, entry] });
    pushEvent(again, '1.3.0');
    found(again, 'deploy', '1.3.0');
    expect(again.state.release?.trigger).toEqual(trigger);
    found(again, 'push', '1.3.0');
    expect(again.pending('inspectImage')).toEqual([]);
  });
});

describe('a deploy of the image that is being released', () => {
  it('is answered with the release, and starts no second one', () => {
    const stage = rolling();
    expect(deploy(stage, '1.2.0').reason).toMatch(/being released as v1/);
    found(stage, 'deploy', '1.2.0');
    expect(said(stage)).toMatch(/ann asked to deploy 1\.2\.0 to web: .*being released as v1/);
    goLive(stage);
    expect(stage.state.release).toBeUndefined();
    expect(stage.state.lastNumber).toBe(1);
  });
});

describe('an image that waits as a push and is ordered by a person', () => {
  it('is released once', () => {
    const stage = rolling();
    stage.push('1.3.0');
    deploy(stage, '1.3.0');
    found(stage, 'deploy', '1.3.0');
    goLive(stage);
    expect(stage.state.release?.trigger).toEqual({ kind: 'deploy', who: ANN });
    expect(ledger(stage, '1.3.0')).toMatchObject({ outcome: 'releasing', release: 2 });
    goLive(stage);
    expect(stage.state.release).toBeUndefined();
    expect(ledger(stage, '1.3.0')).toMatchObject({ outcome: 'live', release: 2 });
  });
});

describe('a deploy while the app is held', () => {
  function held() {
    const stage = aStage(anApp()).adopted().later(MINUTE);
    hold(stage);
    return stage;
  }

  it('is refused, and says how to get past the hold', () => {
    const stage = held();
    const answer = deploy(stage, '1.0.5');
    expect(answer.refused).toBe(true);
    expect(answer.reason).toMatch(/held by bob.*incident.*fairway resume web.*--despite-hold --reason/);
  });

  it('starts with --despite-hold, is announced with its reason, and the hold stays', () => {
    const stage = held();
    const answer = deploy(stage, '1.0.5', { despiteHold: true, reason: 'the fix of the incident' });
    expect(answer.refused).toBeUndefined();
    expect(said(stage)).toMatch(
      /ann deploys 1\.0\.5 to web despite the hold by bob \(incident\): the fix of the incident\. web stays held/,
    );
    found(stage, 'deploy', '1.0.5');
    expect(stage.state.release?.image.tag).toBe('1.0.5');
    goLive(stage);
    expect(stage.state.hold).toMatchObject({ by: BOB, reason: 'incident' });
    stage.push('1.3.0');
    expect(stage.state.release).toBeUndefined();
  });

  it('with --despite-hold waits for the open release, and then starts on the held app', () => {
    const stage = rolling();
    hold(stage);
    deploy(stage, '1.0.5', { despiteHold: true, reason: 'the fix' });
    found(stage, 'deploy', '1.0.5');
    expect(stage.state.release?.number).toBe(1);
    goLive(stage);
    expect(stage.state.release?.image.tag).toBe('1.0.5');
    expect(stage.state.hold?.by).toBe(BOB);
  });

  it('with --despite-hold does not pass a later hold, which the person did not know of', () => {
    const stage = rolling();
    hold(stage);
    deploy(stage, '1.0.5', { despiteHold: true, reason: 'the fix' });
    found(stage, 'deploy', '1.0.5');
    stage.later(MINUTE);
    resume(stage);
    hold(stage, 'another incident');
    goLive(stage);
    expect(stage.state.release).toBeUndefined();
    expect(said(stage)).toMatch(/1\.0\.5, requested by ann, waits.*another incident/);
  });

  it('with --despite-hold, asked for once more while its image is looked up, passes the hold of that time', () => {
    const stage = aStage(anApp()).adopted().later(MINUTE);
    hold(stage);
    deploy(stage, '1.0.5', { despiteHold: true, reason: 'the fix' });
    resume(stage);
    stage.later(MINUTE);
    hold(stage);
    deploy(stage, '1.0.5', { despiteHold: true, reason: 'still the fix' });
    found(stage, 'deploy', '1.0.5');
    expect(stage.state.release?.image.tag).toBe('1.0.5');
  });

  describe('with --despite-hold, that waits behind a release', () => {
    function passing(stage: Stage) {
      hold(stage, 'freeze');
      deploy(stage, '1.0.5', { despiteHold: true, reason: 'the fix' });
      found(stage, 'deploy', '1.0.5');
      return stage.later(MINUTE);
    }

    function left() {
      return aStage(anApp({ onFailure: 'leave' }))
        .adopted()
        .later(MINUTE)
        .prepared('1.2.0')
        .updated();
    }

    const ENDS: readonly [string, () => Stage, string][] = [
      [
        'could not be rolled back',
        () => {
          const stage = passing(rolling());
          stage.ended('web-app', 'FAILED');
          const cause = { kind: 'other', sentence: 'AWS refused it.', evidence: [], canHeal: false };
          stage.answer('rollBack', { kind: 'refused', cause });
          return stage;
        },
        'v1 failed and web-app could not be rolled back',
      ],
      [
        'was left to a person',
        () => {
          const stage = passing(left());
          stage.ended('web-app', 'FAILED');
          return stage.finish();
        },
        'v1 failed and the configuration leaves failed releases to a person: decide, then resume',
      ],
      [
        'was deployed over',
        () => {
          const stage = passing(rolling());
          stage.ended('web-app', 'IN_PROGRESS', { primary: 'ecs-svc/theirs', runs: revision('web-app', 99) });
          return stage;
        },
        'web-app:99 was deployed to web-app outside Fairway while v1 was in progress. Resume when Fairway should deploy again.',
      ],
    ];

    it.each(ENDS)('that %s does not start: its person did not know of that', (_, end, why) => {
      const stage = end();
      expect(stage.state.release).toBeUndefined();
      expect(stage.state.hold).toMatchObject({ by: BOB, reason: 'freeze', later: { reason: why } });
      const held = `freeze; by Fairway since: ${why}`;
      expect(said(stage).split('\n').slice(-1)).toEqual([
        `1.0.5, requested by ann, waits: web is held by bob (${held}). \`fairway resume web\` starts it.`,
      ]);
      expect(ledger(stage, '1.0.5')).toMatchObject({
        outcome: 'waiting',
        reason: `the app is held by bob: ${held}`,
      });
    });

    it('starts once it is ordered again by someone who knows of it', () => {
      const [, end] = ENDS[1] ?? [];
      const stage = end?.() ?? left();
      stage.later(MINUTE);
      deploy(stage, '1.0.5', { despiteHold: true, reason: 'still the fix' });
      expect(said(stage)).toMatch(/despite the hold by bob \(freeze; by Fairway since: v1 failed and/);
      found(stage, 'deploy', '1.0.5');
      expect(stage.state.release?.image.tag).toBe('1.0.5');
    });
  });

  describe('with --despite-hold, that a later hold stops', () => {
    /** 1.0.5, requested by ann, waits on a held app. */
    function stopped() {
      const stage = rolling();
      hold(stage);
      deploy(stage, '1.0.5', { despiteHold: true, reason: 'the fix' });
      found(stage, 'deploy', '1.0.5');
      stage.later(MINUTE);
      resume(stage);
      hold(stage, 'another incident');
      return goLive(stage).later(MINUTE);
    }

    function orderedAgain(stage: Stage, tag = '1.0.5') {
      deploy(stage, tag, { who: BOB, despiteHold: true, reason: 'still the fix' });
      found(stage, 'deploy', tag, digestOf('1.0.5'));
      return stage;
    }

    it('starts once where someone orders the same image again, and its person is notified', () => {
      const stage = orderedAgain(stopped());
      expect(stage.state.release).toMatchObject({ image: { tag: '1.0.5' }, trigger: { who: BOB } });
      expect(stage.state.ordered).toBeUndefined();
      expect(said(stage)).toMatch(
        /^ann asked to deploy 1\.0\.5 to web: the same image .* released as v2\.$/m,
      );
      goLive(stage);
      expect(resume(stage).reason).toBe('web is resumed: nothing waits');
      expect(stage.state.release).toBeUndefined();
      expect(ledger(stage, '1.0.5')).toMatchObject({ outcome: 'live', release: 2 });
    });

    it('ends in the ledger where the same image is ordered by another tag', () => {
      const stage = orderedAgain(stopped(), '1.0.5-hotfix');
      expect(ledger(stage, '1.0.5')).toMatchObject({
        outcome: 'ignored',
        reason: 'the same image is being released as v2',
      });
    });

    it.each<[string, Partial<Asked>]>([
      ['changes more than the image', { settings: { 'web-app': { to: '{"a":1}', from: '{}' } } }],
      ['restarts what is live', { restart: true }],
    ])('keeps waiting where it %s', (_, more) => {
      const stage = stopped();
      const ordered = { ...stage.state.ordered, trigger: { ...stage.state.ordered?.trigger, ...more } };
      const again = aStage(anApp(), { ...stage.state, ordered } as AppState).later(2 * MINUTE);
      expect(orderedAgain(again).state.release?.trigger).toMatchObject({ who: BOB });
      expect(again.state.ordered?.trigger).toMatchObject(more);
    });
  });

  it('with --despite-hold needs a reason, and a hold', () => {
    expect(deploy(held(), '1.0.5', { despiteHold: true })).toMatchObject({
      refused: true,
      reason: expect.stringMatching(/reason/),
    });
    const free = aStage(anApp()).adopted();
    expect(deploy(free, '1.0.5', { despiteHold: true, reason: 'x' })).toMatchObject({
      refused: true,
      reason: expect.stringMatching(/web is not held/),
    });
  });
});

describe('resume', () => {
  /** Both an order and a push wait on a held app. */
  function bothWait() {
    const stage = rolling();
    deploy(stage, '1.0.5');
    found(stage, 'deploy', '1.0.5');
    stage.push('1.3.0');
    hold(stage);
    return stage;
  }

  it('says what starts, and in which order', () => {
    const stage = goLive(bothWait());
    expect(resume(stage).reason).toBe(
      'web is resumed: 1.0.5, requested by ann, starts after a look at what runs; then 1.3.0, which was pushed',
    );
  });

  it('says what starts after the open release', () => {
    expect(resume(bothWait()).reason).toBe(
      'web is resumed: 1.0.5, requested by ann, starts after v1; then 1.3.0, which was pushed',
    );
  });

  it('says that nothing waits', () => {
    const stage = aStage(anApp()).adopted();
    hold(stage);
    expect(resume(stage).reason).toBe('web is resumed: nothing waits');
  });

  it('starts the order first, also where a push comes between resume and the look at what runs', () => {
    const stage = goLive(bothWait());
    stage.when({ type: 'operator', request: { command: 'resume', app: 'web', who: BOB } });
    stage.push('1.4.0');
    expect(stage.state.release).toBeUndefined();
    lookAtWhatRuns(stage);
    expect(stage.state.release?.image.tag).toBe('1.0.5');
    goLive(stage);
    expect(stage.state.release?.image.tag).toBe('1.4.0');
  });

  it('starts nothing with --discard-waiting, and what it discards is rejected', () => {
    const stage = goLive(bothWait());
    expect(resume(stage, { discardWaiting: true }).reason).toMatch(
      /^web is resumed; discarded: 1\.0\.5, requested by ann, and 1\.3\.0, which was pushed/,
    );
    expect(stage.state.hold).toBeUndefined();
    expect(stage.state.release).toBeUndefined();
    for (const tag of ['1.0.5', '1.3.0'])
      expect(ledger(stage, tag)).toMatchObject({
        outcome: 'rejected',
        reason: expect.stringMatching(/discarded by bob/),
      });
    expect(said(stage)).toMatch(/bob resumed web.*discarded: 1\.0\.5, requested by ann/);
    expect(said(stage)).toMatch(/^bob discarded 1\.0\.5, requested by ann, and 1\.3\.0, which was pushed/m);
  });

  it('does not start a discarded push when its event comes once more', () => {
    const stage = goLive(bothWait());
    resume(stage, { discardWaiting: true });
    stage.push('1.3.0');
    expect(stage.state.release).toBeUndefined();
    expect(ledger(stage, '1.3.0')?.outcome).toBe('rejected');
    stage.push('1.4.0');
    expect(stage.state.release?.image.tag).toBe('1.4.0');
  });

  it('names what is still being looked up', () => {
    const stage = aStage(anApp()).adopted().later(MINUTE);
    deploy(stage, '1.0.5');
    hold(stage);
    expect(resume(stage).reason).toBe(
      'web is resumed: nothing waits; 1.0.5, requested by ann, is being looked up',
    );
  });

  it.each([
    ['discarded', (stage: Stage) => resume(stage, { discardWaiting: true })],
    ['canceled', cancel],
  ])('or cancel rejects a push that is still looked up, and its event that comes again: %s', (how, act) => {
    const stage = aStage(anApp()).adopted().later(MINUTE);
    hold(stage);
    pushEvent(stage, '1.1.0');
    expect(act(stage).reason).toContain(': 1.1.0, which was pushed');
    expect(said(stage)).toMatch(new RegExp(`^bob ${how} 1\\.1\\.0, which was pushed, for web`, 'm'));
    pushEvent(stage, '1.1.0');
    found(stage, 'push', '1.1.0');
    expect(stage.state.release ?? stage.state.waiting).toBeUndefined();
    expect(ledger(stage, '1.1.0')).toMatchObject({
      outcome: 'rejected',
      reason: `${how} by bob while it waited`,
    });
    stage.push('1.1.0');
    expect(stage.state.release ?? stage.state.waiting).toBeUndefined();
  });

  it('lets a push start that comes after the discarded one', () => {
    const stage = aStage(anApp()).adopted().later(MINUTE);
    pushEvent(stage, '1.1.0');
    cancel(stage);
    stage.later(MINUTE);
    pushEvent(stage, '1.1.0', digestOf('1.1.0-fixed'));
    found(stage, 'push', '1.1.0', digestOf('1.1.0-fixed'));
    expect(stage.state.release?.image.digest).toBe(digestOf('1.1.0-fixed'));
  });

  it('with --discard-waiting also drops an order whose image is still looked up', () => {
    const stage = aStage(anApp()).adopted().later(MINUTE);
    deploy(stage, '1.0.5');
    hold(stage);
    resume(stage, { discardWaiting: true });
    expect(stage.pending('inspectImage')).toEqual([]);
    expect(said(stage)).toMatch(/discarded: 1\.0\.5, requested by ann/);
  });
});
