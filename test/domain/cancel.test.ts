import { anApp, aStage, aTask } from '../builders.ts';

const cancel = { type: 'operator', request: { command: 'cancel', app: 'web', who: 'ann' } } as const;

/** A release whose migration is about to start. */
function aMigration() {
  return aStage(anApp({ before: [aTask('db-migrate')] }))
    .adopted()
    .prepared('1.1.0');
}

const TASK = 'arn:aws:ecs:us-east-1:123456789012:task/app-prod/4f9c2e1b';

function migrated(stage: ReturnType<typeof aMigration>) {
  stage.answer('startRun', { kind: 'runStarted', taskArns: [TASK] });
  stage.when({ type: 'taskStopped', taskArn: TASK, scaledIn: false });
  const stopped = { taskArn: TASK, found: true, lastStatus: 'STOPPED', scaledIn: false };
  stage.answer('lookAtTask', { kind: 'taskSeen', task: { ...stopped, exitCodes: { 'db-migrate': 0 } } });
  return stage;
}

describe('a cancel', () => {
  it('during a migration says what becomes of its task', () => {
    const stage = aMigration();
    stage.answer('startRun', { kind: 'runStarted', taskArns: [TASK] });
    expect(stage.when(cancel).reason).toBe(
      'v1 is stopped; db-migrate (task 4f9c2e1b) is being stopped, and what it has done by then stays; v1 ends after that; no service was changed',
    );
  });

  it('while RunTask is unanswered says that the task may have started', () => {
    const stage = aMigration();
    expect(stage.when(cancel, { contended: true }).reason).toBe(
      'v1 is stopped; whether db-migrate has started is unknown: it is stopped if ECS shows it; v1 ends after that; no service was changed',
    );
  });

  it('after the migration says that what it did stays', () => {
    const stage = aMigration();
    migrated(stage).updated();
    expect(stage.when(cancel).reason).toBe(
      'v1 is stopped; db-migrate has run, and what it did stays; its services roll back',
    );
  });

  it('after a migration that is not reversible says that a person decides', () => {
    const stage = aStage(anApp({ before: [aTask('db-migrate', { reversible: false })] }))
      .adopted()
      .prepared('1.1.0');
    migrated(stage).updated();
    expect(stage.when(cancel).reason).toMatch(/; its services stay as they are until a person decides$/);
  });

  it('before anything has begun says that no service was changed', () => {
    const stage = aStage(anApp()).adopted();
    stage.push('1.1.0');
    expect(stage.when(cancel).reason).toBe('v1 is stopped; no service was changed');
  });
});
