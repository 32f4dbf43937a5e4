import { once } from 'node:events';
import http from 'node:http';
import type { HttpRequest, HttpResponse } from './http.ts';

/** Largest body: Lambda's synchronous payload of 6 MB is the largest of all operations. */
const LARGEST_BODY = 8 * 1024 * 1024;
/** Largest layer in one request. */
const LARGEST_BLOB = 1024 * 1024 * 1024;

/** Answers a request; undefined: the connection is closed without an answer. */
type Answer = (request: HttpRequest) => Promise<HttpResponse | undefined>;

interface HttpServer {
  readonly url: string;
  stop(): Promise<void>;
}

/** Listens on loopback only. Throws if the port is in use. */
export async function serve(port: number, answer: Answer): Promise<HttpServer> {
  const server = http.createServer((incoming, outgoing) => {
    void respond(incoming, outgoing, answer);
  });
  server.keepAliveTimeout = 60_000;
  server.listen(port, '127.0.0.1');
  await listening(server, port);
  const address = server.address();
  const actual = typeof address === 'object' && address !== null ? address.port : port;
  return {
    url: `http://127.0.0.1:${actual}`,
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function listening(server: http.Server, port: number): Promise<void> {
  try {
    await once(server, 'listening');
  } catch (cause) {
    const taken = cause instanceof Object && 'code' in cause && cause.code === 'EADDRINUSE';
    const why = taken ? 'the port is taken, choose another with --port (0 picks a free one)' : String(cause);
    throw new Error(`failed to listen on 127.0.0.1:${port}: ${why}`, { cause });
  }
}

async function respond(
  incoming: http.IncomingMessage,
  outgoing: http.ServerResponse,
  answer: Answer,
): Promise<void> {
  try {
    const limit = incoming.url?.startsWith('/v2/') ? LARGEST_BLOB : LARGEST_BODY;
    const body = await read(incoming, limit);
    if (!body) {
      outgoing.writeHead(413, { 'content-type': 'application/json', connection: 'close' });
      outgoing.end(
        JSON.stringify({ __type: 'RequestEntityTooLargeException', message: 'The body is too large' }),
      );
      return;
    }
    const response = await answer({
      method: incoming.method ?? 'GET',
      path: incoming.url ?? '/',
      headers: flat(incoming.headers),
      body,
    });
    if (!response) {
      incoming.socket.destroy();
      return;
    }
    outgoing.writeHead(response.status, {
      ...response.headers,
      'content-length': Buffer.byteLength(response.body),
    });
    outgoing.end(response.body);
  } catch (error) {
    if (outgoing.headersSent || outgoing.destroyed) return;
    outgoing.writeHead(500, { 'content-type': 'application/json' });
    outgoing.end(JSON.stringify({ __type: 'InternalFailure', message: String(error) }));
  }
}

async function read(incoming: http.IncomingMessage, limit: number): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of incoming) {
    const bytes: Buffer = chunk;
    size += bytes.length;
    if (size > limit) return undefined;
    chunks.push(bytes);
  }
  return Buffer.concat(chunks);
}

function flat(headers: http.IncomingHttpHeaders): Record<string, string | undefined> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(',') : value]),
  );
}
