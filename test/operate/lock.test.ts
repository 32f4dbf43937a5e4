import { takeLock } from '../../shared/operate/lock.ts';
import type { LockHolder } from '../../shared/ports.ts';
import { START } from '../builders.ts';
import { aPerformer, aStore, aWorld } from '../fakes.ts';

const ANN = { command: 'lock', id: 'lock-ann', who: 'ann' } as const;

/** Asks for the lock while someone else has it, or no one. Keeps what was wanted. */
async function ask(request: Parameters<typeof takeLock>[1], holder?: LockHolder) {
  const { world } = aWorld({ apps: [], store: aStore().store, perform: aPerformer().perform });
  const wanted: LockHolder[] = [];
  const take = async (one: LockHolder) => {
    wanted.push(one);
    return holder;
  };
  return { answer: await takeLock({ ...world, now: () => START }, request, { take }), wanted };
}

describe('the lock of apply', () => {
  it('is taken for 5 minutes, and given back', async () => {
    const taken = await ask(ANN);
    expect(taken.answer).toEqual({ ok: true, sentence: 'locked' });
    expect(taken.wanted).toEqual([{ id: 'lock-ann', who: 'ann', expiresAt: START + 300_000 }]);
    expect((await ask({ ...ANN, release: true })).wanted).toMatchObject([{ expiresAt: 0 }]);
  });

  it('is refused with who has it, and for how long', async () => {
    const { answer } = await ask(ANN, { id: 'lock-bob', who: 'bob', expiresAt: START + 90_000 });
    expect(answer).toEqual({
      ok: false,
      error: 'refused',
      message:
        'bob (claimed) is applying: try again once that has ended. If the command was killed, its lock expires in 2 min',
    });
  });

  it('is not given back for someone else', async () => {
    const holder = { id: 'lock-bob', who: 'bob', expiresAt: START + 90_000 };
    const { answer } = await ask({ ...ANN, release: true }, holder);
    expect(answer).toEqual({ ok: true, sentence: 'unlocked before' });
  });
});
