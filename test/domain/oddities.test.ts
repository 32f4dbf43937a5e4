import { UNKNOWN_ADVICE } from '../../shared/domain/diagnosis/advice.ts';
import { diagnoseEvents } from '../../shared/domain/diagnosis/serviceEvents.ts';
import type { StoppedTask } from '../../shared/domain/diagnosis/stoppedTask.ts';
import { diagnoseTask, firstCause } from '../../shared/domain/diagnosis.ts';

/** Messages of stopped tasks in unusual forms, and unusual exit codes. */

type Container = StoppedTask['containers'][number];

const failedToStart = (stoppedReason: string): StoppedTask => ({
  stopCode: 'TaskFailedToStart',
  stoppedReason,
  containers: [{ name: 'web' }],
});
const ended = (...containers: readonly Container[]): StoppedTask => ({
  stopCode: 'EssentialContainerExited',
  stoppedReason: 'Essential container in task exited',
  containers,
});
const web = (exitCode: number): Container => ({ name: 'web', exitCode, essential: true });

describe('a reason in an odd form', () => {
  it.each([
    ['imageNotFound', 'CANNOTPULLCONTAINERERROR: FAILED TO RESOLVE REF: NOT FOUND'],
    ['capacity', 'capacity is unavailable at this time'],
    ['capacity', 'resource:memory'],
    ['capacity', 'TaskFailedToStart: agent'],
    ['placement', 'taskfailedtostart: attribute'],
    ['capacity', 'TASKFAILEDTOSTART: EMPTY CAPACITY PROVIDER'],
    [
      'imageNotFound',
      '\u001b[31mCannotPullContainerError\u001b[0m: failed to resolve ref x: \u001b[1mnot found\u001b[0m',
    ],
    ['imageNotFound', 'CannotPullContainerError: failed to resolve\r\n  ref x:\n\tnot\nfound\n'],
    ['imageNotFound', '{"error":"CannotPullContainerError: failed to resolve ref x/y:1: not found"}'],
    ['imageNotFound', `CannotPullContainerError: failed to resolve ref x: not found ${'x'.repeat(200_000)}`],
  ])('is understood as %s: %j', (kind, reason) => {
    expect(diagnoseTask(failedToStart(reason))).toMatchObject({ kind });
  });

  it.each([
    ['\u001b[31mSomething new\u001b[0m\nline 2\r\n{"a":1}', 'Something new line 2 {"a":1}'],
    ['  Something new\n', 'Something new'],
  ])('that is unknown is shown on one line: %j', (reason, sentence) => {
    expect(diagnoseTask(failedToStart(reason))).toMatchObject({
      kind: 'unknown',
      sentence,
      evidence: [reason],
    });
  });

  it.each(['', ' ', '\n'])('that is empty says nothing: %j', (reason) => {
    const task = {
      stopCode: 'TaskFailedToStart',
      stoppedReason: reason,
      containers: [{ name: 'web', reason }],
    };
    expect(diagnoseTask(task)).toEqual({
      kind: 'unknown',
      sentence: 'ECS does not say why the task stopped.',
      advice: UNKNOWN_ADVICE,
      evidence: [],
      canHeal: true,
    });
  });

  it.each([
    ['a\nb', 'Someone stopped the task: a b.'],
    ['\u001b[31mdeploy\u001b[0m.', 'Someone stopped the task: deploy.'],
    ['Task stopped by user', 'Someone stopped the task: no reason was given.'],
    ['', 'Someone stopped the task: no reason was given.'],
  ])('of a person is one sentence: %j', (stoppedReason, sentence) => {
    const cause = diagnoseTask({ stopCode: 'UserInitiated', stoppedReason, containers: [] });
    expect(cause).toMatchObject({
      kind: 'stoppedByPerson',
      sentence,
      advice: expect.stringContaining('StopTask'),
    });
  });

  it('of the scheduler that wants fewer tasks is no failure, however the container ended', () => {
    const stoppedReason = 'scaling activity initiated by (taskSet ecs-svc/0123456789012345678)';
    const task = { stopCode: 'ServiceSchedulerInitiated', stoppedReason, containers: [web(137)] };
    expect(diagnoseTask(task)).toMatchObject({ kind: 'scaledIn' });
    expect(firstCause([task])).toBeUndefined();
  });

  it.each([
    ['because no VPC endpoint policy allows the logs:CreateLogStream action', 'VPC endpoint policy'],
    ['with an explicit deny in a service control policy', 'service control policy'],
    ['because no permissions boundary allows the logs:CreateLogStream action', 'permissions boundary'],
  ])('says whose policy denies it: %s', (because, policy) => {
    const reason = `ResourceInitializationError: failed to validate logger args: AccessDeniedException: not authorized to perform: logs:CreateLogStream on resource: x ${because} : exit status 1`;
    expect(diagnoseTask(failedToStart(reason)).advice).toMatch(
      new RegExp(`^AWS says that the ${policy} does not allow it\\. Allow logs:CreateLogStream`),
    );
  });

  it.each([
    [
      "subnet 'subnet-0123abcd': InsufficientFreeAddressesInSubnet",
      'A subnet of the task, subnet-0123abcd, has no free addresses left.',
    ],
    ['InsufficientFreeAddressesInSubnet', 'A subnet of the task has no free addresses left.'],
  ])('says which subnet is full: %s', (words, sentence) => {
    const reason = `Unexpected EC2 error while attempting to Create Network Interface in ${words}`;
    expect(diagnoseTask(failedToStart(reason)).sentence).toBe(sentence);
  });

  it('names the container that another one waited for', () => {
    const reason =
      'dependency graph: container ordering dependency [db(registry.example/db:1) (RUNNING->RUNNING)] for target [web(shop:1) (NONE->RUNNING)] has timed out.';
    const containers = [web(143), { name: 'api', reason }];
    expect(diagnoseTask({ stopCode: 'TaskFailedToStart', containers }).sentence).toBe(
      'Container api was not started: container db, on which it depends, did not do what dependsOn asks.',
    );
  });
});

