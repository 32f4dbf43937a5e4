import { AwsError, type Json, type JsonObject } from '../contract.ts';
import { parseJson } from '../json.ts';
import { typedInput } from './types.ts';

export interface HttpRequest {
  readonly method: string;
  /** With its query. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: Buffer;
}
export interface HttpResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array;
}

/** A request of an AWS client, as far as its protocol tells. */
export interface AwsRequest {
  readonly service: string;
  readonly operation: string;
  readonly protocol: 'json' | 'query' | 'lambda';
  readonly input: JsonObject;
  readonly target: string;
}

/** Prefixes of `X-Amz-Target`. Source: the clients' service models. */
const TARGETS = new Map(
  Object.entries({
    AmazonEC2ContainerServiceV20141113: 'ecs',
    AmazonEC2ContainerRegistry_V20150921: 'ecr',
    AWSEvents: 'events',
    AnyScaleFrontendService: 'application-autoscaling',
    Logs_20140328: 'logs',
    GraniteServiceVersion20100801: 'cloudwatch',
    AmazonSQS: 'sqs',
    DynamoDB_20120810: 'dynamodb',
    AmazonSSM: 'ssm',
    secretsmanager: 'secretsmanager',
  }),
);
/** API versions of the services that speak the query protocol. */
const QUERY_VERSIONS = new Map([
  ['2010-03-31', 'sns'],
  ['2011-06-15', 'sts'],
  ['2015-12-01', 'elasticloadbalancing'],
]);

/** Finds out what is asked for. Throws AwsErrors. */
export function readAwsRequest(request: HttpRequest): AwsRequest {
  if (request.method !== 'POST') {
    const what = `${request.method} ${request.path.split('?')[0]}`;
    throw new AwsError('UnknownOperationException', `${what} is not simulated by the local cloud`, 404);
  }
  const lambda = /^\/2015-03-31\/functions\/([^/]+)\/invocations$/.exec(request.path.split('?')[0] ?? '');
  if (lambda?.[1] !== undefined) return readInvocation(request, decoded(lambda[1]));
  const target = request.headers['x-amz-target'];
  if (target !== undefined) return readJson(request, target);
  return readQuery(request);
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    throw new AwsError('ValidationException', `The path is not well-formed: ${segment}`);
  }
}

function readInvocation(request: HttpRequest, name: string): AwsRequest {
  const type = request.headers['x-amz-invocation-type'];
  const context = request.headers['x-amz-client-context'];
  const input = {
    FunctionName: name,
    Payload: request.body.toString(),
    ...(type === undefined ? {} : { InvocationType: type }),
    ...(context === undefined ? {} : { ClientContext: context }),
  };
  return { service: 'lambda', operation: 'Invoke', protocol: 'lambda', input, target: 'Invoke' };
}

function readJson(request: HttpRequest, target: string): AwsRequest {
  const [prefix = '', operation = '', ...more] = target.split('.');
  const service = TARGETS.get(prefix);
  if (service === undefined || operation === '' || more.length > 0) {
    throw new AwsError('UnknownOperationException', `The local cloud knows no operation ${target}`);
  }
  const input = parseObject(request.body.toString());
  return { service, operation, protocol: 'json', input: typedInput(service, operation, input), target };
}

function parseObject(text: string): JsonObject {
  if (text.trim() === '') return {};
  let value: Json;
  try {
    value = parseJson(text);
  } catch {
    throw new AwsError('SerializationException', 'The request body is not valid JSON');
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new AwsError('SerializationException', 'The request body is not a JSON object');
  }
  return value as JsonObject;
}

function readQuery(request: HttpRequest): AwsRequest {
  const form = new URLSearchParams(request.body.toString() || request.path.split('?')[1]);
  const operation = form.get('Action');
  if (operation === null) {
    throw new AwsError(
      'MissingAction',
      'The request names no operation: neither X-Amz-Target nor Action is there',
    );
  }
  const version = form.get('Version') ?? '';
  const service = QUERY_VERSIONS.get(version) ?? 'unknown';
  return { service, operation, protocol: 'query', input: expand(form), target: operation };
}

