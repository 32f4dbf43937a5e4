import { anApp, aScheduledTask, aStage, aTask, digestOf, MINUTE } from '../builders.ts';

const app = anApp({
  services: [],
  before: [aTask('db-migrate')],
  tasks: [aScheduledTask('report', { family: 'report' })],
});

/** Adopted, and everything that needs no answer of a release task is done. */
function pushed(tag: string, configured = app) {
  return aStage(configured).adopted().later(MINUTE).prepared(tag);
}

describe('an app without services', () => {
  it('runs its release tasks, and is live when they have succeeded', () => {
    const stage = pushed('1.1.0');
    expect(stage.state.release?.step).toBe('migrating');
    const taskArn = 'arn:aws:ecs:us-east-1:123456789012:task/app-prod/1';
    stage.answer('startRun', { kind: 'runStarted', taskArns: [taskArn] });
    stage.when({ type: 'taskStopped', taskArn, scaledIn: false });
    stage.answer('lookAtTask', {
      kind: 'taskSeen',
      task: {
        taskArn,
        found: true,
        lastStatus: 'STOPPED',
        startedBy: 'fairway/release-1',
        exitCodes: { 'db-migrate': 0 },
        scaledIn: false,
      },
    });
    expect(stage.state.live).toMatchObject({ tag: '1.1.0', digest: digestOf('1.1.0'), release: 1 });
    expect(stage.state.ended[0]?.steps.map(({ name, state }) => `${name} ${state}`)).toEqual([
      'prepare done',
      'db-migrate done',
    ]);
  });

  it('is live at once where it has no release tasks', () => {
    const stage = pushed('1.1.0', { ...app, before: [] });
    expect(stage.state.live?.tag).toBe('1.1.0');
    expect(stage.pending('updateService')).toEqual([]);
  });

  it('keeps the live image when a release task fails', () => {
    const stage = pushed('1.1.0', { ...app, before: [] });
    stage.configured(app).push('1.2.0');
    stage.registered();
    stage.answer('startRun', {
      kind: 'refused',
      cause: { kind: 'denied', sentence: 'RunTask was denied.', evidence: [], canHeal: false },
    });
    expect(stage.state.live?.tag).toBe('1.1.0');
    expect(stage.state.ended[0]?.end).toMatchObject({ outcome: 'failed' });
  });

  it('rolls back to the image before by hand', () => {
    const stage = pushed('1.1.0', { ...app, before: [] });
    stage.push('1.2.0');
    stage.registered();
    expect(stage.state.live?.tag).toBe('1.2.0');
    stage.when({ type: 'operator', request: { command: 'rollback', app: 'web', who: 'operator' } });
    for (const entry of stage.pending('inspectImage'))
      stage.when({
        type: 'answered',
        key: entry.key,
        answer: {
          kind: 'imageInspected',
          image: {
            ...entry.effect,
            repository: 'web-app',
            tag: '1.1.0',
            digest: digestOf('1.1.0'),
            pushedAt: 0,
            platforms: [],
            labels: {},
          },
          storage: 'ACTIVE',
        },
      });
    stage.registered();
    expect(stage.state.live?.tag).toBe('1.1.0');
  });
});
