import { anyOf, fatal, heals, type Wording } from './wording.ts';

const PULL = 'CannotPull\\w*:? .*';

/** Why an image could not be pulled. Source: Amazon ECS Developer Guide, "CannotPullContainer task errors". */
export const PULLING: readonly Wording[] = [
  heals(
    of(`${PULL}token has expired`),
    'pullFailed',
    (subject) => `${subject}: its image could not be pulled, because a registry token had expired.`,
    'Nothing has to be mended: ECS asks for a new one.',
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
  // Unpacking a layer words files and permissions of its own, and so does an agent without credentials.
  heals(
    of(`${PULL}(failed to (extract|register|unpack)|ecr credentials: not found)`),
    'pullFailed',
    (subject) => `${subject}: its image could not be pulled or unpacked.`,
    'If it happens again, push the image anew and look at the registry and the container instance.',
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
    (subject) => `${subject}: pulling its image was denied.`,
    "Check the image's name, the execution role's ECR permissions and the repository's policy; for a registry other than ECR, the task definition's repositoryCredentials.",
  ),
  fatal(
    of(`${PULL}(not found|does not exist|manifest unknown|name unknown)`),
    'imageNotFound',
    (subject) => `${subject}: its image does not exist in the repository.`,
    'It was deleted (by a lifecycle policy, perhaps) or never pushed; push it again.',
  ),
  fatal(
    of(`${PULL}invalid reference format`),
    'invalidImageName',
    (subject) => `${subject}: the name of its image is not one.`,
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
    (subject) => `${subject}: the registry could not be reached.`,
    "Check the subnet's route to ECR and S3 (NAT gateway, public IP or VPC endpoints) and the security groups.",
  ),
  heals(
    /CannotPull/i,
    'pullFailed',
    (subject) => `${subject}: its image could not be pulled.`,
    "Check the image's name, the execution role and the subnet's route to the registry.",
  ),
];

function of(pattern: string): RegExp {
  return anyOf(pattern);
}
