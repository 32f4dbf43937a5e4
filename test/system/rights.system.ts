import { startTestCloud, type TestCloud } from './cloud.ts';

/** What ships, invoked by its aliases. */
describe('the packaged function operate', () => {
  let cloud: TestCloud;
  beforeAll(async () => {
    cloud = await startTestCloud();
    await cloud.adopted();
  }, 120_000);
  afterAll(() => cloud?.stop());

  const hold = { command: 'hold', app: 'web', reason: 'freeze', who: 'ann' } as const;

  it('looks by every alias', async () => {
    for (const alias of ['read', 'operate', 'tasks'])
      expect(await cloud.operate({ command: 'status', app: 'web' }, alias)).toMatchObject({ ok: true });
  });

  it('holds by its alias operate only, and keeps the id of the request', async () => {
    for (const alias of ['read', 'tasks']) {
      const message = `the alias \`${alias}\` does not answer \`hold\`: invoke the alias \`operate\``;
      const refused = { ok: false, error: 'refused', message: expect.stringContaining(message) };
      expect(await cloud.operate(hold, alias)).toMatchObject(refused);
    }
    expect((await cloud.status()).hold).toBeUndefined();
    expect(await cloud.operate(hold, 'operate')).toMatchObject({ ok: true });
    const requestId = expect.stringMatching(/^[0-9a-f-]{36}$/);
    expect((await cloud.status()).hold).toMatchObject({ by: 'ann', requestId });
  });

  it('has no other alias', async () => {
    await expect(cloud.operate({ command: 'status' }, 'other')).rejects.toThrow('Function not found');
  });
});
