import type { Finding } from '../../shared/domain/listing.ts';
import { anApp, anImage, aStage, digestOf, MINUTE } from '../builders.ts';

const byTime = anApp({
  image: { repository: 'web-app', tags: { kind: 'newest', match: { glob: '*' } }, ignore: [] },
});

type Stage = ReturnType<typeof aStage>;

function found(stage: Stage, tag: string, digest: string, pushedAt: number, finding: Finding) {
  const what = { type: 'imagePushed', tag, digest, at: pushedAt, source: 'sweep' } as const;
  stage.when({ ...what, found: finding });
  const image = anImage(tag, { digest, pushedAt });
  return stage.answer('inspectImage', { kind: 'imageInspected', image, storage: 'ACTIVE' });
}

function heard(stage: Stage, tag: string, digest: string, pushedAt: number) {
  stage.when({ type: 'imagePushed', tag, digest, at: stage.now, source: 'event' });
  const image = anImage(tag, { digest, pushedAt });
  return stage.answer('inspectImage', { kind: 'imageInspected', image, storage: 'ACTIVE' });
}

/** prod-1 on image b is live. */
function started(app = byTime, tag = 'prod-1') {
  const stage = aStage(app).adopted().later(MINUTE).prepared(tag).updated();
  stage.ended('web-app');
  return stage.later(MINUTE);
}

const outcomeOf = (stage: Stage, tag: string) =>
  stage.pending('recordPush').findLast((entry) => entry.effect.entry.tag === tag)?.effect.entry.outcome;
const told = (stage: Stage) => stage.pending('announceApp').map((entry) => entry.effect.topic);

describe('a tag that is put on an older image', () => {
  it('is newer than what listings showed before it', () => {
    const stage = started();
    const name = `prod-1@${digestOf('prod-1')}`;
    found(stage, 'prod-2', digestOf('old'), 0, { after: [name], retag: true });
    expect(stage.state.release?.image.tag).toBe('prod-2');
  });

  it('is newer than what was pushed before the last listing', () => {
    const stage = started();
    found(stage, 'prod-2', digestOf('old'), 0, { after: [], since: stage.now, retag: true });
    expect(stage.state.release?.image.tag).toBe('prod-2');
  });

  it('is left to a person when it may be older', () => {
    const stage = started();
    found(stage, 'prod-2', digestOf('old'), 0, { after: [], since: 0, retag: true });
    expect(stage.state.release).toBeUndefined();
    expect(outcomeOf(stage, 'prod-2')).toBe('ignored');
    expect(told(stage)).toEqual(['orderUnknown']);
  });

  it('is superseded by a higher version, whenever it came', () => {
    const stage = started(anApp(), '1.3.0');
    found(stage, '1.2.0', digestOf('old'), 0, { after: [], retag: true });
    expect(outcomeOf(stage, '1.2.0')).toBe('superseded');
    expect(told(stage)).toEqual([]);
  });

  it('goes by its own event, where that comes after all', () => {
    const stage = started();
    found(stage, 'prod-2', digestOf('old'), 0, { after: [], since: 0, retag: true });
    heard(stage, 'prod-2', digestOf('old'), 0);
    expect(stage.state.release?.image.tag).toBe('prod-2');
  });

  it('goes by its own event, where that is being looked up already', () => {
    const stage = started();
    stage.when({
      type: 'imagePushed',
      tag: 'prod-2',
      digest: digestOf('old'),
      at: stage.now,
      source: 'event',
    });
    found(stage, 'prod-2', digestOf('old'), 0, { after: [], since: 0, retag: true });
    expect(stage.state.release?.image.tag).toBe('prod-2');
  });

  it('makes what runs the newest, so that what came in between is not released', () => {
    const stage = started();
    const between = stage.now;
    stage.later(MINUTE);
    heard(stage, 'prod-3', digestOf('prod-1'), between - 2 * MINUTE);
    found(stage, 'prod-2', digestOf('between'), between, { after: [], retag: false });
    expect(stage.state.release).toBeUndefined();
    expect(outcomeOf(stage, 'prod-2')).toBe('superseded');
  });
});

