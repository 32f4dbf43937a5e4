import { anyOf, fatal, heals, type Wording } from './wording.ts';

/** What keeps a network call of the agent from an answer. Source: Amazon ECS Developer Guide, "ResourceInitializationError errors". */
export const NO_ANSWER =
  'time-?out|timed out|deadline|connection|dial tcp|no such host|send request failed|context cancell?ed|signal: killed';

const CORRECT = 'Correct the reference in the task definition.';

/** What a task is given before it runs: environment files, credentials of registries, secrets. */
export const SECRETS: readonly Wording[] = [
  fatal(
    /env(?:ironment)? files?.*(Forbidden|AccessDenied|not authorized|NoSuchKey|NoSuchBucket|Not ?Found|40[34])/i,
    'environmentFile',
    (subject) =>
      `${subject}: its environment file in S3 does not exist, or the execution role may not read it.`,
    'Check the ARN in environmentFiles, and allow s3:GetObject and s3:GetBucketLocation.',
  ),
  heals(
    /env(?:ironment)? files/i,
    'environmentFile',
    (subject) => `${subject}: its environment file could not be read from S3.`,
    "Check the subnet's route to S3, and the ARN in environmentFiles.",
  ),

  fatal(
    /(ecr registry auth|ecr:GetAuthorizationToken).*(AccessDenied|not authorized)|not authorized.*ecr:/i,
    'pullDenied',
    (subject) => `${subject}: the execution role may not log in to ECR.`,
    'Allow ecr:GetAuthorizationToken.',
  ),
  fatal(
    /(secret|ssm|parameter|kms).*(AccessDenied|not authorized|Access to KMS is not allowed)/i,
    'secretDenied',
    (subject) => `${subject}: the execution role may not read a secret that the task definition names.`,
    "Allow it, and the secret's KMS key.",
  ),
  fatal(
    /did not contain json key (\S+)|invalid character .*looking for beginning of value/i,
    'secretMissing',
    (subject, [, key]) =>
      `${subject}: a secret has no ${key ? `key ${key}` : 'keys (it is no JSON)'}, although the task definition names one.`,
    'Add the key to the secret, or correct the reference.',
  ),
  fatal(
    /secret.*marked for deletion/i,
    'secretMissing',
    (subject) => `${subject}: a secret that the task definition names is marked for deletion.`,
    'Restore it (RestoreSecret), or correct the reference.',
  ),
  fatal(
    /secret.*(invalid ARN format|Invalid name)/i,
    'secretMissing',
    (subject) => `${subject}: the task definition names a secret in a way that is not valid.`,
    CORRECT,
  ),
  fatal(
    anyOf(
      'ResourceInitializationError.*(ResourceNotFoundException|ParameterNotFound)',
      "can't find the specified secret",
      '(ssm|Parameter Store).*invalid (ssm )?parameters',
    ),
    'secretMissing',
    (subject) => `${subject}: a secret that the task definition names does not exist.`,
    'Create it, or correct the reference.',
  ),
  heals(
    anyOf(`(registry auth|secret|ssm).*(${NO_ANSWER})`),
    'registryUnreachable',
    (subject) => `${subject}: the registry or a secret could not be reached.`,
    "Check the subnet's route (NAT gateway, public IP or VPC endpoints) and the security groups.",
  ),
  heals(
    /ResourceInitializationError.*(pull secrets|registry auth)/i,
    'secretsFailed',
    (subject) => `${subject}: secrets or registry credentials could not be fetched.`,
    'Check the execution role and the network.',
  ),
];
