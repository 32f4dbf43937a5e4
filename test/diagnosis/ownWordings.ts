import type { Case, Expected } from './judging.ts';
import type { Situation, Stopped } from './stage.ts';

/** AWS's own words, as its documentation and public threads have them; names and numbers are neutral. */

let count = 0;
type Wanted = readonly [
  kind: string,
  words: readonly string[],
  advice?: readonly string[],
  not?: readonly string[],
];

function asCase(truth: string, [kind, words, advice = [], not = []]: Wanted, situation: Situation): Case {
  count += 1;
  const expected: Expected = { kind, words, advice, not };
  return { id: `aws-${count}`, truth, expected, situation };
}

/** A task that never ran, for this reason. */
const notStarted = (truth: string, wanted: Wanted, stoppedReason: string, more: Stopped = {}) =>
  asCase(truth, wanted, {
    stoppedTasks: [{ stopCode: 'TaskFailedToStart', stoppedReason, containers: [{ name: 'api' }], ...more }],
  });

/** A container of a task that says why it could not start. */
const refused = (truth: string, wanted: Wanted, reason: string) =>
  notStarted(truth, wanted, 'Task failed to start', { containers: [{ name: 'api', reason }] });

const ended = (truth: string, wanted: Wanted, stopped: Stopped, more: Partial<Situation> = {}) =>
  asCase(truth, wanted, {
    ...more,
    stoppedTasks: [
      {
        stopCode: 'EssentialContainerExited',
        stoppedReason: 'Essential container in task exited',
        ...stopped,
      },
    ],
  });

const event = (truth: string, wanted: Wanted, ...serviceEvents: readonly string[]) =>
  asCase(truth, wanted, { serviceEvents });

const rolledBack = (truth: string, wanted: Wanted, deploymentReason: string) =>
  asCase(truth, wanted, { deploymentReason });

const ECR = '111122223333.dkr.ecr.eu-west-1.amazonaws.com';
const INIT = 'ResourceInitializationError:';
const SECRETS = `${INIT} unable to pull secrets or registry auth: execution resource retrieval failed:`;
const GROUP = 'arn:aws:elasticloadbalancing:eu-west-1:111122223333:targetgroup/shop-api/0123456789abcdef';
const NETWORKING = 'Service deployment rolled back because of invalid networking configuration';
const unhealthy = (why: string, port = 3000) =>
  `(service web) (task 0123) (port ${port}) is unhealthy in (target-group ${GROUP}) due to (reason ${why}).`;
const failedElb = (ran: number, more: Stopped = {}): Stopped => ({
  stopCode: 'ServiceSchedulerInitiated',
  stoppedReason: `Task failed ELB health checks in (target-group ${GROUP})`,
  ran,
  containers: [{ name: 'api', exitCode: 137 }],
  ...more,
});

