import type { Dice } from '../simulation/dice.ts';
import type { Shot } from './shot.ts';
import { anything, oddText } from './values.ts';

/** Control requests, valid and not. Faults are ordered for a method that no shot calls: what is on order proves nothing. */
export function controlRequest(dice: Dice): Omit<Shot, 'kind'> {
  const [method, path, body] = dice.pick<() => readonly [string, string, unknown]>([
    () => [
      'GET',
      dice.pick(['ready', 'clock', 'messages', 'calls', 'invocations', 'faults', 'behaviours']),
      undefined,
    ],
    () => [
      'GET',
      `calls?after=${encodeURIComponent(dice.pick(['0', '-1', 'x', '1e999', '999999999']))}`,
      undefined,
    ],
    () => [
      'POST',
      'clock',
      { advance: dice.pick(['5s', '1m', '10m', '0s', '99999999999d', `${'9'.repeat(400)}d`, 'x', '']) },
    ],
    () => ['POST', 'clock', { speed: dice.pick(['max', 'max', 0, -1, 1e308, 'fast', null]) }],
    () => ['POST', 'clock', anything(dice)],
    () => ['POST', 'push', pushOf(dice)],
    () => ['POST', 'behaviours', behaviourOf(dice)],
    () => [
      'POST',
      'faults',
      {
        operation: dice.pick(['auth.test', 'Nobody']),
        times: dice.pick([1, 0, -1, 1.5]),
        status: dice.pick([503, 99, 1000]),
        latency: dice.pick(['5s', 'x']),
      },
    ],
    () => [
      'POST',
      'faults',
      { event: oddText(dice), do: dice.pick(['drop', 'duplicate', 'delay', 'explode']), times: 1 },
    ],
    () => ['POST', dice.pick(['push', 'behaviours', 'faults', 'clock']), anything(dice)],
    () => ['DELETE', dice.pick(['faults', 'behaviours']), undefined],
    () => [dice.pick(['GET', 'PUT', 'DELETE']), dice.pick(['reset', 'push', '__proto__', 'constructor']), {}],
  ])();
  const text = body === undefined ? '' : (JSON.stringify(body) ?? '');
  return { request: { method, path: `/_local/${path}`, headers: {}, body: Buffer.from(text) } };
}

function pushOf(dice: Dice): unknown {
  return {
    repository: dice.pick(['web', 'team/web', 'none', '', oddText(dice)]),
    ...(dice.chance(0.7) ? { tag: dice.pick(['1', '2', '-', oddText(dice)]) } : {}),
    ...(dice.chance(0.3)
      ? { platforms: dice.pick([['linux/amd64'], ['linux/amd64', 'linux/arm64'], [], ['x'], 1]) }
      : {}),
    ...(dice.chance(0.2) ? { labels: { [oddText(dice)]: 'a' } } : {}),
  };
}

function behaviourOf(dice: Dice): unknown {
  return {
    ...(dice.chance(0.5) ? { image: dice.pick(['nginx', 'web:1.*', '*', '[', oddText(dice)]) } : {}),
    ...dice.pick<object>([
      { exit: { after: '3s', code: dice.pick([0, 1, 137, -1, 1e9]) } },
      { exit: 'never' },
      { pull: dice.pick(['ok', 'denied', 'slow', 'notFound', 'wrongPlatform', 'x']) },
      { health: dice.pick(['healthy', 'unhealthy', 'healthyAfter 90s', 'healthyAfter x', 'x']) },
      { startAfter: dice.pick(['5s', '-5s', '99999999999d']) },
      { interruptAfter: '30s' },
      { logs: ['line', oddText(dice)] },
      { unplaced: oddText(dice) },
      { failToStart: { stopCode: 'TaskFailedToStart', reason: oddText(dice) } },
    ]),
  };
}
