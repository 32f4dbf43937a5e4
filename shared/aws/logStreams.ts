import {
  type CloudWatchLogsClient,
  GetLogEventsCommand,
  type GetLogEventsCommandOutput,
} from '@aws-sdk/client-cloudwatch-logs';
import { type LogPlace, logPlaces } from '../domain/logs.ts';
import { AwsFault, type Ecs } from '../ports.ts';
import { type Time, untilDeadline } from './clients.ts';
import { translated } from './faults.ts';

/** Log streams of tasks: which there are, and one page of one. */

/** Pages without a line that are passed over in looking for the last lines of a stream. */
const MOST_EMPTY = 4;
/** Containers of one run that are read: ten tasks may have ten containers each. */
const MOST_STREAMS = 20;
/** Events at the end of each stream, among which the line that says why is looked for. */
const LAST_EVENTS = 500;

/** There is no such stream. */
export const NOTHING = 'nothing';

export type Readable = Exclude<LogPlace, { elsewhere: string }>;

export interface Source extends Time {
  readonly client: () => Pick<CloudWatchLogsClient, 'send'>;
  readonly ecs: Pick<Ecs, 'taskDefinition'>;
  /** Region of the function, and of the client. */
  readonly region: string;
}

/** The streams that can be read, and where else containers log, in sentences. */
export async function placesOf(source: Source, revision: string, taskArns: readonly string[]) {
  const { taskDefinition } = await source.ecs.taskDefinition(revision);
  const places = taskArns.flatMap((taskArn) => logPlaces(taskDefinition, taskArn));
  const readable: Readable[] = [];
  const elsewhere: string[] = [];
  for (const place of places) {
    if ('elsewhere' in place) elsewhere.push(place.elsewhere);
    else if (place.region !== undefined && place.region !== source.region)
      elsewhere.push(`${place.container} logs to ${place.group} in ${place.region}`);
    else readable.push(place);
  }
  const left = readable.length - MOST_STREAMS;
  if (left > 0) elsewhere.push(`${left} more log streams are not shown: ${MOST_STREAMS} are at most`);
  return { readable: readable.slice(0, MOST_STREAMS), elsewhere };
}

/**
 * The end of a stream. A page may have no lines although there are some further back.
 * Source: CloudWatch Logs API, GetLogEvents.
 * @param calls how many calls are left for the whole request
 */
export async function lastPage(
  source: Source,
  place: Readable,
  calls: { left: number },
): Promise<GetLogEventsCommandOutput | string> {
  let nextToken: string | undefined;
  for (let empty = 0; ; empty += 1) {
    calls.left -= 1;
    const read = await pageOf(source, place, {
      limit: LAST_EVENTS,
      ...(nextToken !== undefined && { nextToken }),
    });
    if (typeof read === 'string' || (read.events ?? []).length > 0) return read;
    if (
      read.nextBackwardToken === undefined ||
      read.nextBackwardToken === nextToken ||
      empty >= MOST_EMPTY ||
      calls.left <= 0
    )
      return read;
    nextToken = read.nextBackwardToken;
  }
}

/** The lines, or why there are none, in a sentence. */
export async function pageOf(
  source: Source,
  place: Readable,
  page: { readonly limit: number; readonly startFromHead?: boolean; readonly nextToken?: string },
): Promise<GetLogEventsCommandOutput | string> {
  const command = new GetLogEventsCommand({
    logGroupName: place.group,
    logStreamName: place.stream,
    ...page,
  });
  try {
    return await translated('logs:GetLogEvents', () => source.client().send(command, untilDeadline(source)));
  } catch (error) {
    if (!(error instanceof AwsFault) || error.passing) throw error;
    // A container that never ran has no stream.
    if (error.code === 'ResourceNotFoundException') return NOTHING;
    const how = /AccessDenied|not authorized/.test(`${error.code} ${error.message}`)
      ? ': name it as `logGroup` in fairway.yml to see its last lines here'
      : ` (${error.message})`;
    return `${place.container} logs to ${place.group}${how}`;
  }
}
