import { DescribeSecretCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { GetTopicAttributesCommand, SNSClient } from '@aws-sdk/client-sns';
import { GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import type { Channel, Configuration, SecretReference } from '../../shared/domain/app.ts';
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
 * Checks whether the tokens and topics of the channels exist, and never reads a token in plain text. Whether Slack
 * accepts it, and whether the functions may read it, is what `fairway announce --test` shows.
 */
export async function checkChannels(
  { channels }: Configuration,
  connection: Connection,
): Promise<ChannelFaults> {
  const missing: Record<string, { what: string; fix: string }> = Object.create(null);
  const unchecked: Record<string, string> = Object.create(null);
  for (const [name, channel] of Object.entries(channels)) {
    try {
      await checkChannel(channel, connection);
    } catch (error) {
      const fault = NOT_FOUND.has(nameOf(error)) ? faultOf(channel) : undefined;
      if (fault) missing[name] = fault;
      else unchecked[name] = `${nameOf(error)}: ${error instanceof Error ? error.message : String(error)}`;
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

async function checkChannel(channel: Channel, connection: Connection): Promise<void> {
  if (channel.kind === 'slack') return checkToken(channel.token, connection);
  // The stack's own topic exists.
  if (channel.topic === undefined) return;
  const [, , , region = ''] = channel.topic.split(':');
  const client = new SNSClient({ ...connection.settings, region, requestHandler: timeouts });
  try {
    await client.send(new GetTopicAttributesCommand({ TopicArn: channel.topic }));
  } finally {
    client.destroy();
  }
}

async function checkToken(token: SecretReference, { settings }: Connection): Promise<void> {
  const options = { ...settings, requestHandler: timeouts };
  if ('ssm' in token) {
    const client = new SSMClient(options);
    try {
      await client.send(new GetParameterCommand({ Name: token.ssm, WithDecryption: false }));
    } finally {
      client.destroy();
    }
    return;
  }
  const client = new SecretsManagerClient(options);
  try {
    await client.send(new DescribeSecretCommand({ SecretId: token.secretsManager }));
  } finally {
    client.destroy();
  }
}

function faultOf(channel: Channel): { readonly what: string; readonly fix: string } {
  if (channel.kind === 'sns')
    return { what: `there is no topic ${channel.topic}`, fix: 'create it, or correct the ARN' };
  const { token } = channel;
  if ('ssm' in token)
    return {
      what: `there is no parameter ${token.ssm} in SSM Parameter Store`,
      fix: `store the token: aws ssm put-parameter --type SecureString --name ${token.ssm} --value xoxb-…`,
    };
  return {
    what: `there is no secret ${token.secretsManager} in Secrets Manager`,
    fix: 'store the token there, or correct the name',
  };
}

function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : 'Error';
}
