import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { CLIENT_OPTIONS } from './clients.ts';
import { translated } from './faults.ts';

/** A secret of Secrets Manager, as text. */
export async function fromSecretsManager(id: string): Promise<string | undefined> {
  const client = new SecretsManagerClient(CLIENT_OPTIONS);
  const command = new GetSecretValueCommand({ SecretId: id });
  const answer = await translated('secretsmanager:GetSecretValue', () =>
    client.send(command, { abortSignal: AbortSignal.timeout(3_000) }),
  );
  return answer.SecretString;
}
