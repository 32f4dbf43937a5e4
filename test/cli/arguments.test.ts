import { parse } from '../../cli/arguments.ts';
import { exitCode, Failure } from '../../cli/failure.ts';

const options = { json: false };

function faultOf(argv: readonly string[]): Failure {
  try {
    parse(argv);
  } catch (error) {
    if (error instanceof Failure) return error;
    throw error;
  }
  throw new Error(`accepted: ${argv.join(' ')}`);
}

describe('parse', () => {
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
  ])('reads %j', (argv, question) => {
    expect(parse(argv)).toEqual({ kind: 'ask', question, options });
  });

  it.each([
    [['deploy', 'web-app'], { command: 'deploy', app: 'web-app' }],
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
  ])('reads the order %j', (argv, request) => {
    expect(parse(argv)).toEqual({ kind: 'order', question: { request, wait: false, yes: false }, options });
    expect(parse([...argv, '--wait', '-y'])).toMatchObject({ question: { request, wait: true, yes: true } });
  });

  it.each([
    [['run', 'web', 'report'], { detach: false }],
    [['run', '--detach', 'web', 'report'], { detach: true }],
    [
      ['run', 'web', 'report', '-d', '--', 'npm', 'run', '--', '--json'],
      { detach: true, words: ['npm', 'run', '--', '--json'] },
    ],
  ])('reads %j, and gives the run an id', (argv, question) => {
    const id = expect.stringMatching(/^[0-9a-f-]{36}$/);
    expect(parse(argv)).toEqual({
      kind: 'run',
      question: { app: 'web', task: 'report', id, ...question },
      options,
    });
  });

  it.each([
    [['run', 'web'], 'run: which task of which app?'],
    [['run', 'web', 'report', 'npm'], 'run: "npm" is too much: a command stands after --'],
    [['run', 'web', 'report', '--'], 'run: no command stands after --'],
    [['status', '--', 'web'], 'status: it takes no command after --'],
    [['stop', 'web'], 'stop: which run?'],
    [['follow', 'web'], 'follow: which run of which app? Usage: fairway follow APP RUN'],
    [['follow', 'web', 'report', 'now'], 'follow: "now" is too much.'],
    [['status', '--detach'], 'status: --detach does not belong to it'],
  ])('refuses %j', (argv, message) => {
    expect(faultOf(argv).message).toContain(message);
  });

  it('takes the common options anywhere in the line', () => {
    const argv = ['--stage', 'prod', 'status', '--json', '--region', 'eu-west-1', '--function', 'f'];
    expect(parse(argv)).toEqual({
      kind: 'ask',
      question: { command: 'status' },
      options: { json: true, stage: 'prod', region: 'eu-west-1', function: 'f' },
    });
  });

  it.each([
    ['127.0.0.1:4566', 'http://127.0.0.1:4566'],
    ['http://127.0.0.1:4566/', 'http://127.0.0.1:4566'],
  ])('completes the address %s', (given, address) => {
    expect(parse(['status', '--local', given])).toMatchObject({ options: { local: address } });
  });

  it('verifies fairway.yml unless another file is named', () => {
    expect(parse(['verify'])).toEqual({ kind: 'verify', options });
    expect(parse(['verify', '--config', 'other.yml'])).toMatchObject({ options: { config: 'other.yml' } });
    expect(parse(['status', '--config', 'other.yml'])).toMatchObject({ options: { config: 'other.yml' } });
  });

  it.each([[[]], [['help']], [['--help']]])('helps when asked with %j', (argv) => {
    expect(parse(argv)).toEqual({ kind: 'help' });
  });

  it('helps with one command', () => {
    expect(parse(['deploy', '--help'])).toEqual({ kind: 'help', topic: 'deploy' });
    expect(parse(['help', 'deploy'])).toEqual({ kind: 'help', topic: 'deploy' });
  });

  it.each([
    [['stop', 'web', ''], 'stop: a word is empty: is a variable not set? Usage: fairway stop APP RUN'],
    [['stauts'], 'there is no command "stauts", did you mean status?'],
    [['frobnicate'], 'there is no command "frobnicate".'],
    [['toString'], 'there is no command "toString"'],
    [['status', '--jsno'], 'there is no option "--jsno", did you mean --json?'],
    [['releases'], 'releases: which app?'],
    [['releases', 'a', '--limit', '0'], '--limit must be a whole number from 1, not "0"'],
    [['why', 'web-app:'], '"web-app:" names no tag'],
    [['why'], 'which image, APP[:TAG]?'],
    [['why', ':1.2.0'], '":1.2.0" names no app'],
    [['show'], 'show: which app?'],
    [['show', 'web', 'v1.2'], 'the release must be a whole number from 1, not "1.2"'],
    [['show', 'web', 'v5', 'v6'], '"v6" is too much'],
    [['rollback', 'a', 'to'], 'to which release or tag?'],
    [['rollback', 'a', 'to', '1.1.0', 'now'], '"now" is too much'],
    [['hold', 'a'], 'a hold needs a --reason'],
    [['hold', 'a', '--reason', '  '], 'a hold needs a --reason'],
    [['resume', 'a', 'b'], '"b" is too much'],
    [['deploy', 'a', '--despite-hold'], '--despite-hold needs a --reason'],
    [['deploy', 'a', '--reason', 'x'], '--reason belongs to --despite-hold'],
    [['resume', 'a', '--despite-hold'], '--despite-hold does not belong to it'],
    [['deploy', 'a', '1', '2'], '"2" is too much'],
    [['status', '--wait'], '--wait does not belong to it'],
    [['cancel', 'a', '--yes'], '--yes does not belong to it'],
    [['status', '--reason', 'x'], '--reason does not belong to it'],
    [['status', '--region'], "Option '--region <value>' argument missing"],
    [['status', '--local', 'http://'], 'is not an address'],
  ])('refuses %j as wrong usage', (argv, message) => {
    const fault = faultOf(argv);
    expect(fault.exit).toBe(exitCode.usage);
    expect(fault.message).toContain(message);
  });
});
