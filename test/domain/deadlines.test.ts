import { anApp, anObservedService, aStage, aTask, MINUTE, revision } from '../builders.ts';

type Stage = ReturnType<typeof aStage>;

const OLD = revision('web-app', 10);

function rolling() {
  return aStage(anApp()).adopted().later(MINUTE).prepared('1.1.0').updated();
}

function tick(stage: Stage, after = 0) {
  stage.later(after).when({ type: 'tick' });
  return stage;
}

/** ECS has failed the rollout, and Fairway's order to roll back is pending. */
function failed() {
  const stage = rolling();
  stage.ended('web-app', 'FAILED');
  return stage;
}

/** ECS has accepted the order to roll back, and no function could look since. */
function rollingBack() {
  const stage = failed();
  accepted(stage);
  return stage;
}

function accepted(stage: Stage) {
  const order = { revision: OLD, deploymentId: 'ecs-svc/back', createdAt: stage.now, completed: false };
  stage.answer('rollBack', { kind: 'rollingBack', ...order });
}

/** What a look at the service shows. */
function sees(stage: Stage, deployment: { primary: string; runs: string; rolloutState: string }) {
  const times = { createdAt: stage.now - MINUTE, updatedAt: stage.now };
  const services = [anObservedService('web-app', { ...times, ...deployment })];
  stage.answer('lookAtServices', { kind: 'servicesSeen', services });
}

/** AWS denies a look, and a minute passes. */
function refuses(stage: Stage, look: 'lookAtServices' | 'lookAtShifts' = 'lookAtServices') {
  const cause = { kind: 'accessDenied', sentence: 'It is denied.', evidence: [], canHeal: true };
  stage.answer(look, { kind: 'refused', cause });
  tick(stage, MINUTE);
}

const back = { primary: 'ecs-svc/back', runs: OLD };

describe('a rollback whose time has passed', () => {
  it('is rolled back where a last look shows that ECS completed it', () => {
    const stage = tick(rollingBack(), 31 * MINUTE);
    expect(stage.state.release?.end).toBeUndefined();
    sees(stage, { ...back, rolloutState: 'COMPLETED' });
    expect(stage.state.ended[0]?.end?.outcome).toBe('failed');
    expect(stage.state.ended[0]?.end?.reason).toMatch(/Everything was rolled back/);
  });

  it('waits for the answer to the last look, which a function may have lost', () => {
    const stage = tick(tick(rollingBack(), 31 * MINUTE), 9 * MINUTE);
    expect(stage.state.release?.step).toBe('rollingBack');
    expect(stage.pending('lookAtServices')).toHaveLength(1);
    sees(stage, { ...back, rolloutState: 'COMPLETED' });
    expect(stage.state.ended[0]?.end?.outcome).toBe('failed');
  });

  it('has failed where the last look shows that ECS still works at it', () => {
    const stage = rollingBack().outOfTime('web-app', 31 * MINUTE);
    expect(stage.state.ended[0]?.end?.outcome).toBe('rollbackFailed');
  });

  it('has failed, with a note, once no answer has come for half an hour', () => {
    const stage = tick(tick(tick(rollingBack(), 31 * MINUTE), 29 * MINUTE), MINUTE);
    expect(stage.state.ended[0]?.end?.outcome).toBe('rollbackFailed');
    expect(stage.state.ended[0]?.notes.join()).toMatch(/could not read from ECS what runs/);
  });

  it('is rolled back where ECS refuses the last look at first', () => {
    const stage = tick(rollingBack(), 31 * MINUTE);
    for (let each = 0; each < 3; each += 1) refuses(stage);
    expect(stage.state.release?.notes.filter((note) => note === 'It is denied.')).toHaveLength(1);
    sees(stage, { ...back, rolloutState: 'COMPLETED' });
    expect(stage.state.ended[0]?.end?.reason).toMatch(/Everything was rolled back/);
  });

  it('has failed where ECS refuses to show it for half an hour', () => {
    const stage = tick(rollingBack(), 31 * MINUTE);
    for (let each = 0; each < 30; each += 1) refuses(stage);
    expect(stage.state.ended[0]?.end?.outcome).toBe('rollbackFailed');
    expect(stage.state.ended[0]?.notes).toContainEqual(
      expect.stringMatching(/could not read from ECS what runs/),
    );
  });

  it('has its whole time from when ECS accepted the order', () => {
    const stage = tick(failed(), 40 * MINUTE);
    expect(stage.pending('rollBack')).toHaveLength(1);
    accepted(stage);
    tick(stage, 29 * MINUTE);
    sees(stage, { ...back, rolloutState: 'IN_PROGRESS' });
    tick(stage, MINUTE / 2);
    expect(stage.state.release?.step).toBe('rollingBack');
    sees(tick(stage, MINUTE), { ...back, rolloutState: 'COMPLETED' });
    expect(stage.state.ended[0]?.end?.reason).toMatch(/Everything was rolled back/);
  });
});