export const OWN_WORDINGS: readonly Case[] = [
  // Images
  notStarted(
    'a tag that is not there names image',
    ['imageNotFound', ['shop:2\\.4\\.0', 'does not exist'], ['push|registry']],
    `CannotPullContainerError: pull image manifest has been retried 1 time(s): failed to resolve ref ${ECR}/shop:2.4.0: ${ECR}/shop:2.4.0: not found`,
  ),
  notStarted(
    'Docker Hub, for the name has no registry',
    ['pullDenied', ['acme/shop'], ['Docker Hub']],
    'CannotPullContainerError: pull image manifest has been retried 1 time(s): failed to resolve ref docker.io/acme/shop:1.0: pull access denied, repository does not exist or may require authorization: server message: insufficient_scope: authorization failed',
  ),
  notStarted(
    'role may not pull, named with its action',
    ['pullDenied', ['shop-exec', 'ecr:BatchGetImage'], ['ecr:BatchGetImage']],
    `CannotPullContainerError: pull image manifest has been retried 1 time(s): failed to resolve ref ${ECR}/shop@sha256:0123: pulling from host ${ECR} failed with status code [manifests sha256:0123]: 403 Forbidden: User: arn:aws:sts::111122223333:assumed-role/shop-exec/0123 is not authorized to perform: ecr:BatchGetImage on resource: arn:aws:ecr:eu-west-1:111122223333:repository/shop because no resource-based policy allows the ecr:BatchGetImage action`,
  ),
  notStarted(
    'pull-through cache: upstream refuses',
    ['pullDenied', ['pull-through cache|upstream', '401|unauthorized'], ['credential']],
    `CannotPullContainerError: pull image manifest has been retried 1 time(s): failed to resolve ref ${ECR}/docker-hub/library/nginx:1.27: unexpected status from HEAD request to https://${ECR}/v2/docker-hub/library/nginx/manifests/1.27: 401 Unauthorized: upstream registry returned 401 for pull through cache rule docker-hub`,
  ),
  notStarted(
    'pull-through cache: role lacks the import',
    ['pullDenied', ['shop-exec', 'ecr:BatchImportUpstreamImage'], ['ecr:BatchImportUpstreamImage']],
    `CannotPullContainerError: pull image manifest has been retried 1 time(s): User: arn:aws:sts::111122223333:assumed-role/shop-exec/0123 is not authorized to perform: ecr:BatchImportUpstreamImage on resource: arn:aws:ecr:eu-west-1:111122223333:repository/docker-hub/nginx`,
  ),
  notStarted(
    'KMS key of the repository',
    ['pullDenied', ['KMS', 'kms:Decrypt'], ['kms:Decrypt']],
    `CannotPullContainerError: ref pull has been retried 1 time(s): failed to copy: httpReadSeeker: failed open: unexpected status code https://${ECR}/v2/shop/blobs/sha256:0123: 400 Bad Request - Server message: KmsException: User: arn:aws:sts::111122223333:assumed-role/shop-exec/0123 is not authorized to perform: kms:Decrypt on resource: arn:aws:kms:eu-west-1:111122223333:key/0123`,
  ),
  notStarted(
    'platform in braces and lower case',
    ['wrongPlatform', ['linux/arm64'], ['platform']],
    'CannotPullContainerError: image manifest does not contain descriptor matching platform {linux/arm64}',
  ),
  notStarted(
    'OCI artifact that is no image',
    ['imageFormat', ['media type|mediatype|artifact'], ['build|push|image']],
    'CannotPullContainerError: pull image manifest has been retried 1 time(s): unsupported media type application/vnd.cncf.helm.config.v1+json',
  ),
  notStarted(
    'layers in an unknown format',
    ['imageFormat', ['zstd|media type'], ['build|push|gzip']],
    'CannotPullContainerError: ref pull has been retried 1 time(s): failed to extract layer sha256:0123: mismatched image rootfs and manifest layers: unsupported layer media type application/vnd.docker.image.rootfs.diff.tar.zstd',
  ),
  notStarted(
    'uid too large on Fargate',
    ['pullFailed', ['user ID|owner'], ['chown|UID|uid']],
    'CannotPullContainerError: ref pull has been retried 1 time(s): failed to extract layer sha256:0123: failed to Lchown "/home/build/.cache" for UID 1874123456, GID 20: lchown /home/build/.cache: invalid argument (Hint: try increasing the number of subordinate IDs in /etc/subuid and /etc/subgid): unknown',
  ),
  notStarted(
    'rate limit of Docker Hub',
    ['rateLimited', ['rate limit'], ['pull-through|credential']],
    'CannotPullContainerError: inspect image has been retried 1 time(s): httpReadSeeker: failed open: unexpected status code https://registry-1.docker.io/v2/library/redis/manifests/sha256:0123: 429 Too Many Requests - Server message: toomanyrequests: You have reached your unauthenticated pull rate limit.',
  ),
  notStarted(
    'no route to ECR, host named',
    ['registryUnreachable', ['api\\.ecr\\.eu-west-1\\.amazonaws\\.com'], ['NAT|endpoint']],
    `${SECRETS} unable to retrieve ecr registry auth: service call has been retried 3 time(s): RequestError: send request failed caused by: Post "https://api.ecr.eu-west-1.amazonaws.com/": dial tcp 10.0.1.9:443: i/o timeout. Please check your task network configuration.`,
  ),
  // Secrets
  notStarted(
    'secret that does not exist, named',
    ['secretMissing', ['shop/db-AbCdEf', 'does not exist'], ['Create|correct']],
    `${SECRETS} unable to retrieve secret from asm: service call has been retried 1 time(s): failed to fetch secret arn:aws:secretsmanager:eu-west-1:111122223333:secret:shop/db-AbCdEf from secrets manager: ResourceNotFoundException: Secrets Manager can't find the specified secret.`,
  ),
  notStarted(
    'secret without a value',
    ['secretMissing', ['shop/db-AbCdEf', 'AWSCURRENT'], ['value'], ['does not exist\\.']],
    `${SECRETS} unable to retrieve secret from asm: service call has been retried 1 time(s): failed to fetch secret arn:aws:secretsmanager:eu-west-1:111122223333:secret:shop/db-AbCdEf from secrets manager: ResourceNotFoundException: Secrets Manager can't find the specified secret value for staging label: AWSCURRENT`,
  ),
  notStarted(
    'role, action and secret',
    [
      'secretDenied',
      ['shop-exec', 'secretsmanager:GetSecretValue', 'shop/db'],
      ['secretsmanager:GetSecretValue'],
    ],
    `${SECRETS} unable to retrieve secret from asm: service call has been retried 1 time(s): failed to fetch secret arn:aws:secretsmanager:eu-west-1:111122223333:secret:shop/db-AbCdEf from secrets manager: AccessDeniedException: User: arn:aws:sts::111122223333:assumed-role/shop-exec/0123 is not authorized to perform: secretsmanager:GetSecretValue on resource: arn:aws:secretsmanager:eu-west-1:111122223333:secret:shop/db-AbCdEf because no identity-based policy allows the secretsmanager:GetSecretValue action`,
  ),
  notStarted(
    'parameter, named',
    ['secretMissing', ['/shop/prod/DATABASE_URL'], ['Create|correct']],
    `${SECRETS} unable to retrieve secrets from ssm: service call has been retried 1 time(s): invalid ssm parameters: /shop/prod/DATABASE_URL`,
  ),
  notStarted(
    'parameter store denied',
    ['secretDenied', ['shop-exec', 'ssm:GetParameters', '/shop/prod'], ['ssm:GetParameters']],
    `${SECRETS} unable to retrieve secrets from ssm: service call has been retried 1 time(s): AccessDeniedException: User: arn:aws:sts::111122223333:assumed-role/shop-exec/0123 is not authorized to perform: ssm:GetParameters on resource: arn:aws:ssm:eu-west-1:111122223333:parameter/shop/prod/DATABASE_URL because no identity-based policy allows the ssm:GetParameters action`,
  ),
  notStarted(
    'key of the secret, named without the full stop',
    ['secretMissing', ['key app_id(?!\\.,)'], ['key']],
    `${SECRETS} unable to retrieve secret from asm: service call has been retried 1 time(s): retrieved secret from Secrets Manager did not contain json key app_id.`,
  ),
  notStarted(
    'cut by AWS in the middle',
    ['secretsFailed', ['cut'], ['role|network|route']],
    `${SECRETS} unable to retrieve secret from asm: service call has been retried 5 time(s): failed to fetch secret arn:aws:secretsmanager:eu-west-1:111122223333:secret:shop/db-AbCd...`,
  ),
  notStarted(
    'instance role, not the execution role',
    ['logging', ['ecsInstanceRole', 'logs:CreateLogStream'], ['logs:CreateLogStream'], ['execution role']],
    'CannotStartContainerError: Error response from daemon: failed to initialize logging driver: failed to create Cloudwatch log stream: AccessDeniedException: User: arn:aws:sts::111122223333:assumed-role/ecsInstanceRole/i-0123456789abcdef0 is not authorized to perform: logs:CreateLogStream on resource: arn:aws:logs:eu-west-1:111122223333:log-group:/ecs/shop:log-stream:ecs/api/0123',
  ),
  notStarted(
    'log group, named',
    ['logging', ['/ecs/shop', 'does not exist'], ['Create']],
    `${INIT} failed to validate logger args: create stream has been retried 1 times: failed to create Cloudwatch log stream: ResourceNotFoundException: The specified log group does not exist. : exit status 1: log group /ecs/shop`,
  ),
  // Starting
  refused(
    'interpreter with a carriage return',
    ['interpreterMissing', ['entrypoint\\.sh', 'interpreter'], ['CRLF|line end'], ['command does not exist']],
    'CannotStartContainerError: Error response from daemon: failed to create task for container: failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: exec /usr/src/app/entrypoint.sh: no such file or directory: unknown',
  ),
  refused(
    'program not in the path',
    ['commandNotFound', ['poetry'], ['Dockerfile|command']],
    'CannotStartContainerError: Error response from daemon: failed to create task for container: failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: exec: "poetry": executable file not found in $PATH: unknown',
  ),
  refused(
    'directory may not be entered',
    ['commandNotExecutable', ['/root/start', 'director'], ['director|user']],
    'CannotStartContainerError: OCI runtime create failed: runc create failed: unable to start container process: exec: "/root/start": stat /root/start: permission denied: unknown',
  ),
  refused(
    'fluentd is not reachable',
    ['logging', ['fluentd|127\\.0\\.0\\.1:24224'], ['log']],
    'CannotStartContainerError: Error response from daemon: failed to initialize logging driver: dial tcp 127.0.0.1:24224: connect: connection refused',
  ),
  refused(
    'ulimit above the hard limit',
    ['cannotStart', ['ulimit'], ['ulimits']],
    'CannotStartContainerError: Error response from daemon: failed to create task for container: failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: error setting rlimits for ready process: error setting rlimit type 7: operation not permitted',
  ),
  refused(
    'sysctl is not namespaced',
    ['kernelSetting', ['net\\.core\\.rmem_max|rmem_max'], ['systemControls']],
    'CannotStartContainerError: Error response from daemon: failed to create task for container: OCI runtime create failed: sysctl "net.core.rmem_max" is not in a separate kernel namespace: unknown',
  ),
  refused(
    'capability misspelled',
    ['cannotStart', ['CAP_NET_ADMINN|NET_ADMINN'], ['linuxParameters']],
    'CannotCreateContainerError: Error response from daemon: invalid CapAdd: unknown capability: "CAP_NET_ADMINN"',
  ),
  refused(
    'Docker timeout on an instance',
    ['runtime', ['time'], ['instance']],
    'DockerTimeoutError: Could not transition to created; timed out after waiting 4m0s',
  ),
  // Volumes
  notStarted(
    'EFS denied',
    ['volume', ['EFS', 'fs-0123456789abcdef0|denied'], ['ClientMount']],
    `${INIT} failed to invoke EFS utils commands to set up EFS volumes: stderr: b'mount.nfs4: access denied by server while mounting 127.0.0.1:/' : unsuccessful EFS utils command execution; code: 32`,
  ),
  asCase(
    'EBS volume: only the attachment says why',
    ['roleDenied', ['infrastructure role|not authorized'], ['infrastructure role']],
    {
      stoppedTasks: [
        {
          stopCode: 'TaskFailedToStart',
          stoppedReason: 'Task failed to start',
          containers: [{ name: 'api' }],
          attachments: [
            {
              type: 'AmazonElasticBlockStorage',
              status: 'DELETED',
              statusReason:
                'ECS was unable to assume the configured ECS Infrastructure Role arn:aws:iam::111122223333:role/ecsInfra. Please verify that the role being passed has the proper trust relationship with Amazon ECS',
            },
          ],
        },
      ],
    },
  ),
  asCase(
    'EBS volume limit: only the attachment says why',
    ['quota', ['VolumeLimitExceeded|quota|limit'], ['quota|Service Quotas']],
    {
      stoppedTasks: [
        {
          stopCode: 'TaskFailedToStart',
          stoppedReason: 'Task failed to start',
          containers: [{ name: 'api' }],
          attachments: [
            {
              type: 'AmazonElasticBlockStorage',
              status: 'DELETED',
              statusReason: 'VolumeLimitExceeded: Maximum number of volumes in the Region is exceeded.',
            },
          ],
        },
      ],
    },
  ),
  asCase(
    'network interface: only the attachment says why',
    ['network', ['subnet-0123456789abcdef0', 'free'], ['subnet']],
    {
      stoppedTasks: [
        {
          stopCode: 'TaskFailedToStart',
          stoppedReason: 'Task failed to start',
          containers: [{ name: 'api' }],
          attachments: [
            {
              type: 'ElasticNetworkInterface',
              status: 'DELETED',
              statusReason:
                "The specified subnet 'subnet-0123456789abcdef0' does not have enough free addresses to satisfy the request. InsufficientFreeAddressesInSubnet",
            },
          ],
        },
      ],
    },
  ),
  notStarted(
    'EBS volume in another zone',
    ['volume', ['snap-0abc', 'does not exist'], ['snapshot']],
    "InvalidSnapshot.NotFound: The snapshot 'snap-0abc' does not exist.",
  ),
  // Injected containers
  asCase(
    'Service Connect proxy fails',
    ['serviceConnect', ['ecs-service-connect-Xy12'], ['memory|namespace'], ['entryPoint|Dockerfile']],
    {
      stoppedTasks: [
        {
          stopCode: 'EssentialContainerExited',
          stoppedReason: 'Essential container in task exited',
          ran: 5,
          containers: [
            { name: 'api', exitCode: 143 },
            { name: 'ecs-service-connect-Xy12', exitCode: 127, injected: true },
          ],
        },
      ],
    },
  ),
  asCase(
    'GuardDuty agent cannot be pulled, the app crashes',
    ['crash', ['Container api', 'code 1'], ['log']],
    {
      stoppedTasks: [
        {
          stopCode: 'EssentialContainerExited',
          stoppedReason: 'Essential container in task exited',
          ran: 5,
          containers: [
            { name: 'api', exitCode: 1 },
            {
              name: 'aws-guardduty-agent-Zz9',
              reason: 'CannotPullContainerError: failed to resolve ref: 403 Forbidden',
              injected: true,
            },
          ],
        },
      ],
    },
  ),
  // Stops by ECS
  ended(
    'stopped by ECS, exit 0, and events say why',
    ['targetHealth', ['time'], ['security group'], ['foreground', 'should have run']],
    {
      stopCode: 'ServiceSchedulerInitiated',
      stoppedReason: '',
      ran: 90,
      containers: [{ name: 'api', exitCode: 0 }],
    },
    { serviceEvents: [unhealthy('Request timed out')] },
  ),
  ended(
    'stopped by ECS without a reason, 143, and no events',
    ['terminated', ['ECS'], ['event'], ['foreground']],
    {
      stopCode: 'ServiceSchedulerInitiated',
      stoppedReason: '',
      ran: 90,
      containers: [{ name: 'api', exitCode: 143 }],
    },
  ),
  ended(
    'asked to stop; events say it cannot be placed',
    ['capacity', ['CPU|room'], ['instance']],
    { stopCode: 'EssentialContainerExited', containers: [{ name: 'api', exitCode: 143 }] },
    {
      serviceEvents: [
        '(service web) was unable to place a task because no container instance met all of its requirements. The closest matching (container-instance 0123) has insufficient CPU units available.',
      ],
    },
  ),
  // Health checks
  asCase('302 by the load balancer', ['targetHealth', ['302', '3000'], ['redirect|https']], {
    stoppedTasks: [failedElb(95)],
    serviceEvents: [unhealthy('Health checks failed with these codes: [302]')],
  }),
  asCase('400 by the load balancer', ['targetHealth', ['400'], ['[Hh]ost|TLS|HTTPS']], {
    stoppedTasks: [failedElb(95)],
    serviceEvents: [unhealthy('Health checks failed with these codes: [400]')],
  }),
  asCase('401 by the load balancer', ['targetHealth', ['401'], ['authenticat|login']], {
    stoppedTasks: [failedElb(95)],
    serviceEvents: [unhealthy('Health checks failed with these codes: [401]')],
  }),
  asCase('404 by the load balancer', ['targetHealth', ['404'], ['path']], {
    stoppedTasks: [failedElb(95)],
    serviceEvents: [unhealthy('Health checks failed with these codes: [404]')],
  }),
  asCase('502 by the load balancer', ['targetHealth', ['502'], ['behind|proxy']], {
    stoppedTasks: [failedElb(95)],
    serviceEvents: [unhealthy('Health checks failed with these codes: [502]')],
  }),
  asCase(
    '500 by the load balancer, and its log says why',
    ['targetHealth', ['500', 'relation "users" does not exist'], ['log|path']],
    {
      stoppedTasks: [failedElb(95)],
      serviceEvents: [unhealthy('Health checks failed with these codes: [500]')],
      logs: { api: ['GET /health 500', 'error: relation "users" does not exist'] },
    },
  ),
  asCase('listens on localhost only', ['targetHealth', ['127\\.0\\.0\\.1:3000'], ['0\\.0\\.0\\.0']], {
    stoppedTasks: [failedElb(60)],
    serviceEvents: [unhealthy('Health checks failed')],
    logs: { api: ['server ready', 'Listening on http://127.0.0.1:3000'] },
  }),
  asCase('Host header is refused', ['targetHealth', ['ALLOWED_HOSTS|Invalid HTTP_HOST'], ['ost']], {
    stoppedTasks: [failedElb(60)],
    serviceEvents: [unhealthy('Health checks failed with these codes: [400]')],
    logs: {
      api: [
        '[INFO] Listening at: http://0.0.0.0:3000',
        "ERROR django.security.DisallowedHost: Invalid HTTP_HOST header: '10.0.1.5:3000'. You may need to add '10.0.1.5' to ALLOWED_HOSTS.",
      ],
    },
  }),
  asCase('which container is unhealthy', ['containerHealth', ['Container worker'], ['check']], {
    stoppedTasks: [
      {
        stopCode: 'ServiceSchedulerInitiated',
        stoppedReason: 'Task failed container health checks',
        ran: 200,
        containers: [
          { name: 'api', exitCode: 0, healthStatus: 'HEALTHY' },
          { name: 'worker', exitCode: 137, healthStatus: 'UNHEALTHY' },
        ],
      },
    ],
  }),
  asCase(
    'the tool of the check is missing',
    ['containerHealth', ['Container api', 'wget: not found'], ['wget|tool|image']],
    {
      stoppedTasks: [
        {
          stopCode: 'ServiceSchedulerInitiated',
          stoppedReason: 'Task failed container health checks',
          ran: 200,
          containers: [{ name: 'api', exitCode: 137, healthStatus: 'UNHEALTHY' }],
        },
      ],
      logs: { api: ['ready', '/bin/sh: 1: wget: not found'] },
    },
  ),
  // Deployments
  rolledBack(
    'no rule for the target group',
    ['trafficRule', ['shop-green', 'listener'], ['listener|rule']],
    `${NETWORKING}: Target group arn:aws:elasticloadbalancing:eu-west-1:111122223333:targetgroup/shop-green/01 is not associated with either productionListenerRule or testListenerRule.`,
  ),
  rolledBack(
    'two groups serve',
    ['trafficRule', ['2 target groups'], ['weight|rule']],
    `${NETWORKING}. productionListenerRule arn:aws:elasticloadbalancing:eu-west-1:111122223333:listener-rule/app/shop/01/02/03 should have exactly one target group serving traffic but found 2 target groups which are serving traffic`,
  ),
  rolledBack(
    'unexpected group',
    ['trafficRule', ['unexpected'], ['rule|weight']],
    `${NETWORKING}. Production listener rule is forwarding traffic to unexpected target group arn:aws:elasticloadbalancing:eu-west-1:111122223333:targetgroup/shop-old/01. Expected arn:aws:elasticloadbalancing:eu-west-1:111122223333:targetgroup/shop-blue/02`,
  ),
  rolledBack(
    'infrastructure role may not',
    ['permissions', ['ecs-elb'], ['elasticloadbalancing|infrastructure role']],
    `${NETWORKING}. ECS was unable to manage the ELB resources due to missing permissions on ECS Infrastructure Role 'arn:aws:iam::111122223333:role/ecs-elb'.`,
  ),
  rolledBack(
    'hook returned FAILED',
    ['hookFailed', ['POST_SCALE_UP', 'smoke'], ['log|function']],
    'Service deployment rolled back because POST_SCALE_UP lifecycle hook(s) failed. Lifecycle hook target arn:aws:lambda:eu-west-1:111122223333:function:smoke returned FAILED status.',
  ),
  rolledBack(
    'hook role',
    ['hookFailed', ['hook-role'], ['lambda:InvokeFunction|trust']],
    'Service deployment rolled back because PRE_SCALE_UP lifecycle hook(s) failed. ECS was unable to assume role arn:aws:iam::111122223333:role/hook-role',
  ),
  rolledBack(
    'hook answer',
    ['hookFailed', ['hookStatus|HookStatus', 'smoke'], ['hookStatus|HookStatus']],
    'Service deployment rolled back because POST_TEST_TRAFFIC_SHIFT lifecycle hook(s) failed. ECS was unable to parse the response from arn:aws:lambda:eu-west-1:111122223333:function:smoke due to HookStatus must not be null',
  ),
  rolledBack(
    'pause hook timed out',
    ['hookFailed', ['POST_TEST_TRAFFIC_SHIFT', 'paus', 'time'], ['[Cc]ontinue']],
    'Service deployment rolled back because POST_TEST_TRAFFIC_SHIFT pause hook timed out.',
  ),
  // Events
  event(
    'unknown words are shown',
    ['unknown', ['flux capacitor'], ['event|describe']],
    '(service web) has started 1 tasks: (task 01).',
    '(service web) was unable to frobnicate: flux capacitor is out of plutonium.',
  ),
  event(
    'listener rule could not be updated',
    ['permissions', ['elasticloadbalancing:ModifyRule|listener rule'], ['elasticloadbalancing']],
    '(service web) failed to update the listener rule arn:aws:elasticloadbalancing:eu-west-1:111122223333:listener-rule/app/shop/01/02/03 with (error AccessDenied: User: arn:aws:sts::111122223333:assumed-role/ecs-elb/0123 is not authorized to perform: elasticloadbalancing:ModifyRule)',
  ),
  event(
    'quota of Fargate vCPUs',
    ['quota', ['vCPU'], ['quota|Service Quotas']],
    "(service web) was unable to place a task. Reason: You've reached the limit on the number of vCPUs you can run concurrently.",
  ),
  event(
    'alarm, named',
    ['deploymentAlarm', ['shop-5xx'], ['alarm']],
    '(service web) (deployment ecs-svc/0123) deployment failed: alarm detected: shop-5xx.',
  ),
  event('events of the deployment before this', ['none', []], '(service web) has reached a steady state.'),
];
