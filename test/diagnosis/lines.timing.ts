import { excerptOf } from '../../shared/domain/logs/excerpt.ts';

const same = (text: string) => text;

/** Milliseconds for a log of so many lines. */
function took(line: string, count: number): number {
  const events = Array.from({ length: count }, (_, at) => ({ at, text: line }));
  const started = performance.now();
  excerptOf([{ container: 'web', events }], same, 'web');
  return performance.now() - started;
}

describe('choosing the line of a log that says why', () => {
  it('stays quick with an event of 256 KB', () => {
    const huge = `${'x=1 '.repeat(32_000)}\nError: no config\n${'y "z" '.repeat(20_000)}`;
    expect(took(huge, 1)).toBeLessThan(2_000);
  });

  it.each([
    ['an access log', '10.0.0.1 - - [01/Nov/2026:10:00:00 +0000] "GET /errors HTTP/1.1" 500 12 "-" "curl"'],
    ['errors', 'ERROR [worker] c.a.Orders - failed to process order: quantity is negative and not allowed'],
    ['variables', `missing ${'ENV_VAR '.repeat(11)}`],
    ['JSON', `{"level":50,"msg":"${'error '.repeat(14)}"}`],
  ])('takes time in proportion to 10,000 lines: %s', (_, line) => {
    took(line, 1_000);
    const small = took(line, 2_000);
    expect(took(line, 10_000)).toBeLessThan(Math.max(1_500, small * 12));
  });

  it.each([
    ['slashes', 'error a/'],
    ['roles', 'error assumed-role/a/b is not '],
    ['variables', 'missing A_B '],
    ['environments', 'environment variable '],
    ['quotes', `error '"`],
    ['spaces', 'error   '],
    ['braces', '{"error":{'],
    ['pairs', 'level=error msg="a '],
    ['tables', 'relation "a" of relation '],
    ['addresses', 'error 10.0.0.1:'],
    ['hosts', 'could not connect a.b.c.d.'],
  ])('takes little time for one line of 200 KB: %s', (_, word) => {
    expect(took(word.repeat(Math.ceil(200_000 / word.length)), 1)).toBeLessThan(1_000);
  });
});
