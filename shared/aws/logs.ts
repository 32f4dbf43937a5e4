import {
  CloudWatchLogsClient,
  GetLogEventsCommand,
  type GetLogEventsCommandOutput,
} from '@aws-sdk/client-cloudwatch-logs';
import { clip } from '../domain/bounds.ts';
import { excerptOf } from '../domain/logs/excerpt.ts';
import type { Written } from '../domain/logs/read.ts';
import { type LogLine, type LogPlace, type LogTail, logPlaces } from '../domain/logs.ts';
import { maskBelow } from '../domain/redaction/lines.ts';
import { maskKeyLines } from '../domain/redaction/pem.ts';
import { AwsFault, type Ecs, type Logs } from '../ports.ts';
import { CLIENT_OPTIONS, type Time, untilDeadline } from './clients.ts';
import { translated } from './faults.ts';

/** Events of each stream among which the line that says why is looked for, and characters of a line that is shown. */
const TAIL = { events: 500, characters: 300 };
/** Lines that are read of each stream at a time. CloudWatch ends a page at 1 MB. Source: API GetLogEvents. */
const PAGE = 2_000;
/**
 * Bytes of JSON after which no further stream is read: with one page more it is still below the 6 MB that a function
 * may answer. Source: Lambda quotas, invocation payload.
 */
const ENOUGH = 2_000_000;
/** Bytes of a page that CloudWatch will have cut short: it adds 26 for each line. */
const FULL = 700_000;
/** Pages without a line that are passed over in looking for the last lines of a stream. */
const MOST_EMPTY = 4;
/** Tasks whose last lines are looked for, where those before them wrote none. */
const MOST_TASKS = 3;
/** Calls of GetLogEvents for one tail, whatever the number of tasks and containers. */
const MOST_CALLS = 24;
/** Containers of one run that are read: ten tasks may have ten containers each. */
const MOST_STREAMS = 20;

/** There is no such stream. */
const NOTHING = 'nothing';

type Readable = Exclude<LogPlace, { elsewhere: string }>;

interface LogsOptions extends Time {
  /** Region of the function, and of the client. */
  readonly region: string;
  /** Masks what looks like a secret. */
  readonly mask: (text: string) => string;
}

let shared: CloudWatchLogsClient | undefined;

/** Made when it is first needed: most invocations read no logs. */
export function logsClient(): CloudWatchLogsClient {
  shared ??= new CloudWatchLogsClient(CLIENT_OPTIONS);
  return shared;
}

