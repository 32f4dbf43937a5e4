import type { App } from '../../shared/domain/app.ts';
import type { ObservedTask } from '../../shared/domain/observations.ts';
import type { Cause } from '../../shared/domain/release.ts';
import type { AppState } from '../../shared/domain/state.ts';
import { anApp, anObservedService, aStage, aTask, digestOf, MINUTE, revision } from '../builders.ts';

/** Nothing of a release runs on after its end, and the next release waits for that. */

const app: App = anApp({ before: [aTask('db-migrate', { container: 'migrate' })] });
const verified: App = anApp({ after: [aTask('smoke', { container: 'smoke' })] });
const cancel = {
  type: 'operator',
  request: { command: 'cancel', app: 'web', who: 'operator-a' },
} as const;

const starting = () => aStage(app).adopted().later(MINUTE).prepared('1.1.0');
const running = () => {
  const stage = starting();
  stage.answer('startRun', { kind: 'runStarted', taskArns: ['task/1'] });
  return stage;
};
type Stage = ReturnType<typeof starting>;

function anObservedTask(overrides: Partial<ObservedTask> = {}): ObservedTask {
  return {
    taskArn: 'task/1',
    found: true,
    lastStatus: 'RUNNING',
    scaledIn: false,
    exitCodes: {},
    ...overrides,
  };
}

function hasStopped(stage: Stage, overrides: Partial<ObservedTask> = {}) {
  stage.when({ type: 'taskStopped', taskArn: 'task/1', scaledIn: false });
  const task = anObservedTask({ lastStatus: 'STOPPED', stopCode: 'UserInitiated', ...overrides });
  return stage.answer('lookAtTask', { kind: 'taskSeen', task });
}

/** ECS accepts the order to stop the task, and never says that it has stopped. */
function neverConfirmed(stage: Stage) {
  stage.answer('stopTask', { kind: 'done' });
  stage.later(11 * MINUTE).when({ type: 'tick' });
}

/** Starts that are sent, and searches for what a start has come to. */
const starts = (stage: Stage) => stage.pending('startRun').filter(({ effect }) => !effect.find);
const searches = (stage: Stage) => stage.pending('startRun').filter(({ effect }) => effect.find);

/** Every look for the task has shown none. */
function lookInVain(stage: Stage): void {
  const cause: Cause = {
    kind: 'unknownStart',
    sentence: 'Whether db-migrate was started is unknown: ECS shows no task of it.',
    evidence: [],
    canHeal: false,
  };
  stage.later(4 * MINUTE).answer('startRun', { kind: 'taskNotStarted', cause, capacity: false });
}

