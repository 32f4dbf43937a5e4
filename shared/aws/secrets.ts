import type { SecretReference } from '../domain/app.ts';
import { CLIENT_OPTIONS } from './clients.ts';
import { translated } from './faults.ts';

/**
 * Reads a secret from SSM Parameter Store or Secrets Manager. The clients are loaded when a channel first needs
 * them, so that functions of installations without one start faster. The value is never logged.
 */
export async function readSecret(reference: SecretReference): Promise<string> {
  const value = await ('ssm' in reference
    ? fromParameterStore(reference.ssm)
    : fromSecretsManager(reference.secretsManager));
  if (value) return value;
  const name = 'ssm' in reference ? reference.ssm : reference.secretsManager;
  throw new Error(`failed to read the secret ${name}: it is empty, put the token there`);
}

async function fromParameterStore(name: string): Promise<string | undefined> {
  const { SSMClient, GetParameterCommand } = await import('@aws-sdk/client-ssm');
  const client = new SSMClient(CLIENT_OPTIONS);
  const command = new GetParameterCommand({ Name: name, WithDecryption: true });
  const answer = await translated('ssm:GetParameter', () =>
    client.send(command, { abortSignal: AbortSignal.timeout(3_000) }),
  );
  return answer.Parameter?.Value;
}

async function fromSecretsManager(id: string): Promise<string | undefined> {
  const { SecretsManagerClient, GetSecretValueCommand } = await import('@aws-sdk/client-secrets-manager');
  const client = new SecretsManagerClient(CLIENT_OPTIONS);
  const command = new GetSecretValueCommand({ SecretId: id });
  const answer = await translated('secretsmanager:GetSecretValue', () =>
    client.send(command, { abortSignal: AbortSignal.timeout(3_000) }),
  );
  return answer.SecretString;
}