describe('a tag on an older image that waits, when a push is heard', () => {
  /** prod-1 is being released, and again-1 waits: it was put on its image within this minute. */
  function waiting() {
    const stage = aStage(byTime).adopted().later(MINUTE).prepared('prod-1').later(MINUTE);
    const finding = { after: [`prod-1@${digestOf('prod-1')}`], until: stage.now + MINUTE, retag: true };
    found(stage, 'again-1', digestOf('old'), 0, finding);
    return stage;
  }

  it('is left to a person when the push may be older', () => {
    const stage = waiting();
    heard(stage, 'prod-2', digestOf('prod-2'), stage.now);
    expect(stage.state.waiting?.image.tag).toBe('prod-2');
    expect(told(stage)).toEqual(['orderUnknown']);
  });

  it('is superseded when the push came later', () => {
    const stage = waiting().later(2 * MINUTE);
    heard(stage, 'prod-2', digestOf('prod-2'), stage.now);
    expect(outcomeOf(stage, 'again-1')).toBe('superseded');
    expect(told(stage)).toEqual([]);
  });
});

describe('a second tag on an image that waits', () => {
  /** prod-1 is being released, prod-2 waits, and again-1 was put on the image of prod-1 after prod-2 came. */
  function overtaken() {
    const stage = aStage(byTime).adopted().later(MINUTE).prepared('prod-1');
    const pushedAt = stage.now;
    heard(stage, 'prod-2', digestOf('prod-2'), pushedAt);
    stage.later(MINUTE);
    heard(stage, 'again-1', digestOf('prod-1'), pushedAt - MINUTE);
    return { stage, pushedAt };
  }

  it('is left to a person when it may be newer than what is being released', () => {
    const { stage, pushedAt } = overtaken();
    found(stage, 'again-2', digestOf('prod-2'), pushedAt, { after: [], since: pushedAt, retag: true });
    expect(told(stage)).toEqual(['orderUnknown']);
  });

  it('is reported to no one when the image is the newest already', () => {
    const { stage, pushedAt } = overtaken();
    stage.later(MINUTE);
    heard(stage, 'again-2', digestOf('prod-2'), pushedAt);
    found(stage, 'again-3', digestOf('prod-2'), pushedAt, { after: [], since: pushedAt, retag: true });
    expect(told(stage)).toEqual([]);
  });
});

describe('one version on another image', () => {
  it('is what the tag points at now, although that image is the older one', () => {
    const stage = started(anApp(), '1.2.0');
    found(stage, '1.2.0', digestOf('old'), 0, { after: [], retag: true });
    expect(stage.state.release?.image).toMatchObject({ tag: '1.2.0', digest: digestOf('old') });
  });
});

describe('a push whose event was lost, as an earlier version of Fairway has left it in the outbox', () => {
  it('is released as ever', () => {
    const stage = started();
    const what = { type: 'imagePushed', tag: 'prod-2', digest: digestOf('new'), source: 'sweep' } as const;
    stage.when({ ...what, at: stage.now });
    const image = anImage('prod-2', { digest: digestOf('new'), pushedAt: stage.now });
    stage.answer('inspectImage', { kind: 'imageInspected', image, storage: 'ACTIVE' });
    expect(stage.state.release?.image.tag).toBe('prod-2');
  });
});

describe('a second tag of unknown time on an image that waits', () => {
  it('is left to a person once a person has deployed an image that may be older', () => {
    const stage = aStage(byTime).adopted().later(MINUTE).prepared('prod-1').later(MINUTE);
    const pushedAt = stage.now;
    heard(stage, 'prod-2', digestOf('prod-2'), pushedAt);
    const request = { command: 'deploy', app: 'web', who: 'op', tag: 'by-hand' } as const;
    stage.later(MINUTE).when({ type: 'operator', request });
    const image = anImage('by-hand', { digest: digestOf('by-hand'), pushedAt: pushedAt + MINUTE });
    stage.answer('inspectImage', { kind: 'imageInspected', image, storage: 'ACTIVE' });
    stage.later(MINUTE);
    const finding = { after: [], since: pushedAt, until: stage.now, retag: true };
    found(stage, 'again-2', digestOf('prod-2'), pushedAt, finding);
    stage.updated().ended('web-app');
    const seen = () => ({ primary: stage.state.knownDeployments['web-app']?.[0] ?? '' });
    stage.registered(seen).updated().ended('web-app');
    expect(stage.state.live?.tag).toBe('by-hand');
    const [left] = stage.pending('announceApp').filter(({ effect }) => effect.topic === 'orderUnknown');
    expect(left?.effect.sentence).toMatch(/^again-2 was not released to web: .*`fairway deploy web again-2`/);
  });
});
