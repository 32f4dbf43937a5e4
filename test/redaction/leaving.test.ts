import { diagnoseEvents } from '../../shared/domain/diagnosis/serviceEvents.ts';
import { diagnoseTask } from '../../shared/domain/diagnosis.ts';
import { redactError } from '../../shared/domain/redaction/errors.ts';
import { redactAll, redactMember, withoutSecrets } from '../../shared/domain/redaction/structures.ts';
import { leaving } from '../../shared/lambda/withRedaction.ts';
import { operate } from '../../shared/operate/operate.ts';
import { answerFault, notStarted } from '../../shared/perform/refusals.ts';
import { AwsFault } from '../../shared/ports.ts';
import { CRASH } from '../announce/situations.ts';
import { anApp, aScheduledTask } from '../builders.ts';
import { aPerformer, aReading, aWorld } from '../fakes.ts';
import { CASES } from './corpus.ts';
import { HARMLESS } from './harmless.ts';
import { describeLogged, loggedBy } from './logged.ts';
import { describeSent } from './sent.ts';
import { describeStored } from './stored.ts';
import { aTable, expectNone } from './table.ts';

// Stack traces are mapped to the sources when they are read: half of what the tests of errors took.
Error.stackTraceLimit = 3;

describe('invariant 11, secrets stay secret: nothing leaves with', () => {
  it.each(CASES)('%s, in a cause made of the words of ECS', (_, text, secrets) => {
    const container = { name: 'web', reason: text, exitCode: 1 };
    for (const stopCode of ['TaskFailedToStart', 'UserInitiated', 'EssentialContainerExited']) {
      expectNone(diagnoseTask({ stopCode, stoppedReason: text, containers: [container] }), secrets);
    }
    expectNone(
      diagnoseEvents('web-app', [`(service web-app) failed container health checks ${text}`]),
      secrets,
    );
    expectNone(notStarted('db-migrate', text), secrets);
    expectNone(answerFault(new AwsFault('ClientException', text, false), 0), secrets);
  });

  it.each(CASES)('%s, in an error that is thrown out of a handler', async (_, text, secrets) => {
    const error = new AggregateError([new TypeError(text)], text, {
      cause: new Error(text, { cause: text }),
    });
    const logged: unknown[] = [];
    const logger = { error: (...what: unknown[]) => void logged.push(what) };
    const thrown: unknown = await leaving(logger, {}, () => Promise.reject(error)).catch(
      (one: unknown) => one,
    );
    if (!(thrown instanceof AggregateError)) throw new Error('another error was thrown');
    const [first] = thrown.errors;
    if (!(first instanceof Error) || !(thrown.cause instanceof Error))
      throw new Error('something is missing');
    for (const one of [thrown, first, thrown.cause]) expectNone([one.name, one.message, one.stack], secrets);
    expectNone([thrown.cause.cause], secrets);
    expect(first.name).toBe('TypeError');
    expect(logged).toHaveLength(1);
  });
});

// All others are in `npm run test:random`: these take the longest.
const SAMPLE = CASES.filter((_, index) => index % 6 === 0);
describeLogged(SAMPLE);
describeSent(SAMPLE);
describeStored(SAMPLE);

