import type { EffectOf } from '../../shared/domain/effects.ts';
import { start } from '../../shared/perform/starts.ts';
import { AwsFault, type Ecs } from '../../shared/ports.ts';
import { anApp, aScheduledTask, MINUTE, revision, START } from '../builders.ts';

const effect = {
  kind: 'startRun',
  run: 'run-1',
  task: 'report',
  attempt: 1,
  container: 'web',
  count: 1,
  revision: revision('web-app', 10),
  firstAt: START,
} as const;
const find = { since: START, known: ['task/0'], maybeSent: true, sentBefore: true };

const unwanted = () => Promise.reject(new Error('nothing was to be started'));

function look(
  after: number,
  tasksStartedBy: Ecs['tasksStartedBy'],
  how: Partial<typeof find> = {},
  of: Partial<EffectOf<'startRun'>> = {},
) {
  const ecs = { tasksStartedBy, run: unwanted, networkAndCapacity: unwanted, taskDefinition: unwanted };
  return start(ecs, START + after, anApp(), { ...effect, ...of, find: { ...find, ...how } }, 1);
}

const showing =
  (...taskArns: string[]): Ecs['tasksStartedBy'] =>
  async (_, startedBy) =>
    startedBy === 'fairway/run-1'
      ? taskArns.map((taskArn) => ({
          taskArn,
          found: true,
          lastStatus: 'RUNNING',
          scaledIn: false,
          exitCodes: {},
        }))
      : [];
const failing =
  (code: string, passing: boolean): Ecs['tasksStartedBy'] =>
  () =>
    Promise.reject(new AwsFault(code, `ecs:ListTasks: ${code}`, passing));

describe('looking for the tasks of a run that is to be stopped', () => {
  it('finds those that ECS shows, but for those of earlier attempts', async () => {
    expect(await look(0, showing('task/0', 'task/1'))).toEqual({ kind: 'runStarted', taskArns: ['task/1'] });
  });

  it('finds those of a release by its id', async () => {
    const asked: string[] = [];
    const tasksStartedBy: Ecs['tasksStartedBy'] = async (cluster, startedBy) => {
      asked.push(`${cluster} ${startedBy}`);
      return [];
    };
    await look(0, tasksStartedBy, {}, { release: 'r-1' });
    expect(asked).toEqual(['app-prod fairway/r-1']);
  });

  it('looks several times over several minutes, then says that it is unknown', async () => {
    let passed = 0;
    let looks = 1;
    for (let answer = await look(passed, showing('task/0')); answer.kind === 'retry'; looks += 1) {
      passed += answer.wait;
      answer = await look(passed, showing('task/0'));
    }
    expect(looks).toBeGreaterThanOrEqual(5);
    expect(passed).toBeGreaterThanOrEqual(2 * MINUTE);
    expect(passed).toBeLessThanOrEqual(10 * MINUTE);
    expect(await look(passed, showing())).toMatchObject({ cause: { kind: 'unknownStart' } });
  });

  it('asks nothing where RunTask was certainly not sent', async () => {
    const answer = await look(0, failing('AccessDeniedException', false), { maybeSent: false });
    expect(answer).toMatchObject({ kind: 'taskNotStarted', cause: { kind: 'notStarted' } });
  });

  it('ends as unknown where it may not look, and where ECS does not answer for long', async () => {
    const unknown = { kind: 'taskNotStarted', cause: { kind: 'unknownStart' } };
    expect(await look(0, failing('AccessDeniedException', false))).toMatchObject(unknown);
    expect(await look(0, failing('ThrottlingException', true))).toMatchObject({ kind: 'retry' });
    expect(await look(31 * MINUTE, failing('ThrottlingException', true))).toMatchObject(unknown);
  });
});

describe('starting the tasks of a run', () => {
  const app = anApp({ tasks: [aScheduledTask('report')] });
  const sent: string[] = [];
  const port = (run: Ecs['run']) => ({
    run,
    tasksStartedBy: unwanted,
    networkAndCapacity: unwanted,
    taskDefinition: unwanted,
  });
  const ecs = port(async ({ clientToken }) => {
    sent.push(clientToken);
    return { taskArns: ['task/1'] };
  });

  it('sends one client token per attempt, the same when it is repeated', async () => {
    await start(ecs, START, app, effect, 0);
    await start(ecs, START + MINUTE, app, effect, 1);
    await start(ecs, START, app, { ...effect, attempt: 2 }, 0);
    const [first, repeated, second] = sent;
    expect(first).toMatch(/^[0-9a-f]{64}$/);
    expect(repeated).toBe(first);
    expect(second).not.toBe(first);
  });

  it('adopts the tasks of an attempt whose answer was lost', async () => {
    const conflict = new AwsFault('ConflictException', 'ecs:RunTask: other parameters', false, ['task/1']);
    const answer = await start(
      port(() => Promise.reject(conflict)),
      START,
      app,
      effect,
      1,
    );
    expect(answer).toEqual({ kind: 'runStarted', taskArns: ['task/1'] });
  });

  it('never repeats a start that has been unanswered for 45 minutes: ECS may have forgotten its token', async () => {
    const late = START + 45 * MINUTE + 1;
    expect(await start(port(unwanted), late, app, effect, 1)).toMatchObject({
      kind: 'taskNotStarted',
      cause: { kind: 'unknownStart' },
    });
  });
});
