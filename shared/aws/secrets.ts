import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import type { SecretReference } from '../domain/app.ts';
import { CLIENT_OPTIONS } from './clients.ts';
import { translated } from './faults.ts';

/**
 * Reads a secret from SSM Parameter Store or Secrets Manager. The value is never logged. The clients are created on
 * first use, but imported statically: a bundler keeps the whole of a package that is imported dynamically, which made
 * every function a quarter larger.
 */
export async function readSecret(reference: SecretReference): Promise<string> {
  const value = await ('ssm' in reference
    ? fromParameterStore(reference.ssm)
    : fromSecretsManager(reference.secretsManager));
  if (value) return value;
  const name = 'ssm' in reference ? reference.ssm : reference.secretsManager;
  throw new Error(`failed to read the secret ${name}: it is empty, store the token in it`);
}

async function fromParameterStore(name: string): Promise<string | undefined> {
  const client = new SSMClient(CLIENT_OPTIONS);
  const command = new GetParameterCommand({ Name: name, WithDecryption: true });
  const answer = await translated('ssm:GetParameter', () =>
    client.send(command, { abortSignal: AbortSignal.timeout(3_000) }),
  );
  return answer.Parameter?.Value;
}

async function fromSecretsManager(id: string): Promise<string | undefined> {
  const client = new SecretsManagerClient(CLIENT_OPTIONS);
  const command = new GetSecretValueCommand({ SecretId: id });
  const answer = await translated('secretsmanager:GetSecretValue', () =>
    client.send(command, { abortSignal: AbortSignal.timeout(3_000) }),
  );
  return answer.SecretString;
}
