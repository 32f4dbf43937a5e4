import { AwsError, type Clock, type JsonObject, type ServiceApi, type WriteLog } from '../contract.ts';
import { number, objects, page, present, required, text, texts } from '../ecs/read.ts';
import { type GroupSettings, groupOperations, newSettings } from './logGroups.ts';

interface LogLine {
  /** Epoch milliseconds, as CloudWatch Logs counts. */
  readonly timestamp: number;
  readonly message: string;
  readonly order: number;
}
type Group = Map<string, LogLine[]>;

/** Limits of a page of GetLogEvents. Source: CloudWatch Logs API reference, GetLogEvents. */
const MOST_LINES = 10_000;
const MOST_BYTES = 1_048_576;
/** Bytes per line in addition to its text. Source: CloudWatch Logs API reference, PutLogEvents. */
const FRAME = 26;

/**
 * Which lines GetLogEvents answers: the last ones, from the head, or those after or before a token. At the end of the
 * stream the same token comes back. Source: CloudWatch Logs API reference, GetLogEvents.
 */
function windowOf(
  input: JsonObject,
  lines: readonly Pick<LogLine, 'message'>[],
): { readonly from: number; readonly to: number } {
  const limit = number(input, 'limit') ?? MOST_LINES;
  if (limit < 1 || limit > MOST_LINES) throw notWithin(limit);
  const token = text(input, 'nextToken');
  const [, direction, position] = /^([fb])\/(\d+)$/.exec(token ?? '') ?? [];
  if (token !== undefined && position === undefined) {
    throw new AwsError('InvalidParameterException', 'The specified nextToken is invalid.');
  }
  const at = Math.min(Number(position), lines.length);
  if (direction === 'f') return { from: at, to: at + fitting(lines.slice(at, at + limit)) };
  if (direction === undefined && input.startFromHead === true)
    return { from: 0, to: fitting(lines.slice(0, limit)) };
  const to = direction === 'b' ? at : lines.length;
  return { from: to - fitting(lines.slice(Math.max(0, to - limit), to).toReversed()), to };
}

/** How many of the first lines fit on one page: at least one. */
function fitting(lines: readonly Pick<LogLine, 'message'>[]): number {
  let left = MOST_BYTES;
  const tooMany = lines.findIndex(({ message }, index) => {
    left -= Buffer.byteLength(message) + FRAME;
    return left < 0 && index > 0;
  });
  return tooMany === -1 ? lines.length : tooMany;
}

function notWithin(limit: number): AwsError {
  const bound = limit < 1 ? 'greater than or equal to 1' : `less than or equal to ${MOST_LINES}`;
  return new AwsError(
    'InvalidParameterException',
    `1 validation error detected: Value '${limit}' at 'limit' failed to satisfy constraint: Member must have value ${bound}`,
  );
}

/** The streams that FilterLogEvents reads. Throws for parameters that are not simulated. */
function streamsWanted(input: JsonObject): (stream: string) => boolean {
  const names = texts(input, 'logStreamNames');
  const prefix = text(input, 'logStreamNamePrefix');
  if (names.length > 0 && prefix !== undefined)
    throw new AwsError(
      'InvalidParameterException',
      'logStreamNames and logStreamNamePrefix exclude each other.',
    );
  if ((text(input, 'filterPattern') ?? '') !== '')
    throw new AwsError('InvalidParameterException', 'Filter patterns are not simulated by the local cloud.');
  if (names.length > 0) return (stream) => names.includes(stream);
  return (stream) => prefix === undefined || stream.startsWith(prefix);
}

/** CloudWatch Logs: groups, streams and lines, in memory. */
export function createLogs(clock: Clock, account: string, region: string) {
  const logs: LogsState = { clock, account, region, groups: new Map(), settings: new Map(), order: 0 };
  const write: WriteLog = (group, stream, message) =>
    add(logs, group, stream, Math.floor(clock.now()), message);
  const operations = {
    ...writing(logs),
    ...describing(logs),
    ...reading(logs),
    ...groupOperations({
      account,
      region,
      now: () => Math.floor(clock.now()),
      names: () => [...logs.groups.keys()],
      settings: logs.settings,
      existing: (input) => existingGroup(logs, input),
    }),
  };
  const api: ServiceApi = { service: 'logs', operations };
  return {
    api,
    write,
    open: (group: string, stream: string) => void open(logs, group, stream),
    createGroup: (name: string) => void createGroup(logs, name),
    /** Names and tags of the log groups. */
    tagged: () => [...logs.settings].map(([name, { tags }]) => ({ name, tags })),
    keep: () => ({ groups: logs.groups, settings: logs.settings, order: logs.order }),
    resume(kept: unknown) {
      const { groups, settings, order }: Pick<LogsState, 'groups' | 'order'> & Partial<LogsState> =
        Object(kept);
      for (const [name, group] of groups) logs.groups.set(name, group);
      for (const [name, each] of settings ?? []) logs.settings.set(name, each);
      logs.order = order;
    },
    reset() {
      logs.groups.clear();
      logs.settings.clear();
    },
  };
}

