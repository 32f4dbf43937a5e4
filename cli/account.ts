import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import type { Connection } from './connection.ts';
import { awsFailure, exitCode, Failure } from './failure.ts';

/** Who the credentials belong to. */
export interface Identity {
  readonly account: string;
  readonly arn: string;
}

const timeouts = { connectionTimeout: 5_000, requestTimeout: 90_000 };
const identities = new WeakMap<Connection, Promise<Identity>>();

/**
 * Whose credentials a connection uses; asked once. Needs no permission. Source: STS API reference, GetCallerIdentity.
 * Throws a `Failure`.
 */
export function identityOf(connection: Connection): Promise<Identity> {
  const asked = identities.get(connection) ?? askedIdentity(connection);
  identities.set(connection, asked);
  return asked;
}

async function askedIdentity({ settings, where }: Connection): Promise<Identity> {
  const client = new STSClient({ ...settings, requestHandler: timeouts });
  try {
    const { Arn: arn = '', Account: account = '' } = await client.send(new GetCallerIdentityCommand({}));
    return { account, arn };
  } catch (error) {
    throw awsFailure(error, 'read your identity from AWS', where);
  } finally {
    client.destroy();
  }
}

/** The credentials are of another account than the installation. */
export class OtherAccount extends Failure {}

/** Throws `OtherAccount`, or another `Failure` where AWS does not say whose credentials these are. */
export async function refuseOtherAccount(connection: Connection): Promise<void> {
  const { account: expected, local, stack } = connection;
  // The local cloud accepts any credentials.
  if (expected === undefined || local !== undefined) return;
  const { account } = await identityOf(connection);
  if (account === expected) return;
  throw new OtherAccount(
    exitCode.failed,
    `another account: ${stack} is in ${expected}, and these credentials are of ${account}. Use other credentials, choose another environment, or change \`account\` in the configuration file`,
  );
}
