import { runFacts } from '../../shared/domain/facts.ts';
import type { Cause } from '../../shared/domain/release.ts';
import { runsDueAt } from '../../shared/domain/runs/ticking.ts';
import { anApp, aTail, MINUTE } from '../builders.ts';
import { failing, NIGHT, stageOf } from './runStage.ts';

const PLACE = { environment: 'production', account: '123456789012', region: 'us-east-1' };

describe('decide, when a run goes wrong', () => {
  it('fails with the exit code and its cause, reads its last lines first, and notifies people', () => {
    const stage = stageOf();
    stage.calls(NIGHT);
    stage.prepared();
    stage.starts('task/1');
    stage.stops('task/1', failing('crash', 3));
    expect(stage.newest()).toMatchObject({ outcome: 'failed', exitCode: 3, reason: 'It was crash.' });
    stage.answer('readLines', {
      kind: 'linesRead',
      tail: aTail('no such table'),
    });
    expect(stage.newest().tail?.lines[0]?.text).toBe('no such table');
    expect(stage.pending('announceRun')).toHaveLength(1);
  });

  it('gives as its reason what the last lines of its container say', () => {
    const stage = stageOf();
    stage.calls(NIGHT);
    stage.prepared();
    stage.starts('task/1');
    const sentence = 'Container web exited with code 3: see its log.';
    const cause = { kind: 'crash', sentence, evidence: [], canHeal: true, container: 'web', exitCode: 3 };
    stage.stops('task/1', { ...failing('crash', 3), cause });
    stage.answer('readLines', {
      kind: 'linesRead',
      tail: aTail('no such table'),
    });
    const told =
      'Container web exited with code 3: the schema of the database lacks what this image needs (no such table); its log says "no such table".';
    expect(stage.newest()).toMatchObject({ reason: told, cause: { kind: 'schemaConflict', sentence: told } });
  });

  it('delays its announcement for up to a minute if its lines cannot be read yet', () => {
    const stage = stageOf();
    stage.calls(NIGHT);
    stage.prepared();
    stage.starts('task/1');
    stage.stops('task/1', failing('crash', 3));
    stage.answer('readLines', { kind: 'retry', wait: 1_000, why: 'logs:GetLogEvents: Rate exceeded' });
    const [waiting] = stage.pending('announceRun');
    expect(waiting?.notBefore).toBe(stage.now + 60_000);
    stage.answer('recordRun', { kind: 'done' });
    stage.answer('readLines', {
      kind: 'linesRead',
      tail: aTail('no such table'),
    });
    expect(stage.pending('announceRun')[0]).not.toHaveProperty('notBefore');
    expect(stage.pending('recordRun')).toHaveLength(1);
    expect(stage.newest().tail?.lines).toHaveLength(1);
  });

  it('is announced at once if its lines will never be read', () => {
    const stage = stageOf();
    stage.calls(NIGHT);
    stage.prepared();
    stage.starts('task/1');
    stage.stops('task/1', failing('crash', 3));
    const cause = { kind: 'refusedByAws', sentence: 'AWS refused it.', evidence: [], canHeal: false };
    stage.answer('readLines', { kind: 'refused', cause });
    expect(stage.pending('announceRun')[0]).not.toHaveProperty('notBefore');
  });

  it.each([
    ['an exit code that is not configured', {}, failing('crash', 75), 'failed'],
    ['an exit code that is named', { exitCodes: [75] }, failing('crash', 75), 'starting'],
    ['any exit code where all are', { exitCodes: 'any' }, failing('crash', 1), 'starting'],
    ['another exit code than the named', { exitCodes: [75] }, failing('crash', 76), 'failed'],
    ['a registry that did not answer', {}, failing('registryUnreachable'), 'starting'],
    ['an image that is not there', {}, failing('imageNotFound', undefined, false), 'neverStarted'],
  ] as const)('tries again or not after %s', (_, retries, observed, expected) => {
    const stage = stageOf({ retries: { times: 2, backoff: 30_000, exitCodes: [], ...retries } });
    stage.calls(NIGHT);
    stage.prepared();
    stage.starts('task/1');
    stage.stops('task/1', observed);
    expect(stage.outcomes()).toEqual([expected]);
  });

  it('waits twice as long before each repeat, and gives up after the last', () => {
    const stage = stageOf({ retries: { times: 2, backoff: 30_000, exitCodes: 'any' } });
    stage.calls(NIGHT);
    stage.prepared();
    const waits: number[] = [];
    for (const attempt of [1, 2, 3]) {
      stage.starts(`task/${attempt}`);
      stage.stops(`task/${attempt}`, failing('crash', 1));
      const [entry] = stage.pending('startRun');
      if (entry) waits.push((entry.notBefore ?? 0) - stage.now);
    }
    expect(waits).toEqual([30_000, 60_000]);
    expect(stage.newest().earlier).toMatchObject([
      { taskArns: ['task/1'], exitCode: 1, retried: true },
      { taskArns: ['task/2'], exitCode: 1, retried: true },
    ]);
    expect(stage.newest()).toMatchObject({ outcome: 'failed', attempt: 3 });
    expect(stage.newest().earlier.map(({ taskArns }) => taskArns)).toEqual([['task/1'], ['task/2']]);
  });

  it('reads what an earlier attempt wrote where the last one could not start, and says so', () => {
    const stage = stageOf({ retries: { times: 2, backoff: 1_000, exitCodes: 'any' } });
    stage.calls(NIGHT);
    stage.prepared();
    stage.starts('task/1');
    stage.stops('task/1', failing('registryUnreachable'));
    stage.starts('task/2');
    stage.stops('task/2', failing('crash', 75));
    const cause: Cause = { kind: 'accessDenied', sentence: 'AWS refused it.', evidence: [], canHeal: false };
    stage.answer('startRun', { kind: 'refused', cause });
    expect(stage.newest()).toMatchObject({ outcome: 'failed', reason: 'AWS refused it.', tailOf: 2 });
    expect(stage.pending('readLines')[0]?.effect).toMatchObject({ taskArns: ['task/2'] });
  });

  it('reads nothing of attempts whose container never ran', () => {
    const stage = stageOf({ retries: { times: 2, backoff: 1_000, exitCodes: [] } });
    stage.calls(NIGHT);
    stage.prepared();
    stage.starts('task/1');
    stage.stops('task/1', failing('registryUnreachable'));
    const cause: Cause = { kind: 'accessDenied', sentence: 'AWS refused it.', evidence: [], canHeal: false };
    stage.answer('startRun', { kind: 'refused', cause });
    expect(stage.newest()).toMatchObject({ outcome: 'neverStarted' });
    expect(stage.pending('readLines')).toEqual([]);
  });

  it('starts again on demand once after Spot took the task away, without spending a retry', () => {
    const stage = stageOf({ retries: { times: 0, backoff: 1_000, exitCodes: [] } });
    stage.calls(NIGHT);
    stage.prepared();
    stage.starts('task/1');
    stage.stops('task/1', failing('spotInterruption', 143));
    // A cluster may have FARGATE_SPOT as its only capacity provider.
    expect(stage.pending('startRun')[0]?.effect.capacity).toEqual({ launchType: 'FARGATE' });
    stage.starts('task/2');
    stage.stops('task/2', failing('spotInterruption', 143));
    expect(stage.outcomes()).toEqual(['failed']);
  });

  it('asks for capacity for a while, and then never started', () => {
    const stage = stageOf();
    stage.calls(NIGHT);
    stage.prepared();
    const cause: Cause = {
      kind: 'capacity',
      sentence: 'There was no capacity.',
      evidence: [],
      canHeal: false,
    };
    for (let minute = 0; minute < 12 && stage.pending('startRun').length > 0; minute += 1) {
      stage.later(MINUTE);
      stage.answer('startRun', { kind: 'taskNotStarted', cause, capacity: true });
    }
    expect(stage.newest()).toMatchObject({ outcome: 'neverStarted', reason: 'There was no capacity.' });
    expect(stage.newest().attempt).toBeGreaterThan(3);
  });

  it('asks for capacity again after 15 s, 30 s and so on, whatever came before', () => {
    const stage = stageOf({ retries: { times: 2, backoff: 1_000, exitCodes: 'any' } });
    const cause: Cause = { kind: 'capacity', sentence: 'No room.', evidence: [], canHeal: false };
    const attempts: number[] = [];
    const refused = () => {
      stage.answer('startRun', { kind: 'taskNotStarted', cause, capacity: true });
      const [entry] = stage.pending('startRun');
      attempts.push(entry?.effect.attempt ?? 0);
      return (entry?.notBefore ?? 0) - stage.now;
    };
    stage.calls(NIGHT);
    stage.prepared();
    expect([1, 2, 3, 4, 5].map(refused)).toEqual([15_000, 30_000, 60_000, 120_000, 120_000]);
    stage.starts('task/1');
    stage.stops('task/1', failing('crash', 1));
    expect([1, 2].map(refused)).toEqual([15_000, 30_000]);
    stage.starts('task/2');
    stage.stops('task/2', failing('spotInterruption', 143));
    expect([1, 2].map(refused)).toEqual([15_000, 30_000]);
    // Each is another client token.
    expect(new Set(attempts).size).toBe(attempts.length);
  });

  it('stops what takes too long, and is timed out once it has stopped', () => {
    const stage = stageOf({ timeout: 20 * MINUTE });
    stage.calls(NIGHT);
    stage.prepared();
    stage.starts('task/1');
    stage.taskOutOfTime(21 * MINUTE);
    expect(stage.pending('stopTask')[0]?.effect.reason).toContain('did not end within 20 min');
    stage.stops('task/1', failing('terminated', 143));
    expect(stage.newest()).toMatchObject({ outcome: 'timedOut', exitCode: 143 });
  });

  it('has succeeded where a last look shows that it ended in time, unheard', () => {
    const stage = stageOf({ timeout: 20 * MINUTE });
    stage.calls(NIGHT);
    stage.prepared();
    stage.starts('task/1');
    stage.later(21 * MINUTE).when({ type: 'tick' });
    stage.later(9 * MINUTE).when({ type: 'tick' });
    expect(stage.outcomes()).toEqual(['running']);
    stage.stops('task/1');
    expect(stage.outcomes()).toEqual(['succeeded']);
  });

  it('is stopped, too, where no answer to that look comes for half an hour', () => {
    const stage = stageOf({ timeout: 20 * MINUTE });
    stage.calls(NIGHT);
    stage.prepared();
    stage.starts('task/1');
    stage.later(21 * MINUTE).when({ type: 'tick' });
    stage.later(30 * MINUTE).when({ type: 'tick' });
    expect(stage.pending('stopTask')).toHaveLength(1);
  });

  it('is checked while it is being stopped, before that is given up', () => {
    const stage = stageOf({ timeout: 20 * MINUTE });
    stage.calls(NIGHT);
    stage.prepared();
    stage.starts('task/1');
    stage.taskOutOfTime(21 * MINUTE);
    stage.answer('stopTask', { kind: 'done' });
    expect(runsDueAt(stage.state)).toEqual([stage.now + 3 * MINUTE]);
    stage.later(3 * MINUTE).when({ type: 'tick' });
    expect(stage.pending('lookAtTask')).toHaveLength(1);
    const observed = {
      taskArn: 'task/1',
      found: true,
      lastStatus: 'DEACTIVATING',
      scaledIn: false,
      exitCodes: {},
    };
    stage.answer('lookAtTask', { kind: 'taskSeen', task: observed });
    expect(stage.outcomes()).toEqual(['stopping']);
    stage.later(7 * MINUTE).when({ type: 'tick' });
    expect(stage.newest().reason).toContain('ECS has not confirmed that it stopped');
  });

  it.each([11, 45])(
    'is waited for as long as ECS has not accepted the order to stop it, be it %i min',
    (minutes) => {
      const stage = stageOf({ timeout: 20 * MINUTE });
      stage.calls(NIGHT);
      stage.prepared();
      stage.starts('task/1');
      stage.taskOutOfTime(21 * MINUTE);
      stage.later(minutes * MINUTE).when({ type: 'tick' });
      expect(stage.outcomes()).toEqual(['stopping']);
      stage.answer('stopTask', { kind: 'done' });
      stage.later(11 * MINUTE).when({ type: 'tick' });
      expect(stage.newest().reason).toContain('ECS has not confirmed that it stopped');
    },
  );

  it('is checked when it has been silent: its event may be lost', () => {
    const stage = stageOf();
    stage.calls(NIGHT);
    stage.prepared();
    stage.starts('task/1');
    stage.later(6 * MINUTE).when({ type: 'tick' });
    expect(stage.pending('lookAtTask')[0]?.effect.taskArn).toBe('task/1');
  });

  it('starts only what Spot took away again, and keeps the tasks that have succeeded', () => {
    const stage = stageOf({ count: 3, retries: { times: 0, backoff: 1_000, exitCodes: [] } });
    stage.calls(NIGHT);
    stage.prepared();
    expect(stage.pending('startRun')[0]?.effect.count).toBe(3);
    stage.starts('task/1', 'task/2', 'task/3');
    stage.stops('task/1');
    stage.stops('task/2', failing('spotInterruption', 143));
    stage.stops('task/3');
    expect(stage.pending('startRun')[0]?.effect.count).toBe(1);
    stage.starts('task/4');
    stage.stops('task/4');
    expect(stage.newest()).toMatchObject({ outcome: 'succeeded', exitCode: 0 });
    expect(stage.newest().tasks.map(({ taskArn }) => taskArn)).toEqual(['task/1', 'task/3', 'task/4']);
  });

  it('does not repeat what ended with a code that is not configured, whatever happened to the tasks beside it', () => {
    for (const order of [
      ['task/1', 'task/2'],
      ['task/2', 'task/1'],
    ]) {
      const stage = stageOf({ count: 2 });
      stage.calls(NIGHT);
      stage.prepared();
      stage.starts('task/1', 'task/2');
      for (const arn of order)
        stage.stops(arn, arn === 'task/1' ? failing('spotInterruption', 143) : failing('crash', 1));
      expect(stage.newest()).toMatchObject({ outcome: 'failed', reason: 'It was crash.', exitCode: 1 });
    }
  });

  it('starts what ECS had left out, too, when it tries again', () => {
    const stage = stageOf({ count: 3 });
    stage.calls(NIGHT);
    stage.prepared();
    const missing: Cause = { kind: 'notStarted', sentence: 'Two of three.', evidence: [], canHeal: false };
    stage.answer('startRun', { kind: 'runStarted', taskArns: ['task/1', 'task/2'], missing });
    stage.stops('task/1');
    stage.stops('task/2', failing('spotInterruption', 143));
    expect(stage.pending('startRun')[0]?.effect.count).toBe(2);
  });

  it('has failed, and not never started, when only its last attempt could not start', () => {
    const stage = stageOf({ retries: { times: 2, backoff: 30_000, exitCodes: 'any' } });
    stage.calls(NIGHT);
    stage.prepared();
    stage.starts('task/1');
    stage.stops('task/1', failing('crash', 1));
    stage.later(MINUTE);
    const cause: Cause = { kind: 'notStarted', sentence: 'Not started.', evidence: [], canHeal: false };
    stage.answer('startRun', { kind: 'taskNotStarted', cause, capacity: false });
    expect(stage.newest()).toMatchObject({ outcome: 'failed', reason: 'Not started.' });
  });

  it('says how long the attempt has taken that it stops, and waits for ECS to know its tasks', () => {
    const stage = stageOf({ timeout: 20 * MINUTE, retries: { times: 1, backoff: 1_000, exitCodes: 'any' } });
    stage.calls(NIGHT);
    stage.prepared();
    stage.starts('task/1');
    stage.later(15 * MINUTE);
    stage.stops('task/1', failing('crash', 1));
    stage.later(MINUTE);
    stage.starts('task/2');
    stage.stops('task/2', { found: false, exitCodes: {} });
    expect(stage.outcomes()).toEqual(['running']);
    stage.taskOutOfTime(20 * MINUTE);
    expect(stage.pending('stopTask')[0]?.effect.reason).toContain('did not end within 20 min');
  });

  it('has failed, and not never started, when ECS has forgotten its task', () => {
    const stage = stageOf();
    stage.calls(NIGHT);
    stage.prepared();
    stage.starts('task/1');
    stage.later(50 * MINUTE).when({ type: 'tick' });
    const task = { taskArn: 'task/1', found: false, lastStatus: 'MISSING', scaledIn: false, exitCodes: {} };
    stage.answer('lookAtTask', { kind: 'taskSeen', task });
    expect(stage.newest()).toMatchObject({ outcome: 'failed', cause: { kind: 'vanished' } });
    expect(stage.newest().reason).toContain('how it ended is unknown');
  });

  it('says that ECS did not stop it when it did not', () => {
    const stage = stageOf({ timeout: 20 * MINUTE });
    stage.calls(NIGHT);
    stage.prepared();
    stage.starts('task/1');
    stage.taskOutOfTime(21 * MINUTE);
    const cause: Cause = { kind: 'accessDenied', sentence: 'AWS refused it.', evidence: [], canHeal: false };
    stage.answer('stopTask', { kind: 'refused', cause });
    expect(stage.newest().reason).toBe(
      'it did not end within 20 min; it may still run because it could not be stopped: AWS refused it.',
    );
  });

  it('has every task of it stopped that can be, also where ECS refuses to stop the first', () => {
    const stage = stageOf({ count: 2, timeout: 20 * MINUTE });
    stage.calls(NIGHT);
    stage.prepared();
    stage.starts('task/1', 'task/2');
    stage.taskOutOfTime(21 * MINUTE);
    const cause: Cause = { kind: 'refusedByAws', sentence: 'AWS refused it.', evidence: [], canHeal: false };
    const key = 'stop:task/1';
    stage.when({ type: 'answered', key, answer: { kind: 'refused', cause } });
    expect(stage.pending('stopTask')[0]?.effect.taskArn).toBe('task/2');
    stage.answer('stopTask', { kind: 'done' });
    stage.stops('task/2', failing('killed', 137));
    expect(stage.outcomes()).toEqual(['stopping']);
    stage.later(10 * MINUTE).when({ type: 'tick' });
    expect(stage.newest().reason).toContain('ECS has not confirmed that it stopped');
  });

  it('succeeds only when every one of its tasks does', () => {
    const stage = stageOf({ count: 2 });
    stage.calls(NIGHT);
    stage.prepared();
    stage.starts('task/1', 'task/2');
    stage.stops('task/1');
    expect(stage.outcomes()).toEqual(['running']);
    stage.stops('task/2', failing('crash', 2));
    expect(stage.newest()).toMatchObject({ outcome: 'failed', exitCode: 2 });
  });

  it('reads the last lines of the task that failed, and not of those beside it that have succeeded', () => {
    const stage = stageOf({ count: 4, retries: { times: 1, backoff: 1_000, exitCodes: [75] } });
    stage.calls(NIGHT);
    stage.prepared();
    stage.starts('task/1', 'task/2', 'task/3', 'task/4');
    stage.stops('task/1');
    stage.stops('task/2', failing('spotInterruption', 143));
    stage.stops('task/3');
    stage.stops('task/4', failing('crash', 1));
    expect(stage.pending('readLines')[0]?.effect.taskArns).toEqual(['task/4', 'task/2']);
    const { taskArns } = runFacts(PLACE, anApp(), stage.newest(), stage.now);
    expect(taskArns).toEqual(['task/4', 'task/2', 'task/1', 'task/3']);
  });

  it('says why it has failed if every task that ECS started has succeeded', () => {
    const stage = stageOf({ count: 2 });
    stage.calls(NIGHT);
    stage.prepared();
    const missing: Cause = { kind: 'notStarted', sentence: 'One of two.', evidence: [], canHeal: false };
    stage.answer('startRun', { kind: 'runStarted', taskArns: ['task/1'], missing });
    stage.stops('task/1');
    expect(stage.newest()).toMatchObject({ outcome: 'failed', reason: 'One of two.' });
    expect(stage.newest()).not.toHaveProperty('exitCode');
  });

  it('starts those that ECS had no capacity for as a retry, if the others have succeeded', () => {
    const stage = stageOf({ count: 3, retries: { times: 1, backoff: 30_000, exitCodes: [] } });
    stage.calls(NIGHT);
    stage.prepared();
    const missing: Cause = { kind: 'notStarted', sentence: 'One of three.', evidence: [], canHeal: true };
    stage.answer('startRun', { kind: 'runStarted', taskArns: ['task/1'], missing });
    stage.stops('task/1');
    const [again] = stage.pending('startRun');
    expect(again).toMatchObject({ effect: { count: 2 }, notBefore: stage.now + 30_000 });
    stage.answer('startRun', { kind: 'runStarted', taskArns: ['task/2'], missing });
    stage.stops('task/2');
    expect(stage.newest()).toMatchObject({ outcome: 'failed', reason: 'One of three.' });
    const enough = stageOf({ count: 2 });
    enough.calls(NIGHT);
    enough.prepared();
    enough.answer('startRun', { kind: 'runStarted', taskArns: ['task/1'], missing });
    enough.stops('task/1');
    enough.starts('task/2');
    enough.stops('task/2');
    expect(enough.newest()).toMatchObject({ outcome: 'succeeded', exitCode: 0 });
  });

  it('keeps its tasks through the end of a release', () => {
    const stage = stageOf();
    stage.calls(NIGHT);
    stage.prepared();
    stage.starts('task/1');
    stage.push('1.1.0');
    stage.when({ type: 'taskStopped', taskArn: 'task/1', scaledIn: false });
    stage.when({ type: 'operator', request: { command: 'cancel', app: 'web', who: 'op' } });
    expect(stage.state.release).toBeUndefined();
    expect(stage.pending('lookAtTask')).toHaveLength(1);
  });

  it('counts as a retry only what was configured: the way from Spot to on demand is none', () => {
    const stage = stageOf({ retries: { times: 1, backoff: 30_000, exitCodes: 'any' } });
    stage.calls(NIGHT);
    stage.prepared();
    stage.starts('task/1');
    stage.stops('task/1', failing('spotInterruption', 143));
    stage.starts('task/2');
    stage.stops('task/2', failing('crash', 1));
    expect(stage.pending('startRun')[0]?.notBefore).toBe(stage.now + 30_000);
    stage.starts('task/3');
    stage.stops('task/3', failing('crash', 1));
    expect(stage.newest()).toMatchObject({ outcome: 'failed', attempt: 3 });
  });

  it('succeeds without a trace of the failure, if a later attempt succeeds', () => {
    const stage = stageOf({ retries: { times: 1, backoff: 30_000, exitCodes: 'any' } });
    stage.calls(NIGHT);
    stage.prepared();
    stage.starts('task/1');
    stage.stops('task/1', failing('crash', 1));
    expect(stage.newest().exitCode).toBeUndefined();
    stage.starts('task/2');
    stage.stops('task/2');
    expect(stage.newest()).toMatchObject({ outcome: 'succeeded', exitCode: 0 });
    expect(stage.newest().cause).toBeUndefined();
  });

  it('keeps its capacity when it is tried again for another reason than Spot', () => {
    const stage = stageOf();
    stage.calls(NIGHT);
    stage.prepared();
    const { capacity } = stage.pending('startRun')[0]?.effect ?? {};
    stage.starts('task/1');
    stage.stops('task/1', failing('registryUnreachable'));
    expect(stage.pending('startRun')[0]?.effect.capacity).toEqual(capacity);
    expect(capacity).toMatchObject({ providers: [{ provider: 'FARGATE_SPOT' }, {}] });
  });

  it('is tried again on demand, after its wait, where Spot took one task and something else another', () => {
    const stage = stageOf({ count: 2 });
    stage.calls(NIGHT);
    stage.prepared();
    stage.starts('task/1', 'task/2');
    stage.stops('task/1', failing('registryUnreachable'));
    stage.stops('task/2', failing('spotInterruption', 143));
    const [again] = stage.pending('startRun');
    expect(again?.effect).toMatchObject({ count: 2, capacity: { launchType: 'FARGATE' } });
    expect(again?.notBefore).toBe(stage.now + 30_000);
  });

  it('is reported by the first task that no attempt would fix', () => {
    const stage = stageOf({ count: 3 });
    stage.calls(NIGHT);
    stage.prepared();
    stage.starts('task/1', 'task/2', 'task/3');
    stage.stops('task/1', failing('registryUnreachable'));
    stage.stops('task/2', failing('crash', 3));
    stage.stops('task/3', failing('abort', 134));
    expect(stage.newest()).toMatchObject({ outcome: 'failed', exitCode: 3, reason: 'It was crash.' });
  });

  it('asks ECS only for those of its tasks that are not known to have stopped', () => {
    const stage = stageOf({ count: 2, timeout: 30 * MINUTE });
    stage.calls(NIGHT);
    stage.prepared();
    stage.starts('task/1', 'task/2');
    stage.stops('task/1');
    stage.later(15 * MINUTE);
    stage.when({ type: 'tick' });
    expect(stage.pending('lookAtTask').map(({ effect }) => effect.taskArn)).toEqual(['task/2']);
    stage.taskOutOfTime(16 * MINUTE);
    expect(stage.pending('stopTask').map(({ effect }) => effect.taskArn)).toEqual(['task/2']);
  });
});