/** `MessageAttributes.entry.1.Name=a` and `.Value.StringValue=b` become lists of flat structures. */
function expand(form: URLSearchParams): JsonObject {
  const input: Record<string, Json> = {};
  const lists = new Map<string, Map<number, Record<string, Json>>>();
  for (const [key, value] of form) {
    const member = /^([^.]+)\.(?:entry|member)\.(\d+)\.(?:Value\.)?(.+)$/.exec(key);
    if (!member) {
      input[key] = value;
      continue;
    }
    const [, name = '', index = '0', leaf = ''] = member;
    const entries = lists.get(name) ?? new Map<number, Record<string, Json>>();
    lists.set(name, entries);
    entries.set(Number(index), { ...entries.get(Number(index)), [leaf]: value });
  }
  for (const [name, entries] of lists) input[name] = [...entries.values()];
  return input;
}

export function success(request: AwsRequest, output: Json, requestId: string): HttpResponse {
  switch (request.protocol) {
    case 'json':
      return { status: 200, headers: jsonHeaders(requestId), body: JSON.stringify(output ?? {}) };
    case 'query': {
      const name = request.operation;
      const result = `<${name}Result>${xml(output)}</${name}Result>`;
      const metadata = `<ResponseMetadata><RequestId>${requestId}</RequestId></ResponseMetadata>`;
      return {
        status: 200,
        headers: xmlHeaders(requestId),
        body: `<${name}Response>${result}${metadata}</${name}Response>`,
      };
    }
    case 'lambda': {
      const answer = isObject(output) ? output : {};
      const failed =
        typeof answer.FunctionError === 'string' ? { 'x-amz-function-error': answer.FunctionError } : {};
      const version =
        typeof answer.ExecutedVersion === 'string'
          ? { 'x-amz-executed-version': answer.ExecutedVersion }
          : {};
      const status = typeof answer.StatusCode === 'number' ? answer.StatusCode : 200;
      const body = typeof answer.Payload === 'string' ? answer.Payload : '';
      return {
        status,
        headers: { 'content-type': 'application/json', 'x-amzn-requestid': requestId, ...failed, ...version },
        body,
      };
    }
  }
}

export function failure(protocol: AwsRequest['protocol'], error: AwsError, requestId: string): HttpResponse {
  if (protocol === 'query') {
    const type = error.status >= 500 ? 'Receiver' : 'Sender';
    const body = `<ErrorResponse><Error><Type>${type}</Type><Code>${escapeXml(error.code)}</Code><Message>${escapeXml(error.message)}</Message></Error><RequestId>${requestId}</RequestId></ErrorResponse>`;
    return { status: error.status, headers: xmlHeaders(requestId), body };
  }
  const body = JSON.stringify({ __type: error.code, message: error.message, ...error.members });
  const extra = protocol === 'lambda' ? { 'x-amzn-errortype': error.code } : queryCode(error);
  return { status: error.status, headers: { ...jsonHeaders(requestId), ...extra }, body };
}

/** Names that errors had in the query protocol, for clients that were written for it. Source: SQS's service model. */
const QUERY_CODES: Readonly<Record<string, string>> = {
  QueueDoesNotExist: 'AWS.SimpleQueueService.NonExistentQueue',
};

function queryCode({ code }: AwsError): Readonly<Record<string, string>> {
  const old = QUERY_CODES[code];
  return old === undefined ? {} : { 'x-amzn-query-error': `${old};Sender` };
}

function jsonHeaders(requestId: string) {
  return { 'content-type': 'application/x-amz-json-1.1', 'x-amzn-requestid': requestId };
}

function xmlHeaders(requestId: string) {
  return { 'content-type': 'text/xml', 'x-amzn-requestid': requestId };
}

function xml(value: Json | undefined): string {
  if (value === null || value === undefined) return '';
  if (Array.isArray(value)) return value.map((entry) => `<member>${xml(entry)}</member>`).join('');
  if (!isObject(value)) return escapeXml(String(value));
  return Object.entries(value)
    .map(([name, member]) => `<${name}>${MAPS.has(name) ? xmlMap(member) : xml(member)}</${name}>`)
    .join('');
}

/** Members that are maps, not structures. Source: SNS's service model. */
const MAPS: ReadonlySet<string> = new Set(['Attributes']);

function xmlMap(value: Json | undefined): string {
  return Object.entries(isObject(value) ? value : {})
    .map(([key, item]) => `<entry><key>${escapeXml(key)}</key><value>${xml(item)}</value></entry>`)
    .join('');
}

// Source: Extensible Markup Language 1.0, 2.2 Characters. Not even references to them are allowed.
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const FORBIDDEN = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g;

function escapeXml(text: string): string {
  const allowed = text.replaceAll(FORBIDDEN, '\ufffd');
  return allowed.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
