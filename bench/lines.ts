import { cpus } from 'node:os';
import { excerptOf } from '../shared/domain/logs/excerpt.ts';
import { redact } from '../shared/domain/redaction/redact.ts';

/**
 * Processor time for choosing the line that says why a container failed, from 10,000 lines (1 MB) and from a tenth of
 * that, so that a time that grows faster than the log shows. Some shapes are chosen to be hard for patterns.
 */

const LINES = 10_000;
const ROUNDS = 5;

const SHAPES: Readonly<Record<string, (index: number) => string>> = {
  'access log': (i) =>
    `10.0.${i % 4}.${i % 250} - - [01/Nov/2026:10:00:00 +0000] "GET /api/errors/${i} HTTP/1.1" 200 ${i} "-" "Mozilla/5.0"`,
  'JSON of a logger': (i) =>
    `{"level":30,"time":${i},"pid":1,"hostname":"ip-10-0-1-5","req":{"id":${i}},"msg":"request completed without error"}`,
  'frames of Java': (i) =>
    `\tat org.springframework.beans.factory.support.AbstractBeanFactory.doGetBean(AbstractBeanFactory.java:${i})`,
  'errors that nothing explains': (i) =>
    `2026-11-01 10:00:00 ERROR [worker-${i % 8}] c.a.shop.Orders - failed to process order ${i}: quantity is negative`,
  'words without an end': (i) => `error ${'a.b/c:d '.repeat(11)}${i}`,
};

const middle = (times: readonly number[]): number =>
  times.toSorted((a, b) => a - b)[Math.floor(times.length / 2)] ?? 0;

/** Milliseconds of processor time. */
function measure(shape: (index: number) => string, count: number): number {
  const events = Array.from({ length: count }, (_, index) => ({ at: index, text: shape(index) }));
  const times = Array.from({ length: ROUNDS }, () => {
    const start = process.cpuUsage();
    excerptOf([{ container: 'web', events }], redact, 'web');
    const { user, system } = process.cpuUsage(start);
    return (user + system) / 1_000;
  });
  return middle(times);
}

process.stdout.write(`${LINES} lines; Node ${process.version.slice(1)}, ${cpus().length} cores\n`);
for (const [name, shape] of Object.entries(SHAPES)) {
  const small = measure(shape, LINES / 10);
  const large = measure(shape, LINES);
  process.stdout.write(`${name}: ${Math.round(small)} ms for a tenth, ${Math.round(large)} ms\n`);
}
