import { anApp, aStage } from '../builders.ts';

const APP = anApp();

/** 1.0.0 ran before Fairway, 1.1.0 is v1, 20260301 is v2 and live. */
function aHistory() {
  const stage = aStage(APP).adopted();
  for (const tag of ['1.1.0', '1.2.0']) stage.prepared(tag).updated().ended('web-app');
  return stage;
}

const rollback = (target: { to?: number; tag?: string }) =>
  ({ type: 'operator', request: { command: 'rollback', app: 'web', who: 'ann', ...target } }) as const;

describe('a rollback to a tag', () => {
  it.each([
    ['of a release', '1.1.0', { kind: 'rollback', to: 1 }],
    ['that ran before Fairway', '1.0.0', { kind: 'rollback' }],
  ])('%s brings that image', (_, tag, trigger) => {
    const stage = aHistory();
    expect(stage.when(rollback({ tag })).refused).toBeUndefined();
    expect(stage.pending('inspectImage')).toMatchObject([{ effect: { tag, trigger } }]);
    expect(stage.state.hold).toMatchObject({ by: 'ann' });
  });

  it('that was never live is refused, with those that were', () => {
    const stage = aHistory();
    const { reason, refused } = stage.when(rollback({ tag: '9.9.9' }));
    expect(refused).toBe(true);
    expect(reason).toBe(
      'web was never live as 9.9.9: it was live with 1.2.0 (v2); 1.1.0 (v1); 1.0.0 (from before Fairway)',
    );
    expect(stage.state.hold).toBeUndefined();
  });

  it('is refused while a release is open', () => {
    const stage = aHistory().prepared('1.3.0');
    expect(stage.when(rollback({ tag: '1.1.0' }))).toMatchObject({
      refused: true,
      reason: 'v3 is in progress: `fairway cancel web` first',
    });
  });

  it('finds a tag that looks like the number of a release, where there is no such release', () => {
    const stage = aStage(
      anApp({ image: { repository: 'web-app', tags: { kind: 'newest', match: { glob: '*' } }, ignore: [] } }),
    ).adopted();
    for (const tag of ['20260301', '20260302']) stage.later(60_000).prepared(tag).updated().ended('web-app');
    stage.when(rollback({ to: 20260301 }));
    expect(stage.pending('inspectImage')).toMatchObject([{ effect: { tag: '20260301' } }]);
  });
});
