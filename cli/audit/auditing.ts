import { setTimeout as sleep } from 'node:timers/promises';
import { type Judged, judge } from '../../shared/audit/accepting.ts';
import { findingsOf } from '../../shared/audit/findings.ts';
import { paced } from '../../shared/audit/read/pacing.ts';
import { readWorkloads } from '../../shared/audit/read/workloads.ts';
import { createRawCalls } from '../../shared/aws/rawCalls.ts';
import { retrying } from '../../shared/infrastructure/retrying.ts';
import type { Context } from '../command.ts';
import { installationFrom } from '../connection.ts';
import { awsFailure, exitCode, Failure } from '../failure.ts';

/** The audit with the operator's own credentials. */

export interface Audited extends Judged {
  /** Services and tasks that were checked. */
  readonly checked: number;
  readonly notes: readonly string[];
}

/** @param name the app; absent: all apps */
export async function auditWith(
  name: string | undefined,
  { around, connect, configuration: read }: Context,
): Promise<Audited> {
  const { configuration } = await read();
  const apps = configuration.apps.filter((app) => name === undefined || app.name === name);
  if (apps.length === 0) throw new Failure(exitCode.failed, `fairway.yml has no app ${name}: check its name`);
  const connection = await connect(() => installationFrom(configuration));
  const time = { now: () => performance.now(), sleep };
  const aws = retrying(paced(createRawCalls(connection.settings), time), sleep);
  const now = around.now();
  try {
    const { workloads, notes } = await readWorkloads(
      { apps, environment: configuration.environment, now },
      aws,
    );
    const accepted = (configuration.audit?.accepted ?? []).filter(
      ({ app }) => name === undefined || app === undefined || app === name,
    );
    return { ...judge(findingsOf(workloads), accepted, now), checked: workloads.length, notes };
  } catch (error) {
    throw awsFailure(error, 'audit what runs', connection.where);
  }
}
