import { GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { CLIENT_OPTIONS } from './clients.ts';
import { translated } from './faults.ts';

/** A decrypted parameter of SSM Parameter Store. */
export async function fromParameterStore(name: string): Promise<string | undefined> {
  const client = new SSMClient(CLIENT_OPTIONS);
  const command = new GetParameterCommand({ Name: name, WithDecryption: true });
  const answer = await translated('ssm:GetParameter', () =>
    client.send(command, { abortSignal: AbortSignal.timeout(3_000) }),
  );
  return answer.Parameter?.Value;
}