describe('data without secrets', () => {
  it('goes by the names of members, of pairs and of options', () => {
    const data = {
      environment: [
        { name: 'DB_PASSWORD', value: 'swordfish' },
        { name: 'PORT', value: '80' },
      ],
      command: ['migrate', '--password', 'swordfish', '--verbose'],
      token: 'swordfish',
      dbPassword: 48151623,
      tokens: 12,
      secretArn: 'arn:aws:secretsmanager:eu-central-1:123456789012:secret:db-AbCdEf',
    };
    expect(redactAll(data)).toEqual({
      environment: [
        { name: 'DB_PASSWORD', value: '[redacted]' },
        { name: 'PORT', value: '80' },
      ],
      command: ['migrate', '--password', '[redacted]', '--verbose'],
      token: '[redacted]',
      dbPassword: '[redacted]',
      tokens: 12,
      secretArn: 'arn:aws:secretsmanager:eu-central-1:123456789012:secret:db-AbCdEf',
    });
  });

  it('judges by the text before the words of a command', () => {
    const request = {
      command: 'run',
      words: ['mysql', '-uroot', '-pswordfish', 'app'],
      overrides: { command: ['curl', '-fsS', '-u', 'app:swordfish', 'https://example.com'] },
    };
    expect(redactAll(request)).toEqual({
      command: 'run',
      words: ['mysql', '-uroot', '[redacted]', 'app'],
      overrides: { command: ['curl', '-fsS', '-u', '[redacted]', 'https://example.com'] },
    });
    const harmless = { words: ['npm', 'run', 'report', '--', '--since', '2026-01-01', '-p', '8080:80'] };
    expect(redactAll(harmless)).toEqual(harmless);
  });

  it('goes by pairs of tags and of CloudFormation', () => {
    const data = [
      { Name: 'DB_PASSWORD', Value: 'swordfish' },
      { key: 'API_TOKEN', value: 'swordfish' },
      { ParameterKey: 'DbPassword', ParameterValue: 'swordfish' },
    ];
    expect(JSON.stringify(redactAll(data))).not.toContain('swordfish');
    const harmless = [
      { Key: 'Name', Value: 'web' },
      { ParameterKey: 'Port', ParameterValue: '80' },
      { name: 'DB_PASSWORD' },
    ];
    expect(redactAll(harmless)).toEqual(harmless);
  });

  it('forgets the command of a run that has ended', async () => {
    const { store, texts } = aTable();
    const app = anApp({ tasks: [aScheduledTask('report')] });
    const { perform } = aPerformer({ prepareRun: () => ({ kind: 'refused', cause: CRASH }) });
    const { world } = aWorld({ apps: [app], store, perform });
    const id = '4f9c2e1b-7a3d-4f60-8e1b-0a1b2c3d4e5f';
    const words = ['migrate', '--phrase', 'swordfish'];
    const answer = await operate(
      world,
      { command: 'run', app: 'web', task: 'report', id, words, who: 'ann' },
      aReading(),
    );
    expect(JSON.stringify(answer)).not.toContain('swordfish');
    const stored = await store.load('web');
    const [run] = await store.runs('web', 'report', 1);
    expect(run).toMatchObject({ id, state: 'ended' });
    expect(texts()).toContain('swordfish');
    expect(JSON.stringify([stored, run])).not.toContain('swordfish');
  });

  it('may be thrown without being an error', () => {
    expect(redactError({ reason: 'password=swordfish' })).toEqual({ reason: 'password=[redacted]' });
    expect(redactError(undefined)).toBeUndefined();
  });

  it('is the same data where there is nothing to hide', () => {
    const items = ['migrate', '--verbose'];
    expect(redactMember('command', items)).toBe(items);
    for (const text of HARMLESS)
      expect(redactAll({ reason: text, evidence: [text] })).toEqual({ reason: text, evidence: [text] });
    const error = new Error('token expired');
    expect(redactError(error)).toMatchObject({ message: error.message, stack: error.stack });
  });

  it('leaves what is carried out unchanged, and masks only what is shown', () => {
    const words = ['migrate', '--password=swordfish'];
    const run = {
      command: words,
      reason: 'it ended with password=swordfish',
      cursor: `eyJ${'a1'.repeat(60)}`,
    };
    expect(withoutSecrets(run)).toEqual({ ...run, reason: 'it ended with password=[redacted]' });
  });

  it('takes circles to the logger as they are', () => {
    const circle: Record<string, unknown> = { reason: 'password=swordfish', list: [] };
    circle.list = [circle];
    const [line] = loggedBy((logger) => logger.info('a circle', { circle }));
    expect(JSON.stringify(line)).toContain('password=[redacted]');
  });
});
