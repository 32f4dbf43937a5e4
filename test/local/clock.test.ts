import { behaviourFor, healthyAfter, parseBehaviour } from '../../local/behaviour.ts';
import { createClock } from '../../local/clock.ts';
import { parseDuration } from '../../local/duration.ts';
import { createIds } from '../../local/ids.ts';
import { createPace } from '../../local/pace.ts';

describe('the simulated clock', () => {
  it('runs entries in order of time, ties in order of scheduling, each at its own time', () => {
    const clock = createClock(1000);
    const seen: string[] = [];
    for (const [name, time] of Object.entries({ c: 3000, a: 1500, b: 2000, b2: 2000, late: 9000 })) {
      clock.at(time, () => seen.push(`${name}@${clock.now()}`), { periodic: name === 'b2' });
    }
    clock.runUntil(5000);
    expect(seen).toEqual(['a@1500', 'b@2000', 'b2@2000', 'c@3000']);
    expect(clock.now()).toBe(5000);
  });

  it('keeps thousands of entries in order', () => {
    const clock = createClock(0);
    const ids = createIds(7);
    const seen: number[] = [];
    for (let i = 0; i < 5000; i++) clock.at(Math.floor(ids.random() * 10_000), () => seen.push(clock.now()));
    clock.runUntil(10_000);
    expect(seen).toHaveLength(5000);
    expect(seen).toEqual([...seen].sort((a, b) => a - b));
  });

  it('runs entries that another entry schedules within the same span', () => {
    const clock = createClock(0);
    const seen: number[] = [];
    clock.after(10, () => clock.after(5, () => seen.push(clock.now())));
    clock.runUntil(20);
    expect(seen).toEqual([15]);
  });

  it('does not run canceled entries', () => {
    const clock = createClock(0);
    const cancel = clock.after(5, () => {
      throw new Error('ran');
    });
    cancel();
    expect(clock.idle()).toBe(true);
    expect(clock.nextDue()).toBeUndefined();
    clock.runUntil(10);
    cancel();
  });

  it('is idle if only periodic entries are due', () => {
    const clock = createClock(0);
    clock.after(5, () => undefined, { periodic: true });
    expect([clock.idle(), clock.nextDue(), clock.nextWork()]).toEqual([true, 5, undefined]);
    clock.after(9, () => undefined);
    expect([clock.idle(), clock.nextDue(), clock.nextWork()]).toEqual([false, 5, 9]);
  });

  it('never runs backwards', () => {
    const clock = createClock(100);
    clock.setNow(50);
    clock.runUntil(20);
    expect(clock.now()).toBe(100);
    const seen: number[] = [];
    clock.at(10, () => seen.push(clock.now()));
    clock.runUntil(100);
    expect(seen).toEqual([100]);
  });
});

const soon = (milliseconds: number) => new Promise<void>((resolve) => setTimeout(resolve, milliseconds));

/** Waits as long as a busy machine takes. */
async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await soon(5);
}

describe('the pace', () => {
  it('jumps at speed max while there is work, and pauses if only periodic entries are due', async () => {
    const clock = createClock(Date.now());
    const start = clock.now();
    const seen: string[] = [];
    const pace = createPace({ clock, speed: 'max', busy: () => false });
    const repeat = () => {
      seen.push('sweep');
      clock.after(60_000, repeat, { periodic: true });
    };
    clock.after(60_000, repeat, { periodic: true });
    clock.after(130_000, () => seen.push('work'));
    pace.notify();
    await until(() => seen.includes('work'));
    // It could run the next sweep meanwhile.
    await soon(50);
    pace.stop();
    expect(seen).toEqual(['sweep', 'sweep', 'work']);
    expect(clock.now() - start).toBeLessThan(140_000);
  });

  it('runs at 1x during an invocation, even at speed max', async () => {
    const clock = createClock(Date.now());
    let busy = false;
    let ran = false;
    const pace = createPace({ clock, speed: 'max', busy: () => busy });
    clock.after(1000, () => {
      busy = true;
      clock.after(60_000, () => {
        ran = true;
      });
    });
    pace.notify();
    await until(() => busy);
    // It could jump meanwhile.
    await soon(60);
    expect(ran).toBe(false);
    busy = false;
    pace.notify();
    await until(() => ran);
    pace.stop();
    expect(ran).toBe(true);
  });

  it('runs N times as fast as real time', async () => {
    const clock = createClock(Date.now());
    const start = Date.now();
    const pace = createPace({ clock, speed: 100, busy: () => false });
    await soon(100);
    pace.sync();
    pace.stop();
    const passed = clock.now() - start;
    expect(passed).toBeGreaterThanOrEqual(9_000);
    expect(passed).toBeLessThanOrEqual((Date.now() - start + 20) * 100);
  });

  it('advances by a span, waiting for each invocation in it', async () => {
    const clock = createClock(Date.now());
    const start = clock.now();
    let running = 0;
    const seen: string[] = [];
    const pace = createPace({ clock, speed: 1, busy: () => running > 0 });
    for (const minute of [1, 2, 3]) {
      clock.at(start + minute * 60_000, () => {
        running += 1;
        seen.push(`begin ${minute}`);
        setTimeout(() => {
          seen.push(`end ${minute}`);
          running -= 1;
          pace.notify();
        }, 10);
      });
    }
    await pace.advance(150_000);
    pace.stop();
    expect(seen).toEqual(['begin 1', 'end 1', 'begin 2', 'end 2']);
    expect(clock.now()).toBeGreaterThanOrEqual(start + 150_000);
    expect(clock.now()).toBeLessThan(start + 180_000);
  });

  it('catches up with real time', () => {
    let real = 1_000_000;
    const clock = createClock(0);
    const pace = createPace({ clock, speed: 1, busy: () => true, realTime: () => real });
    expect(clock.now()).toBe(1_000_000);
    real = 5_000_000;
    pace.sync();
    pace.stop();
    expect(clock.now()).toBe(5_000_000);
  });

  it.each([0, 0.5, -1, Number.NaN])('refuses speed %p', (speed) => {
    expect(() => createPace({ clock: createClock(0), speed, busy: () => false })).toThrow('speed');
  });
});

