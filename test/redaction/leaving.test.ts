import { advance } from '../../shared/advance.ts';
import { renderSlack } from '../../shared/announce/slack.ts';
import { renderSns } from '../../shared/announce/sns.ts';
import { createTell } from '../../shared/announce/tell.ts';
import type { Announcement } from '../../shared/domain/announcement.ts';
import { diagnoseEvents } from '../../shared/domain/diagnosis/serviceEvents.ts';
import { diagnoseTask } from '../../shared/domain/diagnosis.ts';
import { redactError } from '../../shared/domain/redaction/errors.ts';
import { redactAll, redactMember, withoutSecrets } from '../../shared/domain/redaction/structures.ts';
import { createLogger, leaving } from '../../shared/leaving.ts';
import { operate } from '../../shared/operate.ts';
import { answerFault, notStarted } from '../../shared/perform/refusals.ts';
import { AwsFault } from '../../shared/ports.ts';
import { aStoryOf, CRASH, news } from '../announce/situations.ts';
import { anApp, aTask, digestOf, START } from '../builders.ts';
import { aPerformer, aWorld, noLogs } from '../fakes.ts';
import { TAINTED } from './corpus.ts';
import { HARMLESS } from './harmless.ts';
import { aTable, textsOf } from './table.ts';

const EACH = TAINTED.map(({ what, text, secrets }) => [what, text, secrets] as const);

function expectNone(where: unknown, secrets: readonly string[]): void {
  const said = textsOf(where).join('\n');
  for (const secret of secrets) expect(said).not.toContain(secret);
}

/** The same text wherever somebody else may write. */
function tainted(text: string): readonly Announcement[] {
  const story = aStoryOf('stranded');
  const hold = { by: text, reason: text, at: 0 };
  const tail = { lines: [{ at: 0, container: 'web', text }], elsewhere: [text] };
  return [
    {
      ...story,
      image: { ...story.image, labels: { source: text, author: text, description: text } },
      trigger: { kind: 'deploy', who: text },
      notes: [text],
      failure: { service: 'web-app', cause: { ...CRASH, sentence: text, evidence: [text] }, tail },
      hold,
      outcome: { kind: 'stranded', reason: text },
      services: story.services.map((service) => ({ ...service, runs: text })),
    },
    news({ sentence: text, hold }),
  ];
}

describe('invariant 11, secrets stay secret: nothing leaves with', () => {
  it.each(EACH)('%s, in a message as it is rendered', (_, text, secrets) => {
    for (const announcement of tainted(text)) {
      expectNone(renderSlack(announcement), secrets);
      expectNone(renderSns(announcement), secrets);
    }
  });

  it.each(EACH)('%s, in a message as it is sent', async (_, text, secrets) => {
    const sent: unknown[] = [];
    const ask = jest.spyOn(globalThis, 'fetch').mockImplementation(async (_url, request) => {
      sent.push(JSON.parse(String(request?.body)));
      return Response.json({ ok: true, ts: '1.0' });
    });
    const tell = createTell({
      channels: {
        chat: { kind: 'slack', channel: 'C1', token: { ssm: '/token' } },
        mail: { kind: 'sns', topic: 'arn:aws:sns:us-east-1:123456789012:deploys' },
      },
      topicArn: 'arn:aws:sns:us-east-1:123456789012:deploys',
      readSecret: async () => 'xoxb-test',
      publish: async (publication) => void sent.push(publication),
      now: () => START,
      log: () => undefined,
    });
    for (const announcement of tainted(text)) {
      await tell('chat', announcement, undefined, 0);
      await tell('mail', announcement, undefined, 0);
    }
    ask.mockRestore();
    expect(sent.length).toBeGreaterThan(3);
    expectNone(sent, secrets);
  });

  it.each(EACH)('%s, in a log line', (_, text, secrets) => {
    const lines = loggedBy((logger) => {
      const error = new Error(text, { cause: new Error(text) });
      logger.info(text, { reason: text, answer: { evidence: [text] }, error });
      logger.error('invocation failed', { event: { detail: { stoppedReason: text } }, error });
    });
    expect(lines).toHaveLength(2);
    expectNone(lines, secrets);
  });

  it.each(EACH)('%s, in the table and in what operate answers', async (_, text, secrets) => {
    const { store, texts } = aTable();
    const app = anApp({ before: [aTask('db-migrate')] });
    const cause = { ...CRASH, sentence: text, evidence: [text] };
    const { perform } = aPerformer({
      lookAtTask: () => ({
        kind: 'taskSeen',
        task: {
          taskArn: 'task/1',
          found: true,
          lastStatus: 'STOPPED',
          scaledIn: false,
          exitCodes: { 'db-migrate': 1 },
          cause,
        },
      }),
      readLines: () => ({
        kind: 'linesRead',
        tail: { lines: [{ at: START, container: 'db-migrate', text }], elsewhere: [text] },
      }),
    });
    const { world } = aWorld({ apps: [app], store, perform });
    await advance(world, app, {
      type: 'imagePushed',
      tag: '1.1.0',
      digest: digestOf('1.1.0'),
      at: START,
      source: 'event',
    });
    await advance(world, app, { type: 'taskStopped', taskArn: 'task/1', scaledIn: false });
    const parked = { take: async () => [] };
    const ask = (request: Parameters<typeof operate>[1]) =>
      leaving({ error: () => undefined }, request, () => operate(world, request, { parked, logs: noLogs }));
    const answers = [
      await ask({ command: 'hold', app: 'web', reason: text, who: text }),
      await ask({ command: 'hold', app: 'web', reason: text, who: text }),
      await ask({ command: 'status' }),
      await ask({ command: 'releases', app: 'web' }),
      await ask({ command: 'why', app: 'web', tag: '1.1.0' }),
    ];
    expect(texts()).toContain('"outcome":"failed"');
    expect(texts()).toContain('[redacted]');
    expectNone([texts()], secrets);
    expectNone(answers, secrets);
  });

  it.each(EACH)('%s, in a cause made of the words of ECS', (_, text, secrets) => {
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

  it.each(EACH)('%s, in an error that is thrown out of a handler', async (_, text, secrets) => {
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

function loggedBy(log: (logger: ReturnType<typeof createLogger>) => void): unknown[] {
  const lines: unknown[] = [];
  const write = jest.spyOn(process.stdout, 'write').mockImplementation((line) => {
    lines.push(JSON.parse(String(line)));
    return true;
  });
  const complain = jest.spyOn(process.stderr, 'write').mockImplementation((line) => {
    lines.push(JSON.parse(String(line)));
    return true;
  });
  log(createLogger());
  write.mockRestore();
  complain.mockRestore();
  return lines;
}

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

  it('goes by what stands before the words of a command', () => {
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

  it('leaves alone what is done, and masks only what is told', () => {
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
