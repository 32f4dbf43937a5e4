import { AwsError, type Json, type JsonObject } from '../contract.ts';
import { parseJson } from '../json.ts';
import { isObject } from '../stack/json.ts';
import type { HttpRequest, HttpResponse } from './http.ts';
import { restOperation, restParameters } from './rest.ts';
import { typedInput } from './types.ts';
import { xml } from './xml.ts';

/** Protocols with the operation in a header or form, and those with a path. */
export type Protocol = 'json' | 'query' | 'ec2' | 'cbor' | 'rest' | 'rest-xml';

/** A request of an AWS client, as its protocol describes it. */
export interface AwsRequest {
  readonly service: string;
  readonly operation: string;
  readonly protocol: Protocol;
  /** Whether the protocol of the request contains the service, not only its signature. */
  readonly addressed: boolean;
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
    GraniteServiceVersion20100801: 'monitoring',
    AmazonSQS: 'sqs',
    DynamoDB_20120810: 'dynamodb',
    AmazonSSM: 'ssm',
    ResourceGroupsTaggingAPI_20170126: 'tagging',
    secretsmanager: 'secretsmanager',
  }),
);
/** API versions of the services that speak the query protocol. */
const QUERY_VERSIONS = new Map([
  ['2010-03-31', 'sns'],
  ['2010-05-08', 'iam'],
  ['2010-05-15', 'cloudformation'],
  ['2011-06-15', 'sts'],
  ['2015-12-01', 'elasticloadbalancing'],
]);

/** Parses a request. Throws AwsErrors. */
export function readAwsRequest(request: HttpRequest): AwsRequest {
  const [path = '/'] = request.path.split('?');
  const target = request.headers['x-amz-target'];
  if (request.method === 'POST') {
    const lambda = /^\/2015-03-31\/functions\/([^/]+)\/invocations$/.exec(path);
    if (lambda?.[1] !== undefined) return readInvocation(request, decoded(lambda[1]));
    if (target !== undefined) return readJson(request, target);
    if (path === '/') return readQuery(request);
  }
  return readPath(request, path);
}

/** The service that a request is signed for: `Credential=KEY/DATE/REGION/SERVICE/aws4_request`. */
function signedFor({ headers }: HttpRequest): string {
  return /Credential=[^/]+\/\d+\/[^/]+\/([^/]+)\//.exec(headers.authorization ?? '')?.[1] ?? 'unknown';
}

/** Simulated services with paths and JSON. Lambda's Invoke has its own form. */
const JSON_BY_PATH: ReadonlySet<string> = new Set(['lambda', 'scheduler']);
/** Services with paths and XML. */
const XML_BY_PATH: ReadonlySet<string> = new Set(['cloudfront', 'route53', 's3', 's3express', 's3-control']);

function readPath(request: HttpRequest, path: string): AwsRequest {
  const service = signedFor(request);
  const rpc = /^\/service\/[^/]+\/operation\/([^/]+)$/.exec(path);
  if (rpc?.[1] !== undefined)
    return { service, operation: rpc[1], protocol: 'cbor', addressed: false, input: {}, target: '' };
  const protocol = XML_BY_PATH.has(service) ? 'rest-xml' : 'rest';
  const operation = restOperation(service, request);
  if (JSON_BY_PATH.has(service)) {
    const input = { ...parseObject(request.body.toString()), ...restParameters(service, operation, request) };
    return { service, operation, protocol, addressed: true, input, target: operation };
  }
  return {
    service,
    operation,
    protocol,
    addressed: false,
    input: {},
    target: '',
  };
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
  const qualifier = new URLSearchParams(request.path.split('?')[1]).get('Qualifier');
  const input = {
    FunctionName: name,
    Payload: request.body.toString(),
    ...(type === undefined ? {} : { InvocationType: type }),
    ...(context === undefined ? {} : { ClientContext: context }),
    ...(qualifier === null ? {} : { Qualifier: qualifier }),
  };
  return {
    service: 'lambda',
    operation: 'Invoke',
    protocol: 'rest',
    addressed: true,
    input,
    target: 'Invoke',
  };
}

function readJson(request: HttpRequest, target: string): AwsRequest {
  const [prefix = '', operation = '', ...more] = target.split('.');
  if (operation === '' || more.length > 0) {
    throw new AwsError('UnknownOperationException', `The local cloud has no operation ${target}`);
  }
  const known = TARGETS.get(prefix);
  const addressed = known !== undefined;
  const service = known ?? signedFor(request);
  const input = parseObject(request.body.toString());
  return {
    service,
    operation,
    protocol: 'json',
    addressed,
    input: addressed ? typedInput(service, operation, input) : input,
    target,
  };
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
  const known = QUERY_VERSIONS.get(version);
  const addressed = known !== undefined;
  const service = known ?? signedFor(request);
  const protocol = service === 'ec2' ? 'ec2' : 'query';
  return { service, operation, protocol, addressed, input: expand(form), target: operation };
}

/**
 * `MessageAttributes.entry.1.Name=a` and `.Value.StringValue=b` become lists of flat structures,
 * `TargetGroupArns.member.1=a` lists of texts, and `Actions.member.1.ForwardConfig.TargetGroups.member.1.Weight=1` a
 * list in a structure in a list.
 */
function expand(form: URLSearchParams): JsonObject {
  const root: Branch = new Map();
  for (const [key, value] of form) plant(root, key.replace(ENTRY_VALUE, '$1').split('.'), value);
  return Object.fromEntries([...root].map(([name, node]) => [name, grown(node)]));
}

/** The members of a structure, or the items of a list, as far as the form has them. */
type Branch = Map<string, Branch | string>;

/** A map's value: its members belong to the entry. */
const ENTRY_VALUE = /(\.entry\.\d+)\.Value(?=\.)/g;

function plant(branch: Branch, [name = '', ...rest]: readonly string[], value: string): void {
  if (rest.length === 0) {
    branch.set(name, value);
    return;
  }
  const before = branch.get(name);
  const next: Branch = before instanceof Map ? before : new Map();
  branch.set(name, next);
  plant(next, rest, value);
}

/** The form spells a list as a member or an entry with numbers below it. */
function grown(node: Branch | string): Json {
  if (typeof node === 'string') return node;
  const items = node.get('member') ?? node.get('entry');
  if (items instanceof Map) return [...items.values()].map(grown);
  return Object.fromEntries([...node].map(([name, below]) => [name, grown(below)]));
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
    case 'rest': {
      if (request.operation !== 'Invoke')
        return { status: 200, headers: jsonHeaders(requestId), body: JSON.stringify(output ?? {}) };
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
    default:
      throw new Error(`nothing is simulated that answers in ${request.protocol}`);
  }
}

function jsonHeaders(requestId: string) {
  return { 'content-type': 'application/x-amz-json-1.1', 'x-amzn-requestid': requestId };
}

function xmlHeaders(requestId: string) {
  return { 'content-type': 'text/xml', 'x-amzn-requestid': requestId };
}
