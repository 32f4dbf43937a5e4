import { parse } from '../../cli/arguments.ts';
import type { Context, Question } from '../../cli/command.ts';
import { exitCode, Failure } from '../../cli/failure.ts';
import { commands } from '../../cli/registry.ts';
import { recorded } from './fake-cloud.ts';

/** What a line sends to the function, with `where` it is sent; the first answer is a refusal. */
async function sent(argv: readonly string[], functionName = 'fairway-staging-operate') {
  const { action, options } = parse(argv, commands);
  const asked: Question[] = [];
  const { around, written } = recorded();
  const context: Context = {
    around,
    options,
    commands,
    file: async () => 'fairway.yml',
    environment: () => undefined,
    configuration: async () => {
      throw new Error('no line reads the file');
    },
    connect: async () => ({ settings: {}, where: 'AWS in eu-west-1', functionName }),
    ask: async (question) => {
      asked.push(question);
      return { ok: false, error: 'refused', message: 'not now' };
    },
  };
  const code = await action(context);
  return { asked, options, code, ...written };
}

function faultOf(argv: readonly string[]): Failure {
  try {
    parse(argv, commands);
  } catch (error) {
    if (error instanceof Failure) return error;
    throw error;
  }
  throw new Error(`accepted: ${argv.join(' ')}`);
}

