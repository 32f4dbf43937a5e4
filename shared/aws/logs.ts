import { CloudWatchLogsClient, type GetLogEventsCommandOutput } from '@aws-sdk/client-cloudwatch-logs';
import { clip } from '../domain/bounds.ts';
import { excerptOf } from '../domain/logs/excerpt.ts';
import type { Written } from '../domain/logs/read.ts';
import type { LogLine, LogTail } from '../domain/logs.ts';
import { maskBelow } from '../domain/redaction/lines.ts';
import { maskKeyLines } from '../domain/redaction/pem.ts';
import type { LogPage, Logs } from '../ports.ts';
import { CLIENT_OPTIONS } from './clients.ts';
import { lastPage, NOTHING, pageOf, placesOf, type Readable, type Source } from './logStreams.ts';

/** Characters of a line that is shown. */
const LONGEST_LINE = 300;
/** Lines that are read of each stream at a time. CloudWatch ends a page at 1 MB. Source: API GetLogEvents. */
const PAGE = 2_000;
/**
 * Bytes of JSON after which no further stream is read: with one page more it is still below the 6 MB that a function
 * may answer. Source: Lambda quotas, invocation payload.
 */
const ENOUGH = 2_000_000;
/** Bytes of a page that CloudWatch will have cut short: it adds 26 for each line. */
const FULL = 700_000;
/** Tasks whose last lines are looked for, where those before them wrote none. */
const MOST_TASKS = 3;
/** Calls of GetLogEvents for one tail, whatever the number of tasks and containers. */
const MOST_CALLS = 24;

interface LogSource extends Source {
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
  client: Source['client'],
  ecs: Source['ecs'],
  options: Omit<LogSource, 'client' | 'ecs'>,
): Logs {
  const source: LogSource = { ...options, client, ecs };
  return {
    tail: (revision, taskArns, blamed) => tail(source, revision, taskArns, blamed),
    since: (revision, taskArns, cursor) => since(source, revision, taskArns, cursor),
  };
}

/** The last lines of the first task that wrote any. */
async function tail(
  source: LogSource,
  revision: string,
  taskArns: readonly string[],
  blamed?: string,
): Promise<LogTail> {
  const elsewhere: string[] = [];
  const calls = { left: MOST_CALLS };
  for (const taskArn of taskArns.slice(0, MOST_TASKS)) {
    const found = await tailOf(source, revision, taskArn, calls, blamed);
    elsewhere.push(...found.elsewhere);
    if (found.lines.length > 0) return { ...found, elsewhere: unique(elsewhere) };
  }
  return { lines: [], elsewhere: unique(elsewhere) };
}

async function tailOf(
  source: LogSource,
  revision: string,
  taskArn: string,
  calls: { left: number },
  blamed?: string,
): Promise<LogTail> {
  const written: Written[] = [];
  const { readable, elsewhere } = await placesOf(source, revision, [taskArn]);
  // The log that matters most is read before the calls are used up.
  const isOther = ({ container }: Readable) => Number(container !== blamed);
  for (const place of readable.toSorted((a, b) => isOther(a) - isOther(b))) {
    const read =
      calls.left > 0 ? await lastPage(source, place, calls) : `the log of ${place.container} was not read`;
    if (read === NOTHING) continue;
    if (typeof read === 'string') elsewhere.push(read);
    else written.push({ container: place.container, events: eventsOf(read) });
  }
  const { lines, keyLines } = excerptOf(written, source.mask, blamed);
  return { lines: lines.map(cut), elsewhere, keyLines: keyLines.map(cut) };
}

/** What the tasks have written since the cursor. */
async function since(
  source: LogSource,
  revision: string,
  taskArns: readonly string[],
  cursor: string | undefined,
): Promise<LogPage> {
  const positions = parseCursor(cursor);
  const lines: LogLine[] = [];
  const silent: string[] = [];
  const { readable, elsewhere } = await placesOf(source, revision, taskArns);
  let more = false;
  let dry = true;
  let bytes = 0;
  for (const place of readable) {
    if (bytes > ENOUGH) {
      more = true;
      break;
    }
    const nextToken = positions[place.stream];
    const read = await pageOf(source, place, {
      limit: PAGE,
      startFromHead: true,
      ...(nextToken && { nextToken }),
    });
    if (read === NOTHING) silent.push(`${place.container} has written nothing to ${place.group}`);
    else if (typeof read === 'string') elsewhere.push(read);
    if (typeof read === 'string') continue;
    const found = linesOf(place, read, source.mask).map((line) => ({ ...line, task: taskOf(place) }));
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
}

/** The lines of a page. */
function linesOf(
  { container }: Readable,
  read: GetLogEventsCommandOutput,
  mask: LogSource['mask'],
): LogLine[] {
  const events = eventsOf(read);
  const texts = events.map(({ text }, index) => maskBelow(events[index - 1]?.text, text, mask));
  // A private key may go over several lines.
  return maskKeyLines(texts).map((text, index) => ({ at: events[index]?.at ?? 0, container, text }));
}

function eventsOf({ events = [] }: GetLogEventsCommandOutput): Written['events'] {
  return events.map(({ timestamp = 0, message = '' }) => ({ at: timestamp, text: message.trimEnd() }));
}

function cut<Text extends { readonly text: string }>(line: Text): Text {
  return { ...line, text: clip(line.text, LONGEST_LINE) };
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