describe('decide, when a release ends while its task is starting', () => {
  it('drops a start that was certainly not sent, and ends at once', () => {
    const stage = starting();
    stage.when(cancel);
    expect(stage.pending('startRun')).toEqual([]);
    expect(stage.state.ended[0]?.end).toMatchObject({ outcome: 'rolledBack' });
    expect(stage.state.ended[0]?.end?.reason).toMatch(/db-migrate was not started.*No service was changed/);
  });

  it.each([
    ['another function may be sending it', (stage: Stage) => stage.when(cancel, { contended: true })],
    [
      'its answer was lost',
      (stage: Stage) => {
        stage.answer('startRun', { kind: 'retry', wait: 60_000, why: 'no answer' });
        stage.when(cancel);
      },
    ],
  ])('looks for it instead of starting it again where %s', (_, end) => {
    const stage = starting();
    end(stage);
    expect(starts(stage)).toEqual([]);
    expect(searches(stage)).toHaveLength(1);
    expect(searches(stage)[0]?.notBefore ?? 0).toBeLessThanOrEqual(stage.now);
    expect(stage.state.release).toBeDefined();
  });

  it('stops the task that an answer on its way names, and ends once it has stopped', () => {
    const stage = starting();
    const key = stage.pending('startRun')[0]?.key ?? '';
    stage.when(cancel, { contended: true });
    stage.when({ type: 'answered', key, answer: { kind: 'runStarted', taskArns: ['task/1'] } });
    expect(searches(stage)).toEqual([]);
    expect(stage.pending('stopTask')[0]?.effect.taskArn).toBe('task/1');
    expect(stage.state.release).toBeDefined();
    stage.answer('stopTask', { kind: 'done' });
    hasStopped(stage, { exitCodes: { migrate: 143 } });
    expect(stage.state.ended[0]?.end?.reason).toMatch(/operator-a canceled v1\. db-migrate was stopped\./);
  });

  it('ends without a search when an answer on its way says that nothing was started', () => {
    const stage = starting();
    const key = stage.pending('startRun')[0]?.key ?? '';
    stage.when(cancel, { contended: true });
    const cause: Cause = { kind: 'accessDenied', sentence: 'Denied.', evidence: [], canHeal: false };
    stage.when({ type: 'answered', key, answer: { kind: 'refused', cause } });
    expect(stage.state.ended[0]?.end?.reason).toMatch(/db-migrate was not started/);
  });

  it('stops what a search finds', () => {
    const stage = starting();
    stage.when(cancel, { contended: true });
    stage.answer('startRun', { kind: 'retry', wait: MINUTE, why: 'ECS shows no task of it yet' });
    stage.later(MINUTE).answer('startRun', { kind: 'runStarted', taskArns: ['task/1'] });
    expect(stage.pending('stopTask')[0]?.effect.taskArn).toBe('task/1');
    hasStopped(stage);
    expect(stage.state.ended[0]?.end?.reason).toMatch(/db-migrate was stopped/);
  });

  it('does not say that it stopped what a search finds to have ended', () => {
    const stage = starting();
    stage.when(cancel, { contended: true });
    const task = anObservedTask({
      lastStatus: 'STOPPED',
      stopCode: 'EssentialContainerExited',
      exitCodes: { migrate: 0 },
    });
    stage.answer('startRun', { kind: 'runStarted', taskArns: ['task/1'] });
    stage.answer('lookAtTask', { kind: 'taskSeen', task });
    const reason = stage.state.ended[0]?.end?.reason;
    expect(reason).toMatch(/db-migrate had exited with code 0/);
    expect(reason).not.toMatch(/was stopped/);
  });

  it('does not take an earlier task of the release for the one that is looked for', () => {
    const stage = starting();
    stage.answer('startRun', { kind: 'runStarted', taskArns: ['task/0'] });
    stage.when({ type: 'taskStopped', taskArn: 'task/0', scaledIn: false });
    const capacity: Cause = { kind: 'capacity', sentence: 'No capacity.', evidence: [], canHeal: true };
    const earlier = anObservedTask({ taskArn: 'task/0', lastStatus: 'STOPPED', cause: capacity });
    stage.answer('lookAtTask', { kind: 'taskSeen', task: earlier });
    stage.later(MINUTE).when(cancel, { contended: true });
    expect(searches(stage)[0]?.effect.find?.known).toEqual(['task/0']);
  });

  it('ends as unknown where nothing is found', () => {
    const stage = starting();
    stage.when(cancel, { contended: true });
    lookInVain(stage);
    const ended = stage.state.ended[0];
    expect(ended?.end?.reason).toMatch(/whether db-migrate was started is unknown/i);
    expect(ended?.end?.reason).not.toMatch(/was stopped/);
    expect(ended?.notes.join()).toMatch(/unknown/);
  });

  it.each([['ECS does not answer', (stage: Stage) => void stage.later(31 * MINUTE).when({ type: 'tick' })]])(
    'ends as unknown where %s',
    (_, end) => {
      const stage = starting();
      stage.when(cancel, { contended: true });
      end(stage);
      expect(stage.state.release).toBeUndefined();
      expect(stage.state.ended[0]?.end?.reason).toMatch(/unknown/);
    },
  );

  it('starts no other release before that', () => {
    const stage = starting();
    stage.when(cancel, { contended: true });
    stage.push('1.2.0');
    expect(stage.state.release?.number).toBe(1);
    expect(stage.state.waiting?.image.tag).toBe('1.2.0');
    lookInVain(stage);
    expect(stage.state.release?.number).toBe(2);
  });

  it('stops a task that shows up after its release has ended', () => {
    const stage = starting();
    stage.when(cancel, { contended: true });
    lookInVain(stage);
    const startedBy = `fairway/${stage.state.ended[0]?.id}`;
    stage.later(MINUTE).when({ type: 'taskRuns', taskArn: 'task/late', startedBy });
    expect(stage.pending('stopTask')[0]?.effect.taskArn).toBe('task/late');
    expect(stage.pending('announceApp').at(-1)?.effect.sentence).toMatch(/db-migrate.*v1/);
    const before = stage.pending('announceApp').length;
    stage.when({ type: 'taskRuns', taskArn: 'task/late', startedBy });
    expect(stage.pending('announceApp')).toHaveLength(before);
  });

  it('leaves alone what others have started', () => {
    const stage = starting();
    stage.when(cancel, { contended: true });
    lookInVain(stage);
    const other = stage.when({ type: 'taskRuns', taskArn: 'task/9', startedBy: 'fairway/of-another-stack' });
    expect(other.changed).toBe(false);
  });
});

