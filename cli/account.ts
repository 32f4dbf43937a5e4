import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import type { Connection, Installation } from './connection.ts';
import { awsFailure, exitCode, Failure } from './failure.ts';

/** Who the credentials belong to. */
export interface Identity {
  readonly account: string;
  readonly arn: string;
}

/** Needs no permission. Source: STS API reference, GetCallerIdentity. Throws a `Failure`. */
export async function identityOf({ settings, where }: Connection): Promise<Identity> {
  const client = new STSClient(settings);
  try {
    const { Arn: arn = '', Account: account = '' } = await client.send(new GetCallerIdentityCommand({}));
    return { account, arn };
  } catch (error) {
    throw awsFailure(error, 'read your identity from AWS', where);
  } finally {
    client.destroy();
  }
}

/** Why the credentials are wrong for an installation: they are of another account. Throws a `Failure`. */
export async function otherAccount(
  installation: Installation,
  connection: Connection,
): Promise<string | undefined> {
  if (!isChecked(installation, connection)) return undefined;
  return otherThan(installation, await identityOf(connection));
}

/** Throws a `Failure` if the credentials are of another account than the installation. */
export function refuseOtherAccount(
  installation: Installation,
  connection: Connection,
  identity: Identity,
): void {
  const why = isChecked(installation, connection) ? otherThan(installation, identity) : undefined;
  if (why !== undefined) throw new Failure(exitCode.failed, why);
}

/** The local cloud accepts any credentials. */
function isChecked({ account }: Installation, { local }: Connection): boolean {
  return account !== undefined && local === undefined;
}

function otherThan({ account, stack }: Installation, identity: Identity): string | undefined {
  if (identity.account === account) return undefined;
  return `another account: ${stack} is in ${account}, and these credentials are of ${identity.account}. Use other credentials, choose another environment, or change \`account\` in the configuration file`;
}
