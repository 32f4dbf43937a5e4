import { diagnoseEvents } from '../../shared/domain/diagnosis/serviceEvents.ts';
import { diagnoseTask } from '../../shared/domain/diagnosis.ts';

/** Words that wordings are about, as people give them to repositories, roles, log groups and paths. */
const NAMES = [
  'access-denied',
  'not-authorized',
  'secret-efs-agent',
  'eni',
  'EBS',
  'vcpu-limit',
  'LimitExceeded',
  'AGENT',
  'exec-format-error',
  'not-found',
  'OutOfMemoryError',
  'log-group',
  'network-interface',
  'placement-constraint',
  'spot-interruption',
  'toomanyrequests',
];

const failed = (stoppedReason: string) =>
  diagnoseTask({ stopCode: 'TaskFailedToStart', stoppedReason, containers: [{ name: 'web' }] });

describe.each(NAMES)('the name %s says nothing of a cause', (name) => {
  it('of an image', () => {
    const image = `123456789012.dkr.ecr.us-east-1.amazonaws.com/${name}`;
    expect(failed(`CannotPullContainerError: something new: ${image}:1.4.0: at all`).kind).toBe('pullFailed');
    expect(failed(`CannotPullContainerError: something new: ${image}@sha256:0000`).kind).toBe('pullFailed');
    expect(failed(`CannotPullContainerError: something new for "${image}"`).kind).toBe('pullFailed');
  });

  it('of a role, a log group, a secret or a path', () => {
    for (const words of [
      `arn:aws:iam::123456789012:role/${name}`,
      `arn:aws:logs:us-east-1:123456789012:log-group:/${name}:log-stream:${name}`,
      `arn:aws:secretsmanager:us-east-1:123456789012:secret:${name}`,
      `User: arn:aws:sts::123456789012:assumed-role/${name}/0123456789abcdef`,
      `/srv/${name}/start`,
      `(/${name})`,
      `https://${name}.example/v2/${name}`,
    ]) {
      expect(failed(`ResourceInitializationError: something new of ${words}.`).kind).toBe('initialization');
    }
  });

  it('of a container', () => {
    const task = { stoppedReason: 'Essential container in task exited', containers: [{ name, exitCode: 1 }] };
    expect(diagnoseTask(task)).toMatchObject({ kind: 'crash', container: name });
  });

  it('of a service', () => {
    for (const message of [
      `(service ${name}) has reached a steady state.`,
      `(service ${name}) has started 1 tasks: (task 0123).`,
      `(service ${name}) registered 1 targets in (target-group arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/${name}/0123)`,
    ]) {
      expect(diagnoseEvents(name, [message])).toBeUndefined();
    }
    const unplaced = `(service ${name}) was unable to place a task. Reason: Capacity is unavailable at this time.`;
    expect(diagnoseEvents(name, [unplaced])?.kind).toBe('capacity');
  });
});

it.each(['task', 'a', 'service', 'tasks', 'place'])('a service may be called %s', (name) => {
  const message = `(service ${name}) was unable to place a task. Reason: You've reached the limit on the number of tasks you can run concurrently`;
  expect(diagnoseEvents(name, [message])?.kind).toBe('quota');
});

describe('names that the sentence needs', () => {
  it('are the role', () => {
    const cause = failed(
      "ECS was unable to assume the role 'arn:aws:iam::123456789012:role/team/shop-task' that was provided for this task.",
    );
    expect(cause.sentence).toBe("The task's role team/shop-task could not be assumed.");
  });

  it('are the security group, the target group and the key of a secret', () => {
    expect(
      failed(
        "Unexpected EC2 error while attempting to Create Network Interface in subnet 'subnet-01234567': InvalidGroup.NotFound: The security group 'sg-01234567' does not exist",
      ).sentence,
    ).toBe('A security group of the task, sg-01234567, does not exist.');
    expect(
      failed(
        'Task failed ELB health checks in (target-group arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/shop/0123)',
      ).sentence,
    ).toBe("Container web failed the load balancer's health checks (target group shop).");
    expect(
      failed(
        'ResourceInitializationError: unable to retrieve secret from asm: retrieved secret from Secrets Manager did not contain json key password_url',
      ).sentence,
    ).toBe('Container web: a secret has no key password_url, although the task definition names one.');
  });
});

describe('words that are no sentence', () => {
  it.each(['', ' ', '\n', '\u0000', '💥', '}{', '\\', "'"])('%j is passed through', (stoppedReason) => {
    expect(diagnoseTask({ stoppedReason, containers: [] })).toMatchObject({ kind: 'unknown', canHeal: true });
  });

  it('may go over several lines', () => {
    const reason =
      'CannotPullContainerError: pull image manifest has been retried 1 time(s):\n failed to resolve ref x/app:1:\n\tx/app:1: not\n found';
    expect(failed(reason)).toMatchObject({ kind: 'imageNotFound', evidence: [reason] });
  });

  it('may hold one error in another: the innermost one is the cause', () => {
    expect(
      failed(
        'CannotStartContainerError: ResourceInitializationError: failed to create new container runtime task: failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: error during container init: error mounting "/mnt/efs/x" to rootfs at "/data": stat /mnt/efs/x: no such file or directory: unknown',
      ).kind,
    ).toBe('mount');
  });
});
