import type { AlarmState, Metrics } from '../autoscaling/model.ts';
import { parseBehaviour } from '../behaviour.ts';
import type { Behaviour, CallRecord, Json } from '../contract.ts';
import { parseDuration } from '../duration.ts';
import type { PushRequest } from '../ecr/push.ts';
import type { FindingsRequest } from '../ecr/scans.ts';
import type { Disputed } from '../ecs/disputed.ts';
import type { Fault } from '../front/faults.ts';
import type { HttpRequest, HttpResponse } from '../front/http.ts';
import type { HookRule } from '../hookAnswers.ts';
import { parseJson } from '../json.ts';
import type { Quotas } from '../quotas/quotas.ts';
import {
  alarmRequest,
  disputedRequest,
  findingsRequest,
  hookRule,
  type KnownNames,
  metricsRequest,
  parseClock,
  parseFault,
  parseRequest,
  pushRequest,
  quotasRequest,
  resetRequest,
  updateRequest,
} from './requests.ts';

interface ControlOptions {
  readonly ready: () => boolean;
  readonly clock: () => { readonly now: string; readonly speed: number | 'max'; readonly idle: boolean };
  readonly setSpeed: (speed: number | 'max') => void;
  /** Milliseconds. */
  readonly advance: (span: number) => Promise<void>;
  readonly push: (request: PushRequest) => string;
  readonly behaviours: OnOrder<Behaviour>;
  readonly faults: OnOrder<Fault>;
  readonly quotas: Pick<Quotas, 'enforce' | 'enforced'>;
  /** The names that faults accept. */
  readonly known: KnownNames;
  /** Sets the metrics of a service. */
  readonly setMetrics: (cluster: string, service: string, metrics: Metrics) => void;
  readonly hooks: OnOrder<HookRule>;
  readonly setAlarm: (alarm: AlarmState) => void;
  /** What the scan of an image found. */
  readonly setFindings: (request: FindingsRequest) => void;
  readonly setDisputed: (changes: Partial<Disputed>) => void;
  readonly messages: () => readonly Json[];
  readonly calls: () => readonly CallRecord[];
  readonly invocations: () => readonly Json[];
  readonly reset: (keepWarm: boolean) => Promise<void>;
  /** Replaces functions by those of another package; answers their names. */
  readonly update: (
    directory: string,
    functions: readonly string[] | undefined,
  ) => Promise<readonly string[]>;
}

/** The active ones, oldest first. */
interface OnOrder<Order> {
  add(order: Order): void;
  list(): readonly Order[];
  reset(): void;
}

/** The control endpoints below `/_local/`: JSON over HTTP. */
export function createControl(options: ControlOptions) {
  const routes = routesOf(options);
  return async (request: HttpRequest): Promise<HttpResponse> => {
    const url = new URL(request.path, 'http://local');
    const name = url.pathname.slice('/_local/'.length);
    try {
      if (request.method === 'GET' && name === 'ready')
        return json(options.ready() ? 200 : 503, { ready: options.ready() });
      const route = routes.get(`${request.method} ${name}`);
      if (!route) return json(404, { error: `there is no ${request.method} /_local/${name}` });
      return json(200, (await route(request.body, url)) ?? {});
    } catch (error) {
      return json(400, { error: error instanceof Error ? error.message : String(error) });
    }
  };
}

/** Answers a request; without a value, with an empty object. */
type Route = (body: Buffer, url: URL) => unknown;

function routesOf(options: ControlOptions): ReadonlyMap<string, Route> {
  const { behaviours, faults, hooks, known, quotas } = options;
  return new Map<string, Route>([
    ['GET clock', () => options.clock()],
    ['POST clock', (body) => changeClock(options, body)],
    [
      'POST push',
      (body) => ({ digest: options.push(withoutUndefined(parseRequest(pushRequest, read(body)))) }),
    ],
    ['POST behaviours', (body) => behaviours.add(parseBehaviour(read(body)))],
    ['GET behaviours', () => behaviours.list()],
    ['DELETE behaviours', () => behaviours.reset()],
    ['POST faults', (body) => faults.add(withoutUndefined(parseFault(read(body), known)))],
    ['GET faults', () => faults.list()],
    ['DELETE faults', () => faults.reset()],
    ['GET quotas', () => ({ ecs: quotas.enforced() })],
    ['POST quotas', (body) => changeQuotas(options, body)],
    ['POST metrics', (body) => setMetrics(options, body)],
    ['POST alarms', (body) => setAlarm(options, body)],
    [
      'POST findings',
      (body) => options.setFindings(withoutUndefined(parseRequest(findingsRequest, read(body)))),
    ],
    ['POST hooks', (body) => hooks.add(parseRequest(hookRule, read(body)))],
    ['GET hooks', () => hooks.list()],
    ['DELETE hooks', () => hooks.reset()],
    [
      'POST disputed',
      (body) => options.setDisputed(withoutUndefined(parseRequest(disputedRequest, read(body)))),
    ],
    ['GET messages', () => options.messages()],
    ['GET calls', (_, url) => callsAfter(options, url)],
    ['GET invocations', () => options.invocations()],
    ['POST reset', (body) => reset(options, body)],
    ['POST update', (body) => update(options, body)],
  ]);
}

async function changeClock({ setSpeed, advance, clock }: ControlOptions, body: Buffer): Promise<unknown> {
  const request = parseClock(read(body));
  if ('speed' in request) setSpeed(request.speed);
  else await advance(parseDuration(request.advance));
  return clock();
}

function changeQuotas({ quotas }: ControlOptions, body: Buffer): unknown {
  quotas.enforce(parseRequest(quotasRequest, read(body)).ecs);
  return { ecs: quotas.enforced() };
}

function setMetrics(options: ControlOptions, body: Buffer): void {
  const { cluster, service, ...metrics } = parseRequest(metricsRequest, read(body));
  options.setMetrics(cluster, service, withoutUndefined(metrics));
}

function setAlarm(options: ControlOptions, body: Buffer): void {
  const { name, state, policies, breach = 0 } = parseRequest(alarmRequest, read(body));
  options.setAlarm({ name, breach, rings: state === 'ALARM', ...(policies && { policies }) });
}

function callsAfter(options: ControlOptions, url: URL): readonly CallRecord[] {
  const after = Number(url.searchParams.get('after') ?? 0);
  if (!Number.isInteger(after) || after < 0) throw new Error('after: expected a number of calls');
  return options.calls().slice(after);
}

async function reset(options: ControlOptions, body: Buffer): Promise<void> {
  const { keepWarm = false } = body.length === 0 ? {} : parseRequest(resetRequest, read(body));
  await options.reset(keepWarm);
}

async function update(options: ControlOptions, body: Buffer): Promise<unknown> {
  const request = parseRequest(updateRequest, read(body));
  return { functions: await options.update(request.package, request.functions) };
}

function read(body: Buffer): unknown {
  try {
    return parseJson(body.toString());
  } catch {
    throw new Error('the body is not JSON');
  }
}

/** Optional fields that were not sent are absent, not undefined. */
function withoutUndefined<T extends object>(value: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return JSON.parse(JSON.stringify(value));
}

function json(status: number, body: unknown): HttpResponse {
  return { status, headers: { 'content-type': 'application/json' }, body: `${JSON.stringify(body)}\n` };
}
