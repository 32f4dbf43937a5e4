import { once } from 'node:events';
import http from 'node:http';

interface Counter {
  readonly url: string;
  /** Calls by operation so far. */
  readonly calls: Map<string, number>;
  stop(): Promise<void>;
}

/** A separate endpoint for one run of a tool: passes everything on and counts it. */
export async function count(target: string): Promise<Counter> {
  const calls = new Map<string, number>();
  const server = http.createServer((request, response) => {
    const operation = String(request.headers['x-amz-target'] ?? 'other').replace(/^.*\./, '');
    calls.set(operation, (calls.get(operation) ?? 0) + 1);
    const { method, headers } = request;
    const onward = http.request(
      `${target}${request.url}`,
      { ...(method === undefined ? {} : { method }), headers },
      (answer) => {
        response.writeHead(answer.statusCode ?? 500, answer.headers);
        answer.pipe(response);
      },
    );
    onward.once('error', () => response.destroy());
    request.pipe(onward);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('failed to listen on 127.0.0.1');
  return {
    url: `http://127.0.0.1:${address.port}`,
    calls,
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
