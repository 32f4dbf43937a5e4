import type { Metrics } from '../autoscaling/model.ts';
import { parseBehaviour } from '../behaviour.ts';
import type { Behaviour, CallRecord, Json } from '../contract.ts';
import { parseDuration } from '../duration.ts';
import type { PushRequest } from '../ecr/push.ts';
import type { Fault } from '../front/faults.ts';
import type { HttpRequest, HttpResponse } from '../front/http.ts';
import { parseJson } from '../json.ts';
import {
  type KnownNames,
  metricsRequest,
  parseClock,
  parseFault,
  parseRequest,
  pushRequest,
  resetRequest,
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
  /** The names that faults accept. */
  readonly known: KnownNames;
  /** Sets the metrics of a service. */
  readonly setMetrics: (cluster: string, service: string, metrics: Metrics) => void;
  readonly messages: () => readonly Json[];
  readonly calls: () => readonly CallRecord[];
  readonly invocations: () => readonly Json[];
  readonly reset: (keepWarm: boolean) => Promise<void>;
}

/** The active ones, oldest first. */
interface OnOrder<Order> {
  add(order: Order): void;
  list(): readonly Order[];
  reset(): void;
}

/** The control endpoints below `/_local/`: JSON over HTTP. */
export function createControl(options: ControlOptions) {
  return async (request: HttpRequest): Promise<HttpResponse> => {
    const url = new URL(request.path, 'http://local');
    const name = url.pathname.slice('/_local/'.length);
    try {
      if (request.method === 'GET' && name === 'ready')
        return json(options.ready() ? 200 : 503, { ready: options.ready() });
      const answer = await handle(`${request.method} ${name}`, url, request.body);
      if (answer === undefined) return json(404, { error: `there is no ${request.method} /_local/${name}` });
      return json(200, answer);
    } catch (error) {
      return json(400, { error: error instanceof Error ? error.message : String(error) });
    }
  };

  async function handle(route: string, url: URL, body: Buffer): Promise<unknown> {
    switch (route) {
      case 'GET clock':
        return options.clock();
      case 'POST clock':
        return changeClock(body);
      case 'POST push': {
        const request = parseRequest(pushRequest, read(body));
        return { digest: options.push(withoutUndefined(request)) };
      }
      case 'POST behaviours': {
        options.behaviours.add(parseBehaviour(read(body)));
        return {};
      }
      case 'GET behaviours':
        return options.behaviours.list();
      case 'DELETE behaviours':
        options.behaviours.reset();
        return {};
      case 'POST faults': {
        options.faults.add(withoutUndefined(parseFault(read(body), options.known)));
        return {};
      }
      case 'GET faults':
        return options.faults.list();
      case 'DELETE faults':
        options.faults.reset();
        return {};
      case 'POST metrics': {
        const { cluster, service, ...metrics } = parseRequest(metricsRequest, read(body));
        options.setMetrics(cluster, service, withoutUndefined(metrics));
        return {};
      }
      case 'GET messages':
        return options.messages();
      case 'GET calls': {
        const after = Number(url.searchParams.get('after') ?? 0);
        if (!Number.isInteger(after) || after < 0) throw new Error('after: expected a number of calls');
        return options.calls().slice(after);
      }
      case 'GET invocations':
        return options.invocations();
      case 'POST reset': {
        const { keepWarm = false } = body.length === 0 ? {} : parseRequest(resetRequest, read(body));
        await options.reset(keepWarm);
        return {};
      }
      default:
        return undefined;
    }
  }

  async function changeClock(body: Buffer): Promise<unknown> {
    const request = parseClock(read(body));
    if ('speed' in request) options.setSpeed(request.speed);
    else await options.advance(parseDuration(request.advance));
    return options.clock();
  }
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
