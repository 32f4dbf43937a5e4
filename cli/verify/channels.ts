import { DescribeSecretCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { GetTopicAttributesCommand, SNSClient } from '@aws-sdk/client-sns';
import { GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import type { Need } from '../../shared/announce/channel.ts';
import { needsOf } from '../../shared/announce/channels.ts';
import type { Configuration, SecretReference } from '../../shared/domain/app.ts';
import type { Connection } from '../connection.ts';

const timeouts = { connectionTimeout: 5_000, requestTimeout: 30_000 };

/** What is wrong with channels, by name; absent: nothing. */
export interface ChannelFaults {
  /** Tokens and topics that do not exist, and how to fix that. */
  readonly missing: Readonly<Record<string, { readonly what: string; readonly fix: string }>>;
  /** Why a channel could not be checked. */
  readonly unchecked: Readonly<Record<string, string>>;
}

/**
 * Checks whether the secrets and topics that the channels need exist, and never reads a secret in plain text. Whether
 * the channel accepts it, and whether the functions may read it, is what `fairway announce --test` shows.
 */
export async function checkChannels(
  { channels }: Configuration,
  connection: Connection,
): Promise<ChannelFaults> {
  const missing: Record<string, { what: string; fix: string }> = Object.create(null);
  const unchecked: Record<string, string> = Object.create(null);
  for (const [name, channel] of Object.entries(channels)) {
    for (const need of needsOf(channel)) {
      try {
        await check(need, connection);
      } catch (error) {
        if (NOT_FOUND.has(nameOf(error))) missing[name] = faultOf(need);
        else unchecked[name] = `${nameOf(error)}: ${error instanceof Error ? error.message : String(error)}`;
      }
    }
  }
  return { missing, unchecked };
}

const NOT_FOUND: ReadonlySet<string> = new Set([
  'ParameterNotFound',
  'ResourceNotFoundException',
  'NotFound',
  'NotFoundException',
]);

async function check(need: Need, connection: Connection): Promise<void> {
  if (need.kind === 'secret') return checkSecret(need.secret, connection);
  // The stack's own topic exists.
  if (need.topic === undefined) return;
  const [, , , region = ''] = need.topic.split(':');
  const client = new SNSClient({ ...connection.settings, region, requestHandler: timeouts });
  try {
    await client.send(new GetTopicAttributesCommand({ TopicArn: need.topic }));
  } finally {
    client.destroy();
  }
}

async function checkSecret(secret: SecretReference, { settings }: Connection): Promise<void> {
  const options = { ...settings, requestHandler: timeouts };
  if ('ssm' in secret) {
    const client = new SSMClient(options);
    try {
      await client.send(new GetParameterCommand({ Name: secret.ssm, WithDecryption: false }));
    } finally {
      client.destroy();
    }
    return;
  }
  const client = new SecretsManagerClient(options);
  try {
    await client.send(new DescribeSecretCommand({ SecretId: secret.secretsManager }));
  } finally {
    client.destroy();
  }
}

function faultOf(need: Need): { readonly what: string; readonly fix: string } {
  if (need.kind === 'topic')
    return { what: `there is no topic ${need.topic}`, fix: 'create it, or correct the ARN' };
  const { secret, holds, prefix } = need;
  if ('ssm' in secret)
    return {
      what: `there is no parameter ${secret.ssm} in SSM Parameter Store`,
      fix: `store the ${holds}: aws ssm put-parameter --type SecureString --name ${secret.ssm} --value ${prefix}…`,
    };
  return {
    what: `there is no secret ${secret.secretsManager} in Secrets Manager`,
    fix: 'store the token there, or correct the name',
  };
}

function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : 'Error';
}
