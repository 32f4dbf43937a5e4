import { parseOperatorRequest } from '../../shared/intake/operator.ts';
import { IntakeError } from '../../shared/intake/parse.ts';
import { payload, payloads } from './payloads.ts';

describe('parseOperatorRequest', () => {
  it.each(payloads('operate-'))('accepts %s unchanged', (name) => {
    expect(parseOperatorRequest(payload(name))).toEqual(payload(name));
  });

  it('has a payload for each command', () => {
    expect(payloads('operate-').map((name) => name.replace('operate-', ''))).toEqual(
      [
        'status',
        'releases',
        'show',
        'why',
        'deploy',
        'rollback',
        'hold',
        'resume',
        'cancel',
        'continue',
        'redrive',
        'run',
        'stop',
        'runs',
        'follow',
      ].sort(),
    );
  });

  it.each([
    { command: 'deploy', app: 'web', tag: '1.2.0', despiteHold: true, reason: 'the fix', who: 'op' },
    { command: 'resume', app: 'web', discardWaiting: true, who: 'op' },
    { command: 'deploy', app: 'web', tag: `sha256:${'a1'.repeat(32)}`, who: 'op' },
    { command: 'rollback', app: 'web', tag: `v${'1'.repeat(127)}`, who: 'op' },
  ])('reads %j', (request) => {
    expect(parseOperatorRequest(request)).toEqual(request);
  });

  it.each<[unknown, string]>([
    [
      { command: 'explode' },
      'command should be one of status, releases, why, show, deploy, rollback, hold, resume, cancel, continue, announce, lock, redrive, run, stop, runs, follow',
    ],
    [
      { command: 'hold', app: '', who: 3, tag: 'x' },
      'app should not be empty; reason is missing: it should be a string; who should be a string; the payload should not have tag',
    ],
    [{ command: 'rollback', app: 'web', to: 0, who: 'op' }, 'to should be more than 0'],
    [{ command: 'rollback', app: 'web', to: 1.5, who: 'op' }, 'to should be a whole number'],
    [{ command: 'releases', app: 'web', limit: '3' }, 'limit should be a number'],
    ...['x'.repeat(129), '-1', 'a b', '', 'sha256:1'].flatMap((tag) =>
      ['deploy', 'rollback'].map((command): [unknown, string] => [
        { command, app: 'web', tag, who: 'op' },
        'tag should be a tag of at most 128 letters, digits, _ . - that does not start with . or -, or a digest',
      ]),
    ),
    ['status', 'the payload should be an object'],
    [null, 'the payload should be an object'],
  ])('refuses %j with every fault in one error', (request, faults) => {
    expect(() => parseOperatorRequest(request)).toThrow(new IntakeError('the request', [faults]));
  });

  it('does not repeat the payload: it may be a secret', () => {
    const ask = () => parseOperatorRequest({ command: 'deploy', app: ['hunter2'], who: 'op' });
    expect(ask).toThrow(IntakeError);
    expect(ask).not.toThrow(/hunter2/);
  });
});
