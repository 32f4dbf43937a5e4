import { setTimeout as sleep } from 'node:timers/promises';
import { createRawCalls } from '../../shared/aws/rawCalls.ts';
import { shownFile } from '../../shared/config/faults.ts';
import type { App } from '../../shared/domain/app.ts';
import { nearestOf } from '../../shared/domain/nearest.ts';
import { stackName } from '../../shared/domain/stackName.ts';
import type { Aws } from '../../shared/infrastructure/kind.ts';
import { retrying } from '../../shared/infrastructure/retrying.ts';
import type { Context } from '../command.ts';
import { type Connection, installationFrom } from '../connection.ts';
import { awsFailure, exitCode, Failure } from '../failure.ts';
import { styleFor } from '../style.ts';
import { print } from '../surroundings.ts';

/** An app of the file, and AWS with the operator's own credentials. */
export interface OpenedApp {
  readonly app: App;
  /** The name of Fairway's stack. */
  readonly stack: string;
  readonly connection: Connection;
  /** Repeats what was throttled. */
  readonly aws: Aws;
  /** Makes each call once. */
  readonly awsOnce: Aws;
}

/** Throws a `Failure` where the file has no such app. */
export async function openApp(
  name: string,
  { file, configuration: read, connect }: Pick<Context, 'file' | 'configuration' | 'connect'>,
): Promise<OpenedApp> {
  const path = await file();
  const { configuration } = await read();
  const app = configuration.apps.find((one) => one.name === name);
  if (app === undefined) throw unknownApp(name, path, configuration.apps);
  const connection = await connect(() => installationFrom(configuration));
  const awsOnce = createRawCalls(connection.settings);
  return { app, stack: stackName(configuration), connection, aws: retrying(awsOnce, sleep), awsOnce };
}

function unknownApp(name: string, path: string, apps: readonly App[]): Failure {
  const names = apps.map((app) => app.name);
  const nearest = nearestOf(name, names);
  const hint = nearest === undefined ? `it has ${names.join(', ')}` : `did you mean ${nearest}?`;
  return new Failure(exitCode.failed, `${shownFile(path)} has no app ${name}: ${hint}`);
}

/** Says beside the answer what was called, and with whose credentials. */
export function reportCalls(calls: readonly string[], { where }: Connection, { around }: Context): void {
  const style = styleFor(around.err.isTTY ?? false, around.env);
  print(around.err, style.dim(`Your own credentials, ${where}: ${calls.join(', ')}`));
}

/** The result of calls of AWS. Throws a `Failure` that says what was attempted. */
export async function attempting<Result>(
  doing: string,
  { where }: Connection,
  act: () => Promise<Result>,
): Promise<Result> {
  try {
    return await act();
  } catch (error) {
    throw awsFailure(error, doing, where);
  }
}