describe('a line', () => {
  it.each([
    [['status'], { command: 'status' }],
    [['status', 'web-app'], { command: 'status', app: 'web-app' }],
    [['releases', 'web-app'], { command: 'releases', app: 'web-app' }],
    [['releases', 'web-app', '--limit', '5'], { command: 'releases', app: 'web-app', limit: 5 }],
    [['why', 'web-app:1.2.0'], { command: 'why', app: 'web-app', tag: '1.2.0' }],
    [['why', 'web-app', '1.2.0'], { command: 'why', app: 'web-app', tag: '1.2.0' }],
    [['why', 'web-app'], { command: 'why', app: 'web-app' }],
    [['show', 'web-app'], { command: 'show', app: 'web-app' }],
    [['show', 'web-app', 'v5'], { command: 'show', app: 'web-app', release: 5 }],
    [['show', 'web-app', '5'], { command: 'show', app: 'web-app', release: 5 }],
    [['hold', 'web-app', '--reason', ' slow '], { command: 'hold', app: 'web-app', reason: 'slow' }],
    [['resume', 'web-app'], { command: 'resume', app: 'web-app' }],
    [['resume', 'web-app', '--discard-waiting'], { command: 'resume', app: 'web-app', discardWaiting: true }],
    [['cancel', 'web-app'], { command: 'cancel', app: 'web-app' }],
    [['runs'], { command: 'runs' }],
    [
      ['runs', 'report', '--app', 'web', '--limit', '5'],
      { command: 'runs', task: 'report', app: 'web', limit: 5 },
    ],
    [['stop', 'web', 'report'], { command: 'stop', app: 'web', run: 'report' }],
  ])('reads %j', async (argv, question) => {
    expect((await sent(argv)).asked).toEqual([question]);
  });

  it.each([
    [['deploy', 'web-app'], { command: 'deploy', app: 'web-app' }],
    [['restart', 'web-app'], { command: 'deploy', app: 'web-app', live: true, restart: true }],
    [['deploy', 'web-app', '1.2.0'], { command: 'deploy', app: 'web-app', tag: '1.2.0' }],
    [
      ['deploy', 'web-app', '1.2.0', '--despite-hold', '--reason', ' the fix '],
      { command: 'deploy', app: 'web-app', tag: '1.2.0', despiteHold: true, reason: 'the fix' },
    ],
    [['rollback', 'web-app'], { command: 'rollback', app: 'web-app' }],
    [['rollback', 'web-app', 'to', 'v12'], { command: 'rollback', app: 'web-app', to: 12 }],
    [['rollback', 'web-app', 'v12'], { command: 'rollback', app: 'web-app', to: 12 }],
    [['rollback', 'web-app', 'to', '12'], { command: 'rollback', app: 'web-app', to: 12 }],
    [['rollback', 'web-app', 'to', '1.1.0'], { command: 'rollback', app: 'web-app', tag: '1.1.0' }],
    [['rollback', 'web-app', 'to', '0123456789'], { command: 'rollback', app: 'web-app', tag: '0123456789' }],
  ])('reads the order %j', async (argv, request) => {
    expect((await sent(argv)).asked).toEqual([request]);
    expect((await sent([...argv, '--wait', '-y'])).asked).toEqual([request]);
  });

  it.each([
    [['run', 'web', 'report'], {}],
    [['run', '--detach', 'web', 'report'], {}],
    [
      ['run', 'web', 'report', '-d', '--', 'npm', 'run', '--', '--json'],
      { words: ['npm', 'run', '--', '--json'] },
    ],
  ])('reads %j, and gives the run an id', async (argv, words) => {
    const id = expect.stringMatching(/^[0-9a-f-]{36}$/);
    const { asked, options } = await sent(argv);
    expect(asked).toEqual([{ command: 'run', app: 'web', task: 'report', id, ...words }]);
    expect(options).toEqual({ json: false });
  });

  it.each([
    [['run', 'web'], 'run: missing argument TASK. Usage: `fairway run APP TASK'],
    [['run', 'web', 'report', 'npm'], 'run: unexpected argument "npm": a command comes after --'],
    [['run', 'web', 'report', '--'], 'run: no command follows --'],
    ...['deploy', 'rollback'].map((name): [string[], string] => [
      [name, 'web', '1.2.0 '],
      `${name}: the image must be a tag of at most 128 letters, digits, _ . - that does not start with . or -, or a digest, not "1.2.0 "`,
    ]),
    [['status', '--', 'web'], 'status: no arguments may follow --'],
    [['stop', 'web'], 'stop: missing argument RUN'],
    [['follow', 'web'], 'follow: missing argument RUN. Usage: `fairway follow APP RUN`'],
    [['follow', 'web', 'report', 'now'], 'follow: unexpected argument "now".'],
    [['status', '--detach'], 'status: --detach is not an option of this command'],
  ])('refuses %j', (argv, message) => {
    expect(faultOf(argv).message).toContain(message);
  });

  it('takes the common options anywhere in the line', async () => {
    const argv = ['--stage', 'prod', 'status', '--json', '--region', 'eu-west-1', '--function', 'f'];
    const { asked, options, out } = await sent(argv);
    expect(asked).toEqual([{ command: 'status' }]);
    expect(options).toEqual({ json: true, stage: 'prod', region: 'eu-west-1', function: 'f' });
    expect(JSON.parse(out)).toMatchObject({ error: 'refused' });
  });

  it.each([
    ['127.0.0.1:4566', 'http://127.0.0.1:4566'],
    ['http://127.0.0.1:4566/', 'http://127.0.0.1:4566'],
  ])('completes the address %s', (given, address) => {
    expect(parse(['status', '--local', given], commands).options.local).toBe(address);
  });

  it.each(['verify', 'check', 'status'])('takes another configuration file: %s', (name) => {
    expect(parse([name], commands).options).toEqual({ json: false });
    expect(parse([name, '--config', 'other.yml'], commands).options.config).toBe('other.yml');
  });

  it.each([[[]], [['help']], [['--help']]])('shows the list of commands for %j', async (argv) => {
    const { out, code } = await sent(argv);
    expect(out).toContain('Commands\n  status [APP]');
    expect(code).toBe(exitCode.done);
  });

  it.each([[['deploy', '--help']], [['deploy', '-h', '--wait']], [['help', 'deploy']]])(
    'shows the help of one command for %j',
    async (argv) => {
      expect((await sent(argv)).out).toMatch(/^fairway deploy APP \[TAG\]/);
    },
  );

  it('refuses to show the help of a command that does not exist', async () => {
    await expect(sent(['help', 'stauts'])).rejects.toThrow(
      'there is no command "stauts", did you mean status?',
    );
  });

  it.each([[['--version']], [['-v']], [['version']], [['status', '--version']]])(
    'prints the version for %j',
    async (argv) => {
      expect((await sent(argv)).out).toMatch(/^fairway \d/);
    },
  );

  it.each([
    [['stop', 'web', ''], 'stop: empty argument: is a shell variable unset? Usage: `fairway stop APP RUN`'],
    [['stauts'], 'there is no command "stauts", did you mean status?'],
    [['frobnicate'], 'there is no command "frobnicate".'],
    [['toString'], 'there is no command "toString"'],
    [['status', '--jsno'], 'there is no option "--jsno", did you mean --json?'],
    [['releases'], 'releases: missing argument APP'],
    [['releases', 'a', '--limit', '0'], '--limit must be a whole number from 1, not "0"'],
    [['why', 'web-app:'], '"web-app:" has no tag'],
    [
      ['apply', 'plan.json', '--first-image', '1.0.0'],
      'a saved plan takes neither --only nor --first-image: pass --only to `fairway plan`',
    ],
    [['why'], 'missing argument APP[:TAG]'],
    [['why', ':1.2.0'], '":1.2.0" has no app'],
    [['show'], 'show: missing argument APP'],
    [['show', 'web', 'v1.2'], 'the release must be a whole number from 1, not "1.2"'],
    [['show', 'web', 'v5', 'v6'], 'unexpected argument "v6"'],
    [['rollback', 'a', 'to'], 'missing the release or tag after "to"'],
    [['rollback', 'a', 'to', '1.1.0', 'now'], 'unexpected argument "now"'],
    [['hold', 'a'], 'a hold needs a --reason'],
    [['hold', 'a', '--reason', '  '], 'a hold needs a --reason'],
    [['resume', 'a', 'b'], 'unexpected argument "b"'],
    [['deploy', 'a', '--despite-hold'], '--despite-hold needs a --reason'],
    [['deploy', 'a', '--reason', 'x'], '--reason needs --despite-hold'],
    [['resume', 'a', '--despite-hold'], '--despite-hold is not an option of this command'],
    [['deploy', 'a', '1', '2'], 'unexpected argument "2"'],
    [['status', '--wait'], '--wait is not an option of this command'],
    [['cancel', 'a', '--yes'], '--yes is not an option of this command'],
    [['status', '--reason', 'x'], '--reason is not an option of this command'],
    [
      ['status', '--region'],
      '--region needs a value: --region NAME, or --region=NAME if it begins with a dash',
    ],
    [['init', '--cluster', '--json'], '--cluster needs a value: --cluster NAME'],
    [['status', '--local', 'http://'], 'is not an address'],
  ])('refuses %j as wrong usage', (argv, message) => {
    const fault = faultOf(argv);
    expect(fault.exit).toBe(exitCode.usage);
    expect(fault.message).toContain(message);
  });
});
