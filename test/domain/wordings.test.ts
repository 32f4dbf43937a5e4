import { expectTaskCause, LATER, NOW } from './reasons.ts';

/**
 * Further wordings of reasons: of older agents and platform versions, of Docker, containerd and runc, of Windows, of
 * the ECS agent's own sources, cut off at the end, and by other words for the same fault. Each with its cause, whether
 * the release ends at once, and its advice; names, numbers and addresses are neutral.
 */

type Group = readonly [
  kind: string,
  when: typeof NOW | typeof LATER,
  advice: RegExp,
  reasons: readonly string[],
];

const TASKS: readonly Group[] = [
  [
    'imageNotFound',
    NOW,
    /push it again/,
    [
      `CannotPullContainerError: inspect image has been retried 5 time(s): failed to resolve ref "docker.io/library/shop:1.4.0": docker.io/library/shop:1.4.0: not found`,
      `CannotPullContainerError: inspect image has been retried 1 time(s): failed to resolve ref "123456789012.dkr.ecr.us-east-1.amazonaws.com/shop:1.4.0": 123456789012.dkr.ecr.us-east-1.amazonaws.com/shop:1.4.0: not found`,
      `CannotPullContainerError: Error response from daemon: manifest for acme/shop:1.4.0 not found: manifest unknown: manifest unknown`,
      `CannotPullContainerError: API error (404): tag 1.4.0 not found in repository docker.io/acme/shop`,
      `CannotPullContainerError: API error (500): manifest unknown: manifest unknown`,
      `CannotPullContainerError: Error: image acme/shop:latest not found`,
      `CannotPullContainerError: Error response from daemon: repository 123456789012.dkr.ecr.us-east-1.amazonaws.com/shop not found: name unknown: The repository with name 'shop' does not exist in the registry with id '123456789012'`,
      `CannotPullImageManifestError: Error response from daemon: manifest unknown: Requested image not found`,
      `CannotPullContainerError: inspect image has been retried 5 time(s): repository 123456789012.dkr.ecr.us-east-1.amazonaws.com/shop not found or image tag latest does not exist`,
    ],
  ],
  [
    'pullFailed',
    LATER,
    /push the image again/,
    [
      `CannotPullContainerError: Error response from daemon: failed to unpack image on snapshotter overlayfs: unexpected media type text/html for sha256:0000: not found`,
      `CannotPullContainerError: ref pull has been retried 1 time(s): failed to extract layer sha256:0000: mount callback failed on /tmp/containerd-mount111: open /tmp/containerd-mount111/etc/passwd: no such file or directory: unknown`,
      `CannotPullContainerError: ref pull has been retried 1 time(s): failed to unpack image on snapshotter overlayfs: failed to extract layer sha256:0000: mount callback failed on /tmp/containerd-mount111: archive/tar: invalid tar header: unknown`,
      `CannotPullContainerError: containerd: pull command failed: time="2026-03-01T10:00:00Z" level=info msg="apply failure, attempting cleanup" error="failed to extract layer sha256:0000: failed to get reader from content store: content digest sha256:0000: not found"`,
    ],
  ],
  [
    'pullFailed',
    LATER,
    /size of the image/,
    [`DockerTimeoutError: Could not transition to pulled; timed out after waiting 2h0m0s`],
  ],
  [
    'pullFailed',
    LATER,
    /image's name/,
    [
      `CannotPullContainerError: ref pull has been retried 1 time(s): failed commit on ref "layer-sha256:0000": unexpected commit digest sha256:1111, expected sha256:0000: failed precondition`,
      `CannotPullContainerError: Error response from daemon: max depth exceeded`,
      `CannotPullContainerError: ref pull has been retried 1 time(s): failed to copy: httpReadSeeker: failed open: unexpected status code: 503 Service Unavailable`,
      `CannotPullContainerError: Error response from daemon: filesystem layer verification failed for digest sha256:0000`,
      `CannotPullContainerError: ref pull has been retried 1 time(s): number of layers and diffIDs don't match: 3 != 15`,
      `CannotPullContainerError: pull image manifest has been retried 5 time(s)`,
    ],
  ],
  [
    'pullDenied',
    NOW,
    /ECR permissions.*repositoryCredentials/,
    [
      `CannotPullContainerError: Error response from daemon: Head "https://registry.example/v2/acme/shop/manifests/latest": denied: access forbidden`,
      `CannotPullContainerError: Error response from daemon: Head "https://registry.example/v2/acme/shop/manifests/latest": unauthorized`,
      `CannotPullContainerError: Error response from daemon: Get "https://registry-1.docker.io/v2/acme/shop/manifests/latest": unauthorized: incorrect username or password`,
      `CannotPullContainerError: inspect image has been retried 1 time(s): failed to resolve ref "docker.io/acme/shop:latest": pull access denied, repository does not exist or may require authorization: server message: insufficient_scope: authorization failed`,
      `CannotPullContainerError: API error (500): Get https://123456789012.dkr.ecr.us-east-1.amazonaws.com/v2/shop/manifests/latest: no basic auth credentials`,
      `CannotPullContainerError: pull image manifest has been retried 1 time(s): failed to resolve ref 123456789012.dkr.ecr.us-east-1.amazonaws.com/shop:latest: pulling from host 123456789012.dkr.ecr.us-east-1.amazonaws.com failed with status code [manifests latest]: 403 Forbidden`,
      `CannotPullECRContainerError: AccessDeniedException: User: arn:aws:sts::123456789012:assumed-role/ecsInstanceRole/i-0123456789abcdef0 is not authorized to perform: ecr:GetAuthorizationToken on resource: *`,
      `CannotPullContainerAuthError: no basic auth credentials`,
      `CannotPullContainerError: pull command failed: failed to resolve ref: unexpected status from HEAD request: 401 Unauthorized`,
      `CannotPullContainerError: Error response from daemon: error parsing HTTP 403 response body: invalid character '<' looking for beginning of value: "<html><body><h1>403 Forbidden</h1></body></html>"`,
      `CannotPullContainerError: error pulling image configuration: error parsing HTTP 403 response body: invalid character '<' looking for beginning of value`,
      `CannotPullContainerError: ref pull has been retried 1 time(s): failed to pull and unpack image "123456789012.dkr.ecr.us-east-1.amazonaws.com/shop:latest": failed to resolve reference: unexpected status code 403 Forbidden`,
    ],
  ],
  [
    'pullDenied',
    NOW,
    /resource-based policy/,
    [
      `CannotPullContainerError: Error response from daemon: denied: User: arn:aws:sts::123456789012:assumed-role/ecsInstanceRole/i-0123456789abcdef0 is not authorized to perform: ecr:BatchGetImage on resource: arn:aws:ecr:us-east-1:123456789012:repository/shop because no resource-based policy allows the ecr:BatchGetImage action`,
    ],
  ],
  [
    'pullDenied',
    NOW,
    /S3 endpoint/,
    [
      `CannotPullContainerError: ref pull has been retried 1 time(s): failed to copy: httpReadSeeker: failed open: unexpected status code https://prod-eu-west-1-starport-layer-bucket.s3.eu-west-1.amazonaws.com/0000: 403 Forbidden - Server message: unknown: <?xml version="1.0" encoding="UTF-8"?> <Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>`,
    ],
  ],
  [
    'secretDenied',
    NOW,
    /repositoryCredentials/,
    [
      `CannotPullContainerError: Error response from daemon: repository credentials: AccessDeniedException: User is not authorized to perform: secretsmanager:GetSecretValue`,
    ],
  ],
  [
    'secretDenied',
    NOW,
    /KMS/,
    [
      `Fetching secret data from SSM Parameter Store in us-west-2: AccessDeniedException: User: arn:aws:sts::123456789012:assumed-role/shop/0 is not authorized to perform: ssm:GetParameters on resource: arn:aws:ssm:us-west-2:123456789012:parameter/shop/db`,
      `ResourceInitializationError: unable to pull secrets or registry auth: unable to get registry auth from asm: service call has been retried 1 time(s): AccessDeniedException: not authorized to perform: secretsmanager:GetSecretValue`,
    ],
  ],
  [
    'secretDenied',
    NOW,
    /kms:Decrypt/,
    [
      `Fetching secret data from AWS Secrets Manager in region us-east-1: secret db: AccessDeniedException: Access to KMS is not allowed`,
      `ResourceInitializationError: unable to pull secrets or registry auth: execution resource retrieval failed: unable to retrieve secrets from ssm: service call has been retried 1 time(s): operation error SSM: GetParameters, api error AccessDeniedException: User: arn:aws:sts::123456789012:assumed-role/x/0 is not authorized to perform: kms:Decrypt on resource: arn:aws:kms:us-east-1:123456789012:key/0000 because no identity-based policy allows the kms:Decrypt action`,
      `ResourceInitializationError: unable to pull secrets or registry auth: execution resource retrieval failed: unable to retrieve secret from asm: service call has been retried 1 time(s): failed to fetch secret arn:aws:secretsmanager:us-east-1:123456789012:secret:x from secrets manager: DecryptionFailure: Secrets Manager can't decrypt the protected secret text using the provided KMS key`,
      `ResourceInitializationError: unable to pull secrets or registry auth: execution resource retrieval failed: unable to retrieve secrets from ssm: service call has been retried 1 time(s): InvalidKeyId: The ciphertext refers to a customer master key that does not exist, does not exist in this region, or you are not allowed to access.`,
      `ResourceInitializationError: unable to pull secrets or registry auth: execution resource retrieval failed: unable to retrieve secret from asm: failed to fetch secret: api error AccessDeniedException: Access to KMS is not allowed`,
      `ResourceInitializationError: unable to pull secrets or registry auth: execution resource retrieval failed: unable to retrieve secret from asm: KMSInvalidStateException: arn:aws:kms:us-east-1:123456789012:key/0 is pending deletion.`,
    ],
  ],
  [
    'rateLimited',
    LATER,
    /pull-through cache/,
    [
      `CannotPullContainerError: inspect image has been retried 5 time(s): httpReaderSeeker: failed open: unexpected status code https://registry-1.docker.io/v2/library/redis/manifests/sha256:0000: 429 Too Many Requests - Server message: toomanyrequests: You have reached your pull rate limit. You may increase the limit by authenticating and upgrading: https://www.docker.com/increase-rate-limit`,
      `CannotPullContainerError: Error response from daemon: toomanyrequests: You have reached your unauthenticated pull rate limit. https://www.docker.com/increase-rate-limit`,
      `CannotPullContainerError: toomanyrequests: Data limit exceeded`,
      `CannotPullContainerError: pull image manifest has been retried 5 time(s): failed to resolve ref public.ecr.aws/docker/library/redis:7: unexpected status from HEAD request: 429 Too Many Requests`,
    ],
  ],
  [
    'throttled',
    LATER,
    /fewer tasks at once/,
    [
      `CannotPullECRContainerError: ThrottlingException: Rate exceeded`,
      `ResourceInitializationError: unable to pull secrets or registry auth: execution resource retrieval failed: unable to retrieve secrets from ssm: service call has been retried 5 time(s): ThrottlingException: Rate exceeded`,
      `ResourceInitializationError: failed to validate logger args: create stream has been retried 1 times: failed to create Cloudwatch log stream: ThrottlingException: Rate exceeded : exit status 1`,
      `Unexpected EC2 error while attempting to Create Network Interface: RequestLimitExceeded`,
    ],
  ],
  [
    'registryUnreachable',
    LATER,
    /NAT gateway.*security groups/,
    [
      `CannotPullContainerError: inspect image has been retried 5 time(s): failed to resolve ref "docker.io/library/nginx:latest": failed to do request: Head https://registry-1.docker.io/v2/library/nginx/manifests/latest: dial tcp 203.0.113.7:443: i/o timeout`,
      `CannotPullContainerError: API error (500): Get https://registry-1.docker.io/v2/: net/http: request canceled while waiting for connection (Client.Timeout exceeded while awaiting headers)`,
      `CannotPullContainerError: Error response from daemon: error pulling image configuration: download failed after attempts=6: dial tcp 203.0.113.7:443: i/o timeout`,
      `CannotPullContainerError: Error response from daemon: Get "https://registry.example/v2/": proxyconnect tcp: dial tcp 10.0.0.9:3128: connect: no route to host`,
      `CannotPullContainerError: ref pull has been retried 1 time(s): failed to copy: read tcp 10.0.1.5:34242->203.0.113.8:443: read: connection reset by peer`,
      `CannotPullContainerError: ref pull has been retried 5 time(s): failed to copy: httpReadSeeker: failed open: failed to do request: Get "https://prod-us-east-1-starport-layer-bucket.s3.us-east-1.amazonaws.com/0000": EOF`,
      `CannotPullContainerError: Error response from daemon: Get "https://registry.example/v2/": dial tcp: lookup registry.example: Temporary failure in name resolution`,
      `CannotPullContainerError: Error response from daemon: Get "https://123456789012.dkr.ecr.us-east-1.amazonaws.com/v2/": context deadline exceeded (Client.Timeout exceeded while awaiting headers)`,
      `CannotPullContainerError: failed to resolve ref "x": failed to do request: Head: dial tcp [2600:1f18::1]:443: connect: network is unreachable`,
    ],
  ],
  [
    'registryUnreachable',
    LATER,
    /certificate/,
    [
      `CannotPullContainerError: Error response from daemon: Get "https://registry.example/v2/": x509: certificate signed by unknown authority`,
      `CannotPullContainerError: Error response from daemon: Get "https://registry.example/v2/": http: server gave HTTP response to HTTPS client`,
      `CannotPullContainerError: The task can’t pull the image. Check your network configuration. Error response from daemon: Get "https://registry.example/v2/": remote error: tls: handshake failure`,
    ],
  ],
  [
    'registryUnreachable',
    LATER,
    /NAT gateway/,
    [
      `ResourceInitializationError: unable to pull secrets or registry auth: execution resource retrieval failed: unable to retrieve ecr registry auth: service call has been retried 3 time(s): RequestError: send request failed caused by: Post "https://api.ecr.us-east-1.amazonaws.com/": dial tcp 203.0.113.7:443: i/o timeout. Please check your task network configuration.`,
      `ResourceInitializationError: unable to pull secrets or registry auth: execution resource retrieval failed: unable to retrieve secret from asm: service call has been retried 5 time(s): failed to fetch secret arn:aws:secretsmanager:us-east-1:123456789012:secret:x from secrets manager: RequestCanceled: request context canceled caused by: context deadline exceeded`,
      `ResourceInitializationError: unable to pull secrets or registry auth: execution resource retrieval failed: unable to retrieve secrets from ssm: service call has been retried 5 time(s): RequestCanceled: request context canceled caused by: context deadline exceeded. Please check your task network configuration.`,
      `ResourceInitializationError: unable to pull secrets or registry auth: execution resource retrieval failed: unable to retrieve ecr registry auth: service call has been retried 3 time(s): RequestError: send request failed caused by: Post "https://api.ecr.us-east-1.amazonaws.com/": x509: certificate signed by unknown authority`,
      `ResourceInitializationError: unable to pull secrets or registry auth: execution resource retrieval failed: unable to retrieve ecr registry auth: service call has been retried 3 time(s): RequestError: send request failed caused by: Post "https://api.ecr.us-east-1.amazonaws.com/": EOF`,
    ],
  ],
  [
    'wrongPlatform',
    NOW,
    /AMI/,
    [
      `CannotPullContainerError: failed to register layer: re-exec error: exit status 1: output: hcsshim::ProcessUtilityVMImage \\\\?\\C:\\ProgramData\\docker\\windowsfilter\\0000\\UtilityVM: The system cannot find the path specified.`,
      `CannotPullContainerError: Error response from daemon: a Windows version 10.0.20348-based image is incompatible with a 10.0.17763 host`,
      `CannotStartContainerError: Error response from daemon: container 0123 encountered an error during hcs::System::Start: failure in a Windows system call: The container operating system does not match the host operating system. (0xc0370101)`,
    ],
  ],
  [
    'wrongPlatform',
    NOW,
    /runtimePlatform/,
    [
      `CannotPullContainerError: image manifest does not contain descriptor matching platform 'linux/amd64'`,
      `CannotPullContainerError: Error response from daemon: image with reference acme/shop:1 was found but its platform (linux/arm64) does not match the specified platform (linux/amd64)`,
    ],
  ],
  [
    'wrongPlatform',
    NOW,
    /Build the image/,
    [
      `CannotStartContainerError: ResourceInitializationError: failed to create new container runtime task: failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: exec: "/app/server": exec format error`,
    ],
  ],
  [
    'diskFull',
    LATER,
    /ephemeral storage/,
    [
      `CannotPullContainerError: ref pull has been retried 1 time(s): failed to extract layer sha256:0000: write /var/lib/containerd/io.containerd.snapshotter.v1.overlayfs/snapshots/81/fs/opt/torch/lib/x.so: no space left on device: unknown`,
      `CannotPullContainerError: failed to register layer: Error processing tar file(exit status 1): write /usr/lib/libx.so: no space left on device`,
      `CannotPullContainerError: failed to copy: failed to send write: write /var/lib/containerd/ingest/0000/data: no space left on device: unknown`,
      `CannotPullContainerError: failed to register layer: hcsshim::ImportLayer: There is not enough space on the disk. (0x70)`,
      `CannotStartContainerError: Error response from daemon: failed to create shim: mkdir /run/containerd/0000: no space left on device: unknown`,
    ],
  ],
  [
    'secretMissing',
    NOW,
    /Create it, or correct the reference/,
    [
      `ResourceInitializationError: unable to pull secrets or registry auth: execution resource retrieval failed: unable to retrieve secrets from ssm: service call has been retried 1 time(s): operation error SSM: GetParameters, https response error StatusCode: 400, RequestID: 0, api error ParameterNotFound: `,
      `Fetching secret data from AWS Secrets Manager in region us-east-1: secret arn:aws:secretsmanager:us-east-1:123456789012:secret:db-abcdef: ResourceNotFoundException: Secrets Manager can't find the specified secret.`,
    ],
  ],
  [
    'secretMissing',
    NOW,
    /Add the key/,
    [
      `Fetching secret data from AWS Secrets Manager in region us-east-1: secret db: retrieved secret from Secrets Manager did not contain json key username`,
      `ResourceInitializationError: unable to pull secrets or registry auth: execution resource retrieval failed: unable to retrieve secret from asm: failed to unmarshal secret value: json: cannot unmarshal string into Go value of type map[string]interface {}`,
    ],
  ],
  [
    'secretMissing',
    NOW,
    /Correct the reference/,
    [
      `ResourceInitializationError: unable to pull secrets or registry auth: execution resource retrieval failed: unable to retrieve secret from asm: service call has been retried 1 time(s): secrets manager: failed to retrieve secret: invalid secret name format`,
      `ResourceInitializationError: unable to pull secrets or registry auth: execution resource retrieval failed: unable to retrieve secret from asm: service call has been retried 1 time(s): ValidationException: 1 validation error detected: Value 'arn:aws:ssm:…' at 'secretId' failed to satisfy constraint`,
      `ResourceInitializationError: unable to pull secrets or registry auth: execution resource retrieval failed: unable to retrieve secrets from ssm: service call has been retried 1 time(s): ValidationException: Parameter name: can't be prefixed with "ssm" (case-insensitive). If formed as a path, it can consist of sub-paths divided by slash symbol`,
      `ResourceInitializationError: unable to pull secrets or registry auth: execution resource retrieval failed: unable to retrieve secret from asm: unexpected ARN format with parameters when trying to retrieve ASM secret`,
    ],
  ],
  [
    'secretMissing',
    NOW,
    /username and password/,
    [
      `ResourceInitializationError: unable to pull secrets or registry auth: unable to get registry auth from asm: failed to unmarshal registry auth data: unexpected end of JSON input`,
    ],
  ],
  [
    'roleDenied',
    LATER,
    /executionRoleArn/,
    [
      `ResourceInitializationError: unable to pull secrets or registry auth: execution resource retrieval failed: unable to get execution credentials: unable to retrieve credentials`,
    ],
  ],
  [
    'roleDenied',
    LATER,
    /ecs-tasks/,
    [
      `ECS was unable to assume the role 'arn:aws:iam::123456789012:role/shop-task' that was provided for this task. Please verify that the role being passed has the proper trust relationship and permissions and that your IAM user has permissions to pass this role.`,
      `ECS was unable to assume role arn:aws:iam::123456789012:role/shop-task`,
      `Role is not valid`,
    ],
  ],
  [
    'roleDenied',
    LATER,
    / ecs\.amazonaws\.com/,
    [
      `ECS was unable to assume the configured ECS Infrastructure Role 'arn:aws:iam::123456789012:role/ecsInfrastructureRole'. Please verify that the role being passed has the proper trust relationship with Amazon ECS`,
    ],
  ],
  [
    'environmentFile',
    NOW,
    /s3:GetObject/,
    [
      `unable to download env file with key prod.env from bucket shop-config, error: AccessDenied: Access Denied status code: 403`,
      `ResourceInitializationError: failed to download env files: file download command: non-empty error stream: service call has been retried 3 time(s): AccessDenied: Access Denied`,
      `ResourceInitializationError: failed to download env files: file download command: non-empty error stream: NoSuchKey: The specified key does not exist. status code: 404`,
    ],
  ],
  [
    'environmentFile',
    LATER,
    /route to S3/,
    [
      `unable to download env file with key prod.env from bucket shop-config, error: RequestError: send request failed caused by: dial tcp 203.0.113.8:443: i/o timeout`,
      `ResourceInitializationError: resource cannot be initialized for task arn:aws:ecs:us-east-1:123456789012:task/x/0: unable to open env file prod.env`,
    ],
  ],
  [
    'environmentFile',
    NOW,
    /ends in \.env/,
    [
      `ResourceInitializationError: failed to download env files: invalid environment file: file must have .env extension`,
    ],
  ],
  [
    'logging',
    NOW,
    /logConfiguration/,
    [
      `ResourceInitializationError: failed to validate logger args: unable to get awslogs driver arguments: awslogs-region is required`,
      `ResourceInitializationError: failed to validate logger args: options: unknown log opt 'awslogs-strem-prefix' for awslogs log driver`,
      `CannotCreateContainerError: Error response from daemon: unknown log opt 'awslogs-grup' for awslogs log driver`,
    ],
  ],
  [
    'logging',
    LATER,
    /VPC endpoint for logs/,
    [
      `ResourceInitializationError: failed to validate logger args: create stream has been retried 1 times: failed to create Cloudwatch log stream: RequestError: send request failed caused by: Post "https://logs.us-east-1.amazonaws.com/": dial tcp 10.0.0.1:443: i/o timeout : exit status 1`,
    ],
  ],
  [
    'logging',
    LATER,
    /execution role/,
    [
      `CannotStartContainerError: Error response from daemon: failed to initialize logging driver: failed to create Cloudwatch log stream: NoCredentialProviders: no valid providers in chain. Deprecated.`,
      `CannotStartContainerError: Error response from daemon: failed to initialize logging driver: CredentialsEndpointError: failed to load credentials caused by: RequestError: send request failed caused by: Get http://169.254.170.2/v2/credentials/0: dial tcp 169.254.170.2:80: connect: connection refused`,
    ],
  ],
  [
    'logging',
    NOW,
    /Create it/,
    [
      `CannotStartContainerError: API error (500): failed to initialize logging driver: ResourceNotFoundException: The specified log group does not exist. status code: 400`,
      `CannotStartContainerError: ResourceInitializationError: failed to create new container runtime task: failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: error during container init: error setting log driver: failed to create logger: LogGroup does not exist`,
    ],
  ],
  [
    'logging',
    LATER,
    /ECS_AVAILABLE_LOGGING_DRIVERS/,
    [
      `CannotCreateContainerError: Error response from daemon: logger: no log driver named 'splunk' is registered`,
    ],
  ],
  [
    'logging',
    LATER,
    /log configuration/,
    [
      `CannotStartContainerError: Error response from daemon: failed to initialize logging driver: splunk: connection to https://splunk.example:8088 failed: dial tcp: lookup splunk.example: no such host`,
      `CannotStartContainerError: Error response from daemon: failed to initialize logging driver: gelf: cannot connect to GELF endpoint: graylog.example:12201`,
      `ResourceInitializationError: failed to validate logger args: log-driver fluentd: dial unix /var/run/fluent.sock: connect: no such file or directory`,
      `ResourceInitializationError: failed to validate logger args: create stream has been retried 1 times: failed to create Cloudwatch log`,
    ],
  ],
  [
    'logging',
    NOW,
    /config-file-value.*s3:GetObject/,
    [
      `unable to download firelens s3 config file: unable to download s3 config shop.conf from bucket shop-config: AccessDenied: Access Denied`,
      `ResourceInitializationError: failed to initialize firelens: unable to download s3 config file: NoSuchKey: The specified key does not exist`,
    ],
  ],
  [
    'logging',
    NOW,
    /VPC endpoint policy/,
    [
      `ResourceInitializationError: failed to validate logger args: create stream has been retried 1 times: failed to create Cloudwatch log stream: AccessDeniedException: User is not authorized to perform: logs:CreateLogStream because no VPC endpoint policy allows the logs:CreateLogStream action : exit status 1`,
    ],
  ],
  [
    'logging',
    NOW,
    /service control policy/,
    [
      `ResourceInitializationError: failed to validate logger args: create stream has been retried 1 times: failed to create Cloudwatch log stream: AccessDeniedException: User: arn:aws:sts::123456789012:assumed-role/shop/0 is not authorized to perform: logs:CreateLogStream on resource: arn:aws:logs:us-east-1:123456789012:log-group:/ecs/shop:log-stream:web with an explicit deny in a service control policy`,
    ],
  ],
  [
    'passRoleDenied',
    LATER,
    /fairway\.yml/,
    [
      `User: arn:aws:iam::123456789012:user/deployer is not authorized to perform: iam:PassRole on resource: arn:aws:iam::123456789012:role/shop-task because no identity-based policy allows the iam:PassRole action`,
    ],
  ],
  [
    'volume',
    LATER,
    /ClientMount/,
    [
      `ResourceInitializationError: failed to invoke EFS utils commands to set up EFS volumes: stderr: b'mount.nfs4: access denied by server while mounting 127.0.0.1:/' : unsuccessful EFS utils command execution; code: 32`,
    ],
  ],
  [
    'volume',
    LATER,
    /mount targets/,
    [
      `ResourceInitializationError: failed to invoke EFS utils commands to set up EFS volumes: stderr: Failed to locate an available port in the range [20049, 20449], try specifying a different port range in /etc/amazon/efs/efs-utils.conf : unsuccessful EFS utils command execution; code: 1`,
      `ResourceInitializationError: failed to invoke EFS utils commands to set up EFS volumes: stderr: b'mount.nfs4: Protocol not supported'`,
      `CannotCreateVolumeError: Error response from daemon: create ecs-shop-1-efs: VolumeDriver.Create: mounting volume failed: b'Could not start amazon-efs-mount-watchdog, unrecognized init system "supervisord"'`,
    ],
  ],
  [
    'volume',
    LATER,
    /2049/,
    [
      `ResourceInitializationError: failed to invoke EFS utils commands to set up EFS volumes: command timed out: unsuccessful EFS utils command execution; signal: killed`,
      `ResourceInitializationError: failed to invoke EFS utils commands to set up EFS volumes: stderr: b'mount.nfs4: Connection reset by peer' : unsuccessful EFS utils command execution; code: 32`,
      `ResourceInitializationError: failed to invoke EFS utils commands to set up EFS volumes: stderr: Mount attempt 1/3 failed due to timeout after 15 sec, wait 0 sec before next attempt. b'mount.nfs4: mount system call failed' Traceback (most recent call last): File "/usr/sbin/supervisor_mount_efs", line 7`,
    ],
  ],
  [
    'volume',
    LATER,
    /rootDirectory/,
    [
      `ResourceInitializationError: failed to invoke EFS utils commands to set up EFS volumes: stderr: Access point fsap-0123456789abcdef0 does not exist`,
      `ResourceInitializationError: failed to invoke EFS utils commands to set up EFS volumes: stderr: mount.nfs4: mounting fs-01234567.efs.us-east-1.amazonaws.com:/opt/shop failed, reason given by server: No such file or directory : unsuccessful EFS utils ...`,
    ],
  ],
  [
    'volume',
    LATER,
    /PosixUser/,
    [
      `CannotCreateContainerError: failed to copy file info for /var/lib/ecs/volumes/ecs-shop-1-data-0000: failed to chown /var/lib/ecs/volumes/ecs-shop-1-data-0000: lchown /var/lib/ecs/volumes/ecs-shop-1-data-0000: operation not permitted`,
    ],
  ],
  [
    'volume',
    LATER,
    /infrastructure role.*KMS/,
    [
      `ECS was unable to attach the EBS volume: VolumeLimitExceeded`,
      `ECS was unable to create the EBS volume: User: arn:aws:sts::123456789012:assumed-role/ecsInfrastructureRole/ECSTaskVolumesForEBS is not authorized to perform: kms:CreateGrant on resource: arn:aws:kms:us-east-1:123456789012:key/0000: AccessDeniedException`,
      `ECS was unable to create EBS volume: You are not authorized to perform this operation`,
      `Timed out waiting for Amazon EBS volume to be attached to your task`,
      `ECS was unable to configure the EBS volume filesystem`,
      `ECS timed out while configuring your EBS volume's attachment to your Task.`,
      `Amazon EBS volume: The parameter KmsKeyId is invalid: InvalidKmsKey.InvalidState`,
      `ECS failed to set up the EBS volume. Encountered IdempotentParameterMismatch: The client token you have provided is associated with a resource that is already deleted. Please use a different client token.`,
      `ECS timed out while configuring the EBS volume attachment to your Task`,
    ],
  ],
  [
    'volume',
    LATER,
    /credentialsParameter/,
    [
      `fsxwindowsfileserver resource: invalid credentials for mounting fsxwindowsfileserver volume on the container instance`,
      `failed to map fsxwindowsfileserver resource on the container instance error: The network path was not found`,
    ],
  ],
  [
    'mount',
    LATER,
    /mountPoints/,
    [
      `CannotStartContainerError: ResourceInitializationError: failed to create new container runtime task: OCI runtime create failed: container_linux.go:349: starting container process caused "process_linux.go:449: container init caused \\"rootfs_linux.go:58: mounting \\\\\\"/mnt/efs\\\\\\" caused \\\\\\"permission denied\\\\\\"\\"": unknown`,
      `CannotStartContainerError: Error response from daemon: OCI runtime create failed: container_linux.go:345: starting container process caused "process_linux.go:430: container init caused \\"rootfs_linux.go:58: mounting \\\\\\"/mnt/x\\\\\\" to rootfs at \\\\\\"/x\\\\\\" caused \\\\\\"no such file or directory\\\\\\"\\"": unknown`,
      `CannotCreateContainerError: Error response from daemon: Duplicate mount point: /data`,
      `CannotCreateContainerError: API error (500): failed to mkdir /var/lib/docker/volumes/x: file exists`,
      `CannotCreateContainerError: Error response from daemon: error while creating mount source path '/mnt/data': mkdir /mnt/data: read-only file system`,
    ],
  ],
  [
    'network',
    LATER,
    /free addresses.*larger subnets/,
    [
      `Unexpected EC2 error while attempting to Create Network Interface in subnet 'subnet-01234567': InsufficientFreeAddressesInSubnet: The specified subnet does not have enough free addresses to satisfy the request.`,
    ],
  ],
  [
    'network',
    LATER,
    /ENI quota/,
    [
      `Network interface provisioning complete timeout expired.`,
      `Timeout waiting for network interface provisioning to complete`,
      `ResourceInitializationError: failed to configure ENI: failed to setup regular eni: unable to assign ip`,
    ],
  ],
  [
    'network',
    LATER,
    /agent and Docker/,
    [
      `ResourceInitializationError: failed to initialize task network namespace`,
      `CannotStartContainerError: failed to setup network for task: cni setup: invoke bridge plugin failed: bridge ipam ADD: failed to execute plugin: ecs-ipam: exec: "/opt/cni/bin/ecs-ipam": stat: no such file or directory`,
      `ContainerNetworkingError: failed to setup network namespace: context deadline exceeded`,
      `InternalError: The CNI plugin failed to set up the network`,
      `CannotStartContainerError: Error response from daemon: driver failed programming external connectivity on endpoint ecs-shop: (iptables failed: iptables --wait -t nat -A DOCKER: iptables: No chain/target/match by that name. (exit status 1))`,
    ],
  ],
  ['network', LATER, /awsvpcTrunking/, [`The maximum number of network interfaces has been reached.`]],
  [
    'networkGone',
    LATER,
    /network configuration/,
    [
      `The subnet ID 'subnet-01234567' does not exist`,
      `The subnet(s) in the request are invalid: subnet-01234567`,
    ],
  ],
  [
    'networkGone',
    NOW,
    /network configuration/,
    [
      `InvalidParameterException: The security group 'sg-0123456789abcdef0' does not exist`,
      `Unexpected EC2 error while attempting to Create Network Interface in subnet 'subnet-01234567': InvalidGroup.NotFound`,
    ],
  ],
  [
    'networkMismatch',
    LATER,
    /one VPC/,
    [
      `Unexpected EC2 error while attempting to Create Network Interface in subnet 'subnet-0': InvalidParameterValue: You have specified two resources that belong to different networks.`,
    ],
  ],
  ['capacity', LATER, /dynamic host ports/, [`RESOURCE:PORTS`]],
  ['capacity', LATER, /reserve/, [`RESOURCE:MEMORY`, `RESOURCE:GPU`, `RESOURCE:CPU`]],
  ['capacity', LATER, /awsvpcTrunking/, [`RESOURCE:ENI`]],
  [
    'capacity',
    LATER,
    /Availability Zones/,
    [
      `RESOURCE:FARGATE`,
      `Capacity is unavailable at this time. Please try again later or in a different availability zone. For more information, see the troubleshooting section of the guide.`,
    ],
  ],
  ['capacity', LATER, /agent/, [`AGENT`]],
  [
    'capacity',
    LATER,
    /Add container instances/,
    [
      `INACTIVE`,
      `EMPTY CAPACITY PROVIDER`,
      `No Container Instances were found in your cluster.`,
      `TaskFailedToStart: No Container Instances were found in your cluster`,
    ],
  ],
  [
    'capacity',
    LATER,
    /launch template/,
    [
      `ResourceInitializationError: Unable to launch instance(s) for capacity provider shop. ValidationError: You must use a valid fully-formed launch template. The key pair 'shop' does not exist`,
    ],
  ],
  [
    'placement',
    LATER,
    /placement constraints/,
    [
      `ATTRIBUTE`,
      `LOCATION`,
      `MissingVersion`,
      `TaskFailedToStart: distinctInstance placement constraint unsatisfied`,
    ],
  ],
  [
    'quota',
    LATER,
    /Raise the quota/,
    [
      `You've reached the limit on the number of tasks you can run concurrently`,
      `The requested MEMORY configuration is above your limit`,
      `You’ve reached the limit of Fargate Spot vCPUs you can run concurrently`,
    ],
  ],
  [
    'runtime',
    LATER,
    /replace that instance/,
    [
      `DockerTimeoutError: Could not transition to stopped; timed out after waiting 30s`,
      `CannotInspectContainerError: Error response from daemon: No such container: 0123`,
      `CannotDescribeContainerError: could not inspect container`,
      `CannotGetDockerclientError: (v1.24) - cannot connect to the docker daemon`,
      `NoSuchContainerError: Container not found: 0123`,
      `TaskDependencyError: Task dependencies cannot be resolved, taskArn: arn:aws:ecs:us-east-1:123456789012:task/x/0`,
      `ContainerRuntimeError: failed to create container task: failed to start shim: start failed: aborted: context deadline exceeded: unknown`,
      `ContainerRuntimeTimeoutError: Could not transition to running; timed out after waiting 1m0s`,
      `CannotStopContainerError: Error response from daemon: cannot stop container: 0000: tried to kill container, but did not receive an exit event`,
      `CannotStopContainerError: failed sending SIGTERM to container: context deadline exceeded`,
      `CannotCreateContainerError: Error response from daemon: devicemapper: Error running deviceResume dm_task_run failed`,
    ],
  ],
  [
    'kernelSetting',
    LATER,
    /systemControls/,
    [
      `CannotStartContainerError: Error response from daemon: OCI runtime create failed: container_linux.go:380: starting container process caused: process_linux.go:545: container init caused: write sysctl key net.core.somaxconn: open /proc/sys/net/core/somaxconn: no such file or directory: unknown`,
    ],
  ],
  [
    'cannotStart',
    LATER,
    /ulimits/,
    [
      `CannotStartContainerError: Error response from daemon: failed to create task for container: failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: error setting rlimits for ready process: error setting rlimit type 7: operation not permitted: unknown`,
    ],
  ],
  [
    'cannotStart',
    LATER,
    /AWS's message/,
    [
      `HostConfigError: Invalid links`,
      `CannotStartContainerError: ResourceInitializationError: failed to create new container runtime task: failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: error during container init: error creating device nodes: mknod /run/containerd/io.containerd.runtime.v2.task/fargate.task/0/rootfs/dev/null: errno 524: unknown`,
      `CannotStartContainerError: Error response from daemon: failed to create task for container: failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: argument list too long`,
    ],
  ],
  [
    'dependency',
    LATER,
    /exit code/,
    [
      `TaskFailedToStart: dependency graph: failed to resolve container ordering dependency [envoy(envoy:1) (CREATED->RUNNING)] for target [web(shop:1) (NONE->RUNNING)] because dependency will never start`,
      `CannotStartContainerError: dependent container migrate exited with non-zero status`,
    ],
  ],
  [
    'outOfMemory',
    LATER,
    /reduce its memory use/,
    [
      `OutOfMemoryError: Container killed due to memory usage`,
      `OutOfMemoryError: container killed due to high memory usage`,
    ],
  ],
  [
    'outOfMemory',
    LATER,
    /replace the container instance/,
    [
      `CannotStartContainerError: Error response from daemon: OCI runtime create failed: container with id exists: write init-p: broken pipe`,
      `CannotStartContainerError: Error response from daemon: OCI runtime create failed: container_linux.go:380: starting container process caused: process_linux.go:402: getting the final child's pid from pipe caused: EOF: unknown`,
    ],
  ],
  [
    'outOfMemory',
    LATER,
    /more memory/,
    [
      `CannotStartContainerError: Error response from daemon: failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: container init was OOM-killed (memory limit too low?): unknown`,
      `CannotCreateContainerError: API error (400): Minimum memory limit allowed is 6MB`,
    ],
  ],
  [
    'outOfMemory',
    LATER,
    /ECS_RESERVED_MEMORY/,
    [
      `CannotCreateContainerError: API error (500): Untar error on re-exec cmd: fork/exec /proc/self/exe: cannot allocate memory`,
    ],
  ],
  [
    'commandNotFound',
    NOW,
    /Dockerfile/,
    [
      `CannotStartContainerError: API error (400): OCI runtime create failed: container_linux.go:348: starting container process caused "exec: \\"/bin/sh -c ./run\\": stat /bin/sh -c ./run: no such file or directory": unknown`,
      `CannotStartContainerError: Error response from daemon: OCI runtime create failed: container_linux.go:370: starting container process caused: exec: "": executable file not found in $PATH: unknown`,
      `CannotStartContainerError: ResourceInitializationError: failed to create new container runtime task: OCI runtime create failed: container_linux.go:370: starting container process caused: exec: "/opt/app/bin/run.sh": stat /opt/app/bin/run.sh...no such file or direct...`,
      `CannotStartContainerError: Error response from daemon: failed to create shim: OCI runtime create failed: container_linux.go:380: starting container process caused: exec: "-url": executable file not found in`,
      `CannotStartContainerError: Error response from daemon: container 0123 encountered an error during CreateProcess: failure in a Windows system call: The system cannot find the file specified. (0x2) extra info: {"CommandLine":"powershell.exe","WorkingDirectory":"C:\\\\"}`,
      `CannotStartContainerError: Error response from daemon: failed to create task for container: failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: error during container init: exec: "bash": executable file not found in $PATH: unknown`,
      `CannotCreateContainerError: Error response from daemon: no command specified`,
      `ResourceInitializationError: failed to create new container runtime task: no command specified`,
    ],
  ],
  [
    'commandNotExecutable',
    NOW,
    /chmod/,
    [
      `CannotStartContainerError: ResourceInitializationError: failed to create new container runtime task: OCI runtime create failed: container_linux.go:349: starting container process caused "exec: \\"./entrypoint.sh\\": permission denied": unknown`,
      `CannotStartContainerError: Error response from daemon: failed to create task for container: failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: error during container init: exec /app: permission denied`,
    ],
  ],
  [
    'workingDirectory',
    NOW,
    /WORKDIR/,
    [
      `CannotStartContainerError: Error response from daemon: OCI runtime create failed: container_linux.go:345: starting container process caused "chdir to cwd (\\"/app\\") set in config.json failed: permission denied": unknown`,
    ],
  ],
  [
    'userNotFound',
    NOW,
    /by number/,
    [
      `CannotStartContainerError: ResourceInitializationError: unable to create new container: mount callback failed on /tmp/containerd-mount916692511: open /tmp/containerd-mount916692511/etc/passwd: no such file or directory`,
      `CannotStartContainerError: ResourceInitializationError: unable to create new container: no users found`,
      `CannotStartContainerError: ResourceInitializationError: failed to create new container: user node not found`,
    ],
  ],
  [
    'userNotFound',
    NOW,
    /Dockerfile/,
    [
      `CannotStartContainerError: Error response from daemon: linux spec user: unable to find user node: no matching entries in passwd file`,
    ],
  ],
  [
    'device',
    LATER,
    /driver/,
    [
      `CannotStartContainerError: Error response from daemon: OCI runtime create failed: container_linux.go:348: starting container process caused "process_linux.go:402: container init caused \\"process_linux.go:385: running prestart hook 0 caused \\\\\\"error running hook: exit status 1, stdout: , stderr: nvidia-container-cli: initialization error: cuda error: no cuda-capable device is detected`,
      `CannotCreateContainerError: Error response from daemon: Unknown runtime specified nvidia`,
      `CannotCreateContainerError: Error response from daemon: unknown or invalid runtime name: nvidia`,
    ],
  ],
  [
    'hostPort',
    LATER,
    /dynamic host ports/,
    [
      `CannotStartContainerError: API error (500): driver failed programming external connectivity on endpoint ecs-shop-3-web-0 (0000): Bind for 0.0.0.0:443 failed: port is already allocated`,
      `CannotStartContainerError: Error response from daemon: failed to set up container networking: driver failed programming external connectivity on endpoint ecs-shop: failed to bind host port for 0.0.0.0:8080:172.17.0.2:80/tcp: address already in use`,
    ],
  ],
  [
    'credentialSpec',
    LATER,
    /credentialSpecs/,
    [
      `credentialspec resource: unable to find execution role credentials`,
      `failed to retrieve credentials for domainless gMSA user arn:aws:secretsmanager:us-east-1:123456789012:secret:gmsa: AccessDeniedException: not authorized to perform secretsmanager:GetSecretValue`,
      `CannotStartContainerError: Error response from daemon: container 0 encountered an error during hcs::System::Start: failure in a Windows system call: The trust relationship between this workstation and the primary domain failed.`,
      `ResourceInitializationError: failed to download credential spec: unsupported credentialspec ARN, only s3/ssm ARNs are valid`,
    ],
  ],
  [
    'infrastructure',
    LATER,
    /replacement/,
    [
      `Host EC2 (instance i-0123456789abcdef0) stopped.`,
      `Host EC2 (instance i-0123456789abcdef0) stopped/terminated.`,
      `Amazon ECS is performing maintenance on the underlying infrastructure hosting the task.`,
      `Task stopped due to Fargate task retirement`,
      `Container instance (0123) deregistered`,
      `Host EC2 (instance i-0123456789abcdef0) terminated due to spot interruption`,
    ],
  ],
  [
    'spotInterruption',
    LATER,
    /on demand/,
    [`Your Spot Task was interrupted`, `SpotInterruption: Your Spot Task was interrupted.`],
  ],
  [
    'targetHealth',
    LATER,
    /path of the check/,
    [
      `Task failed ELB health checks in (elb shop-elb)`,
      `Task failed ELB health checks in (target-group arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/shop/0123456789abcdef))`,
      `Task failed ELB health checks in (target-group arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/shop/0123456789abcdef) due to (reason Request timed out)`,
      `Task failed VPC Lattice health checks in (target-group arn:aws:vpc-lattice:us-east-1:123456789012:targetgroup/tg-0123456789abcdef0)`,
    ],
  ],
  [
    'containerHealth',
    LATER,
    /start period/,
    [
      `Task failed container health checks`,
      `failed container health checks.`,
      `Task failed container health check.`,
    ],
  ],
  [
    'serviceConnect',
    LATER,
    /namespace/,
    [`ResourceInitializationError: failed to initialize Service Connect: timed out waiting for Appnet agent`],
  ],
  ['stoppedByPerson', LATER, /CloudTrail/, [`Task stopped by user`]],
  [
    'platformVersion',
    LATER,
    /LATEST/,
    [
      `TaskFailedToStart: The task definition is configured to use a secret with a JSON key, version stage, or version-id which is not supported on Fargate platform version 1.3.0`,
      `Platform version does not support the requested ephemeralStorage`,
    ],
  ],
];

describe('a reason, by other words', () => {
  it.each(
    TASKS.flatMap(([kind, when, advice, reasons]) =>
      reasons.map((reason) => [kind, when, advice, reason] as const),
    ),
  )('%s (%s), %s: %s', expectTaskCause);
});
