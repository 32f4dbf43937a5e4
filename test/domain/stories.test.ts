import { anApp, anImage, aStage, digestOf, MINUTE, START } from '../builders.ts';

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
