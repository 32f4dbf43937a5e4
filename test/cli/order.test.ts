import { Failure } from '../../cli/failure.ts';
import type { Follower } from '../../cli/follow/follower.ts';
import { followOrder, isProduction } from '../../cli/order.ts';
import type { OperatorAnswer, Order } from '../../shared/domain/operator.ts';
import type { ReleaseDetail } from '../../shared/domain/summaries.ts';
import { aFollower } from './follower.ts';

const ordered: Order = { kind: 'deploy', who: 'ann', at: 1_000, tag: '1.2.0' };

function release(state: string, more: Partial<ReleaseDetail> = {}): ReleaseDetail {
  return {
    app: 'web',
    number: 5,
    id: 'abc',
    tag: '1.2.0',
    digest: 'sha256:aa',
    state,
    reason: '',
    by: 'ann',
    startedAt: 0,
    headline: `web v5 ${state}`,
    trigger: 'deployed by ann',
    steps: [],
    services: [],
    notes: [],
    platforms: [],
    links: [],
    ...more,
  };
}

const shown = (detail: ReleaseDetail): OperatorAnswer => ({
  ok: true,
  sentence: detail.headline,
  shown: detail,
});
const pending = (why: string): OperatorAnswer => ({ ok: true, sentence: why, pending: why });
const roll = (line: string, state = 'running') => ({ steps: [{ name: 'roll', state, line }] });

/** Plays answers to `show` one after the other. */
async function follow(
  answers: readonly (OperatorAnswer | Failure)[],
  { order = ordered, first, ...more }: Partial<Follower> & { order?: Order; first?: OperatorAnswer } = {},
) {
  const other = (request: { command: string }): OperatorAnswer =>
    request.command === 'cancel'
      ? { ok: true, sentence: 'v5 is being stopped' }
      : (first ?? { ok: true, sentence: '1.2.0 will be deployed', order });
  const { follower, asked, said } = aFollower('show', answers, other, more);
  const request = { command: 'deploy', app: 'web', tag: '1.2.0' } as const;
  const code = await followOrder(request, follower);
  return { code, asked, ...said };
}

