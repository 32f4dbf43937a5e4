import { initialState } from '../../shared/domain/decide.ts';
import type { AppState } from '../../shared/domain/state.ts';
import { emptyHistory } from './history.ts';
import { badImagesAreAnnounced } from './invariants/rollbacks.ts';
import type { Played } from './play.ts';
import { createTable } from './table.ts';

const state: AppState = {
  ...initialState('web'),
  live: { tag: '1.0.0', digest: 'sha256:1', pushedAt: 0, since: 0 },
};

/** One rollback that was answered with this sentence, and 1.0.0 live before and after it. */
function rolledBack(sentence: string, after: AppState = state): Played {
  const table = createTable();
  const json = JSON.stringify(state);
  table.put({ Item: { pk: { S: 'app#web' }, sk: { S: 'state' }, state: { S: json } } });
  const request = { command: 'rollback', app: 'web', who: 'ana' } as const;
  const history = {
    ...emptyHistory(),
    saves: [
      { at: 0, by: 'sweep/1', state },
      { at: 1, by: 'operate/2', state: after },
    ],
    operators: [{ by: 'operate/2', askedAt: 1, at: 1, request, answer: { ok: true as const, sentence } }],
  };
  return Object({ world: { table, history, apps: [] } });
}

describe('the judge of rollbacks', () => {
  it.each([
    'web rolls back to 1.0.0 (v2) and is held.',
    'web is already rolling back to 1.0.0, as bo asked',
    'web is already rolling back to 1.0.0',
  ])('does not condemn the image that a rollback returns to: %s', (sentence) => {
    expect(badImagesAreAnnounced(rolledBack(sentence))).toEqual([]);
  });

  it.each([
    'web rolls back to 0.9.0 (v1) and is held.',
    'web is already rolling back to 0.9.0, as bo asked',
    'web rolls back to 1.0.0-rc.1 (v1) and is held.',
  ])('condemns the image that a rollback leaves: %s', (sentence) => {
    expect(badImagesAreAnnounced(rolledBack(sentence))).toHaveLength(1);
  });

  it('condemns it where the image that the rollback returns to has the same tag', () => {
    const trigger = { kind: 'rollback', who: 'ana' } as const;
    const effect = {
      kind: 'inspectImage',
      tag: '1.0.0',
      digest: 'sha256:0',
      trigger,
      source: 'operator',
    } as const;
    const after = { ...state, outbox: [{ key: 'inspect', effect, attempt: 0, since: 1 }] };
    expect(
      badImagesAreAnnounced(rolledBack('web rolls back to 1.0.0 (v1) and is held.', after)),
    ).toHaveLength(1);
  });
});
