import {
  AwsError,
  type Call,
  type CallRecord,
  type Clock,
  type Ids,
  type Json,
  type JsonObject,
  type ServiceApi,
} from '../contract.ts';
import { parseDuration } from '../duration.ts';
import type { Quotas } from '../quotas/quotas.ts';
import { failure } from './failures.ts';
import type { CallFault, Faults } from './faults.ts';
import type { HttpRequest, HttpResponse } from './http.ts';
import { type AwsRequest, readAwsRequest, success } from './protocol.ts';

/** Whose credentials a request carries. */
export interface Identity {
  readonly call: Call;
  /** Ends the calling worker; absent for external callers. */
  readonly accessKeyId?: string;
  /** False if its worker has ended: its last requests arrived too late. */
  readonly alive: boolean;
  /** Why the caller is not allowed to do this; undefined if it is. */
  readonly denial: (service: string, operation: string, input: JsonObject) => string | undefined;
}

interface DispatchOptions {
  readonly clock: Clock;
  readonly ids: Ids;
  readonly apis: readonly ServiceApi[];
  readonly dynamodb: (
    target: string,
    body: string,
  ) => Promise<{ readonly status: number; readonly body: string }>;
  readonly identify: (accessKeyId: string | undefined, region: string) => Identity;
  readonly faults: Faults;
  readonly quotas: Quotas;
  readonly kill: (accessKeyId: string) => void;
  /** The region of requests that are not signed. */
  readonly usualRegion: string;
  /** The answer of another place to a call for it; undefined: the call is for this one. */
  readonly elsewhere: (request: AwsRequest, call: Call) => Promise<HttpResponse> | undefined;
}

interface Dispatcher {
  /** Undefined: there is no answer, since the caller was ended around its call. */
  dispatch(request: HttpRequest): Promise<HttpResponse | undefined>;
  /** The simulated operations of all services. */
  readonly operations: ReadonlySet<string>;
  calls(): readonly CallRecord[];
  reset(): void;
}

/** The AWS endpoint without sockets: finds the operation, checks the caller, applies faults and records the call. */
export function createDispatcher(options: DispatchOptions): Dispatcher {
  const byService = new Map(options.apis.map((api) => [api.service, api]));
  const front: DispatchState = { ...options, byService, records: [] };
  return {
    dispatch: (request) => dispatch(front, request),
    operations: new Set([...options.apis.flatMap((api) => Object.keys(api.operations)), ...TABLE_OPERATIONS]),
    calls: () => front.records,
    reset() {
      front.records = [];
    },
  };
}

interface DispatchState extends DispatchOptions {
  readonly byService: ReadonlyMap<string, ServiceApi>;
  records: CallRecord[];
}

async function dispatch(front: DispatchState, http: HttpRequest): Promise<HttpResponse | undefined> {
  const requestId = front.ids.uuid();
  let request: AwsRequest;
  try {
    request = readAwsRequest(http);
  } catch (error) {
    return failure('json', asAwsError(error), requestId);
  }
  const scope = readScope(http.headers.authorization);
  const identity = front.identify(scope?.accessKeyId, scope?.region ?? front.usualRegion);
  if (!identity.alive) return undefined;
  const at = new Date(front.clock.now()).toISOString();
  const fault = front.faults.forCall(request.operation, identity.call.caller);
  const response = await answer(front, request, identity, fault, requestId);
  const { service, operation } = request;
  front.records.push({ at, caller: identity.call.caller, service, operation, status: response?.status ?? 0 });
  return response;
}

async function answer(
  front: DispatchState,
  request: AwsRequest,
  identity: Identity,
  fault: CallFault | undefined,
  requestId: string,
): Promise<HttpResponse | undefined> {
  if (fault?.crash === 'before') return crash(front, identity);
  if (fault?.latency !== undefined) await delay(fault.latency);
  try {
    const denial = identity.denial(request.service, request.operation, request.input);
    if (denial !== undefined) throw new AwsError('AccessDeniedException', denial);
    refuseByFault(fault);
    front.quotas.check(request.service, request.operation, identity.call.region);
    const response =
      fault?.failure === undefined
        ? await perform(front, request, identity.call, requestId)
        : success(request, failedToPlace(fault.failure), requestId);
    return fault?.crash === 'after' ? crash(front, identity) : response;
  } catch (error) {
    return failure(request.protocol, asAwsError(error), requestId);
  }
}

async function perform(
  front: DispatchState,
  request: AwsRequest,
  call: Call,
  requestId: string,
): Promise<HttpResponse> {
  if (!request.addressed) throw notSimulated(request);
  const other = front.elsewhere(request, call);
  if (other) return other;
  if (request.service === 'dynamodb') {
    if (!TABLE_OPERATIONS.has(request.operation)) throw notSimulated(request);
    const { status, body } = await front.dynamodb(request.target, JSON.stringify(request.input));
    return {
      status,
      headers: { 'content-type': 'application/x-amz-json-1.0', 'x-amzn-requestid': requestId },
      body,
    };
  }
  const operations = front.byService.get(request.service)?.operations ?? {};
  const operation = Object.hasOwn(operations, request.operation) ? operations[request.operation] : undefined;
  if (!operation) throw notSimulated(request);
  return success(request, await operation(request.input, call), requestId);
}

function crash(front: DispatchState, identity: Identity): undefined {
  if (identity.accessKeyId !== undefined) front.kill(identity.accessKeyId);
}

function notSimulated({ service, operation }: AwsRequest): AwsError {
  const message = `${service}:${operation} is not simulated by the local cloud`;
  return new AwsError('UnknownOperationException', message);
}

/** The operations of dynalite 4, to which requests are forwarded. */
const TABLE_OPERATIONS: ReadonlySet<string> = new Set([
  'BatchGetItem',
  'BatchWriteItem',
  'CreateTable',
  'DeleteItem',
  'DeleteTable',
  'DescribeTable',
  'DescribeTimeToLive',
  'GetItem',
  'ListTables',
  'ListTagsOfResource',
  'PutItem',
  'Query',
  'Scan',
  'TagResource',
  'UntagResource',
  'UpdateItem',
  'UpdateTable',
]);

function refuseByFault(fault: CallFault | undefined): void {
  if (fault?.error !== undefined) {
    const message = fault.error === 'ThrottlingException' ? 'Rate exceeded' : `${fault.error} on order`;
    throw new AwsError(fault.error, message, fault.status ?? 400);
  }
  if (fault?.status !== undefined) throw new AwsError('ServerException', 'Service Unavailable', fault.status);
}

function failedToPlace(failureText: string): Json {
  return { tasks: [], failures: [{ reason: failureText }] };
}

/** Latency is real time: while an invocation runs, simulated time runs at the same pace. */
export async function delay(latency: string): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, parseDuration(latency)));
}

/** `Credential=KEY/DATE/REGION/SERVICE/aws4_request` of a SigV4 header. */
function readScope(authorization: string | undefined): { accessKeyId: string; region: string } | undefined {
  const scope = /Credential=([^/]+)\/\d+\/([^/]+)\//.exec(authorization ?? '');
  const [, accessKeyId, region] = scope ?? [];
  return accessKeyId === undefined || region === undefined ? undefined : { accessKeyId, region };
}

function asAwsError(error: unknown): AwsError {
  if (error instanceof AwsError) return error;
  const why = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return new AwsError('InternalFailure', `The local cloud failed: ${why}`, 500);
}