describe('a rollout whose time has passed', () => {
  it('is live where a last look shows that ECS completed it', () => {
    const stage = tick(rolling(), 31 * MINUTE);
    expect(stage.state.release?.failure).toBeUndefined();
    const { deploymentId: primary = '', target: runs = '' } = stage.state.release?.services[0] ?? {};
    sees(stage, { primary, runs, rolloutState: 'COMPLETED' });
    expect(stage.state.live?.tag).toBe('1.1.0');
  });

  it('has failed once no answer has come for half an hour', () => {
    const stage = tick(tick(rolling(), 31 * MINUTE), 30 * MINUTE);
    expect(stage.state.release?.failure?.cause.kind).toBe('timeout');
  });
});

describe('where traffic shifts and AWS denies the last look', () => {
  const record = { arn: 'arn:ours', words: [], breaker: false, alarms: [], watched: true };
  const target = revision('web-app', 11);

  function shifting() {
    const stage = aStage(anApp()).adopted().later(MINUTE);
    stage.push('1.1.0');
    const overrides = { strategy: 'BLUE_GREEN', shiftTime: { takes: 0, bake: 0 } };
    return stage.registered(() => ({ overrides })).updated();
  }

  /** ECS returns the traffic, and its time passes. */
  function returning() {
    const stage = shifting();
    stage.when({ type: 'operator', request: { command: 'cancel', app: 'web', who: 'ann' } });
    stage.answer('rollBack', { kind: 'stopping', deployment: record.arn });
    return tick(stage, 56 * MINUTE);
  }

  function shows(stage: Stage, taskDefinition: string, status: string, more: object = {}) {
    const seen = [{ ...record, taskDefinition, status, ...more }];
    stage.answer('lookAtShifts', { kind: 'shiftsSeen', shifts: { 'web-app': seen } });
  }

  it('a rollout is live once the look is allowed and shows that', () => {
    const stage = tick(shifting(), 31 * MINUTE);
    for (let each = 0; each < 3; each += 1) refuses(stage, 'lookAtShifts');
    expect(stage.state.release?.failure).toBeUndefined();
    expect(stage.state.release?.notes.filter((note) => note === 'It is denied.')).toHaveLength(1);
    shows(stage, target, 'SUCCESSFUL');
    expect(stage.state.live?.tag).toBe('1.1.0');
  });

  it('a rollout has failed after half an hour of that', () => {
    const stage = tick(shifting(), 31 * MINUTE);
    for (let each = 0; each < 30; each += 1) refuses(stage, 'lookAtShifts');
    expect(stage.state.release?.failure?.cause.kind).toBe('timeout');
  });

  it('a rollback has succeeded once the look is allowed and shows that', () => {
    const stage = returning();
    for (let each = 0; each < 3; each += 1) refuses(stage, 'lookAtShifts');
    expect(stage.state.release?.step).toBe('rollingBack');
    shows(stage, target, 'ROLLBACK_SUCCESSFUL', { returnedTo: OLD });
    stage.answer('rollBack', {
      kind: 'rollingBack',
      revision: OLD,
      deploymentId: 'ecs-svc/1',
      completed: true,
    });
    expect(stage.state.ended[0]?.end?.outcome).toBe('rolledBack');
  });

  it('a rollback has failed after half an hour of that, with a note', () => {
    const stage = returning();
    for (let each = 0; each < 30; each += 1) refuses(stage, 'lookAtShifts');
    expect(stage.state.ended[0]?.end?.outcome).toBe('rollbackFailed');
    expect(stage.state.ended[0]?.notes).toContainEqual(
      expect.stringMatching(/could not read from ECS what runs/),
    );
  });
});

describe('a release task whose time has passed', () => {
  function migrating() {
    const app = anApp({ before: [aTask('db-migrate', { container: 'migrate' })] });
    const stage = aStage(app).adopted().later(MINUTE).prepared('1.1.0');
    stage.answer('startRun', { kind: 'runStarted', taskArns: ['task/1'] });
    return stage;
  }

  it('has succeeded where a last look shows that it ended in time, unheard', () => {
    const stage = tick(migrating(), 16 * MINUTE);
    expect(stage.state.release?.failure).toBeUndefined();
    const ended = { found: true, lastStatus: 'STOPPED', scaledIn: false, exitCodes: { migrate: 0 } };
    stage.answer('lookAtTask', { kind: 'taskSeen', task: { taskArn: 'task/1', ...ended } });
    expect(stage.pending('stopTask')).toEqual([]);
    expect(stage.pending('updateService')).toHaveLength(1);
  });

  it('is stopped where it still runs', () => {
    const stage = migrating().taskOutOfTime(16 * MINUTE);
    expect(stage.pending('stopTask')).toHaveLength(1);
    expect(stage.state.release?.failure?.cause.kind).toBe('timeout');
  });
});