describe('decide, when a release ends while its task runs', () => {
  it('stops it, and ends when it has stopped', () => {
    const stage = running();
    stage.when(cancel);
    expect(stage.pending('stopTask')).toHaveLength(1);
    expect(stage.state.release).toBeDefined();
    hasStopped(stage, { exitCodes: { migrate: 143 } });
    expect(stage.state.ended[0]?.end).toMatchObject({ outcome: 'rolledBack' });
  });

  it('orders it again where ECS shows that the order was lost', () => {
    const stage = running();
    stage.when(cancel);
    stage.answer('stopTask', { kind: 'done' });
    stage.later(4 * MINUTE).when({ type: 'tick' });
    stage.answer('lookAtTask', { kind: 'taskSeen', task: anObservedTask() });
    expect(stage.pending('stopTask')).toHaveLength(1);
  });

  it.each([
    ['ECS never confirms it', (stage: Stage) => neverConfirmed(stage)],
    ['ECS refuses to', (stage: Stage) => refuseToStop(stage)],
  ])('does not say that it was stopped where %s', (_, end) => {
    const stage = running().taskOutOfTime(16 * MINUTE);
    end(stage);
    const ended = stage.state.ended[0];
    expect(ended?.end?.reason).toMatch(/db-migrate did not end within 15 min/);
    expect(`${ended?.end?.reason} ${ended?.failure?.cause.sentence}`).not.toMatch(/was stopped/);
    expect(ended?.end?.reason).toMatch(/may still run/);
  });

  it.each([11, 45])('waits for it as long as ECS has not accepted the order, be it %i min', (minutes) => {
    const stage = running();
    stage.when(cancel);
    stage.later(minutes * MINUTE).when({ type: 'tick' });
    expect(stage.state.release).toBeDefined();
    expect(stage.pending('stopTask')).toHaveLength(1);
    neverConfirmed(stage);
    expect(stage.state.release).toBeUndefined();
  });

  it('says that it was stopped where it was', () => {
    const stage = running().taskOutOfTime(16 * MINUTE);
    hasStopped(stage, { exitCodes: { migrate: 143 } });
    expect(stage.state.ended[0]?.failure?.cause.sentence).toBe(
      'db-migrate did not end within 15 min and was stopped.',
    );
  });

  it('rolls services back at once, and only the end waits for the smoke test', () => {
    const stage = aStage(verified).adopted().prepared('1.1.0').updated();
    stage.ended('web-app');
    stage.answer('startRun', { kind: 'runStarted', taskArns: ['task/1'] });
    stage.when(cancel);
    expect(stage.pending('rollBack')).toHaveLength(1);
    expect(stage.pending('stopTask')).toHaveLength(1);
    const back = {
      kind: 'rollingBack',
      revision: revision('web-app', 10),
      deploymentId: 'ecs-svc/9',
    } as const;
    stage.answer('rollBack', { ...back, completed: true });
    stage.when({ type: 'deploymentEnded', service: 'web-app', deploymentId: 'ecs-svc/9' });
    if (stage.pending('lookAtServices').length > 0)
      stage.answer('lookAtServices', {
        kind: 'servicesSeen',
        services: [anObservedService('web-app', { primary: 'ecs-svc/9' })],
      });
    expect(stage.state.release).toBeDefined();
    hasStopped(stage);
    expect(stage.state.ended[0]?.end).toMatchObject({ outcome: 'rolledBack' });
  });
});