interface LogsState {
  readonly clock: Clock;
  readonly account: string;
  readonly region: string;
  readonly groups: Map<string, Group>;
  readonly settings: Map<string, GroupSettings>;
  /** Lines so far: orders those of the same millisecond. */
  order: number;
}

function writing(logs: LogsState): ServiceApi['operations'] {
  return {
    CreateLogGroup(input) {
      const name = required(input, 'logGroupName');
      if (logs.groups.has(name)) {
        throw new AwsError('ResourceAlreadyExistsException', 'The specified log group already exists');
      }
      createGroup(logs, name);
      logs.settings.set(name, newSettings(input, Math.floor(logs.clock.now())));
      return {};
    },
    CreateLogStream(input) {
      const streams = groupOf(logs, input);
      const name = required(input, 'logStreamName');
      if (streams.has(name)) {
        throw new AwsError('ResourceAlreadyExistsException', 'The specified log stream already exists');
      }
      streams.set(name, []);
      return {};
    },
    PutLogEvents(input) {
      const stream = streamOf(logs, input);
      const group = groupName(input);
      const lines = objects(input, 'logEvents').map((event) => ({
        timestamp: number(event, 'timestamp') ?? logs.clock.now(),
        message: required(event, 'message'),
      }));
      for (const { timestamp, message } of lines) add(logs, group, stream, timestamp, message);
      return {};
    },
  };
}

function describing(logs: LogsState): ServiceApi['operations'] {
  return {
    DescribeLogStreams(input) {
      const prefix = text(input, 'logStreamNamePrefix') ?? '';
      const streams = [...groupOf(logs, input)].filter(([name]) => name.startsWith(prefix));
      const { items, next } = page(streams, { ...input, maxResults: input.limit }, { usual: 50, most: 50 });
      const logStreams = items.map(([logStreamName, lines]) =>
        present({
          logStreamName,
          firstEventTimestamp: lines[0]?.timestamp,
          lastEventTimestamp: lines.at(-1)?.timestamp,
        }),
      );
      return { logStreams, ...next };
    },
  };
}

function reading(logs: LogsState): ServiceApi['operations'] {
  return {
    GetLogEvents(input) {
      const wanted = streamOf(logs, input);
      const lines = matching(input, groupOf(logs, input), (name) => name === wanted);
      const { from, to } = windowOf(input, lines);
      const events = lines
        .slice(from, to)
        .map(({ timestamp, message }) => ({ timestamp, message, ingestionTime: timestamp }));
      return { events, nextForwardToken: `f/${to}`, nextBackwardToken: `b/${from}` };
    },
    FilterLogEvents(input) {
      const lines = matching(input, groupOf(logs, input), streamsWanted(input));
      const { items, next } = page(
        lines,
        { ...input, maxResults: input.limit },
        { usual: 10_000, most: 10_000 },
      );
      const events = items.map(({ timestamp, message, logStreamName, order: id }) => ({
        timestamp,
        message,
        logStreamName,
        ingestionTime: timestamp,
        eventId: String(id),
      }));
      return { events, searchedLogStreams: [], ...next };
    },
  };
}

function add(logs: LogsState, group: string, stream: string, timestamp: number, message: string): void {
  logs.order += 1;
  open(logs, group, stream).push({ timestamp, message, order: logs.order });
}

/** The group of a request, given by name or by either form of its ARN. */
function groupName(input: JsonObject): string {
  const identifier = text(input, 'logGroupIdentifier') ?? required(input, 'logGroupName');
  return identifier.replace(/^arn:[^:]+:logs:[^:]*:[^:]*:log-group:/, '').replace(/:\*$/, '');
}

function existingGroup(logs: LogsState, input: JsonObject): string {
  groupOf(logs, input);
  return groupName(input);
}

function groupOf(logs: LogsState, input: JsonObject): Group {
  const found = logs.groups.get(groupName(input));
  if (found) return found;
  throw new AwsError('ResourceNotFoundException', 'The specified log group does not exist.');
}

function createGroup(logs: LogsState, name: string): Group {
  const group = logs.groups.get(name) ?? new Map<string, LogLine[]>();
  logs.groups.set(name, group);
  return group;
}

function open(logs: LogsState, group: string, stream: string): LogLine[] {
  const streams = createGroup(logs, group);
  const lines = streams.get(stream) ?? [];
  streams.set(stream, lines);
  return lines;
}

function streamOf(logs: LogsState, input: JsonObject): string {
  const name = required(input, 'logStreamName');
  if (groupOf(logs, input).has(name)) return name;
  throw new AwsError('ResourceNotFoundException', 'The specified log stream does not exist.');
}

function matching(input: JsonObject, streams: Group, isWanted: (stream: string) => boolean) {
  const from = number(input, 'startTime') ?? 0;
  const to = number(input, 'endTime') ?? Number.POSITIVE_INFINITY;
  return [...streams]
    .filter(([name]) => isWanted(name))
    .flatMap(([logStreamName, lines]) => lines.map((line) => ({ ...line, logStreamName })))
    .filter((line) => line.timestamp >= from && line.timestamp < to)
    .toSorted((a, b) => a.timestamp - b.timestamp || a.order - b.order);
}
