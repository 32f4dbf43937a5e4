import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import dynalite from 'dynalite';
import type { JsonObject } from '../contract.ts';

interface RawAnswer {
  readonly status: number;
  readonly body: string;
}

/** Items by table. */
type Kept = Record<string, unknown[]>;
interface Page {
  readonly TableNames?: string[];
  readonly Items?: unknown[];
  readonly LastEvaluatedKey?: unknown;
}

/** DynamoDB: dynalite on a separate loopback port; requests are forwarded unchanged. */
export async function startDynamodb() {
  let server = await listen();

  const call = async (target: string, body: string) => post(address(server).port, target, body);

  async function answerOf(operation: string, input: object): Promise<Page> {
    const { status, body } = await call(`DynamoDB_20120810.${operation}`, JSON.stringify(input));
    if (status !== 200) throw new Error(`failed to ${operation}: ${body}`);
    return JSON.parse(body);
  }

  return {
    call,
    /** Creates missing tables. */
    async createTables(inputs: readonly JsonObject[]): Promise<void> {
      for (const input of inputs) {
        const answer = await call('DynamoDB_20120810.CreateTable', JSON.stringify(input));
        if (answer.status !== 200 && !answer.body.includes('ResourceInUseException')) {
          throw new Error(`failed to create the table ${String(input.TableName)}: ${answer.body}`);
        }
      }
    },
    /** Every item of every table. */
    async keep(): Promise<Kept> {
      const { TableNames = [] } = await answerOf('ListTables', {});
      const kept: Kept = {};
      for (const TableName of TableNames) {
        const items: unknown[] = [];
        let start: unknown;
        do {
          const page = await answerOf('Scan', { TableName, ...(start ? { ExclusiveStartKey: start } : {}) });
          items.push(...(page.Items ?? []));
          start = page.LastEvaluatedKey;
        } while (start);
        kept[TableName] = items;
      }
      return kept;
    },
    /** Restores the items that `keep` returned, into existing tables. */
    async resume(kept: unknown): Promise<void> {
      const tables: Kept = Object(kept);
      for (const [TableName, items] of Object.entries(tables)) {
        for (const Item of items) await answerOf('PutItem', { TableName, Item });
      }
    },
    /** Removes everything. Tables must be created again. */
    async reset(): Promise<void> {
      await close(server);
      server = await listen();
    },
    stop: () => close(server),
  };
}

function post(port: number, target: string, body: string): Promise<RawAnswer> {
  return new Promise((resolve, reject) => {
    const request = http.request(
      { host: '127.0.0.1', port, method: 'POST', path: '/', headers: headersFor(target, body) },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () =>
          resolve({ status: response.statusCode ?? 500, body: Buffer.concat(chunks).toString() }),
        );
      },
    );
    request.on('error', reject);
    request.end(body);
  });
}

async function listen(): Promise<http.Server> {
  const server = dynalite({
    createTableMs: 0,
    deleteTableMs: 0,
    updateTableMs: 0,
  });
  guard(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

/**
 * dynalite throws at some requests that it should refuse, from within the request's own events. Here they are refused:
 * thrown on, they would end the process.
 */
function guard(server: http.Server): void {
  server.prependListener('request', (request, response) => {
    const emit = request.emit.bind(request);
    request.emit = (event: string | symbol, ...rest: unknown[]) => {
      try {
        return emit(event, ...rest);
      } catch (cause) {
        refuse(response, cause);
        return true;
      }
    };
  });
}

function refuse(response: http.ServerResponse, cause: unknown): void {
  const why = cause instanceof Error ? cause.message : String(cause);
  const body = {
    __type: 'com.amazon.coral.validate#ValidationException',
    message: `Invalid request: ${why}`,
  };
  response.writeHead(400, { 'content-type': 'application/x-amz-json-1.0' });
  response.end(JSON.stringify(body));
}

async function close(server: http.Server): Promise<void> {
  server.closeAllConnections?.();
  await new Promise((resolve) => server.close(resolve));
}

function address(server: http.Server): AddressInfo {
  const found = server.address();
  if (typeof found === 'object' && found !== null) return found;
  throw new Error('the table server does not listen');
}

/** dynalite requires a signature, but does not check it. */
function headersFor(target: string, body: string) {
  return {
    'content-type': 'application/x-amz-json-1.0',
    'content-length': Buffer.byteLength(body),
    'x-amz-target': target,
    'x-amz-date': '20260101T000000Z',
    authorization:
      'AWS4-HMAC-SHA256 Credential=local/20260101/us-east-1/dynamodb/aws4_request, SignedHeaders=host, Signature=0',
  };
}
