import { createSecretCache } from '../../shared/announce/announce.ts';

const REFERENCE = { ssm: '/fairway/slack' };

function aCache(...tokens: (string | Error)[]) {
  const state = { now: 0, reads: 0 };
  const token = createSecretCache({
    now: () => state.now,
    ttl: 1_000,
    readSecret: async () => {
      const next = tokens[Math.min(state.reads, tokens.length - 1)] ?? '';
      state.reads += 1;
      if (next instanceof Error) throw next;
      return next;
    },
  });
  return { state, token };
}

describe('createSecretCache', () => {
  it('reads a token once while it is fresh', async () => {
    const { state, token } = aCache('one', 'two');
    await token(REFERENCE);
    state.now = 999;
    expect(await token(REFERENCE)).toBe('one');
    state.now = 1_000;
    expect(await token(REFERENCE)).toBe('two');
    expect(state.reads).toBe(2);
  });

  it('keeps one for each reference', async () => {
    const { state, token } = aCache('one', 'two');
    await token(REFERENCE);
    expect(await token({ secretsManager: '/fairway/slack' })).toBe('two');
    expect(state.reads).toBe(2);
  });

  it('reads again what was refused, and only that', async () => {
    const { state, token } = aCache('old', 'new');
    await token(REFERENCE);
    expect(await token(REFERENCE, 'old')).toBe('new');
    expect(await token(REFERENCE, 'old')).toBe('new');
    expect(state.reads).toBe(2);
  });

  it('does not keep a failure', async () => {
    const { token } = aCache(new Error('throttled'), 'one');
    await expect(token(REFERENCE)).rejects.toThrow('throttled');
    expect(await token(REFERENCE)).toBe('one');
  });

  it('leaves out the line break that files end in', async () => {
    expect(await aCache('one\n').token(REFERENCE)).toBe('one');
  });
});
