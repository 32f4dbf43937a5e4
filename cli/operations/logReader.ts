import { maskBelow } from '../../shared/domain/redaction/lines.ts';
import { maskKeyLines } from '../../shared/domain/redaction/pem.ts';
import { redact } from '../../shared/domain/redaction/redact.ts';
import { type JsonObject, textAt } from '../../shared/infrastructure/json.ts';
import type { Aws } from '../../shared/infrastructure/kind.ts';
import { pages, unless } from '../../shared/infrastructure/reading.ts';
import type { LogSource } from './logSources.ts';

/** Lines of containers, by time, without secrets. */

export interface Line {
  /** Epoch milliseconds. */
  readonly at: number;
  readonly container: string;
  readonly task: string;
  readonly text: string;
}

/** CloudWatch may show a line after a later one of another stream: as far back as this is read again. */
const OVERLAP = 15_000;
/** Lines before the new ones of a stream, by which a private key over several lines is recognized. */
const CONTEXT = 60;

interface Entry {
  readonly id: string;
  readonly at: number;
  readonly stream: string;
  readonly text: string;
}

/**
 * Reads what containers wrote since a time, and with each call what came since the last one.
 * @param since epoch milliseconds
 */
export function createLogReader(sources: readonly LogSource[], aws: Aws, since: number) {
  const seen = new Map<string, number>();
  const written = new Map<string, readonly string[]>();
  let from = since;

  /** New lines, oldest first. */
  return async (): Promise<readonly Line[]> => {
    const read = await Promise.all(
      sources.map(async (source) => {
        const entries = (await entriesOf(source, aws, from)).filter(({ id }) => !seen.has(id));
        return { source, entries };
      }),
    );
    for (const { id, at } of read.flatMap(({ entries }) => entries)) seen.set(id, at);
    from = Math.max(from, Math.max(since, ...seen.values()) - OVERLAP);
    for (const [id, at] of seen) if (at < from) seen.delete(id);
    return read
      .flatMap(({ source, entries }) => linesOf(source, entries, written))
      .toSorted((a, b) => a.at - b.at);
  };
}

async function entriesOf(
  { group, prefix }: LogSource,
  aws: Aws,
  startTime: number,
): Promise<readonly Entry[]> {
  const input = { logGroupName: group, logStreamNamePrefix: prefix, startTime };
  const events = await unless(
    'ResourceNotFoundException',
    pages(aws, 'logs', 'FilterLogEvents', input, 'events'),
  );
  return (events ?? []).map(entryOf);
}

function entryOf(event: JsonObject): Entry {
  const stream = textAt(event, 'logStreamName') ?? '';
  return {
    id: `${stream} ${textAt(event, 'eventId') ?? ''}`,
    at: Number(event.timestamp ?? 0),
    stream,
    text: (textAt(event, 'message') ?? '').trimEnd(),
  };
}

/** Masked stream by stream: a secret may begin in the line before. */
function linesOf(
  { container }: LogSource,
  entries: readonly Entry[],
  written: Map<string, readonly string[]>,
): readonly Line[] {
  const streams = [...new Set(entries.map(({ stream }) => stream))];
  return streams.flatMap((stream) => {
    const mine = entries.filter((entry) => entry.stream === stream);
    const before = written.get(stream) ?? [];
    const texts = [...before, ...mine.map(({ text }) => text)];
    written.set(stream, texts.slice(-CONTEXT));
    const masked = maskKeyLines(texts.map((text, index) => maskBelow(texts[index - 1], text, redact)));
    const task = stream.slice(stream.lastIndexOf('/') + 1);
    return mine.map(({ at }, index) => ({ at, container, task, text: masked[before.length + index] ?? '' }));
  });
}
