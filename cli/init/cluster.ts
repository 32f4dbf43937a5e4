import { createRawCalls } from '../../shared/aws/rawCalls.ts';
import { environment as environmentName } from '../../shared/config/fields.ts';
import { type Imported, importCluster } from '../../shared/infrastructure/import/import.ts';
import { MissingCluster } from '../../shared/infrastructure/import/read.ts';
import { retrying } from '../../shared/infrastructure/retrying.ts';
import type { Connection } from '../connection.ts';
import { awsFailure, exitCode, Failure } from '../failure.ts';
import type { FileDraft } from './files.ts';

/** Reads a cluster with the operator's own credentials. */

export interface Wish {
  readonly cluster: string;
  readonly environment: string;
  readonly infrastructure: boolean;
}

interface ReadDraft {
  readonly draft: FileDraft;
  readonly notes: readonly string[];
}

/** Throws a `Failure`. */
export async function draftOf(wish: Wish, connection: Connection): Promise<ReadDraft> {
  const { cluster, environment } = wish;
  refuseUnusable(environment);
  const { value, comments, notes, apps } = await read(wish, connection);
  if (apps === 0)
    throw new Failure(
      exitCode.failed,
      `the cluster ${cluster} in ${connection.where} has no service with an image of ECR: choose another --cluster or --region, or write fairway.yml by hand`,
    );
  const { region } = connection.settings;
  const draft = { environment, cluster, value, comments, ...(region === undefined ? {} : { region }) };
  return { draft, notes };
}

/** Its name is written to the new file. */
function refuseUnusable(environment: string): void {
  const { error } = environmentName.safeParse(environment);
  if (error) throw new Failure(exitCode.usage, `--environment ${environment}: ${error.issues[0]?.message}`);
}

async function read({ cluster, infrastructure }: Wish, { settings, where }: Connection): Promise<Imported> {
  try {
    return await importCluster(cluster, { infrastructure }, retrying(createRawCalls(settings), sleep));
  } catch (error) {
    if (error instanceof MissingCluster)
      throw new Failure(
        exitCode.failed,
        `${error.message} in ${where}: choose another --cluster or --region`,
      );
    throw awsFailure(error, `read the cluster ${cluster}`, where);
  }
}

function sleep(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
