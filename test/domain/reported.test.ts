import { diagnoseEvents } from '../../shared/domain/diagnosis/serviceEvents.ts';
import { expectEventCause, expectTaskCause, LATER, NOW } from './reasons.ts';

/**
 * Reasons as people have reported them in public, over the years, platform versions and agents; names, numbers and
 * addresses are neutral. Each with its cause, whether the release ends at once, and its advice.
 */

const IMAGE = '123456789012.dkr.ecr.us-east-1.amazonaws.com/shop:1.4.0';
const REQUEST = 'https response error StatusCode: 400, RequestID: 00000000-0000-0000-0000-000000000000';
const NO_REPLY = 'https response error StatusCode: 0, RequestID: , canceled, context deadline exceeded';
const USER = 'User: arn:aws:sts::123456789012:assumed-role/shop-execution/0123456789abcdef';
const PULL = 'CannotPullContainerError:';
const INIT = 'ResourceInitializationError:';
const SECRETS = `${INIT} unable to pull secrets or registry auth: execution resource retrieval failed:`;
const CREATE = `CannotStartContainerError: Error response from daemon: failed to create task for container: failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process:`;
const OLD_RUNC = `CannotStartContainerError: API error (500): OCI runtime create failed: container_linux.go:370: starting container process caused:`;
const EFS = `${INIT} failed to invoke EFS utils commands to set up EFS volumes: stderr:`;
const ENI = 'Unexpected EC2 error while attempting to Create Network Interface';

type Row = readonly [kind: string, when: typeof NOW | typeof LATER, advice: RegExp, reason: string];

