import type { StoppedTask } from '../../shared/domain/diagnosis/stoppedTask.ts';
import { tellsMore } from '../../shared/domain/diagnosis/weight.ts';
import { diagnoseTask, failuresOf, firstCause } from '../../shared/domain/diagnosis.ts';

/** Tasks with several containers, and several tasks: what went wrong first, not what followed from it. */

type Container = StoppedTask['containers'][number];

const ended = (...containers: readonly Container[]): StoppedTask => ({
  stopCode: 'EssentialContainerExited',
  stoppedReason: 'Essential container in task exited',
  containers,
});
const at = (stoppingAt: number, task: StoppedTask): StoppedTask => ({ ...task, stoppingAt });
const web = (exitCode: number, more: Partial<Container> = {}): Container => ({
  name: 'web',
  exitCode,
  essential: true,
  ...more,
});
const init = (more: Partial<Container> = {}): Container => ({ name: 'init', essential: false, ...more });

describe('a task with several containers', () => {
  it.each<[string, string, string, StoppedTask]>([
    [
      'an init container that others wait for, since they never ran',
      'init',
      'crash',
      {
        stopCode: 'TaskFailedToStart',
        stoppedReason: 'Task failed to start',
        containers: [{ name: 'web', essential: true }, init({ exitCode: 1 })],
      },
    ],
    [
      'an init container, where ECS says that it did not do what dependsOn asks',
      'init',
      'commandNotFound',
      {
        stopCode: 'TaskFailedToStart',
        stoppedReason: 'Task failed to start',
        containers: [
          { name: 'web', essential: true, reason: 'dependency graph: dependency did not exit successfully.' },
          init({ exitCode: 127 }),
        ],
      },
    ],
    [
      'the one that ended, not what its sidecar asked of memory',
      'web',
      'crash',
      ended(web(1), {
        name: 'otel',
        essential: false,
        exitCode: 137,
        reason: 'OutOfMemoryError: Container killed due to memory usage',
      }),
    ],
    [
      'the one that ended, not the runtime that could not stop the other',
      'web',
      'crash',
      ended(web(1), {
        name: 'envoy',
        essential: true,
        reason: 'CannotStopContainerError: failed sending SIGTERM to container: context deadline exceeded',
      }),
    ],
    [
      'the one that ran out of memory, and not its log router that was asked to stop',
      'web',
      'outOfMemory',
      ended(
        { name: 'log_router', essential: true, exitCode: 0 },
        web(137, { reason: 'OutOfMemoryError: Container killed due to memory usage' }),
      ),
    ],
    [
      'a container that AWS adds, if only it ended on its own',
      'ecs-service-connect-abc',
      'serviceConnect',
      ended(web(143), { name: 'ecs-service-connect-abc', exitCode: 1 }),
    ],
    [
      'a container of the definition before one that AWS adds',
      'web',
      'crash',
      ended({ name: 'aws-guardduty-agent-abc', exitCode: 255 }, web(1)),
    ],
    [
      'the one that was killed, not those that were asked to stop after it',
      'web',
      'killed',
      ended({ name: 'envoy', essential: true, exitCode: 143 }, web(137), init({ exitCode: 0 })),
    ],
    [
      'the sidecar that could not be pulled',
      'otel',
      'imageNotFound',
      {
        stopCode: 'TaskFailedToStart',
        stoppedReason: 'Task failed to start',
        containers: [
          { name: 'web' },
          { name: 'otel', reason: 'CannotPullContainerError: failed to resolve ref x/otel:1: not found' },
        ],
      },
    ],
  ])('blames %s', (_, container, kind, task) => {
    expect(diagnoseTask(task)).toMatchObject({ container, kind });
    expect(diagnoseTask({ ...task, containers: task.containers.toReversed() })).toMatchObject({
      container,
      kind,
    });
  });

  it('is not certain of a missing command where another one ended on its own, too', () => {
    const task = ended(web(127), { name: 'envoy', essential: true, exitCode: 1 });
    expect(diagnoseTask(task)).toMatchObject({ kind: 'commandNotFound', canHeal: true });
  });

  it.each([126, 127])('blames no command of the image for code %i after minutes', (exitCode) => {
    const cause = diagnoseTask({ ...ended(web(exitCode)), startedAt: 0, stoppingAt: 600_000 });
    expect(cause).toMatchObject({ kind: 'crash', canHeal: true });
    expect(cause.sentence).toContain('had run for 10 min');
  });

  it('is certain of it where it ended at once, beside others that were asked to stop', () => {
    const task = ended(web(127), { name: 'envoy', essential: true, exitCode: 143 });
    expect(diagnoseTask({ ...task, startedAt: 0, stoppingAt: 2_000 })).toMatchObject({ canHeal: false });
  });
});