describe('an exit code beside the usual ones', () => {
  it.each([
    [2, 'crash', /log/],
    [125, 'crash', /log/],
    [128, 'crash', /log/],
    [129, 'terminated', /asked/],
    [130, 'terminated', /asked/],
    [131, 'terminated', /asked/],
    [132, 'crash', /processor/],
    [135, 'crash', /sharedMemorySize/],
    [136, 'crash', /log/],
    [159, 'crash', /log/],
    [255, 'crash', /log/],
    [-1, 'crash', /log/],
    [3221225786, 'terminated', /asked/],
    [-1073741510, 'terminated', /asked/],
    [1073807364, 'terminated', /asked/],
    [3221225477, 'crash', /native modules/],
    [-1073741819, 'crash', /native modules/],
    [-1073741515, 'crash', /base image/],
    [-1073740791, 'crash', /log/],
    [-532462766, 'crash', /exception/],
  ])('%i is %s', (exitCode, kind, advice) => {
    const cause = diagnoseTask(ended(web(exitCode)));
    expect(cause).toMatchObject({ kind, exitCode, canHeal: true, advice: expect.stringMatching(advice) });
    expect(cause.sentence).toContain(`Container web exited with code ${exitCode}: `);
  });

  it.each([130, 131, 143, 3221225786, -1073741510])(
    'of a container that was asked to stop (%i) gives way to the one that ended on its own',
    (asked) => {
      const containers = [{ ...web(asked), name: 'envoy' }, web(1)];
      expect(diagnoseTask(ended(...containers))).toMatchObject({ container: 'web', exitCode: 1 });
    },
  );
});

describe('what AWS adds, and what came before', () => {
  it('does not blame the agent of GuardDuty for a container of the definition', () => {
    const agent = {
      name: 'aws-guardduty-agent-0123',
      reason: 'CannotPullContainerError: failed to resolve ref x: not found',
    };
    expect(diagnoseTask(ended(web(1), agent))).toMatchObject({ kind: 'crash', container: 'web' });
    expect(diagnoseTask(ended({ ...agent, exitCode: 255 }, web(143)))).toMatchObject({ container: 'web' });
    expect(diagnoseTask({ containers: [agent] })).toMatchObject({ kind: 'imageNotFound' });
  });

  it('says why an init container was killed, not that others waited for it', () => {
    const reason =
      'dependency graph: failed to resolve container ordering dependency [init(shop:1) (RUNNING->STOPPED)] for target [web(shop:1) (NONE->RUNNING)] as dependency did not exit successfully.';
    const init = {
      name: 'init',
      essential: false,
      exitCode: 137,
      reason: 'OutOfMemoryError: Container killed due to memory usage',
    };
    const containers = [{ name: 'web', essential: true, reason }, init];
    const task = { stopCode: 'TaskFailedToStart', stoppedReason: 'Task failed to start', containers };
    expect(diagnoseTask(task)).toMatchObject({ kind: 'outOfMemory', container: 'init' });
    const unsaid = [
      { name: 'web', essential: true, reason },
      { name: 'init', essential: false, exitCode: 137 },
    ];
    expect(diagnoseTask({ ...task, containers: unsaid })).toMatchObject({ kind: 'dependency' });
  });

  it.each([
    [
      'a container that could not be stopped',
      failedToStart('CannotStopContainerError: context deadline exceeded'),
    ],
    ['throttled calls', failedToStart('ResourceInitializationError: ThrottlingException: Rate exceeded')],
  ])('reports a crash, not %s before it', (_, before) => {
    const crash = { ...ended(web(1)), stoppingAt: 2 };
    expect(firstCause([{ ...before, stoppingAt: 1 }, crash])).toMatchObject({ kind: 'crash' });
    expect(firstCause([{ ...before, stoppingAt: 1 }])).not.toMatchObject({ kind: 'unknown' });
  });
});

describe("a service's event in an odd form", () => {
  it('with no codes names none', () => {
    const message =
      '(service shop) (port 80) is unhealthy in (target-group x) due to (reason Health checks failed with these codes: [])';
    expect(diagnoseEvents('shop', [message])?.sentence).not.toContain('[]');
  });

  it('of a service registry does not speak of a load balancer', () => {
    const message = '(service shop) (instance 0123) is unhealthy in (service-registry srv-0123)';
    expect(diagnoseEvents('shop', [message])?.sentence).not.toContain('load balancer');
  });
});
