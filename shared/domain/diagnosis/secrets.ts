import { actionIn, hostNamed, roleOf, secretIn } from './names.ts';
import { anyOf, fatal, heals, type Wording } from './wording.ts';

/** What keeps a network call of the agent from an answer. Source: Amazon ECS Developer Guide, "ResourceInitializationError errors". */
export const NO_ANSWER =
  'time-?out|timed out|deadline|connection|dial tcp|no such host|send request failed|\\bEOF\\b|x509|context cancell?ed|signal: killed';

const CORRECT = 'Correct the reference in the task definition.';

const SECRET = '(secret|ssm|parameter)';

/** What a task is given before it runs: environment files, credentials of registries, secrets. */
export const SECRETS: readonly Wording[] = [
  fatal(
    /env(?:ironment)? files?.*(Forbidden|AccessDenied|not authorized|NoSuchKey|NoSuchBucket|Not ?Found|40[34])/i,
    'environmentFile',
    (subject) =>
      `${subject}: its environment file in S3 does not exist, or the execution role may not read it.`,
    'Check the ARN in environmentFiles, and allow s3:GetObject and s3:GetBucketLocation.',
  ),
  fatal(
    /env(?:ironment)? files?.*\.env extension/i,
    'environmentFile',
    (subject) => `${subject}: its environment file has a name that ECS does not accept.`,
    'Give the object in S3 a name that ends in .env, and name it so in environmentFiles.',
  ),
  heals(
    /env(?:ironment)? files?\b/i,
    'environmentFile',
    (subject) => `${subject}: its environment file could not be read from S3.`,
    "Check the subnet's route to S3, and the ARN in environmentFiles.",
  ),

  fatal(
    /(ecr registry auth|ecr:GetAuthorizationToken).*(AccessDenied|not authorized)|not authorized.*ecr:/i,
    'pullDenied',
    (subject, _, whole) =>
      `${subject}: ${roleOf(whole)} may not log in to ECR (${actionIn(whole) ?? 'ecr:GetAuthorizationToken'}).`,
    'Allow ecr:GetAuthorizationToken on all resources (*).',
  ),
  heals(
    /execution (?:role )?credentials/i,
    'roleDenied',
    () => 'The task has no execution role, or its credentials could not be retrieved.',
    "Check the task definition's executionRoleArn, and that ecs-tasks.amazonaws.com may assume it (its trust policy).",
  ),
  fatal(
    anyOf(
      `${SECRET}.*(DecryptionFailure|can't decrypt|InvalidKeyId|customer master key|Access to KMS is not allowed|not authorized.*kms:)`,
      `${SECRET}.*KMS(AccessDenied|Disabled|InvalidState|NotFound)\\w*`,
    ),
    'secretDenied',
    (subject, _, whole) => `${subject}: ${secret(whole)} cannot be decrypted with its KMS key.`,
    'Allow the execution role kms:Decrypt on that KMS key, and check that the key exists and is enabled.',
  ),
  fatal(
    /^(?!.*\bEBS volume).*(secret|ssm|parameter|kms).*(AccessDenied|not authorized)/i,
    'secretDenied',
    (subject, _, whole) => `${subject}: ${roleOf(whole)} may not read ${secret(whole)}${by(whole)}.`,
    'Allow that role the action (secretsmanager:GetSecretValue, ssm:GetParameters) on it, and kms:Decrypt on its KMS key.',
  ),
  fatal(
    /registry auth from.*unmarshal|unmarshal registry auth/i,
    'secretMissing',
    (subject) => `${subject}: the secret with the registry's credentials is not what ECS expects.`,
    'Make it JSON with the keys username and password.',
  ),
  fatal(
    /did not contain json key ([^\s.]+(?:\.[^\s.]+)*)|secret.*(?:invalid character .*looking for beginning of value|unmarshal|end of JSON)/i,
    'secretMissing',
    (subject, [, key]) =>
      `${subject}: a secret has no ${key ? `key ${key}` : 'keys (it is no JSON)'}, although the task definition names one.`,
    'Add the key to the secret, or correct the reference.',
  ),
  fatal(
    /secret value for staging label|for staging label: \w+|secret.*(?:has no value|AWSCURRENT)/i,
    'secretMissing',
    (subject, _, whole) =>
      `${subject}: ${secret(whole)} exists, and has no value (no version with the label AWSCURRENT).`,
    'Give it a value (PutSecretValue): infrastructure code often creates only the empty secret. Or correct the version in the reference.',
  ),
  fatal(
    /secret.*marked for deletion/i,
    'secretMissing',
    (subject, _, whole) => `${subject}: ${secret(whole)} is marked for deletion.`,
    'Restore it (RestoreSecret), or correct the reference.',
  ),
  fatal(
    anyOf(
      `${SECRET}.*((invalid|unexpected) ARN format|Invalid (secret )?name|ValidationException|invalid format)`,
    ),
    'secretMissing',
    (subject) => `${subject}: the task definition names a secret in a way that is not valid.`,
    CORRECT,
  ),
  fatal(
    anyOf(
      'ResourceInitializationError.*(ResourceNotFoundException|ParameterNotFound)',
      'secret data.*(ResourceNotFoundException|ParameterNotFound)',
      "can't find the specified secret",
      '(ssm|Parameter Store).*invalid (ssm )?parameters',
    ),
    'secretMissing',
    (subject, _, whole) => `${subject}: ${secret(whole)} does not exist.`,
    'Create it, or correct the reference.',
  ),
  heals(
    anyOf(`(registry auth|secret|ssm).*(${NO_ANSWER})`),
    'registryUnreachable',
    (subject, _, whole) =>
      `${subject}: ${secretIn(whole) ?? 'the registry or a secret'} could not be reached${hostNamed(whole)}.`,
    "Check the subnet's route (NAT gateway, public IP or VPC endpoints) and the security groups.",
  ),
  heals(
    /ResourceInitializationError.*(pull secrets|registry auth)/i,
    'secretsFailed',
    (subject) => `${subject}: secrets or registry credentials could not be fetched.`,
    'Check the execution role and the network.',
  ),
];

/** The secret by its name, or the one that the task definition names. */
function secret(whole: string): string {
  return secretIn(whole) ?? 'a secret that the task definition names';
}

function by(whole: string): string {
  const action = actionIn(whole);
  return action === undefined ? '' : ` (${action})`;
}
