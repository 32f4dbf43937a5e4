import type { Effect } from '../../shared/domain/effects.ts';
import type { AppState, PendingEffect } from '../../shared/domain/state.ts';
import { nextBatch, waitForRate } from '../../shared/perform/batch.ts';
import type { Pace, PacedOperation } from '../../shared/ports.ts';
import { anImage, revision, START } from '../builders.ts';

const FREE: Pace = { room: Number.POSITIVE_INFINITY };

function around(paces: Partial<Record<PacedOperation, Pace>> = {}) {
  return { now: () => START, pace: (operation: PacedOperation) => paces[operation] ?? FREE };
}

function pending(key: string, effect: Effect, more: Partial<PendingEffect> = {}): PendingEffect {
  return { key, effect, attempt: 0, since: START, ...more };
}

const register = (key: string, more: Partial<PendingEffect> = {}) =>
  pending(
    key,
    {
      kind: 'register',
      base: revision(key, 1),
      for: [],
      containers: [],
      latest: false,
      image: anImage('1.1.0'),
      releaseId: 'r',
      release: 1,
    },
    more,
  );
const update = (service: string) =>
  pending(service, {
    kind: 'updateService',
    service,
    revision: revision(service, 2),
    expected: 'ecs-svc/1',
  });
const message = (channel: string, releaseId: string) =>
  pending(`${channel}:${releaseId}`, { kind: 'announceRelease', channel, releaseId, release: 1 });

const stateOf = (...outbox: PendingEffect[]) => ({ outbox }) as unknown as AppState;
const keysOf = (batch: readonly PendingEffect[]) => batch.map(({ key }) => key);

describe('a batch of effects', () => {
  it('is of one kind, and of ECS before channels', () => {
    const state = stateOf(message('chat', 'r'), register('a'), update('web'), register('b'));
    expect(keysOf(nextBatch(around(), state))).toEqual(['a', 'b']);
  });

  it('leaves out what is not due, and what keeps failing', () => {
    const later = register('later', { notBefore: START + 1 });
    const failing = register('failing', { attempt: 3 });
    expect(keysOf(nextBatch(around(), stateOf(later, failing, register('a'))))).toEqual(['a']);
    expect(keysOf(nextBatch(around(), stateOf(later, failing)))).toEqual(['failing']);
  });

  it('has no more effects than ECS takes now, and passes to others where it takes none', () => {
    const state = stateOf(register('a'), register('b'), register('c'), message('chat', 'r'));
    const paced = around({ RegisterTaskDefinition: { room: 2 } });
    expect(keysOf(nextBatch(paced, state))).toEqual(['a', 'b']);
    const full = around({ RegisterTaskDefinition: { room: 0, wait: 500 } });
    expect(keysOf(nextBatch(full, state))).toEqual(['chat:r']);
  });

  it('rolls back before anything else', () => {
    const rollBack = pending('back', {
      kind: 'rollBack',
      service: 'web',
      revision: revision('web', 1),
      target: revision('web', 2),
      expected: 'ecs-svc/1',
      ours: [],
      releaseId: 'r',
      release: 1,
    });
    expect(keysOf(nextBatch(around(), stateOf(register('a'), rollBack)))).toEqual(['back']);
  });

  it('sends one message to each channel', () => {
    const state = stateOf(message('chat', 'r'), message('mail', 'r'), message('chat', 's'));
    expect(keysOf(nextBatch(around(), state))).toEqual(['chat:r', 'mail:r']);
  });
});

describe('the wait for ECS', () => {
  const throttled = { since: START, times: 1 };

  it('is the time until there is room', () => {
    const paced = around({ RegisterTaskDefinition: { room: 0, wait: 700 } });
    expect(waitForRate(paced, stateOf(register('a')))).toBe(700);
  });

  it('is the time of an effect that was throttled', () => {
    const state = stateOf(register('a', { throttled, notBefore: START + 2_000 }));
    expect(waitForRate(around(), state)).toBe(2_000);
  });

  it.each([
    ['nothing was throttled', around(), register('a', { notBefore: START + 2_000 })],
    ['another invocation has to', around({ RegisterTaskDefinition: { room: 0 } }), register('a')],
    ['it is long', around(), register('a', { throttled, notBefore: START + 20_000 })],
  ])('does not take place when %s', (_, runtime, entry) => {
    expect(waitForRate(runtime, stateOf(entry))).toBeUndefined();
  });
});
