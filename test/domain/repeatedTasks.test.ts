import type { App, ReleaseTask, TaskCapacity } from '../../shared/domain/app.ts';
import type { ObservedTask } from '../../shared/domain/observations.ts';
import type { Cause } from '../../shared/domain/release.ts';
import { anApp, aStage, aTask, MINUTE } from '../builders.ts';

/** Release tasks run once per release, more often only where retries are configured. */

const RETRIES = { times: 1, backoff: MINUTE, exitCodes: [75] };
const SPOT: TaskCapacity = { providers: [{ provider: 'FARGATE_SPOT', weight: 1, base: 0 }] };

const appWith = (more: Partial<ReleaseTask>): App =>
  anApp({ before: [aTask('db-migrate', { container: 'migrate', ...more })] });

function running(more: Partial<ReleaseTask> = {}, taskArn = 'task/1') {
  const stage = aStage(appWith(more)).adopted().later(MINUTE).prepared('1.1.0');
  stage.answer('startRun', { kind: 'runStarted', taskArns: [taskArn] });
  return stage;
}
type Stage = ReturnType<typeof running>;

function ends(
  stage: Stage,
  taskArn: string,
  kind: string,
  exitCode?: number,
  more: Partial<ObservedTask> = {},
) {
  const cause: Cause = { kind, sentence: `It was ${kind}.`, evidence: [], canHeal: true };
  stage.when({ type: 'taskStopped', taskArn, scaledIn: false });
  return stage.answer('lookAtTask', {
    kind: 'taskSeen',
    task: {
      taskArn,
      found: true,
      lastStatus: 'STOPPED',
      scaledIn: false,
      exitCodes: exitCode === undefined ? {} : { migrate: exitCode },
      cause,
      ...more,
    },
  });
}

describe('a release task without retries', () => {
  it.each<[string, string, number | undefined]>([
    ['its exit code', 'exitCode', 75],
    ['a registry that did not answer', 'registryTimeout', undefined],
    ['an interruption of Spot', 'spotInterruption', 143],
  ])('is not repeated after %s', (_, kind, exitCode) => {
    const stage = running({ capacity: SPOT });
    ends(stage, 'task/1', kind, exitCode);
    expect(stage.pending('startRun')).toEqual([]);
    expect(stage.state.ended[0]?.failure).toMatchObject({ task: 'db-migrate', cause: { kind } });
  });

  it('waits for capacity, for no container ran, and only as long as that is waited for', () => {
    const stage = running();
    ends(stage, 'task/1', 'capacity');
    expect(stage.pending('startRun')[0]?.effect.attempt).toBe(2);
    stage.answer('startRun', { kind: 'runStarted', taskArns: ['task/2'] });
    stage.later(11 * MINUTE);
    ends(stage, 'task/2', 'capacity');
    expect(stage.pending('startRun')).toEqual([]);
    expect(stage.state.ended[0]?.failure).toMatchObject({ task: 'db-migrate', cause: { kind: 'capacity' } });
  });
});

describe('a release task with retries', () => {
  it('is repeated after lack of capacity that has lasted', () => {
    const stage = running({ retries: RETRIES });
    stage.later(11 * MINUTE);
    ends(stage, 'task/1', 'capacity');
    expect(stage.pending('startRun')[0]).toMatchObject({
      notBefore: stage.now + MINUTE,
      effect: { attempt: 2 },
    });
    expect(stage.state.release?.step).toBe('migrating');
  });

  it('is repeated after an exit code that is configured, and the release goes on when it succeeds', () => {
    const stage = running({ retries: RETRIES });
    ends(stage, 'task/1', 'exitCode', 75);
    expect(stage.state.release?.notes).toContain('attempt 1 of db-migrate: It was exitCode.');
    stage.later(MINUTE).answer('startRun', { kind: 'runStarted', taskArns: ['task/2'] });
    ends(stage, 'task/2', 'none', 0);
    expect(stage.pending('updateService').map(({ effect }) => effect.service)).toEqual(['web-app']);
  });

  it.each<[string, string, number | undefined, Partial<ObservedTask>]>([
    ['an exit code that is not', 'exitCode', 1, {}],
    ['an end that is not known, for it may still run', 'none', undefined, { found: false, lastStatus: '' }],
  ])('is not repeated after %s', (_, kind, exitCode, more) => {
    const stage = running({ retries: RETRIES });
    stage.later(11 * MINUTE);
    ends(stage, 'task/1', kind, exitCode, more);
    expect(stage.pending('startRun')).toEqual([]);
    expect(stage.state.ended[0]?.end?.outcome).toBe('failed');
  });

  it('is repeated no more often than configured', () => {
    const stage = running({ retries: RETRIES });
    ends(stage, 'task/1', 'exitCode', 75);
    stage.later(MINUTE).answer('startRun', { kind: 'runStarted', taskArns: ['task/2'] });
    ends(stage, 'task/2', 'exitCode', 75);
    expect(stage.pending('startRun')).toEqual([]);
    expect(stage.state.ended[0]?.end?.outcome).toBe('failed');
  });

  it('is repeated after an interruption of Spot', () => {
    const stage = running({ retries: RETRIES, capacity: SPOT });
    ends(stage, 'task/1', 'spotInterruption', 143);
    expect(stage.pending('startRun')[0]?.effect.attempt).toBe(2);
  });

  it('has the whole of its time again for each attempt', () => {
    const stage = running({ retries: RETRIES });
    stage.later(14 * MINUTE);
    ends(stage, 'task/1', 'exitCode', 75);
    stage.later(2 * MINUTE).answer('startRun', { kind: 'runStarted', taskArns: ['task/2'] });
    stage.when({ type: 'tick' });
    expect(stage.state.release?.failure).toBeUndefined();
    stage.taskOutOfTime(15 * MINUTE);
    expect(stage.state.release?.failure?.cause.sentence).toBe('db-migrate did not end within 15 min.');
  });

  it('is not started again once a person has cancelled its release', () => {
    const stage = running({ retries: RETRIES });
    ends(stage, 'task/1', 'exitCode', 75);
    stage.when({ type: 'operator', request: { command: 'cancel', app: 'web', who: 'ann' } });
    expect(stage.pending('startRun')).toEqual([]);
    expect(stage.state.ended[0]?.end?.reason).toMatch(/db-migrate was not started again/);
  });
});