describe('durations', () => {
  it.each([
    ['5s', 5_000],
    ['10m', 600_000],
    ['1h30m', 5_400_000],
    ['500ms', 500],
    ['1.5s', 1_500],
  ])('reads %s as %d ms', (text, expected) => expect(parseDuration(text)).toBe(expected));

  it.each(['', '5', 's', '5 s', '-5s', '5x'])('refuses %p by name', (text) => {
    expect(() => parseDuration(text)).toThrow(`"${text}"`);
  });
});

describe('ids', () => {
  it('are the same for the same seed, with the requested length', () => {
    const [a, b] = [createIds(3), createIds(3)];
    expect(a.digits(19)).toMatch(/^[1-9]\d{18}$/);
    b.digits(19);
    expect(a.uuid()).toBe(b.uuid());
    expect(a.hex(32)).toMatch(/^[0-9a-f]{32}$/);
    expect(createIds(4).hex(8)).not.toBe(createIds(5).hex(8));
  });
});

describe('behaviours', () => {
  const identity = {
    images: ['web-app:1.2.0', 'web-app@sha256:abc', 'web-app'],
    family: 'web-app',
    container: 'web',
    for: 'service',
  } as const;

  it.each([
    [{}, true],
    [{ image: 'web-app:1.2.*' }, true],
    [{ image: 'web-app:1.3.*' }, false],
    [{ image: 'web-app@sha256:abc' }, true],
    [{ image: 'web-app:1.2.*', container: 'sidecar' }, false],
    [{ family: 'web-app', for: 'service' as const }, true],
    [{ for: 'task' as const }, false],
  ])('%j matches: %p', (rule, expected) => {
    expect(behaviourFor([rule], identity) !== undefined).toBe(expected);
  });

  it('uses the newest matching rule, without merging', () => {
    expect(behaviourFor([{ health: 'unhealthy' }, { logs: ['a'] }, { image: 'x' }], identity)).toEqual({
      logs: ['a'],
    });
  });

  it('reads a whole rule', () => {
    const rule = { image: 'a:*', exit: { after: '3s', code: 1 }, health: 'healthyAfter 90s', logs: ['x'] };
    expect(parseBehaviour(rule)).toEqual(rule);
    expect(healthyAfter('healthyAfter 90s')).toBe(90_000);
  });

  it.each([
    [{ targetHealth: 'unhealthy 1' }, '"targetHealth" is "unhealthy 1"'],
    [{ health: 'unhealthy 404' }, '"health" is "unhealthy 404"'],
    [{ pul: 'ok' }, 'unknown field "pul"'],
    [{ pull: 'later' }, '"pull" is "later"'],
    [{ exit: { after: '3x', code: 1 } }, '"exit.after" is "3x"'],
    [{ exit: { code: 1 } }, '"exit.after"'],
    [{ exit: { after: '3s', code: 'one' } }, '"exit.code" is "one"'],
    [{ exit: 'sometimes' }, '"exit" is "sometimes"'],
    [{ health: 'well' }, '"health" is "well"'],
    [{ for: 'pod' }, '"for" is "pod"'],
    [{ logs: 'line' }, '"logs" is "line"'],
    [{ failToStart: { stopCode: 'X' } }, '"failToStart.reason"'],
    [[], 'JSON object'],
  ])('refuses %j, with the reason', (rule, message) => {
    expect(() => parseBehaviour(rule)).toThrow(message);
  });
});
