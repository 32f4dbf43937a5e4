import { diagnoseEvents } from '../../shared/domain/diagnosis/serviceEvents.ts';
import type { StoppedTask } from '../../shared/domain/diagnosis/stoppedTask.ts';
import { diagnoseTask, firstCause } from '../../shared/domain/diagnosis.ts';

/** Situations of real services, in AWS's own words; names, numbers and addresses are neutral. */

const IMAGE = '123456789012.dkr.ecr.us-east-1.amazonaws.com/shop';
const PULL = 'CannotPullContainerError:';
const INIT = 'ResourceInitializationError:';
const SECRETS = `${INIT} unable to pull secrets or registry auth:`;
const RUNC = `CannotStartContainerError: ${INIT} failed to create new container runtime task: failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process:`;
const DAEMON = 'CannotStartContainerError: Error response from daemon: failed to create task for container:';

/** What ECS says in stoppedReason of a task that never ran. */
const NEVER_STARTED: readonly [kind: string, advice: RegExp, reason: string][] = [
  // The image
  [
    'imageNotFound',
    /push it again/,
    `${PULL} pull image manifest has been retried 1 time(s): failed to resolve ref ${IMAGE}:1.4.0: ${IMAGE}:1.4.0: not found`,
  ],
  [
    'imageNotFound',
    /push it again/,
    `${PULL} image Manifest has been retried 1 time(s): failed to resolve ref ${IMAGE}@sha256:0000: not found`,
  ],
  [
    'imageNotFound',
    /push it again/,
    `${PULL} Error response from daemon: manifest for ${IMAGE}:1.4.0 not found: manifest unknown: Requested image not found`,
  ],
  [
    'imageNotFound',
    /push it again/,
    `${PULL} API error (404): repository shop not found: name unknown: The repository with name 'shop' does not exist in the registry with id '123456789012'`,
  ],
  [
    'wrongPlatform',
    /runtimePlatform/,
    `${PULL} pull image manifest has been retried 7 time(s): image Manifest does not contain descriptor matching platform 'linux/amd64'`,
  ],
  [
    'wrongPlatform',
    /runtimePlatform/,
    `${PULL} Error response from daemon: no matching manifest for linux/arm64/v8 in the manifest list entries`,
  ],
  ['wrongPlatform', /Build the image/, `${RUNC} exec: "/docker-entrypoint.sh": exec format error: unknown`],
  [
    'wrongPlatform',
    /Build the image/,
    'CannotStartContainerError: exec /usr/local/bin/node: exec format error',
  ],
  // Its command
  ['commandNotFound', /Dockerfile/, `${RUNC} exec: "gunicorn": executable file not found in $PATH: unknown`],
  [
    'commandNotFound',
    /Dockerfile/,
    `${DAEMON} failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: exec: "npm run start": executable file not found in $PATH: unknown`,
  ],
  [
    'commandNotFound',
    /Dockerfile/,
    `${RUNC} exec: "/app/start.sh": stat /app/start.sh: no such file or directory: unknown`,
  ],
  ['commandNotExecutable', /chmod/, `${RUNC} exec: "/app/start.sh": permission denied: unknown`],
  ['userNotFound', /Dockerfile/, `${RUNC} unable to find user appuser: no matching entries in passwd file`],
  [
    'workingDirectory',
    /WORKDIR/,
    `${RUNC} chdir to cwd ("/srv/app") set in config.json failed: no such file or directory: unknown`,
  ],
  // Pulling it
  [
    'pullDenied',
    /execution role|policy/,
    `${PULL} pull access denied for shop, repository does not exist or may require 'docker login': denied: requested access to the resource is denied`,
  ],
  [
    'pullDenied',
    /ECR permissions/,
    `CannotPullECRContainerError: AccessDeniedException: User: arn:aws:sts::123456789012:assumed-role/exec/0 is not authorized to perform: ecr:BatchGetImage on resource: arn:aws:ecr:us-east-1:123456789012:repository/shop because no identity-based policy allows the ecr:BatchGetImage action`,
  ],
  [
    'pullDenied',
    /ecr:GetAuthorizationToken/,
    `${SECRETS} execution resource retrieval failed: unable to retrieve ecr registry auth: service call has been retried 1 time(s): AccessDeniedException: User: arn:aws:sts::123456789012:assumed-role/exec/0 is not authorized to perform: ecr:GetAuthorizationToken on resource: *`,
  ],
  [
    'pullDenied',
    /S3 endpoint/,
    `${PULL} ref pull has been retried 1 time(s): failed to copy: httpReadSeeker: failed open: unexpected status code: 403 Forbidden`,
  ],
  [
    'rateLimited',
    /pull-through cache/,
    `${PULL} inspect image has been retried 5 time(s): httpReadSeeker: failed open: unexpected status code 429 Too Many Requests - Server message: toomanyrequests: You have reached your pull rate limit. You may increase the limit by authenticating and upgrading`,
  ],
  [
    'rateLimited',
    /pull-through cache/,
    `${PULL} Error response from daemon: toomanyrequests: You have reached your pull rate limit`,
  ],
  [
    'registryUnreachable',
    /NAT gateway/,
    `${PULL} ref pull has been retried 5 time(s): failed to resolve ref ${IMAGE}:1.4.0: failed to do request: Head "https://registry.example/v2/shop/manifests/1.4.0": dial tcp 10.0.12.7:443: i/o timeout`,
  ],
  [
    'registryUnreachable',
    /NAT gateway/,
    `${PULL} Error response from daemon: Get https://registry.example/v2/: net/http: request canceled while waiting for connection (Client.Timeout exceeded while awaiting headers)`,
  ],
  [
    'registryUnreachable',
    /NAT gateway/,
    `${PULL} pull image manifest has been retried 5 time(s): dial tcp: lookup registry.example on 10.0.0.2:53: no such host`,
  ],
  [
    'registryUnreachable',
    /NAT gateway/,
    `${PULL} ref pull has been retried 5 time(s): net/http: TLS handshake timeout`,
  ],
  ['registryUnreachable', /NAT gateway/, `${PULL} context deadline exceeded`],
  [
    'diskFull',
    /ephemeral storage/,
    `${PULL} ref pull has been retried 1 time(s): failed to extract layer sha256:0000: write /usr/lib/node.so: no space left on device: unknown`,
  ],
  [
    'diskFull',
    /ephemeral storage/,
    'CannotCreateContainerError: Error response from daemon: mkdir /var/lib/docker/overlay2/0000: no space left on device',
  ],
  // Secrets
  [
    'secretMissing',
    /correct the reference/,
    `${SECRETS} execution resource retrieval failed: unable to retrieve secret from asm: service call has been retried 1 time(s): failed to fetch secret arn:aws:secretsmanager:us-east-1:123456789012:secret:db from secrets manager: ResourceNotFoundException: Secrets Manager can't find the specified secret.`,
  ],
  [
    'secretMissing',
    /correct the reference/,
    `${SECRETS} execution resource retrieval failed: unable to retrieve secrets from ssm: service call has been retried 1 time(s): invalid ssm parameters: /shop/DATABASE_URL`,
  ],
  [
    'secretMissing',
    /correct the reference/,
    `${SECRETS} execution resource retrieval failed: unable to retrieve secret from asm: retrieved secret from Secrets Manager did not contain json key password`,
  ],
  [
    'secretDenied',
    /KMS/,
    `${SECRETS} execution resource retrieval failed: unable to retrieve secret from asm: service call has been retried 1 time(s): AccessDeniedException: User: arn:aws:sts::123456789012:assumed-role/exec/0 is not authorized to perform: secretsmanager:GetSecretValue`,
  ],
  [
    'secretDenied',
    /KMS/,
    `${SECRETS} execution resource retrieval failed: unable to retrieve secrets from ssm: service call has been retried 1 time(s): AccessDeniedException: User: arn:aws:sts::123456789012:assumed-role/exec/0 is not authorized to perform: ssm:GetParameters`,
  ],
  [
    'secretDenied',
    /KMS/,
    `${SECRETS} execution resource retrieval failed: unable to retrieve secret from asm: AccessDeniedException: Access to KMS is not allowed`,
  ],
  [
    'registryUnreachable',
    /NAT gateway/,
    `${SECRETS} execution resource retrieval failed: unable to retrieve secret from asm: There is a connection issue between the task and AWS Secrets Manager. Check your task network configuration. RequestCanceled: request context canceled caused by: context deadline exceeded`,
  ],
  [
    'registryUnreachable',
    /NAT gateway/,
    `${SECRETS} The task cannot pull registry auth from Amazon ECR: There is a connection issue between the task and Amazon ECR. Check your task network configuration. RequestError: send request failed caused by: dial tcp 10.1.2.3:443: i/o timeout`,
  ],
  // Logs
  [
    'logging',
    /Create it/,
    `${INIT} failed to validate logger args: create stream has been retried 1 times: failed to create Cloudwatch log stream: ResourceNotFoundException: The specified log group does not exist. : exit status 1`,
  ],
  [
    'logging',
    /Create it/,
    'CannotStartContainerError: Error response from daemon: failed to initialize logging driver: failed to create Cloudwatch log stream: ResourceNotFoundException: The specified log group does not exist.',
  ],
  [
    'logging',
    /logs:CreateLogStream/,
    `${INIT} failed to validate logger args: create stream has been retried 1 times: failed to create Cloudwatch log stream: AccessDeniedException: User: arn:aws:sts::123456789012:assumed-role/exec/0 is not authorized to perform: logs:CreateLogStream`,
  ],
  [
    'logging',
    /log configuration/,
    `${INIT} failed to initialize logging driver: RequestError: send request failed caused by: dial tcp 10.2.3.4:443: i/o timeout`,
  ],
  // Roles
  [
    'roleDenied',
    /trust policy/,
    "ECS was unable to assume the role 'arn:aws:iam::123456789012:role/shop-execution' that was provided for this task. Please verify that the role being passed has the proper trust relationship and permissions and that your IAM user has permissions to pass this role.",
  ],
  // Volumes
  [
    'volume',
    /mount targets/,
    `${INIT} failed to invoke EFS utils commands to set up EFS volumes: stderr: mount.nfs4: Connection timed out : unsuccessful EFS utils command execution; code: 32`,
  ],
  [
    'volume',
    /mount targets/,
    `${INIT} failed to invoke EFS utils commands to set up EFS volumes: stderr: b'mount.nfs4: access denied by server while mounting 127.0.0.1:/' : unsuccessful EFS utils command execution; code: 32`,
  ],
  [
    'volume',
    /mount targets/,
    `${INIT} failed to invoke EFS utils commands to set up EFS volumes: stderr: Failed to resolve "fs-01234567.efs.us-east-1.amazonaws.com" - check that your file system ID is correct`,
  ],
  [
    'volume',
    /file system/,
    'CannotCreateVolumeError: Error response from daemon: create efs: VolumeDriver.Create: mounting volume failed',
  ],
  // Capacity, placement, network
  [
    'capacity',
    /try|capacity/i,
    'Capacity is unavailable at this time. Please try again later or in a different availability zone',
  ],
  ['capacity', /try|capacity/i, 'TaskFailedToStart: RESOURCE:CPU'],
  ['capacity', /try|capacity/i, 'TaskFailedToStart: RESOURCE:MEMORY'],
  ['capacity', /try|capacity/i, 'TaskFailedToStart: NO ACTIVE INSTANCES'],
  ['placement', /placement constraints/, 'TaskFailedToStart: MemberOf placement constraint unsatisfied.'],
  ['placement', /attributes/, 'TaskFailedToStart: ATTRIBUTE'],
  [
    'network',
    /free addresses/,
    "Unexpected EC2 error while attempting to Create Network Interface in subnet 'subnet-01234567': InsufficientFreeAddressesInSubnet",
  ],
  ['network', /free addresses/, 'Timeout waiting for network interface provisioning to complete.'],
  [
    'network',
    /ENI quota/,
    "Unexpected EC2 error while attempting to Create Network Interface in subnet 'subnet-01234567': NetworkInterfaceLimitExceeded",
  ],
  [
    'networkGone',
    /network configuration/,
    "Unexpected EC2 error while attempting to Create Network Interface: InvalidSubnetID.NotFound: The subnet ID 'subnet-01234567' does not exist",
  ],
  [
    'networkGone',
    /network configuration/,
    "Unexpected EC2 error while attempting to Create Network Interface: InvalidGroup.NotFound: The security group 'sg-01234567' does not exist",
  ],
  ['quota', /Raise the quota/, "You've reached the limit on the number of vCPUs you can run concurrently"],
  ['quota', /Raise the quota/, "You've reached the limit on the number of tasks you can run concurrently"],
];

