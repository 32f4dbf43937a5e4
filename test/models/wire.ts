import type { HttpRequest, HttpResponse } from '../../local/front/http.ts';
import type { ServiceModel } from './model.ts';
import type { Shape } from './shapes.ts';
import { isObject } from './validate.ts';
import { parseXml, type XmlElement } from './xml.ts';

/** Requests and answers as they go over the wire, without an SDK: it would drop what it does not know. */

const AUTHORIZATION =
  'AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/SERVICE/aws4_request, SignedHeaders=host, Signature=0';

/** A request for an operation, in the service's protocol. */
export function requestFor(
  service: string,
  model: ServiceModel,
  operation: string,
  input: Readonly<Record<string, unknown>>,
): HttpRequest {
  const { protocol } = model;
  const authorization = AUTHORIZATION.replace('SERVICE', service);
  if (typeof protocol === 'string') {
    const headers = {
      authorization,
      'content-type': 'application/x-amz-json-1.1',
      'x-amz-target': `${protocol}.${operation}`,
    };
    return { method: 'POST', path: '/', headers, body: Buffer.from(JSON.stringify(input)) };
  }
  if ('version' in protocol) {
    const form = new URLSearchParams({ Action: operation, Version: protocol.version });
    for (const [name, value] of Object.entries(input)) flatten(form, name, value);
    const headers = { authorization, 'content-type': 'application/x-www-form-urlencoded' };
    return { method: 'POST', path: '/', headers, body: Buffer.from(form.toString()) };
  }
  return operation === 'Invoke'
    ? invocation(authorization, input)
    : byPath(authorization, model, operation, input);
}

/** Members in the path and in the query, and the others as JSON (restJson1). */
function byPath(
  authorization: string,
  model: ServiceModel,
  operation: string,
  input: Readonly<Record<string, unknown>>,
): HttpRequest {
  const [method = '', template = ''] = (model.routes.get(operation) ?? '').split(' ');
  const { input: shape } = model.operation(operation);
  const members = shape.kind === 'structure' ? shape.members : new Map();
  const query = new URLSearchParams();
  const body: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(input)) {
    if (template.includes(`{${name}}`)) continue;
    const parameter = members.get(name)?.query;
    if (parameter === undefined) body[name] = value;
    else query.append(parameter, asText(value));
  }
  const path = template.replaceAll(/\{(\w+)\}/g, (_, name: string) =>
    encodeURIComponent(asText(input[name]).replaceAll(/\p{Surrogate}/gu, '\ufffd')),
  );
  const hasBody = method !== 'GET';
  return {
    method,
    path: query.size > 0 ? `${path}?${query}` : path,
    headers: { authorization, 'content-type': 'application/json' },
    body: Buffer.from(hasBody ? JSON.stringify(body) : ''),
  };
}

function asText(value: unknown): string {
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
}

/** Members that are maps, not structures. Source: SNS's service model. */
const MAPS: ReadonlySet<string> = new Set(['Attributes', 'MessageAttributes']);

/**
 * Lists as `NAME.member.1`, structures as `NAME.MEMBER`, maps as `NAME.entry.1.Name` and `.Value`, which is how SNS
 * names them.
 */
function flatten(form: URLSearchParams, name: string, value: unknown): void {
  if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) flatten(form, `${name}.member.${index + 1}`, item);
    return;
  }
  if (!isObject(value)) {
    form.append(name, asText(value));
    return;
  }
  if (!MAPS.has(name)) {
    for (const [key, item] of Object.entries(value)) flatten(form, `${name}.${key}`, item);
    return;
  }
  for (const [index, [key, item]] of Object.entries(value).entries()) {
    form.append(`${name}.entry.${index + 1}.Name`, key);
    if (!isObject(item)) form.append(`${name}.entry.${index + 1}.Value`, asText(item));
    else
      for (const [leaf, text] of Object.entries(item))
        form.append(`${name}.entry.${index + 1}.Value.${leaf}`, asText(text));
  }
}

function invocation(authorization: string, input: Readonly<Record<string, unknown>>): HttpRequest {
  const { FunctionName = '', Payload = '', InvocationType, ClientContext } = input;
  return {
    method: 'POST',
    path: `/2015-03-31/functions/${encodeURIComponent(Buffer.from(asText(FunctionName)).toString())}/invocations`,
    headers: {
      authorization,
      ...(InvocationType === undefined ? {} : { 'x-amz-invocation-type': asText(InvocationType) }),
      ...(ClientContext === undefined ? {} : { 'x-amz-client-context': asText(ClientContext) }),
    },
    body: Buffer.from(asText(Payload)),
  };
}

