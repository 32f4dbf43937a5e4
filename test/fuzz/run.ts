import type { Cloud } from '../../local/cloud.ts';
import type { HttpRequest, HttpResponse } from '../../local/front/http.ts';
import { createDice } from '../simulation/dice.ts';
import { violationOf } from './judge.ts';
import { nextShot } from './kinds.ts';
import { seed as plant } from './seed.ts';
import { shorter } from './shorter.ts';
import type { Shot, Target } from './shot.ts';
import { sendOverSocket } from './socket.ts';
import type { Watchdog } from './watchdog.ts';

export interface Violation {
  readonly number: number;
  readonly kind: string;
  readonly what: string;
  /** The request, as short as it still does it. */
  readonly request: HttpRequest;
}

export interface Report {
  readonly requests: number;
  readonly overSocket: number;
  readonly seconds: number;
  readonly kinds: ReadonlyMap<string, number>;
  readonly statuses: ReadonlyMap<number, number>;
  /** Operations that succeeded at least once, and those that never did. */
  readonly succeeded: readonly string[];
  readonly never: readonly string[];
  readonly violations: readonly Violation[];
}

/** No answer takes this long, in milliseconds. */
const LONGEST = 10_000;
/** State grows; now and then all begins anew. */
const AGAIN_EVERY = 2_000;
/** Every so many requests goes through a socket. */
const SOCKET_EVERY = 25;
const MOST_VIOLATIONS = 20;

/** Sends `requests` requests that come from the seed alone, and judges each answer. */
export async function fuzz(
  cloud: Cloud,
  requests: number,
  seed: number,
  watchdog?: Watchdog,
): Promise<Report> {
  const dice = createDice(seed);
  const targets = targetsOf(cloud);
  const kinds = new Map<string, number>();
  const statuses = new Map<number, number>();
  const violations: Violation[] = [];
  const told = new Set<string>();
  const succeeded = new Set<string>();
  const lost: string[] = [];
  const onLost = (error: unknown) =>
    void lost.push(error instanceof Error ? (error.stack ?? '') : String(error));
  process.on('unhandledRejection', onLost);
  process.on('uncaughtException', onLost);
  const started = Date.now();
  let overSocket = 0;
  let number = 0;
  for (; number < requests && violations.length < MOST_VIOLATIONS; number += 1) {
    if (number % AGAIN_EVERY === 0) await plant(cloud);
    const shot = nextShot(dice, targets);
    const { method, path, headers, body } = shot.request;
    watchdog?.watch(
      number,
      `${method} ${path} ${headers['x-amz-target'] ?? ''}\n${body.subarray(0, 4_000).toString()}`,
    );
    const bySocket = shot.socket === true || number % SOCKET_EVERY === 0;
    if (bySocket) overSocket += 1;
    const send = bySocket ? sendOverSocket(cloud.url) : cloud.answer;
    const response = await within(send, shot.request);
    const what =
      lost.length > 0 ? `it was thrown away: ${lost.splice(0).join('\n')}` : judged(shot, response);
    count(kinds, shot.kind);
    if (typeof response === 'object' && 'status' in response && response.status < 300 && shot.target)
      succeeded.add(nameOf(shot.target));
    if (typeof response === 'object' && 'status' in response) count(statuses, response.status);
    if (what === undefined || told.has(shapeOf(what))) continue;
    told.add(shapeOf(what));
    const request =
      response === 'late' || shot.socket
        ? shot.request
        : await shorter(
            shot,
            async (other) => judged(other, await within(cloud.answer, other.request)) !== undefined,
          );
    lost.length = 0;
    violations.push({ number, kind: shot.kind, what, request });
  }
  process.off('unhandledRejection', onLost);
  process.off('uncaughtException', onLost);
  return {
    requests: number,
    overSocket,
    seconds: (Date.now() - started) / 1000,
    kinds,
    statuses,
    succeeded: [...succeeded],
    never: targets.map(nameOf).filter((name) => !succeeded.has(name)),
    violations,
  };
}

type Outcome = HttpResponse | undefined | 'late' | Error;

function judged(shot: Shot, outcome: Outcome): string | undefined {
  if (outcome === 'late') return `no answer within ${LONGEST / 1000} s`;
  if (outcome instanceof Error) return `it threw: ${outcome.stack ?? outcome.message}`;
  return violationOf(shot, outcome);
}

async function within(
  send: (request: HttpRequest) => Promise<HttpResponse | undefined>,
  request: HttpRequest,
): Promise<Outcome> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<'late'>((resolve) => {
    timer = setTimeout(() => resolve('late'), LONGEST);
  });
  try {
    return await Promise.race([send(request), late]);
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  } finally {
    clearTimeout(timer);
  }
}

function nameOf({ service, operation }: Target): string {
  return `${service}:${operation}`;
}

/** Violations that differ only in names and numbers are reported once. */
function shapeOf(what: string): string {
  return what.replaceAll(/\d+|[0-9a-f]{8,}/g, 'N').slice(0, 120);
}

function count<Key>(counts: Map<Key, number>, key: Key): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}

/** Operations of the table server are few next to ECS's, and slow: each service has the same share. */
function targetsOf(cloud: Cloud): readonly [Target, ...Target[]] {
  const all = cloud.apis.flatMap(({ service, operations }) =>
    Object.keys(operations).map((operation) => ({ service, operation })),
  );
  const tables = ['GetItem', 'PutItem', 'UpdateItem', 'Query', 'DeleteItem'].map((operation) => ({
    service: 'dynamodb',
    operation,
  }));
  const [first, ...rest] = [...all, ...tables];
  if (!first) throw new Error('nothing is simulated');
  return [first, ...rest];
}