const exited = (exitCode: number, reason?: string): StoppedTask => ({
  stopCode: 'EssentialContainerExited',
  stoppedReason: 'Essential container in task exited',
  containers: [{ name: 'web', exitCode, ...(reason === undefined ? {} : { reason }) }],
});
const byScheduler = (stoppedReason: string): StoppedTask => ({
  stopCode: 'ServiceSchedulerInitiated',
  stoppedReason,
  containers: [{ name: 'web', exitCode: 143 }],
});

/** What ran, and did not go on. */
const RAN: readonly [kind: string, advice: RegExp | undefined, task: StoppedTask][] = [
  ['crash', undefined, exited(1)],
  ['crash', undefined, exited(134)],
  ['crash', undefined, exited(139)],
  ['exited', /foreground/, exited(0)],
  ['commandNotExecutable', /chmod/, exited(126)],
  ['commandNotFound', /entryPoint/, exited(127)],
  ['killed', /memory/, exited(137)],
  ['terminated', undefined, exited(143)],
  ['outOfMemory', /memory limit/, exited(137, 'OutOfMemoryError: Container killed due to memory usage')],
  ['outOfMemory', /memory limit/, exited(137, 'OutOfMemory: Container killed due to memory usage')],
  [
    'targetHealth',
    /start-up time/,
    byScheduler(
      'Task failed ELB health checks in (target-group arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/shop/0123456789abcdef)',
    ),
  ],
  ['containerHealth', /start period/, byScheduler('Task failed container health checks')],
  [
    'infrastructure',
    undefined,
    byScheduler('ECS is performing maintenance on the underlying infrastructure hosting the task.'),
  ],
  [
    'infrastructure',
    undefined,
    {
      stoppedReason: 'Host EC2 (instance i-0123456789abcdef0) terminated.',
      containers: [{ name: 'web', exitCode: 137 }],
    },
  ],
  [
    'infrastructure',
    undefined,
    {
      stopCode: 'TerminationNotice',
      stoppedReason: 'retirement',
      containers: [{ name: 'web', exitCode: 143 }],
    },
  ],
  [
    'spotInterruption',
    undefined,
    {
      stopCode: 'SpotInterruption',
      stoppedReason: 'Your Spot Task was interrupted.',
      containers: [{ name: 'web', exitCode: 143 }],
    },
  ],
  [
    'stoppedByPerson',
    undefined,
    {
      stopCode: 'UserInitiated',
      stoppedReason: 'Task stopped by user',
      containers: [{ name: 'web', exitCode: 143 }],
    },
  ],
  [
    'dependency',
    /dependsOn|exit code/,
    {
      stopCode: 'TaskFailedToStart',
      stoppedReason: 'Task failed to start',
      containers: [{ name: 'web', reason: 'dependency condition not met: container migrate' }],
    },
  ],
];