describe('decide, when a task does not start in time', () => {
  it('says that it did not start, or that it is unknown whether it did', () => {
    const stage = starting();
    stage.answer('startRun', { kind: 'retry', wait: 60_000, why: 'ecs:RunTask: 500' });
    stage.later(16 * MINUTE).when({ type: 'tick' });
    expect(starts(stage)).toEqual([]);
    lookInVain(stage);
    const reason = stage.state.ended[0]?.end?.reason;
    expect(reason).toMatch(/db-migrate did not start within 15 min/);
    expect(reason).toMatch(/unknown/);
    expect(reason).not.toMatch(/was stopped/);
  });

  it.each<[string, Cause]>([
    ['RunTask is refused after an answer was lost', denied()],
    ['RunTask was not answered for long', { ...denied(), kind: 'unknownStart' }],
  ])('looks for it where %s', (_, cause) => {
    const stage = starting();
    stage.answer('startRun', { kind: 'retry', wait: 1_000, why: 'lost' });
    const answer =
      cause.kind === 'unknownStart'
        ? ({ kind: 'taskNotStarted', cause, capacity: false } as const)
        : ({ kind: 'refused', cause } as const);
    stage.later(2_000).answer('startRun', answer);
    expect(searches(stage)).toHaveLength(1);
    stage.answer('startRun', { kind: 'runStarted', taskArns: ['task/1'] });
    hasStopped(stage);
    expect(stage.state.ended[0]?.end?.outcome).toBe('failed');
  });

  it('fails at once where the first call was refused', () => {
    const stage = starting();
    stage.answer('startRun', { kind: 'refused', cause: denied() });
    expect(stage.state.ended[0]?.end?.outcome).toBe('failed');
  });
});

describe('decide, when another deployment overtakes a release whose task is starting', () => {
  it('waits for the task all the same', () => {
    const stage = aStage(verified).adopted().prepared('1.1.0').updated();
    stage.ended('web-app');
    stage.when({ type: 'deploymentEnded', service: 'web-app', deploymentId: 'ecs-svc/foreign' });
    const services = [
      anObservedService('web-app', { primary: 'ecs-svc/foreign', runs: revision('web-app', 50) }),
    ];
    stage.when(
      {
        type: 'answered',
        key: stage.pending('lookAtServices')[0]?.key ?? '',
        answer: { kind: 'servicesSeen', services },
      },
      { contended: true },
    );
    expect(stage.state.release).toBeDefined();
    expect(starts(stage)).toEqual([]);
    lookInVain(stage);
    expect(stage.state.ended[0]?.end?.outcome).toBe('superseded');
  });
});

describe('decide, with a release that an earlier version was stopping a task of', () => {
  it('ends it when the task has stopped', () => {
    const stage = aStage(app, beingStopped());
    hasStopped(stage, { exitCodes: { migrate: 143 } });
    expect(stage.state.ended[0]?.end).toMatchObject({ outcome: 'rolledBack' });
  });

  it('gives it up at its deadline, without saying that it was stopped', () => {
    const stage = aStage(app, beingStopped());
    stage.later(10 * MINUTE).when({ type: 'tick' });
    expect(stage.state.ended[0]?.end?.reason).not.toMatch(/was stopped/);
  });
});

function denied(): Cause {
  return { kind: 'accessDenied', sentence: 'Denied.', evidence: [], canHeal: false };
}

function refuseToStop(stage: Stage): void {
  stage.answer('stopTask', { kind: 'refused', cause: denied() });
}

/** As written before failed releases waited for their tasks: no failure yet, and what it ends as with the task. */
function beingStopped(): AppState {
  const { state, now } = running();
  const { release } = state;
  const [run] = state.runs;
  if (!release || !run) throw new Error('no release is open');
  const cause: Cause = {
    kind: 'timeout',
    sentence: 'db-migrate did not end within 15 min and was stopped.',
    evidence: [],
    canHeal: false,
  };
  return {
    ...state,
    release: { ...release, deadline: now + 5 * MINUTE },
    runs: [{ ...run, state: 'stopping', deadline: now + 5 * MINUTE, cause, endsAs: 'stopped' }],
    liveDigests: { 'web-app': digestOf('1.0.0') },
  };
}
