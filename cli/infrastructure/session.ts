import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createRawCalls } from '../../shared/aws/rawCalls.ts';
import { shownFile } from '../../shared/config/faults.ts';
import type { CheckedConfiguration, Infrastructure } from '../../shared/config/load.ts';
import { declared } from '../../shared/infrastructure/declared.ts';
import { withFiles } from '../../shared/infrastructure/files.ts';
import { withIncludes } from '../../shared/infrastructure/includes.ts';
import type { Aws, Place } from '../../shared/infrastructure/kind.ts';
import type { LiveImages } from '../../shared/infrastructure/listings.ts';
import { lookAndPlan } from '../../shared/infrastructure/look.ts';
import { type PolicyDocument, policyFor } from '../../shared/infrastructure/permissions.ts';
import type { Plan } from '../../shared/infrastructure/plan.ts';
import { UnresolvedError } from '../../shared/infrastructure/references.ts';
import { retrying } from '../../shared/infrastructure/retrying.ts';
import { stackName } from '../../stack/names.ts';
import { identityOf } from '../account.ts';
import { clock } from '../answering.ts';
import type { Context } from '../command.ts';
import { type Connection, installationFrom } from '../connection.ts';
import { awsFailure, exitCode, Failure } from '../failure.ts';
import { unlessMissing } from './lock.ts';

/** What `plan` and `apply` work with: the file, where it applies, and AWS with the operator's own credentials. */
export interface Session {
  readonly configuration: CheckedConfiguration['configuration'];
  readonly connection: Connection;
  readonly place: Place;
  readonly aws: Aws;
  /** The IAM policy that the operator needs for a command. */
  policy(purpose: 'plan' | 'apply'): PolicyDocument;
  plan(options: { readonly firstImage?: string; readonly only?: readonly string[] }): Promise<Plan>;
}

type SessionContext = Pick<Context, 'file' | 'connect' | 'configuration' | 'ask' | 'around'>;

/** Throws a `Failure` that says what is wrong with the file, or with the connection. */
export async function openSession(context: SessionContext): Promise<Session> {
  const { file, connect, ask, around } = context;
  const path = await file();
  const { configuration, infrastructure } = await context.configuration();
  const connection = await connect(() => installationFrom(configuration));
  const place = await placeOf(connection, stackName(configuration));
  if (infrastructure === undefined) throw nothingDeclared(path);
  const source = readFiles(infrastructure.source, path);
  const aws = retrying(createRawCalls(connection.settings), sleep);
  return {
    configuration,
    connection,
    place,
    aws,
    policy: (purpose) =>
      policyFor(purpose, declared(source, { ...infrastructure, apps: configuration.apps, place }), place),
    plan: async (options) =>
      planned({
        ...options,
        infrastructure: { ...infrastructure, source },
        configuration,
        place,
        connection,
        aws,
        now: await clock(connection, around),
        liveImages: (app) => readLive(app, connection, ask),
      }),
  };
}

function readFiles(source: Infrastructure['source'], path: string): Infrastructure['source'] {
  const included = withIncludes(source, dirname(path));
  const read = withFiles(included.source, dirname(path));
  const faults = [...included.faults, ...read.faults];
  if (faults.length === 0) return read.source;
  const lines = faults.map((fault) => `  ${fault}`);
  throw new Failure(
    exitCode.failed,
    [`failed to read the files that ${shownFile(path)} names:`, ...lines].join('\n'),
  );
}

function nothingDeclared(path: string): Failure {
  return new Failure(
    exitCode.failed,
    `${shownFile(path)} declares no infrastructure: add "infrastructure", as \`fairway docs infrastructure\` describes`,
  );
}

/** What an app has live, and what a rollback returns to. Nothing where the functions are not deployed yet. */
async function readLive(app: string, connection: Connection, ask: Context['ask']): Promise<LiveImages> {
  const status = await unlessMissing(() => ask({ command: 'status', app }, connection));
  const live = status?.ok ? status.apps?.find((each) => each.app === app)?.live : undefined;
  if (live === undefined) return {};
  if (live.release === undefined) return { live: live.digest };
  const { release } = live;
  const shown = await ask({ command: 'show', app, release }, connection);
  const before = shown.ok ? shown.shown?.previous?.digest : undefined;
  return { live: live.digest, ...(before === undefined ? {} : { before }) };
}

interface Planning extends Pick<Session, 'configuration' | 'connection' | 'place' | 'aws'> {
  readonly now: number;
  readonly liveImages: (app: string) => Promise<LiveImages>;
  readonly infrastructure: Infrastructure;
  readonly firstImage?: string;
  readonly only?: readonly string[];
}

async function planned({
  infrastructure,
  configuration,
  connection,
  aws,
  ...wanted
}: Planning): Promise<Plan> {
  try {
    return await lookAndPlan({ ...infrastructure, ...wanted, apps: configuration.apps }, aws);
  } catch (error) {
    if (error instanceof UnresolvedError) throw new Failure(exitCode.failed, error.message, { cause: error });
    throw awsFailure(error, 'compare fairway.yml with AWS', connection.where);
  }
}

/** The account is that of the credentials. */
export async function placeOf(connection: Connection, installation: string): Promise<Place> {
  const { account, arn } = await identityOf(connection);
  const { region = '' } = connection.settings;
  return { partition: arn.split(':')[1] || 'aws', account, region, installation };
}