describe('a task that never started', () => {
  it.each(NEVER_STARTED)('%s: %s: %s', (kind, advice, reason) => {
    const cause = diagnoseTask({
      stopCode: 'TaskFailedToStart',
      stoppedReason: reason,
      containers: [{ name: 'web' }],
    });
    expect(cause).toMatchObject({ kind, evidence: [reason] });
    expect([cause.sentence, cause.advice].join(' ')).toMatch(advice);
  });
});

describe('a task that ran', () => {
  it.each(RAN)('%s: %s: %j', (kind, advice, task) => {
    const cause = diagnoseTask(task);
    expect(cause).toMatchObject({ kind });
    if (advice) expect(cause.advice).toMatch(advice);
  });
});

describe('several tasks', () => {
  const at = (stoppingAt: number, task: StoppedTask): StoppedTask => ({ ...task, stoppingAt });
  const scaledIn = byScheduler('Scaling activity initiated by (deployment ecs-svc/0123456789012345678)');
  const secret: StoppedTask = {
    stopCode: 'TaskFailedToStart',
    stoppedReason: `${SECRETS} AccessDeniedException: not authorized to perform: ssm:GetParameters`,
    containers: [{ name: 'web' }],
  };
  const withSidecars: StoppedTask = {
    stopCode: 'EssentialContainerExited',
    stoppedReason: 'Essential container in task exited',
    containers: [
      { name: 'proxy', exitCode: 143 },
      { name: 'logs', exitCode: 0 },
      { name: 'web', exitCode: 137, reason: 'OutOfMemoryError: Container killed due to memory usage' },
    ],
  };

  it.each<[string, string, readonly StoppedTask[]]>([
    ['the one that failed first', 'crash', [at(3, exited(137)), at(1, exited(1)), at(2, exited(127))]],
    ['not those that were scaled in', 'crash', [at(1, scaledIn), at(2, scaledIn), at(3, exited(1))]],
    ['what says why, not what was only asked to stop', 'secretDenied', [at(1, exited(143)), at(2, secret)]],
    [
      'a person only when nothing failed before',
      'crash',
      [
        at(1, exited(1)),
        at(2, { stopCode: 'UserInitiated', stoppedReason: 'Task stopped by user', containers: [] }),
      ],
    ],
    [
      'the container that ran out of memory, not its sidecars',
      'outOfMemory',
      [at(1, withSidecars), at(2, exited(1))],
    ],
    [
      'the health check before the kill that followed it',
      'targetHealth',
      [at(1, byScheduler('Task failed ELB health checks in (target-group arn:x)')), at(2, exited(137))],
    ],
    ['a task without a time last', 'crash', [exited(127), at(9, exited(1))]],
    ['a symptom where there is nothing else', 'terminated', [at(1, exited(143)), at(2, exited(143))]],
    [
      'the first of five',
      'outOfMemory',
      [at(5, exited(1)), at(4, secret), at(3, exited(126)), at(2, exited(139)), at(1, withSidecars)],
    ],
  ])('report %s', (_, kind, tasks) => {
    expect(firstCause(tasks)?.kind).toBe(kind);
  });

  const ended = (...containers: readonly StoppedTask['containers'][number][]): StoppedTask => ({
    stopCode: 'EssentialContainerExited',
    stoppedReason: 'Essential container in task exited',
    containers,
  });

  it.each<[string, string, readonly StoppedTask[]]>([
    [
      'not an init container that may end as it likes',
      'web',
      [
        at(
          1,
          ended(
            { name: 'init', exitCode: 2, essential: false },
            { name: 'web', exitCode: 3, essential: true },
          ),
        ),
      ],
    ],
    [
      'a proxy that crashed and took the task with it',
      'proxy',
      [
        at(1, ended({ name: 'web', exitCode: 143 }, { name: 'proxy', exitCode: 139 })),
        at(2, ended({ name: 'web', exitCode: 137 }, { name: 'proxy', exitCode: 0 })),
      ],
    ],
    [
      'the container that ended on its own, whatever was killed after it',
      'web',
      [
        at(
          1,
          ended(
            { name: 'proxy', exitCode: 137 },
            { name: 'web', exitCode: 1 },
            { name: 'logs', exitCode: 143 },
          ),
        ),
      ],
    ],
    [
      'the first of four tasks with sidecars',
      'worker',
      [
        at(4, ended({ name: 'web', exitCode: 1 })),
        at(3, ended({ name: 'web', exitCode: 1 }, { name: 'logs', exitCode: 143 })),
        at(2, scaledIn),
        at(1, ended({ name: 'worker', exitCode: 134 }, { name: 'logs', exitCode: 143 })),
      ],
    ],
  ])('blame %s', (_, container, tasks) => {
    expect(firstCause(tasks)).toMatchObject({ container });
  });

  it('report nothing when none failed', () => {
    expect(firstCause([scaledIn])).toBeUndefined();
    expect(firstCause([])).toBeUndefined();
  });
});

