import { createClock } from '../../local/clock.ts';
import { createBucket } from '../../local/quotas/bucket.ts';
import { createGates } from '../../shared/aws/gate.ts';
import { AwsFault } from '../../shared/ports.ts';

const MINUTE = 60_000;

/** An invocation of a minute, and an ECS with a bucket that others share. */
function anInvocation({ persists = false, bucket = { burst: 20, refill: 1 } } = {}) {
  const clock = createClock(0);
  const now = () => clock.now();
  const tokens = createBucket(bucket, now);
  const sleep = (span: number) => new Promise<void>((resolve) => void clock.after(span, resolve));
  const gates = createGates({ now, deadline: () => MINUTE, sleep }, persists);
  const calls: { at: number; throttled: boolean }[] = [];
  let running = 0;
  const call = async () => {
    running += 1;
    peak.value = Math.max(peak.value, running);
    const throttled = !tokens.take();
    calls.push({ at: now(), throttled });
    await sleep(throttled ? 15 : 200);
    running -= 1;
    if (throttled)
      throw new AwsFault('ThrottlingException', 'Rate exceeded', true, [], { throttling: 'sent' });
    return 'done';
  };
  const peak = { value: 0 };
  return {
    gates,
    calls,
    tokens,
    peak,
    outcomes: (count: number) =>
      Promise.all(
        Array.from({ length: count }, () =>
          gates.pass('RegisterTaskDefinition', call).catch((error: AwsFault) => error.throttling),
        ),
      ),
    reads: (count: number) =>
      Promise.all(Array.from({ length: count }, () => gates.read('DescribeTaskDefinition', call))),
    /** When each of so many reads was answered. */
    answeredAt: (count: number) =>
      Promise.all(Array.from({ length: count }, () => gates.read('DescribeTaskDefinition', call).then(now))),
    async until(time: number) {
      await settled();
      while (clock.runNext(time)) await settled();
      clock.setNow(time);
    },
  };
}

const settled = () => new Promise((resolve) => setImmediate(resolve));

describe('calls to ECS that change something', () => {
  it('are sent side by side, at most 20 at a time', async () => {
    const { outcomes, until, peak } = anInvocation({ bucket: { burst: 100, refill: 1 } });
    const all = outcomes(45);
    await until(700);
    expect(await all).toEqual(Array(45).fill('done'));
    expect(peak.value).toBe(20);
  });

  it('come at the pace of the bucket once one is throttled, and those too late are not sent', async () => {
    const { outcomes, until, calls } = anInvocation();
    const all = outcomes(60);
    await until(MINUTE);
    const answers = await all;
    const done = answers.filter((answer) => answer === 'done').length;
    expect(done).toBeGreaterThanOrEqual(28);
    expect(done).toBeLessThanOrEqual(32);
    expect(answers.filter((answer) => answer === 'held').length).toBeGreaterThan(5);
    expect(calls.filter(({ throttled }) => throttled).length).toBeLessThanOrEqual(23);
    expect(Math.max(...calls.map(({ at }) => at))).toBeLessThan(13_000);
  });

  it('end when every one is throttled: other invocations use the rate', async () => {
    const { outcomes, until, tokens, gates, calls } = anInvocation();
    while (tokens.take());
    const first = outcomes(1);
    await until(100);
    expect(await first).toEqual(['sent']);
    expect(gates.pace('RegisterTaskDefinition')).toEqual({ room: 0 });
    expect(await outcomes(3)).toEqual(['held', 'held', 'held']);
    expect(calls).toHaveLength(1);
  });

  it('go on nevertheless where the invocation persists', async () => {
    const { outcomes, until, tokens, gates } = anInvocation({ persists: true });
    while (tokens.take());
    const first = outcomes(1);
    await until(100);
    expect(await first).toEqual(['sent']);
    expect(gates.pace('RegisterTaskDefinition').room).toBeGreaterThan(0);
    const second = outcomes(5);
    await until(10_000);
    expect((await second).filter((answer) => answer === 'done').length).toBeGreaterThanOrEqual(4);
  });

  it('are not started in the last seconds of the invocation', async () => {
    const { outcomes, until, gates } = anInvocation();
    const first = outcomes(30);
    await until(57_000);
    await first;
    expect(gates.pace('RegisterTaskDefinition')).toEqual({ room: 0 });
  });

  it('do not wait for another operation', async () => {
    const { outcomes, until, gates } = anInvocation();
    const all = outcomes(30);
    await until(1_000);
    expect(gates.pace('UpdateService')).toEqual({ room: Number.POSITIVE_INFINITY });
    await until(MINUTE);
    await all;
  });
});

describe('reads', () => {
  it('are repeated until others leave a token, however few there are', async () => {
    const { reads, until, tokens } = anInvocation({ bucket: { burst: 2, refill: 0.5 } });
    while (tokens.take());
    const all = reads(3);
    await until(20_000);
    expect(await all).toEqual(['done', 'done', 'done']);
  });

  it('are repeated before those that have not been sent yet: what needs the first ones goes on', async () => {
    const { answeredAt, until, calls } = anInvocation({ bucket: { burst: 50, refill: 20 } });
    const all = answeredAt(300);
    await until(20_000);
    expect(calls.some(({ throttled }) => throttled)).toBe(true);
    expect(Math.max(...(await all).slice(0, 100))).toBeLessThan(5_000);
  });

  it('wait for their turn as long as it takes, and are repeated while throttled', async () => {
    const { reads, until, calls } = anInvocation({ bucket: { burst: 50, refill: 20 } });
    const all = reads(300);
    await until(20_000);
    expect(await all).toHaveLength(300);
    expect(calls.filter(({ throttled }) => throttled).length).toBeLessThan(40);
  });
});
