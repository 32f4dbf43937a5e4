import { actionIn, hostNamed, imageNamed, roleOf } from './names.ts';
import { anyOf, fatal, heals, type Wording } from './wording.ts';

const PULL = 'CannotPull\\w*:? .*';

/** Why an image could not be pulled. Source: Amazon ECS Developer Guide, "CannotPullContainer task errors". */
export const PULLING: readonly Wording[] = [
  heals(
    of(`${PULL}token has expired`),
    'pullFailed',
    (subject) => `${subject}: its image could not be pulled, because a registry token had expired.`,
    'No action needed: ECS requests a new token.',
  ),
  fatal(
    of(`${PULL}(KmsException|kms:Decrypt|KMS.*(AccessDenied|Disabled|NotFound))`),
    'pullDenied',
    (subject, _, whole) =>
      `${subject}: its image${imageNamed(whole)} cannot be decrypted: ${roleOf(whole)} may not use the KMS key of the repository (kms:Decrypt).`,
    'Allow that role kms:Decrypt on the KMS key of the repository, and check that the key exists and is enabled.',
  ),
  heals(
    of(`${PULL}400 Bad Request`),
    'pullDenied',
    (subject, _, whole) =>
      `${subject}: its image${imageNamed(whole)} could not be pulled (400 Bad Request), probably because its role may not use the KMS key of the repository.`,
    'Allow the execution role kms:Decrypt on the KMS key of the repository, and check that the key is enabled. CloudTrail confirms it with a denied kms:Decrypt.',
  ),
  fatal(
    of(`${PULL}(ecr:BatchImportUpstreamImage|ecr:CreateRepository)`),
    'pullDenied',
    (subject, _, whole) =>
      `${subject}: ${roleOf(whole)} may not ${actionIn(whole) ?? 'ecr:BatchImportUpstreamImage'}, which the first pull through a pull-through cache needs.`,
    'Allow the execution role ecr:BatchImportUpstreamImage and ecr:CreateRepository on the cached repositories.',
  ),
  fatal(
    of(
      `${PULL}(upstream|pull[- ]through).*(401|403|unauthorized|denied|credential)`,
      `${PULL}(401|403|unauthorized).*(upstream|pull[- ]through)`,
    ),
    'pullDenied',
    (subject, _, whole) =>
      `${subject}: the upstream registry of the pull-through cache refused the pull of its image${imageNamed(whole)} (401 unauthorized).`,
    'Check the credentials of the pull-through cache rule in Secrets Manager (ecr-pullthroughcache/…), and that the upstream registry still accepts them.',
  ),
  fatal(
    of(
      `${PULL}(unsupported (?:\\w+ )?media ?type|unknown media ?type|media ?type.*not supported|invalid manifest|manifest invalid|unsupported manifest|mismatched image rootfs)`,
    ),
    'imageFormat',
    (subject, _, whole) =>
      `${subject}: its image${imageNamed(whole)} has a manifest or layers that the runtime cannot use${mediaType(whole)}.`,
    'Build and push it again as a Docker or OCI image with layers in gzip; charts, signatures and other artifacts cannot run.',
  ),
  heals(
    of(`${PULL}l?chown.*invalid argument`),
    'pullFailed',
    (subject) =>
      `${subject}: its image could not be unpacked: it has files whose owner (user ID) is outside the range that the host allows.`,
    'Give the files to a user ID below 65536 in the Dockerfile (COPY --chown, chown), and push the image again.',
  ),
  heals(
    of(`${PULL}(toomanyrequests|pull rate limit|429 Too Many Requests)`),
    'rateLimited',
    (subject) => `${subject}: the registry refuses further pulls for now: its rate limit is reached.`,
    'Pull through an ECR pull-through cache, or with credentials that have a higher limit.',
  ),
  heals(
    /transition to pulled/i,
    'pullFailed',
    (subject) => `${subject}: its image was not pulled in time.`,
    'Check the size of the image, the route to the registry, and the disk of the container instance.',
  ),
  // Unpacking a layer has its own messages about files and permissions, and so has an agent without credentials.
  heals(
    of(`${PULL}(failed to (extract|register|unpack)|ecr credentials: not found)`),
    'pullFailed',
    (subject) => `${subject}: its image could not be pulled or unpacked.`,
    'If it happens again, push the image again and check the registry and the container instance.',
  ),
  fatal(
    of(`${PULL}httpReadSeeker: failed open.*(403|Forbidden)`),
    'pullDenied',
    (subject) => `${subject}: its layers could not be read from S3, where ECR keeps them.`,
    "Check that the policy of the VPC's S3 endpoint allows ECR's layer bucket (prod-REGION-starport-layer-bucket).",
  ),
  fatal(
    of(`${PULL}not authorized.*secretsmanager:`),
    'secretDenied',
    (subject) => `${subject}: the execution role may not read the secret with the registry's credentials.`,
    "Allow it secretsmanager:GetSecretValue on the secret of repositoryCredentials, and kms:Decrypt on the secret's key.",
  ),
  // Docker words a missing permission as "does not exist or may require 'docker login'".
  fatal(
    of(
      `${PULL}(pull access denied|(?<!permission )\\bdenied\\b|AccessDenied|not authorized|unauthorized|no basic auth|authorization failed|40[13] (Forbidden|Unauthorized)|HTTP 40[13])`,
    ),
    'pullDenied',
    (subject, _, whole) => `${subject}: pulling its image${imageNamed(whole)} was denied${action(whole)}.`,
    "Check the image's name (without a registry it means Docker Hub), the ECR permissions of the execution role (ecr:BatchGetImage, ecr:GetDownloadUrlForLayer) and the repository's policy; for a registry other than ECR, the task definition's repositoryCredentials.",
  ),
  fatal(
    of(`${PULL}(not found|does not exist|manifest unknown|name unknown)`),
    'imageNotFound',
    (subject, _, whole) => `${subject}: its image${imageNamed(whole)} does not exist in the repository.`,
    'It was deleted (by a lifecycle policy, perhaps) or never pushed: push it again. Or its name or registry is wrong: a name without a registry means Docker Hub.',
  ),
  fatal(
    of(`${PULL}invalid reference format`),
    'invalidImageName',
    (subject) => `${subject}: its image name is invalid.`,
    'Correct the name of the image in the task definition: registry/repository:tag, in lower case.',
  ),
  heals(
    of(`${PULL}(x509|certificate|HTTP response to HTTPS client|tls: handshake failure)`),
    'registryUnreachable',
    (subject) =>
      `${subject}: the registry does not speak TLS with a certificate that is trusted where the task runs.`,
    'Give the registry a certificate of a public authority, or let the container instance trust its own; look for a proxy in between.',
  ),
  heals(
    of(
      `${PULL}(time-?out|timed out|dial tcp|no such host|server misbehaving|TLS handshake|connection|deadline exceeded|failed to do request|name resolution|unreachable|send request failed|context canceled|signal: killed|Could not reach|network configuration)`,
    ),
    'registryUnreachable',
    (subject, _, whole) => `${subject}: the registry could not be reached${hostNamed(whole)}.`,
    "Check the subnet's route to ECR and S3 (NAT gateway, public IP or VPC endpoints) and the security groups.",
  ),
  heals(
    /CannotPull/i,
    'pullFailed',
    (subject) => `${subject}: its image could not be pulled.`,
    "Check the image's name, the execution role and the subnet's route to the registry.",
  ),
];

function of(...patterns: readonly string[]): RegExp {
  return anyOf(...patterns);
}

/** ": role NAME may not ACTION", where AWS says so. */
function action(whole: string): string {
  const refused = actionIn(whole);
  return refused === undefined ? '' : `: ${roleOf(whole)} may not ${refused}`;
}

function mediaType(whole: string): string {
  const type = /application\/[\w.+-]+/.exec(whole)?.[0];
  return type === undefined ? '' : ` (media type ${type})`;
}
