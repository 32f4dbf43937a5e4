import type { Cause } from '../../shared/domain/release.ts';
import { anApp, anObservedService, aStage, MINUTE, revision } from '../builders.ts';

/** What a failure must not do, and what it must. `npm run test:rules` breaks these rules. */

const services = ['web-app', 'worker'].map((name) => ({ name, wave: 1, family: name, containers: [] }));
const hold = {
  type: 'operator',
  request: { command: 'hold', app: 'web', who: 'ann', reason: 'a freeze' },
} as const;

const prepared = (app = anApp()) => aStage(app).adopted().later(MINUTE).prepared('1.1.0');

describe('a hold by a person', () => {
  it('stays where something is deployed outside Fairway afterward', () => {
    const stage = prepared().updated().later(1_000);
    stage.when(hold);
    stage.when({ type: 'deploymentEnded', service: 'web-app', deploymentId: 'ecs-svc/theirs' });
    const theirs = { primary: 'ecs-svc/theirs', runs: revision('web-app', 99), createdAt: stage.now };
    stage.answer('lookAtServices', {
      kind: 'servicesSeen',
      services: [anObservedService('web-app', theirs)],
    });
    expect(stage.state.ended[0]?.end?.outcome).toBe('superseded');
    expect(stage.state.hold).toMatchObject({ by: 'ann', reason: 'a freeze' });
  });
});

describe('a release that fails', () => {
  it('updates no further service', () => {
    const stage = prepared(anApp({ services }));
    expect(stage.pending('updateService')).toHaveLength(2);
    const cause: Cause = { kind: 'accessDenied', sentence: 'AWS refused it.', evidence: [], canHeal: false };
    stage.answer('updateService', { kind: 'refused', cause });
    expect(stage.pending('updateService')).toEqual([]);
    expect(stage.pending('rollBack').map(({ effect }) => effect.service)).toContain('worker');
  });
});

describe('the end of a release', () => {
  it('is announced, although all that came before was', () => {
    const stage = aStage(anApp()).adopted().later(MINUTE);
    stage.push('1.1.0');
    for (const { effect } of stage.pending('announceRelease'))
      stage.answer(effect.kind, { kind: 'announced' });
    expect(stage.pending('announceRelease')).toEqual([]);
    const gone = { ...anObservedService('web-app'), found: false };
    stage.answer('lookAtServices', { kind: 'servicesSeen', services: [gone] });
    expect(stage.state.ended[0]?.end?.outcome).toBe('failed');
    expect(stage.pending('announceRelease')).not.toEqual([]);
  });

  it('stays in the ledger although the event of the push comes once more', () => {
    const stage = prepared().updated();
    stage.ended('web-app');
    stage.push('1.1.0');
    expect(stage.pending('recordPush').map(({ effect }) => effect.entry.outcome)).toEqual(['live']);
  });
});
