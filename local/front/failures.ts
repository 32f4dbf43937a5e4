import type { AwsError } from '../contract.ts';
import type { HttpResponse } from './http.ts';
import type { Protocol } from './protocol.ts';
import { escapeXml } from './xml.ts';

/** Errors in the format of each protocol, so that every client can show them. */
export function failure(protocol: Protocol, error: AwsError, requestId: string): HttpResponse {
  const { status, code, message } = error;
  const id = { 'x-amzn-requestid': requestId };
  switch (protocol) {
    case 'query':
      return { status, headers: { ...XML, ...id }, body: queryBody(error, requestId) };
    case 'ec2': {
      const errors = `<Errors><Error>${xmlError(error)}</Error></Errors>`;
      const body = `<Response>${errors}<RequestID>${requestId}</RequestID></Response>`;
      return { status, headers: { ...XML, ...id }, body };
    }
    case 'rest-xml': {
      const body = `<Error>${xmlError(error)}<RequestId>${requestId}</RequestId></Error>`;
      return { status, headers: { ...XML, ...id }, body };
    }
    case 'cbor': {
      const headers = { 'content-type': 'application/cbor', 'smithy-protocol': 'rpc-v2-cbor', ...id };
      return { status, headers, body: cborTexts({ __type: code, message }) };
    }
    case 'rest':
      return { status, headers: { ...JSON_TYPE, ...id, 'x-amzn-errortype': code }, body: jsonBody(error) };
    case 'json':
      return { status, headers: { ...JSON_TYPE, ...id, ...queryCode(error) }, body: jsonBody(error) };
  }
}

const XML = { 'content-type': 'text/xml' };
const JSON_TYPE = { 'content-type': 'application/x-amz-json-1.1' };

function jsonBody({ code, message, members }: AwsError): string {
  return JSON.stringify({ __type: code, message, ...members });
}

function queryBody(error: AwsError, requestId: string): string {
  const type = error.status >= 500 ? 'Receiver' : 'Sender';
  const told = `<Error><Type>${type}</Type>${xmlError(error)}</Error>`;
  return `<ErrorResponse>${told}<RequestId>${requestId}</RequestId></ErrorResponse>`;
}

function xmlError({ code, message }: AwsError): string {
  return `<Code>${escapeXml(code)}</Code><Message>${escapeXml(message)}</Message>`;
}

/** Names of errors in the query protocol, for older clients. Source: SQS's service model. */
const QUERY_CODES: Readonly<Record<string, string>> = {
  QueueDoesNotExist: 'AWS.SimpleQueueService.NonExistentQueue',
};

function queryCode({ code }: AwsError): Readonly<Record<string, string>> {
  const old = Object.hasOwn(QUERY_CODES, code) ? QUERY_CODES[code] : undefined;
  return old === undefined ? {} : { 'x-amzn-query-error': `${old};Sender` };
}

/** A map of texts. Source: RFC 8949, 3.1 Major Types. */
function cborTexts(members: Readonly<Record<string, string>>): Uint8Array {
  const entries = Object.entries(members);
  return Buffer.concat([Buffer.from([0xa0 + entries.length]), ...entries.flat().map(cborText)]);
}

function cborText(text: string): Uint8Array {
  const bytes = Buffer.from(text);
  const head = Buffer.alloc(5);
  head.writeUInt8(0x7a);
  head.writeUInt32BE(bytes.length, 1);
  return Buffer.concat([head, bytes]);
}
