import type { App } from '../../shared/domain/app.ts';
import { imagePushed } from '../../shared/triggers/events.ts';
import { anApp } from '../builders.ts';
import { aPerformer, aStore, aWorld } from '../fakes.ts';
import { payload } from '../intake/payloads.ts';

const CENTRAL = { account: '210987654321', region: 'eu-west-1' };

/** Two apps of repositories of the same name: in the stack's registry, and in another account and region. */
function twoApps() {
  const near = anApp({ name: 'near' });
  const far: App = { ...anApp({ name: 'far' }), image: { ...near.image, registry: CENTRAL } };
  const kept = aStore();
  const { world } = aWorld({ apps: [near, far], store: kept.store, perform: aPerformer().perform });
  const releases = () => [...kept.items.values()].flatMap(({ state }) => (state.release ? [state.app] : []));
  return { world, releases, ledger: kept.ledger };
}

const event = (name: string, place: object = {}) => ({ ...Object(payload(name)), ...place });

describe('a push', () => {
  it('is released by the app whose registry it was pushed to', async () => {
    const { world, releases } = twoApps();
    await imagePushed(world, event('ecr-push'));
    expect(releases()).toEqual(['near']);
  });

  it('is released by the app of another registry, when its event is forwarded', async () => {
    const { world, releases } = twoApps();
    await imagePushed(world, event('ecr-push', CENTRAL));
    expect(releases()).toEqual(['far']);
  });

  it.each([
    ['account', { ...CENTRAL, account: '333333333333' }],
    ['region', { ...CENTRAL, region: 'eu-west-2' }],
  ])('to another %s is released by none', async (_, place) => {
    const { world, releases } = twoApps();
    await imagePushed(world, event('ecr-push', place));
    expect(releases()).toEqual([]);
  });

  it('is released once when its image is replicated, and its event is forwarded, too', async () => {
    const { world, releases, ledger } = twoApps();
    await imagePushed(world, event('ecr-replicated', { detail: { ...event('ecr-replicated').detail } }));
    const pushes = ledger.size;
    await imagePushed(world, event('ecr-push', { account: '123456789012', region: 'us-west-2' }));
    expect(releases()).toEqual(['near']);
    expect(ledger.size).toBe(pushes);
  });
});