const TASKS: readonly Row[] = [
  // Images
  [
    'imageNotFound',
    NOW,
    /push it again/,
    `${PULL} pull image manifest has been retried 7 time(s): failed to resolve ref ${IMAGE}: not found`,
  ],
  [
    'imageNotFound',
    NOW,
    /push it again/,
    `${PULL} Error: image shop:0123456789abcdef0123456789abcdef01234567 not found`,
  ],
  [
    'imageNotFound',
    NOW,
    /push it again/,
    `${PULL} Tag latest not found in repository docker.io/library/shop`,
  ],
  [
    'imageNotFound',
    NOW,
    /push it again/,
    `${PULL} The task can’t pull the image. Check whether the image exists. Error response from daemon: manifest for ${IMAGE} not found: manifest unknown: Requested image not found`,
  ],
  ['imageNotFound', NOW, /push it again/, `${PULL} API error (404): manifest for ${IMAGE} not found`],
  [
    'imageNotFound',
    NOW,
    /push it again/,
    `${PULL} ref pull has been retried 1 time(s): failed to copy: httpReadSeeker: failed open: content at https://123456789012.dkr.ecr.us-east-1.amazonaws.com/v2/shop/manifests/sha256:0000 not found: not found`,
  ],
  [
    'imageNotFound',
    NOW,
    /push it again/,
    `${PULL} Error response from daemon: failed to resolve reference "${IMAGE}": ${IMAGE}: not found`,
  ],
  [
    'imageNotFound',
    NOW,
    /push it again/,
    `${PULL} The task can’t pull the image 'repo/image' from Amazon Elastic Container Registry using the task execution role 'shop-execution'. To fix this, verify that the image URI is correct. Also check that the task execution role has the additional permissions to pull Amazon ECR images. Status Code: 404. Response: 'not found'`,
  ],
  [
    'pullDenied',
    NOW,
    /ECR permissions/,
    `${PULL} The task can’t pull the image. Check that the role has the permissions to pull images from the registry. Error response from daemon: pull access denied for 123456789012.dkr.ecr.us-east-1.amazonaws.com/shop, repository does not exist or may require 'docker login': denied: ${USER} is not authorized to perform: ecr:BatchGetImage on resource: arn:aws:ecr:us-east-1:123456789012:repository/shop because no identity-based policy allows the ecr:BatchGetImage action`,
  ],
  [
    'pullDenied',
    NOW,
    /permissions/,
    `${PULL} pull image manifest has been retried 7 time(s): failed to resolve ref ghcr.io/acme/shop:latest: failed to authorize: failed to fetch anonymous token: unexpected status from GET request to https://ghcr.io/token?scope=repository%3Aacme%2Fshop%3Apull&service=ghcr.io: 401 Unauthorized`,
  ],
  [
    'pullDenied',
    NOW,
    /permissions/,
    `${PULL} pull image manifest has been retried 1 time(s): failed to resolve ref docker.io/library/repository:latest: pull access denied, repository does not exist or may require authorization: server message: insufficient_scope: authorization failed`,
  ],
  [
    'pullDenied',
    NOW,
    /permissions/,
    `${PULL} Error response from daemon: Get https://123456789012.dkr.ecr.us-east-1.amazonaws.com/v2/shop/manifests/1.4.0: no basic auth credentials`,
  ],
  [
    'pullDenied',
    NOW,
    /permissions/,
    `CannotPullECRContainerError: AccessDeniedException: ${USER} is not authorized to perform: ecr:GetAuthorizationToken on resource: * status code: 400, request id: 00000000-0000-0000-0000-000000000000`,
  ],
  [
    'pullDenied',
    NOW,
    /permissions|GetAuthorizationToken/,
    `${SECRETS} unable to retrieve ecr registry auth: service call has been retried 1 time(s): operation error ECR: GetAuthorizationToken, ${REQUEST}, api error AccessDeniedException: ${USER} is not authorized to perform: ecr:GetAuthorizationToken on resource: * because no identity-based policy allows the ecr:GetAuthorizationToken action`,
  ],
  [
    'pullDenied',
    NOW,
    /S3 endpoint/,
    `${PULL} ref pull has been retried 1 time(s): failed to copy: httpReadSeeker: failed open: unexpected status code https://prod-us-east-1-starport-layer-bucket.s3.us-east-1.amazonaws.com/0000-123456789012/0000: 403 Forbidden`,
  ],
  ['pullFailed', LATER, /registry/, 'CannotPullECRContainerError: engine ecr credentials: not found'],
  [
    'wrongPlatform',
    NOW,
    /runtimePlatform/,
    `${PULL} image Manifest does not contain descriptor matching platform 'linux/arm64'`,
  ],
  [
    'wrongPlatform',
    NOW,
    /runtimePlatform/,
    `${PULL} Error response from daemon: no matching manifest for linux/amd64 in the manifest list entries`,
  ],
  [
    'wrongPlatform',
    NOW,
    /runtimePlatform/,
    `${PULL} Error response from daemon: no match for platform in manifest: not found`,
  ],
  [
    'wrongPlatform',
    NOW,
    /runtimePlatform/,
    `${PULL} Error response from daemon: image operating system "linux" cannot be used on this platform: operating system is not supported`,
  ],
  [
    'wrongPlatform',
    NOW,
    /runtimePlatform/,
    `${PULL} no matching manifest for windows/amd64 10.0.17763 in the manifest list entries`,
  ],
  [
    'rateLimited',
    LATER,
    /pull-through cache/,
    `${PULL} inspect image has been retried 1 time(s): httpReaderSeeker: failed open: unexpected status code https://registry-1.docker.io/v2/library/nginx/manifests/sha256:0000: 429 Too Many Requests - Server message: toomanyrequests: You have reached your pull rate limit.`,
  ],
  [
    'rateLimited',
    LATER,
    /pull-through cache/,
    `${PULL} Error response from daemon: toomanyrequests: Rate exceeded`,
  ],
  [
    'registryUnreachable',
    LATER,
    /NAT gateway/,
    `${PULL} The task cannot pull '${IMAGE}' from the Amazon ECR repository. There is a connection issue between the task and Amazon ECR. Check your task network configuration. : failed to copy: httpReadSeeker: failed open: failed to do request: Get "https://prod-us-east-1-starport-layer-bucket.s3.us-east-1.amazonaws.com/0000?X-Amz-Date=20260301T100000Z": dial tcp 52.216.0.1:443: i/o timeout`,
  ],
  [
    'registryUnreachable',
    LATER,
    /NAT gateway/,
    `${PULL} The task can’t pull the image. Check your network configuration. Error response from daemon: Get "https://123456789012.dkr.ecr.us-east-1.amazonaws.com/v2/": dial tcp 10.0.0.1:443: i/o timeout`,
  ],
  [
    'registryUnreachable',
    LATER,
    /NAT gateway/,
    'CannotPullECRContainerError: RequestError: send request failed caused by: Post "https://api.ecr.us-east-1.amazonaws.com/": net/http: request canceled while waiting for connection (Client.Timeout exceeded while awaiting headers)',
  ],
  ['registryUnreachable', LATER, /NAT gateway/, `${PULL} Could not reach any registry endpoint`],
  ['registryUnreachable', LATER, /NAT gateway/, `${PULL} Context canceled`],
  ['registryUnreachable', LATER, /NAT gateway/, `${PULL} pull command failed: : signal: killed`],
  [
    'registryUnreachable',
    LATER,
    /NAT gateway/,
    `${PULL} Error response from daemon: Get "https://123456789012.dkr.ecr.us-east-1.amazonaws.comm/v2/": dial tcp: lookup 123456789012.dkr.ecr.us-east-1.amazonaws.comm on 10.0.0.2:53: no such host`,
  ],
  ['pullFailed', LATER, /registry/, `${PULL} failed to register layer: unexpected EOF`],
  [
    'pullFailed',
    LATER,
    /registry/,
    `${PULL} failed to register layer: ApplyLayer exit status 1 stdout: stderr: lchown /usr/lib/shop: permission denied`,
  ],
  [
    'pullFailed',
    LATER,
    /registry/,
    `${PULL} pull command failed: panic: runtime error: invalid memory address or nil pointer dereference [signal SIGSEGV: segmentation violation]`,
  ],
  [
    'pullFailed',
    LATER,
    /registry/,
    `${PULL} failed to resolve ref ${IMAGE}: unexpected status from HEAD request to https://123456789012.dkr.ecr.us-east-1.amazonaws.com/v2/shop/manifests/1.4.0: 500 Internal Server Error`,
  ],
  ['invalidImageName', NOW, /name of the image/, `${PULL} invalid reference format`],
  [
    'invalidImageName',
    NOW,
    /name of the image/,
    `${PULL} Error response from daemon: invalid reference format: repository name must be lowercase`,
  ],
  [
    'diskFull',
    LATER,
    /ephemeral storage|disk/,
    `${PULL} Error response from daemon: write /var/lib/docker/tmp/GetImageBlob111111111: no space left on device`,
  ],
  [
    'diskFull',
    LATER,
    /disk/,
    'CannotCreateContainerError: API error (500): devmapper: Thin Pool has 4350 free data blocks which is less than minimum required 4454 free data blocks. Create more free space in thin pool or use dm.min_free_space option to change behavior',
  ],
  // Secrets, environment files
  [
    'secretMissing',
    NOW,
    /reference/,
    `${SECRETS} unable to retrieve secret from asm: service call has been retried 1 time(s): failed to fetch secret arn:aws:secretsmanager:us-east-1:123456789012:secret:shop/db-abcdef from secrets manager: operation error Secrets Manager: GetSecretValue, ${REQUEST}, ResourceNotFoundException: Secrets Manager can't find the specified secret.`,
  ],
  [
    'secretMissing',
    NOW,
    /reference/,
    `${SECRETS} unable to retrieve secret from asm: The task can't retrieve the secret with ARN 'arn:aws:secretsmanager:us-east-1:123456789012:secret:shop-abcdef' from AWS Secrets Manager. Check whether the secret exists in the specified Region. ResourceNotFoundException: Fetching secret data from AWS Secrets Manager in region us-east-1: secret arn:aws:secretsmanager:us-east-1:123456789012:secret:shop-abcdef: ResourceNotFoundException: Secrets Manager can't find the specified secret value for staging label: AWSCURRENT`,
  ],
  [
    'secretMissing',
    NOW,
    /reference/,
    `Fetching secret data from SSM Parameter Store in us-west-2: invalid parameters: /shop/PARAMETER`,
  ],
  [
    'secretMissing',
    NOW,
    /reference/,
    `${SECRETS} unable to retrieve secrets from ssm: service call has been retried 1 time(s): invalid ssm parameters: /prod/shop/password`,
  ],
  [
    'secretMissing',
    NOW,
    /reference/,
    `${SECRETS} unable to retrieve secret from asm: service call has been retried 1 time(s): failed to fetch secret arn:aws:secretsmanager:us-east-1:123456789012:secret:shop-abcdef from secrets manager: InvalidRequestException: You can't perform this operation on the secret because it was marked for deletion.`,
  ],
  [
    'secretMissing',
    NOW,
    /reference/,
    `${SECRETS} unable to retrieve secret from asm: service call has been retried 1 time(s): failed to fetch secret from secrets manager: api error ValidationException: Invalid name. Must be a valid name containing alphanumeric characters, or any of the following: -/_+=.@!`,
  ],
  [
    'secretMissing',
    NOW,
    /reference/,
    `${SECRETS} unable to retrieve secret from asm: trying to retrieve secret with value shop-password resulted in error: an invalid ARN format for the AWS Secrets Manager secret was specified. Specify a valid ARN and try again.`,
  ],
  [
    'secretMissing',
    NOW,
    /reference/,
    `${SECRETS} unable to retrieve secret from asm: retrieved secret from Secrets Manager did not contain json key connectionString`,
  ],
  [
    'secretMissing',
    NOW,
    /reference/,
    `${SECRETS} unable to retrieve secret from asm: invalid character 'p' looking for beginning of value`,
  ],
  [
    'secretDenied',
    NOW,
    /KMS/,
    `${SECRETS} unable to retrieve secret from asm: service call has been retried 1 time(s): failed to fetch secret arn:aws:secretsmanager:us-east-1:123456789012:secret:shop-abcdef from secrets manager: operation error Secrets Manager: GetSecretValue, ${REQUEST}, api error AccessDeniedException: ${USER} is not authorized to perform: secretsmanager:GetSecretValue on resource: arn:aws:secretsmanager:us-east-1:123456789012:secret:shop-abcdef because no identity-based policy allows the secretsmanager:GetSecretValue action`,
  ],
  [
    'secretDenied',
    NOW,
    /KMS/,
    `${SECRETS} unable to retrieve secrets from ssm: service call has been retried 1 time(s): AccessDeniedException: The ciphertext refers to a customer master key that does not exist, does not exist in this region, or you are not allowed to access.`,
  ],
  [
    'registryUnreachable',
    LATER,
    /NAT gateway/,
    `${SECRETS} unable to retrieve secrets from ssm: The task cannot pull secrets from AWS Systems Manager. There is a connection issue between the task and AWS Systems Manager Parameter Store. Check your task network configuration. operation error SSM: GetParameters, ${NO_REPLY}`,
  ],
  [
    'registryUnreachable',
    LATER,
    /NAT gateway/,
    `${INIT} unable to pull secrets or registry auth: The task cannot pull registry auth from Amazon ECR: There is a connection issue between the task and Amazon ECR. Check your task network configuration. operation error ECR: GetAuthorizationToken, exceeded maximum number of attempts, 3, ${NO_REPLY}`,
  ],
  [
    'registryUnreachable',
    LATER,
    /NAT gateway/,
    `${INIT} unable to pull secrets or registry auth: pull command failed: : signal: killed`,
  ],
  [
    'registryUnreachable',
    LATER,
    /NAT gateway/,
    `${INIT} unable to pull secrets or registry auth: unable to get registry auth from asm: service call has been retried 5 time(s): failed to fetch secret arn:aws:secretsmanager:us-east-1:123456789012:secret:hub-abcdef from secrets manager: RequestCanceled: request context canceled caused by: context deadline exceeded. Please check your task network configuration.`,
  ],
  [
    'environmentFile',
    NOW,
    /s3:GetObject/,
    `${INIT} failed to download env files: service call has been retried 1 time(s): operation error S3: HeadObject, https response error StatusCode: 403, RequestID: 0000, HostID: 0000, api error Forbidden: Forbidden`,
  ],
  [
    'environmentFile',
    NOW,
    /s3:GetObject/,
    `${INIT} failed to download env files: file download command: non-empty error stream: NotFound: Not Found status code: 404, request id: 0000`,
  ],
  [
    'environmentFile',
    LATER,
    /route/,
    `${INIT} failed to download env files: file download command: non-empty error stream: RequestCanceled: request context canceled caused by: context deadline exceeded`,
  ],
  [
    'environmentFile',
    LATER,
    /route/,
    `${INIT} failed to download env files: The task can't download the environment variable files from Amazon S3. There is a connection issue between the task and Amazon S3. Check your task network configuration.`,
  ],
  // Logs
  [
    'logging',
    NOW,
    /Create it/,
    `${INIT} failed to validate logger args: create stream has been retried 1 times: failed to create Cloudwatch log stream: operation error CloudWatch Logs: CreateLogStream, ${REQUEST}, ResourceNotFoundException: The specified log group does not exist. : exit status 1`,
  ],
  [
    'logging',
    NOW,
    /logs:CreateLogGroup/,
    `${INIT} failed to validate logger args: create stream has been retried 1 times: failed to create Cloudwatch log group: operation error CloudWatch Logs: CreateLogGroup, ${REQUEST}, api error AccessDeniedException: ${USER} is not authorized to perform: logs:CreateLogGroup on resource: arn:aws:logs:us-east-1:123456789012:log-group:/ecs/shop:log-stream: because no identity-based policy allows the logs:CreateLogGroup action : exit status 1`,
  ],
  ['logging', LATER, /route/, `${INIT} failed to validate logger args: : signal: killed`],
  [
    'logging',
    LATER,
    /route/,
    `${INIT} failed to validate logger args: The task cannot find the Amazon CloudWatch log group defined in the task definition. There is a connection issue between the task and Amazon CloudWatch. Check your network configuration. : signal: killed`,
  ],
  [
    'logging',
    LATER,
    /log configuration/,
    'CannotStartContainerError: Error response from daemon: failed to initialize logging driver: dial unix /var/run/fluent.sock: connect: no such file or directory',
  ],
  [
    'logging',
    LATER,
    /log configuration/,
    'CannotStartContainerError: Error response from daemon: failed to initialize logging driver: dial tcp 127.0.0.1:24224: connect: connection refused',
  ],
  // Roles
  [
    'roleDenied',
    LATER,
    /trust policy/,
    "ECS was unable to assume the role 'arn:aws:iam::123456789012:role/shop-execution' that was provided for this task. Please verify that the role being passed has the proper trust relationship and permissions and that your IAM user has permissions to pass this role.",
  ],
  // Command
  [
    'commandNotFound',
    NOW,
    /Dockerfile/,
    `${CREATE} exec: "./start.sh": stat ./start.sh: no such file or directory: unknown`,
  ],
  [
    'commandNotFound',
    NOW,
    /Dockerfile/,
    `${OLD_RUNC} exec: "npm run start": executable file not found in $PATH: unknown`,
  ],
  [
    'commandNotFound',
    NOW,
    /Dockerfile/,
    'CannotStartContainerError: API error (404): oci runtime error: container_linux.go:247: starting container process caused "exec: \\"yarn start\\": executable file not found in $PATH"',
  ],
  [
    'commandNotFound',
    NOW,
    /Dockerfile/,
    'CannotStartContainerError: Error response from daemon: container 0123 encountered an error during hcs::System::CreateProcess: failure in a Windows system call: The system cannot find the file specified. (0x2)',
  ],
  [
    'commandNotFound',
    NOW,
    /Dockerfile/,
    `CannotCreateContainerError: Error response from daemon: No command specified`,
  ],
  [
    'commandNotExecutable',
    NOW,
    /chmod/,
    `${CREATE} exec: "/docker-entrypoint.sh": permission denied: unknown`,
  ],
  ['commandNotExecutable', NOW, /chmod/, `${CREATE} exec: "/": is a directory: permission denied: unknown`],
  [
    'wrongPlatform',
    NOW,
    /Build the image/,
    'CannotStartContainerError: Error response from daemon: OCI runtime create failed: standard_init_linux.go:228: exec user process caused: exec format error',
  ],
  [
    'userNotFound',
    NOW,
    /Dockerfile/,
    `${OLD_RUNC} process_linux.go:545: container init caused: setup user: unable to find user node: no matching entries in passwd file: unknown`,
  ],
  [
    'userNotFound',
    NOW,
    /Dockerfile/,
    `CannotStartContainerError: Error response from daemon: unable to find user app: no matching entries in passwd file`,
  ],
  [
    'userNotFound',
    NOW,
    /Dockerfile/,
    `CannotStartContainerError: Error response from daemon: unable to find group web: no matching entries in group file`,
  ],
  [
    'workingDirectory',
    NOW,
    /WORKDIR/,
    `${OLD_RUNC} process_linux.go:545: container init caused: mkdir /app: read-only file system: unknown`,
  ],
  // What the definition asks of the runtime
  [
    'mount',
    LATER,
    /mountPoints/,
    'CannotStartContainerError: API error (500): oci runtime error: container_linux.go:247: starting container process caused "process_linux.go:359: container init caused \\"rootfs_linux.go:54: mounting \\\\\\"/opt/nginx_conf\\\\\\" to rootfs \\\\\\"/var/lib/docker/overlay/0000/merged\\\\\\" at \\\\\\"/etc/nginx/sites-enabled\\\\\\" caused \\\\\\"mkdir /etc/nginx/sites-enabled: read-only file system\\\\\\"\\""',
  ],
  [
    'mount',
    LATER,
    /mountPoints/,
    `${CREATE} error during container init: error mounting "/etc/shop.conf" to rootfs at "/etc/shop.conf": mount src=/etc/shop.conf, dst=/etc/shop.conf: not a directory: unknown: Are you trying to mount a directory onto a file (or vice-versa)? Check if the specified host path exists and is the expected type`,
  ],
  [
    'mount',
    LATER,
    /mountPoints/,
    'CannotCreateContainerError: Error response from daemon: invalid mount config for type "bind": bind source path does not exist: /mnt/shop',
  ],
  [
    'device',
    LATER,
    /devices|GPU/,
    'CannotStartContainerError: Error response from daemon: error gathering device information while adding custom device "/dev/dri/renderD130": no such file or directory',
  ],
  [
    'device',
    LATER,
    /devices|GPU/,
    'CannotStartContainerError: Error response from daemon: could not select device driver "nvidia" with capabilities: [[gpu]]',
  ],
  [
    'device',
    LATER,
    /devices|GPU/,
    `${CREATE} error during container init: error running hook #0: error running hook: exit status 1, stdout: , stderr: nvidia-container-cli: initialization error: driver error: failed to process request: unknown`,
  ],
  [
    'hostPort',
    LATER,
    /port/,
    'CannotStartContainerError: Error response from daemon: driver failed programming external connectivity on endpoint ecs-shop-8-web-aecccec899b9909b0400 (0000): Bind for 0.0.0.0:80 failed: port is already allocated',
  ],
  [
    'hostPort',
    LATER,
    /port/,
    'CannotStartContainerError: Error response from daemon: driver failed programming external connectivity on endpoint ecs-shop-8-web-aecccec899b9909b0400 (0000): Error starting userland proxy: listen tcp4 0.0.0.0:8080: bind: address already in use',
  ],
  [
    'outOfMemory',
    LATER,
    /memory/,
    `${CREATE} container init was OOM-killed (memory limit too low?): unknown`,
  ],
  [
    'outOfMemory',
    LATER,
    /memory/,
    'CannotStartContainerError: Error response from daemon: OCI runtime create failed: container_linux.go:380: starting container process caused: process_linux.go:545: container init caused: process_linux.go:508: setting cgroup config for procHooks process caused: failed to write "6291456": write /sys/fs/cgroup/memory/ecs/0000/memory.limit_in_bytes: device or resource busy: unknown',
  ],
  // Volumes
  [
    'volume',
    LATER,
    /mount targets/,
    `${EFS} Mount attempt 1/3 failed due to timeout after 15 sec, wait 0 sec before next attempt. Mount attempt 2/3 failed due to timeout after 15 sec, wait 0 sec before next attempt. b'mount.nfs4: Connection timed out' : unsuccessful EFS utils command execution; code: 32`,
  ],
  [
    'volume',
    LATER,
    /rootDirectory/,
    `${EFS} b'mount.nfs4: mounting fs-01234567.efs.us-east-1.amazonaws.com:/data failed, reason given by server: No such file or directory' : unsuccessful EFS utils command execution; code: 32`,
  ],
  [
    'volume',
    LATER,
    /mount targets/,
    `${EFS} Failed to resolve "us-east-1a.fs-01234567.efs.us-east-1.amazonaws.com" - check that your file system ID is correct, and ensure that the VPC has an EFS mount target for this file system ID. : unsuccessful EFS utils command execution; code: 1`,
  ],
  [
    'volume',
    LATER,
    /mount targets/,
    `${EFS} mount.nfs4: Connection refused : unsuccessful EFS utils command execution; code: 32`,
  ],
  ['volume', LATER, /infrastructure role/, `CannotCreateVolumeError: failed to create EBS volume`],
  [
    'volume',
    LATER,
    /infrastructure role/,
    `ECS was unable to attach the EBS volume: Timed out waiting for volume to be attached`,
  ],
  // Network
  [
    'network',
    LATER,
    /free addresses/,
    `${ENI} with public IP assignment enabled in subnet 'subnet-01234567': InsufficientFreeAddressesInSubnet`,
  ],
  [
    'network',
    LATER,
    /ENI quota/,
    `${INIT} failed to configure ENI: failed to setup regular eni: netplugin failed with no error message`,
  ],
  [
    'network',
    LATER,
    /ENI quota/,
    'Unexpected EC2 error while attempting to attach network interface to instance',
  ],
  ['network', LATER, /ENI quota/, 'Unable to attach network interface to unused device index'],
  [
    'networkDenied',
    LATER,
    /policies/,
    'Unexpected EC2 error while attempting to tag the network interface: TagPolicyViolation',
  ],
  ['networkDenied', LATER, /policies/, `${ENI} in subnet 'subnet-01234567': AuthFailure`],
  [
    'networkDenied',
    LATER,
    /policies/,
    `${ENI} in subnet 'subnet-01234567': UnauthorizedOperation: You are not authorized to perform this operation.`,
  ],
  [
    'networkGone',
    LATER,
    /network configuration/,
    `${ENI} in subnet 'subnet-01234567': InvalidSubnetID.NotFound`,
  ],
  [
    'networkGone',
    NOW,
    /network configuration/,
    `${ENI} in subnet 'subnet-01234567': InvalidSecurityGroupID.NotFound`,
  ],
  // Capacity and quotas
  [
    'capacity',
    LATER,
    /capacity/,
    'Capacity is unavailable at this time. Please try again later or in a different availability zone.',
  ],
  ['capacity', LATER, /instances/, 'TaskFailedToStart: RESOURCE:GPU'],
  [
    'capacity',
    LATER,
    /capacity/,
    `${INIT} Unable to launch instance(s) for capacity provider shop-spot. UnfulfillableCapacity: Unable to fulfill capacity due to your request configuration. Please adjust your request and try again.`,
  ],
  [
    'capacity',
    LATER,
    /capacity/,
    `${INIT} Unable to launch instance(s) for capacity provider shop. InsufficientInstanceCapacity: There is no Spot capacity available that matches your request.`,
  ],
  [
    'quota',
    LATER,
    /Raise the quota/,
    `${INIT} Unable to launch instance(s) for capacity provider shop-spot. MaxSpotInstanceCountExceeded: Max spot instance count exceeded. RequestId: 00000000-0000-0000-0000-000000000000`,
  ],
  [
    'quota',
    LATER,
    /Raise the quota/,
    `${INIT} Unable to launch instance(s) for capacity provider shop. VcpuLimitExceeded: You have requested more vCPU capacity than your current vCPU limit of 32 allows for the instance bucket that the specified instance type belongs to.`,
  ],
  [
    'capacityProviderDenied',
    LATER,
    /infrastructure role/,
    `${INIT} Unable to launch instance(s) for capacity provider shop. UnauthorizedOperation: You are not authorized to perform this operation. User: arn:aws:sts::123456789012:assumed-role/ecsInfrastructureRole/ECSManagedInstances is not authorized to perform: iam:PassRole on resource: arn:aws:iam::123456789012:role/shop-instances because no identity-based policy allows the iam:PassRole action.`,
  ],
  [
    'quota',
    LATER,
    /Raise the quota/,
    'You’ve reached the limit on the number of vCPUs you can run concurrently',
  ],
  ['quota', LATER, /Raise the quota/, 'The requested CPU configuration is above your limit.'],
  // Agents and runtimes
  [
    'runtime',
    LATER,
    /replace that instance/,
    'DockerTimeoutError: Could not transition to created; timed out after waiting 4m0s',
  ],
  [
    'runtime',
    LATER,
    /replace that instance/,
    'DockerTimeoutError: Could not transition to started; timed out after waiting 3m0s',
  ],
  [
    'runtime',
    LATER,
    /replace that instance/,
    'ContainerRuntimeError: failed to start container: context deadline exceeded',
  ],
  [
    'runtime',
    LATER,
    /replace that instance/,
    'CannotInspectContainerError: Could not transition to inspecting; timed out after waiting 30s',
  ],
  [
    'runtime',
    LATER,
    /replace that instance/,
    'CannotStopContainerError: failed sending SIGTERM to container: rpc error: code = Unknown desc = ttrpc: closed',
  ],
  ['runtime', LATER, /replace that instance/, 'ContainerVanishedError: No container matching saved ID found'],
  ['runtime', LATER, /replace that instance/, 'InternalError: unable to start task'],
  [
    'cannotStart',
    LATER,
    /AWS's message/,
    'CannotStartContainerError: failed to get container status: context canceled',
  ],
  [
    'cannotStart',
    LATER,
    /AWS's message/,
    'CannotCreateContainerError: Error response from daemon: Conflict. The container name "/ecs-shop-1-web-0000" is already in use by container "0000". You have to remove (or rename) that container to be able to reuse that name.',
  ],
  [
    'dependency',
    LATER,
    /exit code/,
    'dependency graph: failed to resolve container ordering dependency [migrate(shop:1) (RUNNING->STOPPED)] for target [web(shop:1) (NONE->RUNNING)] as dependency did not exit successfully.',
  ],
  [
    'dependency',
    LATER,
    /exit code/,
    'dependency graph: container ordering dependency [envoy(envoy:1) (RUNNING->RUNNING)] for target [web(shop:1) (NONE->RUNNING)] has timed out.',
  ],
  ['placement', LATER, /constraints/, 'TaskFailedToStart: MemberOf placement constraint unsatisfied.'],
  [
    'volume',
    LATER,
    /mount targets/,
    'CannotCreateVolumeError: Error response from daemon: create shop: error while mounting',
  ],
  ['infrastructure', LATER, /replacement/, 'Container instance deregistration forced by user'],
  [
    'placement',
    LATER,
    /requiresCompatibilities/,
    'TaskFailedToStart: The selected task definition is not compatible with the selected compute strategy',
  ],
  [
    'mount',
    LATER,
    /mountPoints/,
    'CannotCreateContainerError: API error (400): invalid volume specification: shop',
  ],
  [
    'interpreterMissing',
    NOW,
    /CRLF/,
    'CannotStartContainerError: exec /app/start.sh: no such file or directory',
  ],
  [
    'cannotStart',
    LATER,
    /AWS's message/,
    'CannotStartContainerError: Error response from daemon: OCI runtime create failed: unable to retrieve OCI runtime error (open /run/containerd/io.containerd.runtime.v1.linux/moby/0000/log.json: no such file or directory): runc did not terminate successfully: unknown',
  ],
  [
    'cannotStart',
    LATER,
    /AWS's message/,
    'CannotStartContainerError: Error response from daemon: OCI runtime exec failed: open /run/0000/log.json: no such file or directory: unknown',
  ],
];