const SCALED_IN: StoppedTask = {
  stopCode: 'ServiceSchedulerInitiated',
  stoppedReason: 'Scaling activity initiated by (deployment ecs-svc/0123456789012345678)',
  containers: [{ name: 'web', exitCode: 143 }],
};
const SPOT: StoppedTask = {
  stopCode: 'SpotInterruption',
  stoppedReason: 'Your Spot Task was interrupted.',
  containers: [{ name: 'web', exitCode: 143 }],
};
const PERSON: StoppedTask = {
  stopCode: 'UserInitiated',
  stoppedReason: 'Task stopped by user',
  containers: [],
};
const HOST: StoppedTask = {
  stoppedReason: 'Host EC2 (instance i-0123456789abcdef0) terminated.',
  containers: [],
};
const FULL: StoppedTask = {
  stopCode: 'TaskFailedToStart',
  stoppedReason:
    'Capacity is unavailable at this time. Please try again later or in a different availability zone.',
  containers: [],
};
const UNHEALTHY: StoppedTask = {
  stopCode: 'ServiceSchedulerInitiated',
  stoppedReason: 'Task failed container health checks',
  containers: [{ name: 'web', exitCode: 143 }],
};

describe('several tasks', () => {
  it.each<[string, string, readonly StoppedTask[]]>([
    [
      'a crash after what came from outside',
      'crash',
      [at(1, SPOT), at(2, PERSON), at(3, HOST), at(4, ended(web(1)))],
    ],
    ['a crash after a lack of capacity', 'crash', [at(1, FULL), at(2, ended(web(1)))]],
    ['what came from outside where there is nothing else', 'spotInterruption', [at(2, PERSON), at(1, SPOT)]],
    ['what came from outside before a symptom', 'infrastructure', [at(1, ended(web(143))), at(2, HOST)]],
    [
      'the health check before the crashes after it',
      'containerHealth',
      [at(9, ended(web(1))), at(2, UNHEALTHY)],
    ],
    ['a crash that ECS gives no reason for', 'crash', [{ containers: [web(1)] }]],
    ['nothing of a task that says nothing', 'crash', [{ containers: [] }, at(5, ended(web(1)))]],
    [
      'the first where times are the same, in the order of ECS',
      'crash',
      [at(1, ended(web(1))), at(1, UNHEALTHY)],
    ],
    ['what says something if times are the same', 'crash', [at(1, ended(web(143))), at(1, ended(web(1)))]],
    [
      'the first of five with sidecars, in any order',
      'outOfMemory',
      [
        at(5, ended(web(1), { name: 'envoy', essential: true, exitCode: 143 })),
        SCALED_IN,
        at(1, SCALED_IN),
        at(4, SPOT),
        at(
          3,
          ended(
            web(137, { reason: 'OutOfMemoryError: Container killed due to memory usage' }),
            init({ exitCode: 0 }),
          ),
        ),
      ],
    ],
  ])('report %s', (_, kind, tasks) => {
    expect(firstCause(tasks)?.kind).toBe(kind);
  });

  it('are reported in the order in which their last lines are worth reading', () => {
    const tasks = [at(1, SCALED_IN), at(2, SPOT), at(4, ended(web(2))), at(3, ended(web(1))), ended(web(3))];
    expect(failuresOf(tasks).map(({ task }) => tasks.indexOf(task as StoppedTask))).toEqual([3, 2, 4, 1]);
  });

  it('report nothing if none failed', () => {
    expect(firstCause([{ containers: [] }, at(1, SCALED_IN)])).toBeUndefined();
  });
});

describe('a cause that is known later', () => {
  it.each([
    ['crash', undefined, true],
    ['crash', 'terminated', true],
    ['crash', 'spotInterruption', true],
    ['spotInterruption', 'unknown', true],
    ['crash', 'targetHealth', false],
    ['terminated', 'crash', false],
    ['capacity', 'crash', false],
  ])('%s says more than %s: %s', (kind, before, more) => {
    expect(tellsMore({ kind }, before === undefined ? undefined : { kind: before })).toBe(more);
  });
});
