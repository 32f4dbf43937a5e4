import { startTestCloud, type TestCloud } from './cloud.ts';

/** Orders by several people at once, on what ships. */
describe('two people', () => {
  let cloud: TestCloud;

  beforeAll(async () => {
    cloud = await startTestCloud();
  }, 120_000);
  afterAll(() => cloud?.stop());
  beforeEach(async () => {
    await cloud.fresh();
    for (const tag of ['1.0.5', '1.1.0']) {
      await cloud.push(tag);
      await cloud.settled(tag);
    }
  }, 120_000);

  const ann = 'arn:aws:iam::123456789012:user/ann';
  const bob = 'arn:aws:iam::123456789012:user/bob';
  const rollback = (who: string) => cloud.operate({ command: 'rollback', app: 'web', who });

  /** Lets simulated time pass until the release that is open or about to start has ended. */
  async function ended() {
    for (let minutes = 0; minutes < 60; minutes += 1) {
      await cloud.quiet();
      const status = await cloud.status();
      if (!status.open) return status;
      await cloud.control('clock', { advance: '1m' });
    }
    throw new Error('no end after 60 simulated minutes');
  }

  /** Time passes slowly until `act` has been done, so that a release which has just begun stays open. */
  async function slowly<Result>(act: () => Promise<Result>): Promise<Result> {
    await cloud.control('clock', { speed: 1 });
    const result = await act();
    await cloud.control('clock', { speed: 'max' });
    return result;
  }

  async function until(member: 'open' | 'waiting') {
    for (let tries = 0; tries < 60; tries += 1) {
      const status = await cloud.status();
      if (status[member]) return status[member];
      await cloud.control('clock', { advance: '1s' });
    }
    throw new Error(`nothing is ${member}`);
  }

  const sentences = async () => JSON.stringify(await cloud.messages());

  it('who roll back at once get the image before, and not the bad one', async () => {
    await cloud.push('1.2.0');
    await cloud.settled('1.2.0');
    const second = await slowly(async () => {
      expect(await rollback(ann)).toMatchObject({ ok: true });
      await until('open');
      return rollback(bob);
    });
    const sentence = expect.stringMatching(/already rolling back to 1\.1\.0/);
    expect(second).toMatchObject({ ok: true, sentence });
    const { live, hold } = await ended();
    expect(live?.tag).toBe('1.1.0');
    expect(hold?.by).toBe(ann);
    expect((await cloud.releases()).map(({ tag, state }) => `${tag} ${state}`)[0]).toBe('1.1.0 live');
  }, 120_000);

  it('who roll back in turn go one image further back each', async () => {
    await cloud.push('1.2.0');
    await cloud.settled('1.2.0');
    for (const [who, tag] of [
      [ann, '1.1.0'],
      [bob, '1.0.5'],
    ] as const) {
      expect(await rollback(who)).toMatchObject({ ok: true, sentence: expect.stringContaining(tag) });
      await cloud.settled(tag);
      expect((await cloud.status()).live?.tag).toBe(tag);
    }
  }, 120_000);

  it.each(['hold', 'rollback'] as const)(
    'of whom one orders a deploy and the other one a %s: nothing starts before the resume',
    async (command) => {
      await slowly(async () => {
        await cloud.push('1.2.0');
        await until('open');
        const order = { command: 'deploy', app: 'web', tag: '1.0.5', who: ann } as const;
        expect(await cloud.operate(order)).toMatchObject({ ok: true });
        expect(await until('waiting')).toMatchObject({ tag: '1.0.5', by: ann });
        const more = command === 'hold' ? { command, reason: 'incident' } : { command };
        expect(await cloud.operate({ ...more, app: 'web', who: bob })).toMatchObject({ ok: true });
      });
      const status = await ended();
      await cloud.control('clock', { advance: '30m' });
      await cloud.quiet();
      expect((await cloud.status()).open).toBeUndefined();
      expect(status.live?.tag).toBe(command === 'hold' ? '1.2.0' : '1.1.0');
      expect(status.waiting).toMatchObject({ tag: '1.0.5' });
      expect(await sentences()).toMatch(/1\.0\.5, requested by [^ ]*ann, waits/);
      expect(await cloud.operate({ command: 'resume', app: 'web', who: bob })).toMatchObject({
        ok: true,
        sentence: expect.stringMatching(/1\.0\.5, requested by .*ann, starts/),
      });
      expect(await cloud.settled('1.0.5')).toMatchObject({ tag: '1.0.5', state: 'live', by: ann });
    },
    120_000,
  );

  it('of whom one deploys past the hold of the other one: the hold stays', async () => {
    await cloud.operate({ command: 'hold', app: 'web', reason: 'incident', who: bob });
    const order = { command: 'deploy', app: 'web', tag: '1.0.5', who: ann } as const;
    expect(await cloud.operate(order)).toMatchObject({ ok: false, error: 'refused' });
    const despite = { ...order, despiteHold: true, reason: 'fixes the incident' };
    expect(await cloud.operate(despite)).toMatchObject({ ok: true });
    await cloud.settled('1.0.5');
    const { live, hold } = await cloud.status();
    expect(live?.tag).toBe('1.0.5');
    expect(hold).toMatchObject({ by: bob, reason: 'incident' });
    expect(await sentences()).toMatch(/despite the hold by .*bob \(incident\): fixes the incident/);
  }, 120_000);
});
