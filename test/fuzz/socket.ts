import http from 'node:http';
import type { HttpRequest, HttpResponse } from '../../local/front/http.ts';

/** Sends requests over a socket. What cannot be written as HTTP (a path or header with control characters) is made so. */
export function sendOverSocket(url: string) {
  return (request: HttpRequest): Promise<HttpResponse | undefined> =>
    new Promise((resolve, reject) => {
      const { hostname, port } = new URL(url);
      const headers = Object.fromEntries(
        Object.entries(request.headers).flatMap(([name, value]) =>
          value === undefined ? [] : [[name, writable(value)]],
        ),
      );
      const method = http.METHODS.includes(request.method) ? request.method : 'POST';
      const path = writable(request.path).replaceAll(' ', '%20') || '/';
      const sent = http.request({ hostname, port, method, path, headers }, (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () => {
          const received = Object.entries(response.headers).map(([name, value]) => [name, String(value)]);
          resolve({
            status: response.statusCode ?? 0,
            headers: Object.fromEntries(received),
            body: Buffer.concat(chunks),
          });
        });
      });
      sent.on('error', reject);
      sent.end(request.body);
    });
}

function writable(text: string): string {
  return text.replaceAll(/[^\u0021-\u007e ]/g, '?');
}