/** The members of a successful answer. Throws when it is not written in the service's protocol. */
export function outputOf(
  { protocol }: ServiceModel,
  operation: string,
  output: Shape,
  response: HttpResponse,
): unknown {
  const body = Buffer.from(response.body).toString();
  if (typeof protocol === 'string') return JSON.parse(body);
  if ('version' in protocol) {
    const root = parseXml(body);
    const result = root.children.find(({ name }) => name === `${operation}Result`);
    if (root.name !== `${operation}Response` || !result)
      throw new Error(`not a ${operation}Response: ${body}`);
    if (!root.children.some(({ name }) => name === 'ResponseMetadata'))
      throw new Error(`without ResponseMetadata: ${body}`);
    return membersIn(result, output);
  }
  return membersOf(output, response, body);
}

/** What travels as status, headers and payload (restJson1). */
function membersOf(output: Shape, response: HttpResponse, body: string): unknown {
  if (output.kind !== 'structure') return body;
  const hasPayload = [...output.members.values()].some(({ payload }) => payload === true);
  const members: Record<string, unknown> = hasPayload || body === '' ? {} : JSON.parse(body);
  for (const [name, member] of output.members) {
    if (member.status) members[name] = response.status;
    if (member.payload && body !== '') members[name] = body;
    const text = member.header === undefined ? undefined : response.headers[member.header];
    if (text !== undefined) members[name] = text;
  }
  return members;
}

function membersIn(element: XmlElement, shape: Shape | undefined): unknown {
  switch (shape?.kind) {
    case 'list':
      return element.children.map((item) => (item.name === 'member' ? membersIn(item, shape.item()) : item));
    case 'map':
      return Object.fromEntries(
        element.children.map((entry) => {
          const [key, value] = entry.children;
          if (entry.name !== 'entry' || key?.name !== 'key' || value?.name !== 'value')
            throw new Error(
              `<${element.name}>: expected <entry><key/><value/></entry>, found <${entry.name}>`,
            );
          return [key.text, membersIn(value, shape.value())];
        }),
      );
    case 'structure':
      return Object.fromEntries(
        element.children.map((child) => [
          child.name,
          membersIn(child, shape.members.get(child.name)?.shape()),
        ]),
      );
    case 'number':
      return Number(element.text);
    case 'boolean':
      return element.text === 'true';
    case 'timestamp':
      // In XML, times are ISO 8601.
      return Date.parse(element.text) / 1_000;
    default:
      return element.text;
  }
}

interface WireError {
  readonly name: string;
  readonly message: string;
  readonly status: number;
}

/** An error as the protocols write it: JSON with `__type` and `message`, or `<ErrorResponse>`. Throws for anything else. */
export function errorOf(response: HttpResponse): WireError {
  const body = Buffer.from(response.body).toString();
  const { status } = response;
  if (response.headers['content-type'] === 'text/xml') {
    const root = parseXml(body);
    const error = root.children.find(({ name }) => name === 'Error');
    const part = (wanted: string) => error?.children.find(({ name }) => name === wanted)?.text;
    const [type, name, message] = [part('Type'), part('Code'), part('Message')];
    const requestId = root.children.find(({ name: other }) => other === 'RequestId');
    if (root.name !== 'ErrorResponse' || !requestId || !['Sender', 'Receiver'].includes(type ?? ''))
      throw new Error(`not an ErrorResponse: ${body}`);
    if (!name || message === undefined) throw new Error(`an ErrorResponse without Code or Message: ${body}`);
    return { name, message, status };
  }
  const value: unknown = JSON.parse(body);
  if (!isObject(value)) throw new Error(`not a JSON object: ${body}`);
  const { __type: name } = value;
  // The table server writes it with a capital, as DynamoDB does.
  const message = value.message ?? value.Message;
  if (typeof name !== 'string' || name === '') throw new Error(`an error without __type: ${body}`);
  if (typeof message !== 'string') throw new Error(`an error without message: ${body}`);
  return { name: name.slice(name.lastIndexOf('#') + 1), message, status };
}
