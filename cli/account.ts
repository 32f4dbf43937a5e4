import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import type { Connection } from './connection.ts';
import { awsFailure, exitCode, Failure } from './failure.ts';

/** Who the credentials belong to. */
export interface Identity {
  readonly account: string;
  readonly arn: string;
}

const timeouts = { connectionTimeout: 3_000, requestTimeout: 10_000 };
const identities = new WeakMap<Connection, Promise<Identity>>();

/**
 * Whose credentials a connection uses; asked once. Needs no permission. Source: STS API reference, GetCallerIdentity.
 * Throws a `Failure`.
 */
export function identityOf(connection: Connection): Promise<Identity> {
  const known = identities.get(connection);
  if (known !== undefined) return known;
  const asked = askedIdentity(connection);
  identities.set(connection, asked);
  // The next one to ask may get an answer.
  asked.catch(() => identities.delete(connection));
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
  const { owner, local } = connection;
  // The local cloud accepts any credentials.
  if (owner === undefined || local !== undefined) return;
  const { account } = await identityOf(connection).catch((error: unknown) => {
    if (!(error instanceof Failure)) throw error;
    throw new Failure(
      error.exit,
      `${error.message}. It is compared with \`account\` in the configuration file, so that ${owner.stack} is not changed in another account: AWS STS must be reachable`,
      { cause: error },
    );
  });
  if (account === owner.account) return;
  throw new OtherAccount(
    exitCode.failed,
    `refused: these credentials are of the account ${account}, and ${owner.stack} belongs to ${owner.account}. Use other credentials, choose another environment, or change \`account\` in the configuration file`,
  );
}