describe('a reason as people have reported it', () => {
  it.each(TASKS)('%s (%s), %s: %s', expectTaskCause);
});

const EVENTS: readonly (readonly [kind: string, advice: RegExp, message: string])[] = [
  [
    'registryUnreachable',
    /NAT gateway/,
    `(service shop) was unable to place a task. Reason: ${INIT} unable to pull secrets or registry auth: The task cannot pull registry auth from Amazon ECR: There is a connection issue between the task and Amazon ECR. Check your task network configuration. operation error ECR: GetAuthorizationToken, ${NO_REPLY}.`,
  ],
  [
    'imageNotFound',
    /push it again/,
    `(service shop) was unable to place a task. Reason: ${PULL} pull image manifest has been retried 1 time(s): failed to resolve ref ${IMAGE}: not found.`,
  ],
  [
    'secretDenied',
    /KMS/,
    `service shop was unable to place a task because ${SECRETS} unable to retrieve secret from asm: AccessDeniedException: ${USER} is not authorized to perform: secretsmanager:GetSecretValue on resource: arn:aws:secretsmanager:us-east-1:123456789012:secret:shop-abcdef`,
  ],
  [
    'capacity',
    /capacity/,
    `(service shop) was unable to place a task. Reason: ${INIT} Unable to launch instance(s) for capacity provider shop-spot. UnfulfillableCapacity: Unable to fulfill capacity due to your request configuration. Please adjust your request and try again.`,
  ],
  [
    'quota',
    /Raise the quota/,
    `(service shop) was unable to place a task. Reason: ${INIT} Unable to launch instance(s) for capacity provider shop-spot. MaxSpotInstanceCountExceeded: Max spot instance count exceeded.`,
  ],
  [
    'capacity',
    /instances/,
    '(service shop) was unable to place a task. Reason: TaskFailedToStart: RESOURCE:GPU.',
  ],
  [
    'quota',
    /Raise the quota/,
    '(service shop) was unable to place a task. Reason: The requested MEMORY configuration is above your limit.',
  ],
  [
    'quota',
    /Raise the quota/,
    '(service shop) was unable to place a task. Reason: You’ve reached the limit on the number of tasks you can run concurrently',
  ],
  ['network', /Availability Zone/, '(service shop) was unable to place a task. Reason: Internal error.'],
  [
    'capacity',
    /agent/,
    '(service shop) was unable to place a task because no container instance met all of its requirements. The closest matching (container-instance 0123) encountered error "AGENT".',
  ],
  [
    'capacity',
    /instances/,
    '(service shop) was unable to place a task because no container instance met all of its requirements. The closest matching container-instance 0123 has insufficient CPU units available. For more information, see the Troubleshooting section of the Amazon ECS Developer Guide.',
  ],
  [
    'capacity',
    /instances/,
    '(service shop) was unable to reach steady state. Reason: No Container Instances were found in your capacity provider.',
  ],
  [
    'capacity',
    /instances/,
    '(service shop) could not launch 2 tasks for deployment ecs-svc/0123456789012345678 due to insufficient memory.',
  ],
  [
    'capacity',
    /one after another/,
    '(service shop) was unable to place tasks in your cluster because the tasks provisioning capacity limit was exceeded.',
  ],
  [
    'scaleInProtection',
    /protection/,
    '(service shop) was unable to reach steady state because task set (ecs-svc/0123) was unable to scale in. Reason: The number of protected tasks are more than the desired count of tasks',
  ],
  [
    'targetHealth',
    /listens|Host header|behind the proxy/,
    '(service shop) (instance i-0123456789abcdef0) (port 32875) is unhealthy in (target-group arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/shop/0123456789abcdef) due to (reason Health checks failed with these codes: [400])',
  ],
  [
    'targetHealth',
    /listens|Host header|behind the proxy/,
    'service shop (port 8081) is unhealthy in target-group shop due to (reason Health checks failed with these codes: [502]).',
  ],
  [
    'targetHealth',
    /listens|Host header|behind the proxy/,
    '(service shop) (instance 10.0.0.104) (port 22) is unhealthy in (target-group arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/shop/0123) due to (reason Health checks failed)',
  ],
  [
    'targetHealth',
    /Availability Zone/,
    '(service shop) (port 3000) is unhealthy in (target-group arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/shop/0123) due to (reason Target is in an Availability Zone that is not enabled for the load balancer)',
  ],
  [
    'targetHealth',
    /healthCheckGracePeriodSeconds/,
    '(service shop) (instance i-0123456789abcdef0) is unhealthy in (elb shop) due to (reason Instance has failed at least the UnhealthyThreshold number of health checks consecutively.)',
  ],
  [
    'targetGroupGone',
    /target group/,
    '(service shop) (taskSet ecs-svc/0123) (task 0123) is not healthy in (target-group arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/shop/0123) due to TARGET GROUP IS NOT FOUND.',
  ],
  [
    'targetHealth',
    /took them out/,
    '(service shop) (taskSet ecs-svc/0123) (task 0123) is not healthy in (target-group arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/shop/0123) due to TARGET IS NOT FOUND.',
  ],
  [
    'permissions',
    /service-linked role|permissions/,
    'IAM permissions policies have been misconfigured or changed, and ECS can no longer maintain your service',
  ],
  [
    'roleDenied',
    /trust policy/,
    'IAM trust relationship has been misconfigured or changed, and ECS can no longer maintain your service',
  ],
  [
    'roleDenied',
    /trust policy/,
    "(service shop) failed to launch a task with (error ECS was unable to assume the role 'arn:aws:iam::123456789012:role/aws-service-role/ecs.amazonaws.com/AWSServiceRoleForECS' that was provided for this task. Please verify that the role being passed has the proper trust relationship and permissions and that your IAM user has permissions to pass this role.).",
  ],
  [
    'capacity',
    /agent/,
    '(service shop) Timed out waiting for Amazon ECS Agent to start. Please check logs at /var/log/ecs/ecs-agent.log',
  ],
];

describe("a service's event as people have reported it", () => {
  it.each(EVENTS)('%s, %s: %s', expectEventCause);

  it.each([
    '(service eni-sync) has reached a steady state.',
    '(service location) has started 1 tasks: (task 0123).',
    '(service shop) has started 1 tasks: (task 0123). Amazon ECS replaced 1 tasks due to an unhealthy status.',
    '(service shop) (deployment ecs-svc/0123) deployment completed.',
    '(service shop) registered 1 targets in (target-group arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/eni/0123)',
    '(service shop) has stopped 1 running tasks: (task 0123).',
  ])('says nothing of trouble: %s', (message) => {
    expect(diagnoseEvents('eni-sync', [message])).toBeUndefined();
  });
});