describe("a service's events", () => {
  it.each<[string, RegExp, string]>([
    [
      'deploymentStuck',
      /minimumHealthyPercent/,
      '(service shop) was unable to stop or start tasks during a deployment because of the service deployment configuration. Update the minimumHealthyPercent or maximumPercent value and try again.',
    ],
    [
      'scaleInProtection',
      /protection/,
      '(service shop) was unable to reach steady state because (taskSet ecs-svc/1) was unable to scale in due to (reason 2 tasks under protection)',
    ],
    [
      'capacity',
      /container instances/,
      '(service shop) was unable to place a task because no container instance met all of its requirements. The closest matching (container-instance 0123) has insufficient CPU units available.',
    ],
    [
      'capacity',
      /container instances/,
      '(service shop) was unable to place a task because no container instance met all of its requirements. The closest matching (container-instance 0123) has insufficient memory available.',
    ],
    [
      'capacity',
      /host ports/,
      '(service shop) was unable to place a task because no container instance met all of its requirements. The closest matching (container-instance 0123) is already using a port required by your task.',
    ],
    [
      'capacity',
      /container instances/,
      '(service shop) was unable to place a task because no container instance met all of its requirements. Reason: No Container Instances were found in your cluster.',
    ],
    [
      'capacity',
      /tried again/,
      '(service shop) was unable to place a task. Reason: Capacity is unavailable at this time. Please try again later or in a different availability zone.',
    ],
    [
      'quota',
      /Raise the quota/,
      "(service shop) was unable to place a task. Reason: You've reached the limit on the number of vCPUs you can run concurrently.",
    ],
    [
      'roleDenied',
      /trust policy/,
      "(service shop) failed to launch a task with (error ECS was unable to assume the role 'arn:aws:iam::123456789012:role/shop-task' that was provided for this task. Please verify that the role being passed has the proper trust relationship and permissions.).",
    ],
    [
      'targetHealth',
      /grace/i,
      '(service shop) (task 0123) (port 8080) is unhealthy in (target-group arn:x) due to (reason Health checks failed with these codes: [502]).',
    ],
    [
      'targetHealth',
      /listens on that port/,
      '(service shop) (task 0123) (port 8080) is unhealthy in (target-group arn:x) due to (reason Request timed out).',
    ],
    [
      'targetHealth',
      /listens on that port/,
      '(service shop) (task 0123) (port 8080) is unhealthy in (target-group arn:x) due to (reason Health checks failed).',
    ],
    ['containerHealth', /start period/, '(service shop) (task 0123) failed container health checks.'],
    [
      'startImpaired',
      /reasons say why/,
      '(service shop) is unable to consistently start tasks successfully.',
    ],
    ['throttled', /automatically/, '(service shop) operations are being throttled. Will try again later.'],
  ])('report %s (%s): %s', (kind, advice, message) => {
    const cause = diagnoseEvents('shop', ['(service shop) has started 2 tasks: (task 1) (task 2).', message]);
    expect(cause).toMatchObject({ kind, evidence: [message] });
    expect([cause?.sentence, cause?.advice].join(' ')).toMatch(advice);
  });

  it('name the port and the codes', () => {
    const message =
      '(service shop) (task 0123) (port 8080) is unhealthy in (target-group arn:x) due to (reason Health checks failed with these codes: [502]).';
    expect(diagnoseEvents('shop', [message])?.sentence).toBe(
      "Tasks of shop fail the load balancer's health checks on port 8080: codes [502].",
    );
  });

  it('report the first, and nothing when all succeeded', () => {
    const steady = '(service shop) has reached a steady state.';
    const health = '(service shop) (task 0123) failed container health checks.';
    const again = '(service shop) is unable to consistently start tasks successfully.';
    expect(diagnoseEvents('shop', [steady, health, again])?.kind).toBe('containerHealth');
    expect(diagnoseEvents('shop', [steady])).toBeUndefined();
  });
});
