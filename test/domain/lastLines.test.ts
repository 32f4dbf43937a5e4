import { explained } from '../../shared/domain/diagnosis/lastLines.ts';
import { diagnoseTask } from '../../shared/domain/diagnosis.ts';
import { aTail } from '../builders.ts';

const exit = (exitCode: number, name = 'web') =>
  diagnoseTask({
    stopCode: 'EssentialContainerExited',
    stoppedReason: 'Essential container in task exited',
    containers: [{ name, exitCode }],
  });

describe('the last lines of the container that ended', () => {
  it.each<[string, string, readonly string[]]>([
    [
      'Node.js',
      "Error: Cannot find module '/app/server.js'",
      [
        'node:internal/modules/cjs/loader:1228',
        '  throw err;',
        '',
        "Error: Cannot find module '/app/server.js'",
        '    at Function._resolveFilename (node:internal/modules/cjs/loader:1225:15)',
        "  code: 'MODULE_NOT_FOUND',",
        '}',
        'Node.js v20.11.0',
      ],
    ],
    [
      'Python',
      "ModuleNotFoundError: No module named 'flask'",
      [
        'Traceback (most recent call last):',
        '  File "/app/main.py", line 1, in <module>',
        '    import flask',
        "ModuleNotFoundError: No module named 'flask'",
      ],
    ],
    [
      'Java',
      'Caused by: java.net.ConnectException: Connection refused',
      [
        'Exception in thread "main" java.lang.IllegalStateException: no database',
        '\tat com.example.Main.main(Main.java:8)',
        'Caused by: java.net.ConnectException: Connection refused',
        '\tat java.base/sun.nio.ch.Net.pollConnect(Native Method)',
        '\t... 12 more',
      ],
    ],
    [
      'Go',
      'panic: runtime error: index out of range [3] with length 3',
      [
        'panic: runtime error: index out of range [3] with length 3',
        '',
        'goroutine 1 [running]:',
        'main.main()',
        '\t/app/main.go:8 +0x1d',
        'exit status 2',
      ],
    ],
    [
      'npm, below what the program said',
      'Error: connect ECONNREFUSED 10.0.0.3:5432',
      [
        'Error: connect ECONNREFUSED 10.0.0.3:5432',
        'npm ERR! code ELIFECYCLE',
        'npm ERR! Failed at the shop@1.0.0 start script.',
        'npm error A complete log of this run can be found in: /root/.npm/_logs/0.log',
      ],
    ],
    [
      'a logger of JSON, before it shuts down',
      'password authentication failed for user shop',
      [
        '{"level":"error","message":"password authentication failed for user shop"}',
        '{"level":"info","message":"error handler done"}',
        'INFO shut down, no error',
      ],
    ],
    ['a shell', 'sh: 1: gunicorn: not found', ['sh: 1: gunicorn: not found']],
    ['colours', 'ERROR no such table', ['\u001b[31mERROR\u001b[0m no such table']],
  ])('say why: %s', (_, line, texts) => {
    const cause = explained(exit(1), aTail(...texts));
    expect(cause).toMatchObject({ container: 'web', exitCode: 1, canHeal: true });
    expect(cause.sentence).toMatch(/^Container web exited with code 1[;:]/);
    expect(cause.sentence.endsWith(`; its log says "${line}".`)).toBe(true);
    expect(cause.evidence).toEqual(exit(1).evidence);
  });

  it.each([
    ['exec /usr/local/bin/docker-entrypoint.sh: exec format error', 'wrongPlatform', /Build the image/, 1],
    [
      'standard_init_linux.go:228: exec user process caused: exec format error',
      'wrongPlatform',
      /Build/,
      255,
    ],
    [
      'FATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory',
      'outOfMemory',
      /max-old-space-size/,
      134,
    ],
    ['java.lang.OutOfMemoryError: Java heap space', 'outOfMemory', /Xmx/, 3],
  ])('have a specific cause: %s', (line, kind, advice, code) => {
    const cause = explained(exit(code), aTail('starting', line));
    expect(cause).toMatchObject({ kind, exitCode: code });
    expect(cause.advice).toMatch(advice);
    expect(cause.sentence).toContain(`; its log says "${line}".`);
  });

  it('keep what the exit code says if that is more than the log says', () => {
    expect(explained(exit(127), aTail('hello from the entrypoint')).sentence).toBe(
      'Container web exited with code 127: its command was not found in the image; its log ends with "hello from the entrypoint".',
    );
    expect(explained(exit(134), aTail('Assertion `x > 0` failed.')).sentence).toBe(
      'Container web exited with code 134: it aborted (SIGABRT); its log says "Assertion `x > 0` failed.".',
    );
  });

  it('are quoted as the end of the log if they show no error', () => {
    const cause = explained(exit(1), aTail('listening on 8080', 'bye'));
    expect(cause.kind).toBe('crash');
    expect(cause.sentence).toBe('Container web exited with code 1; its log ends with "bye".');
  });

  it('are said not to be seen where another driver or a missing permission hides them', () => {
    const elsewhere = ['web logs through splunk', 'webhook logs through gelf'];
    const cause = explained(exit(1), { lines: [], elsewhere });
    expect(cause.advice).toBe(
      'Check the last lines of its log. Fairway cannot see its log: web logs through splunk.',
    );
    expect(explained(exit(1, 'worker'), { lines: [], elsewhere })).toEqual(exit(1, 'worker'));
  });

  it('are cut where they are long', () => {
    const { sentence } = explained(exit(1), aTail(`Error: ${'x'.repeat(10_000)}`));
    expect(sentence.length).toBeLessThan(300);
    expect(sentence).toMatch(/…"\.$/);
  });

  it.each<[string, ReturnType<typeof exit>, ReturnType<typeof aTail>]>([
    ['there are none', exit(1), aTail()],
    ['another container wrote them', exit(1, 'worker'), aTail('Error: not mine')],
    ['it was asked to stop', exit(143), aTail('Error: interrupted')],
    ['it was killed', exit(137), aTail('Error: an old one')],
    ['it never ran', diagnoseTask({ stoppedReason: 'Task failed to start', containers: [] }), aTail('Error')],
  ])('change nothing where %s', (_, cause, lines) => {
    expect(explained(cause, lines)).toEqual(cause);
  });
});
