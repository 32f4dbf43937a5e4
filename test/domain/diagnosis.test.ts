import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { UNKNOWN_ADVICE } from '../../shared/domain/diagnosis/advice.ts';
import { isScaledIn, type StoppedTask } from '../../shared/domain/diagnosis/stoppedTask.ts';
import { diagnoseTask } from '../../shared/domain/diagnosis.ts';

function failedToStart(stoppedReason: string): StoppedTask {
  return { stopCode: 'TaskFailedToStart', stoppedReason, containers: [{ name: 'web' }] };
}
function exited(exitCode: number, reason?: string): StoppedTask {
  return {
    stopCode: 'EssentialContainerExited',
    stoppedReason: 'Essential container in task exited',
    containers: [
      { name: 'proxy', exitCode: 143 },
      { name: 'web', exitCode, ...(reason === undefined ? {} : { reason }) },
    ],
  };
}

describe('diagnoseTask', () => {
  it.each<[string, boolean, StoppedTask]>([
    [
      'imageNotFound',
      false,
      failedToStart(
        'CannotPullContainerError: pull image manifest has been retried 1 time(s): failed to resolve ref x/app:9: not found',
      ),
    ],
    [
      'wrongPlatform',
      false,
      failedToStart(
        "CannotPullContainerError: pull image manifest has been retried 7 time(s): image Manifest does not contain descriptor matching platform 'linux/amd64'",
      ),
    ],
    [
      'pullDenied',
      false,
      failedToStart('CannotPullContainerError: pull access denied for x/app, not authorized'),
    ],
    [
      'registryUnreachable',
      true,
      failedToStart(
        'CannotPullContainerError: ref pull has been retried 5 time(s): dial tcp 10.0.0.1:443: i/o timeout',
      ),
    ],
    [
      'secretMissing',
      false,
      failedToStart(
        "ResourceInitializationError: unable to pull secrets or registry auth: ResourceNotFoundException: Secrets Manager can't find the specified secret.",
      ),
    ],
    [
      'secretDenied',
      false,
      failedToStart(
        'ResourceInitializationError: unable to pull secrets or registry auth: execution resource retrieval failed: unable to retrieve secret: AccessDeniedException',
      ),
    ],
    [
      'logging',
      false,
      failedToStart(
        'ResourceInitializationError: failed to validate logger args: The specified log group does not exist.',
      ),
    ],
    ['capacity', true, failedToStart('TaskFailedToStart: RESOURCE:MEMORY')],
    ['crash', true, exited(1)],
    ['commandNotFound', false, exited(127)],
    ['commandNotExecutable', false, exited(126)],
    ['outOfMemory', true, exited(137, 'OutOfMemoryError: Container killed due to memory usage')],
    ['killed', true, exited(137)],
    ['crash', true, exited(139)],
    ['exited', true, exited(0)],
    [
      'targetHealth',
      true,
      {
        stopCode: 'ServiceSchedulerInitiated',
        stoppedReason: 'Task failed ELB health checks in (target-group arn:x)',
        containers: [{ name: 'web', exitCode: 143 }],
      },
    ],
    [
      'containerHealth',
      true,
      {
        stopCode: 'ServiceSchedulerInitiated',
        stoppedReason: 'Task failed container health checks',
        containers: [{ name: 'web', exitCode: 137 }],
      },
    ],
    [
      'spotInterruption',
      true,
      { stopCode: 'SpotInterruption', stoppedReason: 'Your Spot Task was interrupted.', containers: [] },
    ],
    [
      'stoppedByPerson',
      true,
      {
        stopCode: 'UserInitiated',
        stoppedReason: 'Task stopped by user',
        containers: [{ name: 'web', exitCode: 143 }],
      },
    ],
  ])('finds %s (can heal: %s)', (kind, canHeal, task) => {
    expect(diagnoseTask(task)).toMatchObject({ kind, canHeal });
  });

  it.each([
    ['crash', 'crash'],
    ['out-of-memory', 'outOfMemory'],
    ['cannot-pull', 'imageNotFound'],
    ['wrong-platform', 'wrongPlatform'],
    ['command-not-found', 'commandNotFound'],
    ['load-balancer', 'targetHealth'],
    ['container-health', 'containerHealth'],
    ['spot', 'spotInterruption'],
    ['by-person', 'stoppedByPerson'],
  ])('understands events/ecs-task-stopped-%s.json', (name, kind) => {
    const file = join(import.meta.dirname, `../../events/ecs-task-stopped-${name}.json`);
    const { detail } = JSON.parse(readFileSync(file, 'utf8'));
    expect(diagnoseTask(detail)).toMatchObject({ kind });
    expect(isScaledIn(detail)).toBe(false);
  });

  const SECRETS =
    'ResourceInitializationError: unable to pull secrets or registry auth: execution resource retrieval failed:';
  const RUNTIME =
    'CannotStartContainerError: ResourceInitializationError: failed to create new container runtime task: failed to create shim: OCI runtime create failed: container_linux.go:380: starting container process caused:';

  // Wordings from AWS's documentation and from public reports.
  it.each<[string, boolean, string]>([
    ['commandNotFound', false, `${RUNTIME} exec: "node-server": executable file not found in $PATH: unknown`],
    ['commandNotFound', false, `${RUNTIME} exec: "/opt/run.sh": stat /opt/run.sh: no such file or directory`],
    ['commandNotExecutable', false, `${RUNTIME} exec: "/run.sh": permission denied: unknown`],
    ['wrongPlatform', false, `${RUNTIME} exec /usr/bin/node: exec format error`],
    [
      'volume',
      true,
      'ResourceInitializationError: failed to invoke EFS utils commands to set up EFS volumes: Connection timed out',
    ],
    [
      'pullDenied',
      false,
      `${SECRETS} unable to retrieve ecr registry auth: AccessDeniedException: User: arn:aws:sts::1:assumed-role/x/y is not authorized to perform: ecr:GetAuthorizationToken`,
    ],
    [
      'registryUnreachable',
      true,
      `${SECRETS} unable to retrieve ecr registry auth: service call has been retried 3 time(s): RequestError: send request failed caused by: Post "https://api.ecr.us-east-1.amazonaws.com/": dial tcp 44.213.79.10:443: i/o timeout`,
    ],
    [
      'secretDenied',
      false,
      `${SECRETS} unable to retrieve secret from asm: service call has been retried 1 time(s): AccessDeniedException: not authorized to perform: secretsmanager:GetSecretValue`,
    ],
    [
      'secretMissing',
      false,
      `${SECRETS} unable to retrieve secrets from ssm: invalid ssm parameters: /app/DATABASE_URL`,
    ],
    ['secretMissing', false, `${SECRETS} retrieved secret from Secrets Manager did not contain json key url`],
    [
      'logging',
      false,
      'ResourceInitializationError: failed to validate logger args: create stream has been retried 1 times: failed to create Cloudwatch log stream: ResourceNotFoundException: The specified log group does not exist. : exit status 1',
    ],
    [
      'logging',
      false,
      'ResourceInitializationError: failed to validate logger args: failed to create Cloudwatch log stream: AccessDeniedException: not authorized to perform: logs:CreateLogStream',
    ],
    [
      'logging',
      true,
      'ResourceInitializationError: failed to initialize logging driver: dial tcp: i/o timeout',
    ],
    [
      'pullDenied',
      false,
      "CannotPullContainerError: pull access denied for app, repository does not exist or may require 'docker login'",
    ],
    [
      'pullDenied',
      false,
      'CannotPullContainerError: failed to resolve ref x/app:1: pulling from host x failed with status code [manifests 1]: 403 Forbidden',
    ],
    [
      'imageNotFound',
      false,
      "CannotPullContainerError: API error (404): name unknown: The repository with name 'app' does not exist in the registry with id '1'",
    ],
    [
      'pullFailed',
      true,
      'CannotPullContainerError: denied: Your authorization token has expired. Reauthenticate and try again.',
    ],
    ['network', true, 'Timeout waiting for network interface provisioning to complete.'],
    ['initialization', true, 'Timeout waiting for EphemeralStorage provisioning to complete.'],
    [
      'capacity',
      true,
      'Capacity is unavailable at this time. Please try again later or in a different availability zone',
    ],
    ['capacity', true, 'TaskFailedToStart: EMPTY CAPACITY PROVIDER'],
    ['capacity', true, 'TaskFailedToStart: AGENT'],
    ['capacity', true, 'TaskFailedToStart: RESOURCE:ENI'],
    ['placement', true, 'TaskFailedToStart: MemberOf placement constraint unsatisfied.'],
    ['quota', true, "You've reached the limit on the number of vCPUs you can run concurrently"],
    [
      'runtime',
      true,
      'ContainerRuntimeTimeoutError: Could not transition to running; timed out after waiting 1m: <reason>',
    ],
  ])('finds %s (can heal: %s) in "%s"', (kind, canHeal, reason) => {
    expect(diagnoseTask(failedToStart(reason))).toMatchObject({ kind, canHeal, evidence: [reason] });
    const inContainer = {
      stopCode: 'TaskFailedToStart',
      stoppedReason: 'Task failed to start',
      containers: [{ name: 'web', reason }],
    };
    expect(diagnoseTask(inContainer)).toMatchObject({ kind, canHeal });
  });

  it.each([`repo@sha256:${'401403'.repeat(10)}abcd`, 'access-denied:403', 'not-found/connection:1.2.401'])(
    'reads nothing into the name of an image: %s',
    (name) => {
      const reason = `CannotPullContainerError: ref pull has been retried 5 time(s): failed to copy: host.example/${name}: something new`;
      expect(diagnoseTask(failedToStart(reason)).kind).toBe('pullFailed');
    },
  );

  it('says for which platform the image is missing', () => {
    const reason =
      "CannotPullContainerError: image Manifest does not contain descriptor matching platform 'linux/arm64'";
    expect(diagnoseTask(failedToStart(reason))).toMatchObject({
      sentence: 'Container web cannot run: its image was not built for linux/arm64.',
      advice: "Build it for that platform, or change the task definition's runtimePlatform.",
    });
  });

  it("names the target group and the health checks' codes if ECS does", () => {
    const stoppedReason =
      'Task failed ELB health checks in (target-group arn:aws:elasticloadbalancing:us-east-1:1:targetgroup/web-app/6d0e) due to (reason Health checks failed with these codes: [503])';
    const { sentence } = diagnoseTask({ stoppedReason, containers: [{ name: 'web', exitCode: 143 }] });
    expect(sentence).toContain(
      "failed the load balancer's health checks (target group web-app): codes: [503].",
    );
  });

  it.each([
    ['TerminationNotice', 'infrastructure'],
    ['InfrastructureHealth', 'infrastructure'],
    ['SpotInterruption', 'spotInterruption'],
  ])('does not blame the container for %s', (stopCode, kind) => {
    expect(diagnoseTask({ stopCode, containers: [{ name: 'web', exitCode: 1 }] })).toMatchObject({ kind });
  });

  it('names no container if several are possible', () => {
    const task = { stoppedReason: 'CannotPullContainerError: x', containers: [{ name: 'a' }, { name: 'b' }] };
    expect(diagnoseTask(task)).not.toHaveProperty('container');
    expect(diagnoseTask(task).sentence).toMatch(/^A container of the task/);
  });

  it('does not blame a container that is known not to be essential', () => {
    const containers = [
      { name: 'init', exitCode: 2, essential: false },
      { name: 'web', exitCode: 3, essential: true },
    ];
    expect(diagnoseTask({ containers })).toMatchObject({ container: 'web', exitCode: 3 });
  });

  it.each([
    [134, 'crash'],
    [255, 'crash'],
    [143, 'terminated'],
  ])('knows exit code %i', (code, kind) => {
    const containers = [{ name: 'web', exitCode: code }];
    expect(diagnoseTask({ containers })).toMatchObject({ kind, exitCode: code, canHeal: true });
  });

  it('admits that it knows nothing', () => {
    expect(diagnoseTask({ containers: [{ name: 'web' }] })).toEqual({
      kind: 'unknown',
      sentence: 'ECS does not say why the task stopped.',
      advice: UNKNOWN_ADVICE,
      evidence: [],
      canHeal: true,
    });
  });

  it('names the container that failed, not the sidecar that was stopped with it', () => {
    expect(diagnoseTask(exited(1))).toMatchObject({
      container: 'web',
      exitCode: 1,
      sentence: 'Container web exited with code 1: see its log.',
    });
  });

  it('passes unknown words through', () => {
    expect(diagnoseTask(failedToStart('SomethingNew: never seen before'))).toMatchObject({
      kind: 'unknown',
      sentence: 'SomethingNew: never seen before',
    });
  });

  it('distinguishes scaling in from failing', () => {
    expect(isScaledIn({ stoppedReason: 'Scaling activity initiated by (deployment ecs-svc/1)' })).toBe(true);
    expect(isScaledIn({ stoppedReason: 'Task failed container health checks' })).toBe(false);
  });
});

describe('a task that is unhealthy soon after its start', () => {
  const unhealthy = (stoppedReason: string, seconds: number) =>
    diagnoseTask({ stoppedReason, startedAt: 0, stoppingAt: seconds * 1_000, containers: [{ name: 'web' }] });

  it.each([
    [
      'Task failed ELB health checks in (target-group arn:aws:…:targetgroup/web/0a1b)',
      'healthCheckGracePeriodSeconds',
    ],
    ['Task failed container health checks', 'startPeriod'],
  ])('may only need longer: %s', (reason, setting) => {
    expect(unhealthy(reason, 45)).toMatchObject({
      sentence: expect.stringContaining('45 s after it had started'),
      advice: expect.stringContaining(setting),
    });
    expect(unhealthy(reason, 3_600).advice).not.toContain(setting);
  });
});
