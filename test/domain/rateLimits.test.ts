import type { Answer } from '../../shared/domain/answers.ts';
import { rateLimitOf } from '../../shared/domain/kernel/rateLimits.ts';
import { anApp, aStage, MINUTE } from '../builders.ts';

const THROTTLED: Answer = {
  kind: 'retry',
  wait: 2_000,
  why: 'ecs:UpdateService: Rate exceeded',
  throttling: 'sent',
};

/** A release whose UpdateService is throttled. */
function waiting() {
  const stage = aStage(anApp()).adopted().prepared('1.1.0');
  stage.answer('updateService', THROTTLED);
  while (stage.pending('recordPush').length > 0) stage.answer('recordPush', { kind: 'done' });
  return stage;
}

describe('an effect that AWS throttles', () => {
  it('is as new as before: a repeat need not look for what was certainly not carried out', () => {
    const stage = waiting();
    const [entry] = stage.pending('updateService');
    expect(entry).toMatchObject({ attempt: 0, notBefore: stage.now + 2_000, throttled: { times: 1 } });
    stage.later(2_000).answer('updateService', { ...THROTTLED, throttling: 'held' });
    expect(stage.pending('updateService')[0]).toMatchObject({ attempt: 0, throttled: { times: 1 } });
  });

  it('counts as possibly done after another failure', () => {
    const stage = waiting();
    stage.answer('updateService', { kind: 'retry', wait: 1_000, why: 'socket hang up' });
    const [entry] = stage.pending('updateService');
    expect(entry).toMatchObject({ attempt: 1 });
    expect(entry?.throttled).toBeUndefined();
  });

  it('is not stuck, however long others use the rate, up to two hours', () => {
    const stage = waiting();
    stage.later(40 * MINUTE).when({ type: 'tick' });
    expect(stage.pending('announceApp')).toEqual([]);
    stage.later(81 * MINUTE).when({ type: 'tick' });
    expect(stage.pending('announceApp').length).toBeGreaterThan(0);
  });

  it('is not stuck at once when it fails after the wait', () => {
    const stage = waiting();
    stage.later(20 * MINUTE).answer('updateService', { kind: 'retry', wait: 1_000, why: 'no answer' });
    stage.when({ type: 'tick' });
    expect(stage.pending('announceApp')).toEqual([]);
    stage.later(16 * MINUTE).when({ type: 'tick' });
    expect(stage.pending('announceApp').length).toBeGreaterThan(0);
  });
});

describe('a release that waits for ECS rates', () => {
  it('does not run out of time meanwhile', () => {
    const stage = waiting();
    stage.later(45 * MINUTE).when({ type: 'tick' });
    expect(stage.state.release?.failure).toBeUndefined();
    stage.updated();
    expect(stage.state.release).toMatchObject({ step: 'rolling' });
    stage.later(20 * MINUTE).when({ type: 'tick' });
    expect(stage.state.release?.failure).toBeUndefined();
  });

  it('has as much time as before once it goes on', () => {
    const stage = waiting();
    const before = stage.state.release?.deadline ?? 0;
    stage.later(45 * MINUTE).updated();
    expect(stage.state.release?.deadline).toBe(before + 45 * MINUTE);
    expect(stage.state.release?.rateLimitedSince).toBeUndefined();
  });

  it('runs out of time after two hours of it', () => {
    const stage = waiting();
    stage.later(155 * MINUTE).when({ type: 'tick' });
    expect(stage.state.release?.failure?.cause.kind).toBe('timeout');
  });
});

describe('what the status says of a wait for ECS', () => {
  it('is how many calls are left, since when, and how long they take at least', () => {
    const stage = waiting();
    const since = stage.now;
    stage.later(MINUTE);
    expect(rateLimitOf(stage.state, stage.now)).toEqual({ since, calls: 1, seconds: 1 });
    stage.updated();
    expect(rateLimitOf(stage.state, stage.now)).toBeUndefined();
  });
});