describe('an order that is waited for', () => {
  it('shows how its release goes, each step once, and exits with 0 when it is live', async () => {
    const { code, err, asked } = await follow([
      pending('1.2.0 waits: v4 is still in progress'),
      pending('1.2.0 waits: v4 is still in progress'),
      shown(release('rolling', roll('▶ roll web-app 1/3 · 5 s'))),
      shown(release('rolling', roll('▶ roll web-app 1/3 · 6 s'))),
      shown(release('rolling', roll('▶ roll web-app 2/3 · 9 s'))),
      shown(release('live', { endedAt: 20_000, ...roll('✓ roll web-app 3/3 · 20 s', 'done') })),
    ]);
    expect(err).toEqual([
      '1.2.0 will be deployed',
      '1.2.0 waits: v4 is still in progress',
      'v5 deployed by ann',
      '▶ roll web-app 1/3',
      '▶ roll web-app 2/3',
      '✓ roll web-app 3/3 · 20 s',
      'web v5 live',
    ]);
    expect(code).toBe(0);
    expect(asked[1]).toEqual({ command: 'show', app: 'web', order: ordered });
  });

  it('keeps to the release that it found', async () => {
    const { asked } = await follow([shown(release('rolling')), shown(release('failed', { endedAt: 9 }))]);
    expect(asked[2]).toEqual({ command: 'show', app: 'web', order: { ...ordered, release: 5 } });
  });

  it.each(['failed', 'rolledBack', 'superseded', 'stranded'])(
    'exits with 1 when it ended as %s',
    async (state) => {
      const failure = { cause: 'web-app: Container web exited.', kind: 'crash', evidence: [] };
      const { code, out } = await follow([
        shown(release(state, { endedAt: 9, failure, lines: ['no PAYMENT_URL'] })),
      ]);
      expect(code).toBe(1);
      expect(out.join('\n')).toContain('web-app: Container web exited.');
      expect(out.join('\n')).toContain('no PAYMENT_URL');
    },
  );

  it.each([
    [{ stops: true }, 'rolledBack', 0],
    [{ stops: true }, 'stranded', 1],
    [{ stops: false }, 'live', 0],
    [{ stops: false }, 'rolledBack', 1],
  ])('judges a rollback that meets a release, %j, ended as %s: %i', async (more, state, exit) => {
    const order: Order = { kind: 'rollback', who: 'ann', at: 1, release: 5, ...more };
    const { code } = await follow([shown(release(state, { endedAt: 9 }))], { order });
    expect(code).toBe(exit);
  });

  it('exits with 1 and the reason when it is refused, or not carried out', async () => {
    const refusal = { ok: false, error: 'notFound', message: 'there is no tag 1.2.0 in web-app' } as const;
    expect(await follow([], { first: refusal })).toMatchObject({
      code: 1,
      err: ['fairway: there is no tag 1.2.0 in web-app'],
    });
    const gone = { ok: false, error: 'refused', message: '1.2.0 was not released: so' } as const;
    expect(await follow([gone])).toMatchObject({
      code: 1,
      err: [expect.anything(), 'fairway: 1.2.0 was not released: so'],
    });
  });

  it('retries where the function does not answer, and says how to continue when it gives up', async () => {
    const lost = () => new Failure(3, 'AWS does not answer', { unanswered: 'sent' });
    const { code, err } = await follow([lost(), lost(), shown(release('live', { endedAt: 9 }))]);
    expect(code).toBe(0);
    expect(err.filter((line) => line.includes('retrying'))).toHaveLength(1);
    await expect(follow([new Failure(1, 'AWS denied it')])).rejects.toThrow(
      'AWS denied it\nThe release continues: `fairway show web` shows it, `fairway cancel web` cancels it.',
    );
  });

  it('is an error where the function is too old to be followed', async () => {
    await expect(follow([], { first: { ok: true, sentence: 'it will be deployed' } })).rejects.toThrow(
      'the function is older than this command',
    );
  });

  it('continues when a signal ends the command, which says how to see it again', async () => {
    const signals = ['SIGTERM'] as const;
    const { code, err } = await follow([shown(release('rolling'))], { interrupted: () => signals[0] });
    expect(code).toBe(143);
    expect(err.at(-1)).toContain('The release continues: `fairway show web` shows it');
  });

  it('is canceled by Ctrl-C when the person says so, and followed to its end', async () => {
    const signals = ['SIGINT' as const];
    const { code, err, asked } = await follow(
      [shown(release('rolling')), shown(release('rolledBack', { endedAt: 9 }))],
      { interrupted: () => signals.pop(), confirm: async () => true },
    );
    expect(asked).toContainEqual({ command: 'cancel', app: 'web' });
    expect(err).toContain('v5 is being stopped');
    expect(code).toBe(1);
  });

  it('is one JSON document with --json, without progress', async () => {
    const { out } = await follow([shown(release('live', { endedAt: 9, ...roll('✓ roll', 'done') }))], {
      json: true,
    });
    expect(JSON.parse(out.join(''))).toMatchObject({ ok: true, release: { number: 5, state: 'live' } });
  });
});

describe('isProduction', () => {
  it.each([
    ['fairway-production-operate', true],
    ['fairway-eu-prod-operate', true],
    ['fairway-prod_eu-operate', true],
    ['fairway-staging-operate', false],
    ['fairway-products-operate', false],
    ['fairway-preprod-operate', false],
  ])('reads %s: %s', (functionName, production) => {
    expect(isProduction({ functionName })).toBe(production);
  });

  it('is false on the local cloud', () => {
    expect(isProduction({ functionName: 'fairway-production-operate', local: 'http://127.0.0.1' })).toBe(
      false,
    );
  });
});
