import { readFileSync } from 'node:fs';
import { fromItem, toItem } from '../../shared/aws/storedState.ts';
import type { AppState } from '../../shared/domain/state.ts';
import { anApp, anObservedService, aScheduledTask, aStage, aTask, revision } from '../builders.ts';

/** Items as an earlier version has written them. */
const ITEMS = ['migrating', 'rolling', 'rolling-back', 'held'] as const;

const app = anApp({
  services: [
    { name: 'web-app', wave: 1, family: 'web-app', containers: ['web'] },
    { name: 'worker', wave: 2, family: 'worker', containers: ['worker'] },
  ],
  before: [aTask('db-migrate')],
  after: [aTask('smoke-test')],
  tasks: [aScheduledTask('report')],
});

function itemOf(name: (typeof ITEMS)[number]): string {
  return readFileSync(`test/aws/items/${name}.json`, 'utf8');
}

function written(state: AppState): unknown {
  return JSON.parse(JSON.stringify(toItem(state)));
}

describe('an item of an earlier version', () => {
  it.each(ITEMS)('%s, is written as it was read, so that earlier code can go on with it', (name) => {
    expect(written(fromItem(itemOf(name)))).toEqual(JSON.parse(itemOf(name)));
  });

  it.each(ITEMS)('%s, is read under the names of the code', (name) => {
    const { blockedImages, liveHistory, knownDeployments, liveDigests } = fromItem(itemOf(name));
    expect(liveHistory[0]?.tag).toBe('1.0.0');
    expect(Object.keys(knownDeployments)).toEqual(['web-app', 'worker']);
    expect(Object.keys(liveDigests)).toEqual(['web-app', 'worker']);
    expect(blockedImages.map(({ release }) => release)).toEqual(name === 'held' ? [2, 1] : []);
  });

  it('goes on with a migration whose start was not answered', () => {
    const stage = aStage(app, fromItem(itemOf('migrating')));
    expect(stage.pending('startRun')[0]).toMatchObject({
      attempt: 1,
      effect: { release: 'release-4', task: 'db-migrate', attempt: 0 },
    });
    stage.answer('startRun', { kind: 'runStarted', taskArns: ['task/1'] });
    const exitCodes = { 'db-migrate': 0 };
    const task = { taskArn: 'task/1', found: true, lastStatus: 'STOPPED', scaledIn: false, exitCodes };
    stage.when({ type: 'taskStopped', taskArn: 'task/1', scaledIn: false });
    stage.answer('lookAtTask', { kind: 'taskSeen', task });
    expect(stage.pending('updateService').map(({ effect }) => effect.service)).toEqual(['web-app']);
  });

  it('goes on with a release to its end, from one write to the next', () => {
    const reread = (state: AppState) => aStage(app, fromItem(JSON.stringify(toItem(state))));
    const ranBy = (before: AppState, taskArn: string, container: string) => {
      const started = reread(before);
      started.answer('startRun', { kind: 'runStarted', taskArns: [taskArn] });
      const stage = reread(started.state);
      stage.when({ type: 'taskStopped', taskArn, scaledIn: false });
      const exitCodes = { [container]: 0 };
      const task = { taskArn, found: true, lastStatus: 'STOPPED', scaledIn: false, exitCodes };
      stage.answer('lookAtTask', { kind: 'taskSeen', task });
      return stage;
    };
    const rolling = ranBy(fromItem(itemOf('migrating')), 'task/1', 'db-migrate');
    for (const service of ['web-app', 'worker']) rolling.updated().ended(service);
    const { state } = ranBy(rolling.state, 'task/2', 'smoke-test');
    expect(state.ended[0]?.end).toMatchObject({ outcome: 'live' });
    expect(state.ended[0]?.steps.map((step) => step.state)).toEqual(['done', 'done', 'done', 'done']);
    expect(state.release?.number).toBe(2);
  });

  it('goes on with a rollout, and reports it in the message that is there', () => {
    const stage = aStage(app, fromItem(itemOf('rolling')));
    expect(Object.values(stage.state.channelMemory)).toEqual(['1772359200.000100']);
    stage.ended('worker');
    expect(stage.state.release?.step).toBe('verifying');
  });

  it('goes on with a rollback to its end', () => {
    const stage = aStage(app, fromItem(itemOf('rolling-back')));
    expect(stage.state.release?.services).toMatchObject([
      {
        state: 'rollingBack',
        rollbackRevision: revision('web-app', 10),
        rollbackDeploymentId: 'ecs-svc/back',
      },
      { state: 'rollingBack' },
    ]);
    stage.rolledBack();
    stage.when({ type: 'deploymentEnded', service: 'web-app', deploymentId: 'ecs-svc/back' });
    const services = [anObservedService('web-app', { primary: 'ecs-svc/back', updatedAt: stage.now + 10 })];
    stage.answer('lookAtServices', { kind: 'servicesSeen', services });
    const [release] = stage.state.ended;
    expect(release?.end?.outcome).toBe('failed');
    expect(release?.steps.at(-1)).toMatchObject({ kind: 'rollBack', name: 'roll back', state: 'done' });
    expect(written(stage.state)).toMatchObject({
      ended: [{ services: [{ state: 'back', backTo: revision('web-app', 10) }, { state: 'back' }] }],
    });
  });

  it('says of a rollback that failed what earlier code calls it', () => {
    const state = fromItem(itemOf('held'));
    expect(state.ended[0]).toMatchObject({
      end: { outcome: 'rollbackFailed' },
      services: [{ state: 'rollbackFailed' }, {}],
      steps: expect.arrayContaining([expect.objectContaining({ kind: 'rollBack' })]),
    });
    expect(state.alerts?.alerts[0]?.release?.state).toBe('rollbackFailed');
    expect(state.outbox.filter(({ reported }) => reported)).not.toEqual([]);
  });
});

describe('a state', () => {
  it.each(['__proto__', 'constructor'])('keeps what is known of a schedule called %s', (name) => {
    const json = `{"schedules":{"${name}":{"schedule":"rate(1 hour)","toldMissingAt":5}}}`;
    const state = fromItem(json);
    expect(Object.entries(state.schedules)).toEqual([
      [name, { schedule: 'rate(1 hour)', reportedMissingAt: 5 }],
    ]);
    expect(written(state)).toMatchObject({ schedules: JSON.parse(json).schedules });
    expect(Object.keys(Object(written(state)).schedules)).toEqual([name]);
  });
});
