import { clean } from '../../shared/announce/text.ts';
import { excerptOf } from '../../shared/domain/logs/excerpt.ts';
import { linesOf } from '../../shared/domain/logs/split.ts';
import { structured } from '../../shared/domain/logs/structured.ts';
import { drawn } from '../redaction/tokens.ts';

const wrote = (container: string, texts: readonly string[], from = 0) => ({
  container,
  events: texts.map((text, index) => ({ at: from + index, text })),
});
const quiet = (count: number) => Array.from({ length: count }, (_, index) => `serving page ${index}`);

describe('the excerpt of a log', () => {
  it('has the line that says why with what came before and after it', () => {
    const { lines, keyLines } = excerptOf(
      [wrote('web', [...quiet(50), 'FATAL: cannot start', ...quiet(30)])],
      clean,
      'web',
    );
    expect(lines.map(({ text }) => text)).toEqual([
      ...quiet(50).slice(-4),
      'FATAL: cannot start',
      ...quiet(7),
    ]);
    expect(keyLines).toMatchObject([{ container: 'web', text: 'FATAL: cannot start', explains: true }]);
  });

  it('gives the others only the room that the blamed container leaves', () => {
    const sidecar = wrote('envoy', ['panic: louder', ...quiet(40)], 100);
    const { lines } = excerptOf([sidecar, wrote('web', ['starting', 'Error: no config'])], clean, 'web');
    expect(lines).toHaveLength(12);
    expect(lines.slice(0, 2).map(({ container }) => container)).toEqual(['web', 'web']);
    const full = excerptOf([sidecar, wrote('web', [...quiet(12), 'Error: no config'])], clean, 'web');
    expect(full.lines.every(({ container }) => container === 'web')).toBe(true);
  });

  it('begins with the container whose line explains most where none is blamed', () => {
    const { lines } = excerptOf(
      [wrote('envoy', quiet(40), 100), wrote('web', [...quiet(20), 'panic: no database'])],
      clean,
    );
    expect(lines.map(({ text }) => text)).toContain('panic: no database');
  });

  it('splits events of several lines, and finds what JSON says', () => {
    const trace =
      'Traceback (most recent call last):\n  File "a.py", line 1, in <module>\nValueError: bad port';
    expect(excerptOf([wrote('web', [trace])], clean, 'web').keyLines[0]?.text).toBe('ValueError: bad port');
    const json = '{"level":60,"err":{"message":"connect ETIMEDOUT 10.0.3.4:5432"},"msg":"could not start"}';
    expect(excerptOf([wrote('web', [json])], clean, 'web').keyLines[0]).toMatchObject({
      text: 'could not start: connect ETIMEDOUT 10.0.3.4:5432',
      kind: 'connectionFailed',
      means: 'its connection to 10.0.3.4:5432 timed out',
    });
  });

  it('masks secrets in what it shows, in what it quotes and in what that means', () => {
    const secret = drawn(20, 7);
    const lines = [
      `{"level":"fatal","password":"${secret}","msg":"password ${secret} refused: connect ECONNREFUSED 10.0.0.3:5432"}`,
      `Error: connect ECONNREFUSED postgres://app:${secret}@10.0.0.3:5432/shop`,
      `FATAL: cannot start\npassword:\n  ${secret}\nDATABASE_URL=postgres://app:${secret}@db/shop is not set`,
      `Error: Missing environment variable DB_PASSWORD=${secret}`,
    ];
    for (const line of lines) {
      const found = JSON.stringify(excerptOf([wrote('web', ['starting', line, 'bye'])], clean, 'web'));
      expect(found).not.toContain(secret);
    }
  });

  it('masks a private key whose lines are around the one that says why', () => {
    const body = Array.from({ length: 20 }, (_, line) => drawn(64, 300 + line));
    const key = [`-----BEGIN ${'PRIVATE'} KEY-----`, ...body, `-----END ${'PRIVATE'} KEY-----`];
    for (const events of [
      [...key, 'FATAL: cannot read the key'],
      [[...key, 'FATAL: cannot read it'].join('\n')],
    ]) {
      const shown = JSON.stringify(excerptOf([wrote('web', events)], clean, 'web'));
      expect(body.filter((line) => shown.includes(line))).toEqual([]);
    }
  });

  it('finds the line in an event of 256 KB', () => {
    const huge = `${'x=1 '.repeat(32_000)}\nError: no config\n${'y "z" '.repeat(20_000)}`;
    expect(excerptOf([wrote('web', [huge])], clean, 'web').keyLines[0]?.text).toBe('Error: no config');
  });
});

describe('a structured line', () => {
  it.each([
    ['pino', '{"level":50,"msg":"no database"}', 'no database', '50'],
    [
      'an error beside its message',
      '{"level":"error","msg":"stopped","err":{"message":"no database"}}',
      'stopped: no database',
      'error',
    ],
    [
      'a stack alone',
      '{"severity":"ERROR","message":"","error":{"stack":"Error: no database\\n    at x"}}',
      'Error: no database',
      'ERROR',
    ],
    ['a time before it', '2026-11-01T10:00:00Z {"level":"warn","message":"slow"}', 'slow', 'warn'],
    [
      'logfmt',
      'time=1 level=fatal msg="could not start" error="dial tcp: refused"',
      'could not start: dial tcp: refused',
      'fatal',
    ],
  ])('says its message: %s', (_, line, text, level) => {
    expect(structured(line)).toEqual({ text, level });
  });

  it.each(['{"a":1', 'config: {"a": 1}', 'level of water is low', '[1, 2]', '{}'])('is none: %s', (line) => {
    expect(structured(line)).toBeUndefined();
  });

  it('gives its level to each of its lines', () => {
    expect(linesOf(['{"level":"error","message":"one\\ntwo"}'])).toMatchObject([
      { text: 'one', level: 'error' },
      { text: 'two', level: 'error' },
    ]);
  });
});
