import { setTimeout as sleep } from 'node:timers/promises';
import { createRawCalls } from '../../shared/aws/rawCalls.ts';
import { type Imported, importCluster } from '../../shared/infrastructure/import/import.ts';
import { MissingCluster } from '../../shared/infrastructure/import/read.ts';
import type { Aws } from '../../shared/infrastructure/kind.ts';
import { retrying } from '../../shared/infrastructure/retrying.ts';
import type { Connection } from '../connection.ts';
import { awsFailure, exitCode, Failure } from '../failure.ts';
import type { NamedCluster } from './clusterName.ts';
import type { FileDraft } from './files.ts';

/** Reads a cluster with the operator's own credentials. */

export interface Wish {
  readonly named: NamedCluster;
  readonly environment: string;
  readonly infrastructure: boolean;
}

interface ReadDraft {
  readonly draft: FileDraft;
  readonly notes: readonly string[];
}

/** A note about what no account contains. */
export const CHANNEL =
  'channels.mail: A guess: an SNS topic that the stack creates, which sends e-mail once you subscribe to it.';

/** Throws a `Failure`. */
export async function draftOf(wish: Wish, connection: Connection): Promise<ReadDraft> {
  const { environment, named } = wish;
  const { cluster } = named;
  const { value, comments, notes, apps, account } = await read(wish, connection);
  refuseOtherAccount(named, account);
  if (apps === 0)
    throw new Failure(
      exitCode.failed,
      `the cluster ${cluster} in ${connection.where} has no service with an image of ECR: choose another --cluster or --region, or write fairway.yml by hand`,
    );
  const { region } = connection.settings;
  const place = { ...(region && { region }), ...(connection.local === undefined && account && { account }) };
  return { draft: { environment, ...place, cluster, value, comments }, notes };
}

export function callsOf(settings: Connection['settings']): Aws {
  return retrying(createRawCalls(settings), sleep);
}

async function read({ named, infrastructure }: Wish, { settings, where }: Connection): Promise<Imported> {
  const { cluster, account } = named;
  try {
    return await importCluster(cluster, { infrastructure }, callsOf(settings));
  } catch (error) {
    const or = account === undefined ? '' : `, or use credentials of the account ${account}`;
    if (error instanceof MissingCluster)
      throw new Failure(
        exitCode.failed,
        `${error.message} in ${where}: choose another --cluster or --region${or}`,
      );
    throw awsFailure(error, `read the cluster ${cluster}`, where);
  }
}

/** Another account can have a cluster of the same name. */
function refuseOtherAccount({ cluster, account }: NamedCluster, found: string): void {
  if (account === undefined || account === found) return;
  throw new Failure(
    exitCode.failed,
    `the ARN of the cluster ${cluster} names the account ${account}, and these credentials are of ${found}: use credentials of ${account}`,
  );
}