/** The Logs port over CloudWatch Logs: what `awslogs` of the containers sent there. */
export function createLogs(
  client: () => Pick<CloudWatchLogsClient, 'send'>,
  ecs: Pick<Ecs, 'taskDefinition'>,
  options: LogsOptions,
): Logs {
  return {
    async tail(revision, taskArns, blamed) {
      const elsewhere: string[] = [];
      const calls = { left: MOST_CALLS };
      for (const taskArn of taskArns.slice(0, MOST_TASKS)) {
        const found = await tailOf(revision, taskArn, calls, blamed);
        elsewhere.push(...found.elsewhere);
        if (found.lines.length > 0) return { ...found, elsewhere: unique(elsewhere) };
      }
      return { lines: [], elsewhere: unique(elsewhere) };
    },

    async since(revision, taskArns, cursor) {
      const positions = parseCursor(cursor);
      const lines: LogLine[] = [];
      const silent: string[] = [];
      const { readable, elsewhere } = await placesOf(revision, taskArns);
      let more = false;
      let dry = true;
      let bytes = 0;
      for (const place of readable) {
        if (bytes > ENOUGH) {
          more = true;
          break;
        }
        const nextToken = positions[place.stream];
        const read = await readOr(place, {
          limit: PAGE,
          startFromHead: true,
          ...(nextToken && { nextToken }),
        });
        if (read === NOTHING) silent.push(`${place.container} has written nothing to ${place.group}`);
        else if (typeof read === 'string') elsewhere.push(read);
        if (typeof read === 'string') continue;
        const found = linesOf(place, read).map((line) => ({ ...line, task: taskOf(place) }));
        const size = Buffer.byteLength(JSON.stringify(found));
        lines.push(...found);
        bytes += size;
        const atEnd = isAtEnd(read, nextToken);
        dry &&= atEnd;
        more ||=
          !atEnd && ((found.length === 0 && nextToken !== undefined) || found.length >= PAGE || size > FULL);
        if (read.nextForwardToken) positions[place.stream] = read.nextForwardToken;
      }
      const next = Buffer.from(JSON.stringify(positions)).toString('base64url');
      return {
        lines: byTime(lines),
        elsewhere: unique(elsewhere),
        silent: unique(silent),
        cursor: next,
        more,
        dry: dry && !more,
      };
    },
  };

  async function tailOf(
    revision: string,
    taskArn: string,
    calls: { left: number },
    blamed?: string,
  ): Promise<LogTail> {
    const written: Written[] = [];
    const { readable, elsewhere } = await placesOf(revision, [taskArn]);
    // The log that matters most is read before the calls are used up.
    const isOther = ({ container }: Readable) => Number(container !== blamed);
    for (const place of readable.toSorted((a, b) => isOther(a) - isOther(b))) {
      const read =
        calls.left > 0 ? await lastPage(place, calls) : `the log of ${place.container} was not read`;
      if (read === NOTHING) continue;
      if (typeof read === 'string') elsewhere.push(read);
      else written.push({ container: place.container, events: eventsOf(read) });
    }
    const { lines, keyLines } = excerptOf(written, options.mask, blamed);
    return { lines: lines.map(cut), elsewhere, keyLines: keyLines.map(cut) };
  }

  async function placesOf(revision: string, taskArns: readonly string[]) {
    const { taskDefinition } = await ecs.taskDefinition(revision);
    const places = taskArns.flatMap((taskArn) => logPlaces(taskDefinition, taskArn));
    const readable: Readable[] = [];
    const elsewhere: string[] = [];
    for (const place of places) {
      if ('elsewhere' in place) elsewhere.push(place.elsewhere);
      else if (place.region !== undefined && place.region !== options.region)
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
   */
  async function lastPage(
    place: Readable,
    calls: { left: number },
  ): Promise<GetLogEventsCommandOutput | string> {
    let nextToken: string | undefined;
    for (let empty = 0; ; empty += 1) {
      calls.left -= 1;
      const read = await readOr(place, { limit: TAIL.events, ...(nextToken !== undefined && { nextToken }) });
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
  async function readOr(
    place: Readable,
    page: { readonly limit: number; readonly startFromHead?: boolean; readonly nextToken?: string },
  ): Promise<GetLogEventsCommandOutput | string> {
    const command = new GetLogEventsCommand({
      logGroupName: place.group,
      logStreamName: place.stream,
      ...page,
    });
    try {
      return await translated('logs:GetLogEvents', () => client().send(command, untilDeadline(options)));
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

  /** The lines of a page. */
  function linesOf({ container }: Readable, read: GetLogEventsCommandOutput): LogLine[] {
    const events = eventsOf(read);
    const texts = events.map(({ text }, index) => maskBelow(events[index - 1]?.text, text, options.mask));
    // A private key may go over several lines.
    return maskKeyLines(texts).map((text, index) => ({ at: events[index]?.at ?? 0, container, text }));
  }
}

function eventsOf({ events = [] }: GetLogEventsCommandOutput): Written['events'] {
  return events.map(({ timestamp = 0, message = '' }) => ({ at: timestamp, text: message.trimEnd() }));
}

function cut<Text extends { readonly text: string }>(line: Text): Text {
  return { ...line, text: clip(line.text, TAIL.characters) };
}

function byTime(lines: readonly LogLine[]): LogLine[] {
  return lines.toSorted((a, b) => a.at - b.at);
}

/**
 * At the end of a stream the token that was sent comes back; a page may be empty although more follows. A first page
 * does not know: it was requested without a token. Source: CloudWatch Logs API reference, GetLogEvents.
 */
function isAtEnd({ nextForwardToken }: GetLogEventsCommandOutput, sent: string | undefined): boolean {
  return nextForwardToken === undefined || nextForwardToken === sent;
}

/** `prefix/container/task id`. */
function taskOf({ stream }: Readable): string {
  return stream.slice(stream.lastIndexOf('/') + 1);
}

function unique(sentences: readonly string[]): LogTail['elsewhere'] {
  return [...new Set(sentences)];
}

/** Where each stream was read to. A cursor that cannot be read begins anew. */
function parseCursor(cursor: string | undefined): Record<string, string> {
  if (cursor === undefined) return {};
  try {
    const positions: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString());
    return Object.fromEntries(
      Object.entries(Object(positions)).filter(
        (entry): entry is [string, string] => typeof entry[1] === 'string',
      ),
    );
  } catch {
    return {};
  }
}
