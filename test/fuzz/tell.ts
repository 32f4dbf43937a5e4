import type { Report, Violation } from './run.ts';

/** The report as text: violations with a request that shows each, then the counts. */
export function tell(report: Report, seed: number): string {
  const { requests, overSocket, seconds, kinds, statuses, succeeded, never, violations } = report;
  const counts = (map: ReadonlyMap<string | number, number>) =>
    [...map].sort(([, a], [, b]) => b - a).map(([name, count]) => `  ${String(count).padStart(8)}  ${name}`);
  return [
    ...violations.map(story),
    `${requests} requests from seed ${seed}, ${overSocket} of them over a socket: ${violations.length} violations`,
    `${seconds.toFixed(1)} s, ${(requests / seconds).toFixed(0)} requests per second`,
    `operations that succeeded: ${succeeded.length} of ${succeeded.length + never.length}${never.length > 0 ? `; never: ${never.join(', ')}` : ''}`,
    'kinds:',
    ...counts(kinds),
    'statuses:',
    ...counts(statuses),
  ].join('\n');
}

function story({ number, kind, what, request }: Violation): string {
  const headers = Object.entries(request.headers).map(
    ([name, value]) => `  ${name}: ${JSON.stringify(value)}`,
  );
  const body = request.body.subarray(0, 10_000).toString();
  return [
    `✗ request ${number} (${kind}): ${what}`,
    `  ${request.method} ${JSON.stringify(request.path)}`,
    ...headers,
    `  ${body.length > 1500 ? `${body.slice(0, 1500)}… (${request.body.length} bytes)` : body}`,
    '',
  ].join('\n');
}
