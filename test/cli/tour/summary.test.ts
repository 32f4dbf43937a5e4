import { plain } from '../../../cli/style.ts';
import { parseTour } from '../../../cli/tour/arguments.ts';
import { type Chapter, openChapter } from '../../../cli/tour/chapter.ts';
import { lastCard, textsOf } from '../../../cli/tour/messages.ts';
import { callsBetween, judge, type ReleaseRecord, summary } from '../../../cli/tour/summary.ts';
import { gist, withoutCredentials } from '../../../local/package.ts';

const at = (seconds: number) => new Date(seconds * 1_000).toISOString();
const call = (service: string, operation: string, caller = 'fairway-dev-ecs-changed', seconds = 10) => ({
  at: at(seconds),
  caller,
  service,
  operation,
  status: 200,
});
const migration = {
  arn: 'm',
  group: 'family:db-migrate',
  revision: 'db-migrate:2',
  createdAt: 0,
  lastStatus: 'STOPPED',
  desiredStatus: 'STOPPED',
  healthy: false,
  exitCodes: { migrate: 0 },
};

function chapter(image: string, base: string, change: Partial<Chapter>): Chapter {
  return {
    ...openChapter({
      image,
      digest: 'sha256:aa',
      service: 'web-app',
      migration: { family: 'db-migrate', container: 'migrate' },
      startedAt: 0,
      base,
      desired: 3,
    }),
    migrations: [migration],
    ...change,
  };
}
function recordOf(story: Chapter): ReleaseRecord {
  return {
    chapter: story,
    simulated: 200_000,
    real: 9_000,
    messages: 'Deployed',
    calls: [call('ecs', 'UpdateService')],
  };
}

const good = chapter('web-app:1.1.0', 'web-app:1', {
  target: 'web-app:2',
  rolledAt: 90_000,
  outcome: { release: 1, state: 'live', reason: 'all services are live', endedAt: 90_000 },
});
const bad = chapter('web-app:1.2.0', 'web-app:2', {
  target: 'web-app:3',
  backAt: 95_000,
  outcome: { release: 2, state: 'rolledBack', reason: 'container web exited with code 1', endedAt: 95_000 },
});
const failures = (first: Chapter, second: Chapter) =>
  judge(recordOf(first), recordOf(second))
    .filter(({ ok }) => !ok)
    .map(({ what }) => what);

describe('judge', () => {
  it('is content with what the tour promises', () => {
    expect(failures(good, bad)).toEqual([]);
  });

  it.each<[string, Partial<Chapter>, string]>([
    [
      'did not go live',
      { outcome: { release: 1, state: 'failed', reason: 'x', endedAt: 1 } },
      'web-app:1.1.0 is live',
    ],
    [
      'migrated twice',
      { migrations: [migration, { ...migration, arn: 'n' }] },
      'web-app:1.1.0 was migrated once',
    ],
    ['never migrated', { migrations: [] }, 'web-app:1.1.0 was migrated once'],
  ])('sees that the good image %s', (_, change, what) => {
    expect(failures({ ...good, ...change }, bad)).toContain(what);
  });

  it.each<[string, Partial<Chapter>, string]>([
    [
      'went live',
      { outcome: { release: 2, state: 'live', reason: 'fine', endedAt: 1 } },
      'web-app:1.2.0 failed',
    ],
    ['was not rolled back', { base: 'web-app:1' }, 'the image before runs again'],
    [
      'failed without its cause',
      { outcome: { release: 2, state: 'failed', reason: 'something went wrong', endedAt: 1 } },
      'the cause is named',
    ],
  ])('sees that the bad image %s', (_, change, what) => {
    expect(failures(good, { ...bad, ...change })).toContain(what);
  });

  it('notices that no message was sent', () => {
    const silent = { ...recordOf(bad), messages: '' };
    expect(judge(recordOf(good), silent).filter(({ ok }) => !ok)).toHaveLength(1);
  });
});

describe('callsBetween', () => {
  it("counts functions' calls of that time, without the tour's own", () => {
    const calls = [
      call('ecs', 'DescribeServices', 'external'),
      call('dynamodb', 'Query', 'fairway-dev-operate'),
      call('ecs', 'UpdateService', 'fairway-dev-image-pushed', 4),
      call('ecs', 'UpdateService'),
      call('ecs', 'DescribeServices', 'fairway-dev-sweep', 30),
    ];
    expect(callsBetween(calls, 5_000, 20_000)).toEqual([call('ecs', 'UpdateService')]);
  });
});

describe('summary', () => {
  it('shows time simulated and real, calls by operation and every check', () => {
    const release = {
      ...recordOf(good),
      calls: [
        call('ecs', 'RunTask'),
        call('ecs', 'RunTask'),
        call('ecr', 'BatchGetImage'),
        call('dynamodb', 'PutItem'),
      ],
    };
    const text = summary(
      [release, recordOf(bad)],
      judge(release, recordOf({ ...bad, backAt: 1, base: 'web-app:1' })),
      31_000,
      plain,
    ).join('\n');
    expect(text).toContain('web-app:1.1.0  live         3 min 20 s  9 s   2          1    1');
    expect(text).toContain('web-app:1.1.0: RunTask ×2');
    expect(text).toContain('BatchGetImage · dynamodb');
    expect(text).toContain('✓ web-app:1.1.0 is live');
    expect(text).toContain('✗ the image before runs again: no, back at web-app:1');
    expect(text).toContain('31 s in all');
  });
});

describe('messages', () => {
  const slack = (payload: unknown) => ({ at: at(1), kind: 'slack', payload });

  it('takes the newest message in the channel for the card, not a reply', () => {
    const first = slack({ text: 'rolling', blocks: '[]' });
    const card = slack({ text: 'live', blocks: '[]' });
    const reply = slack({ text: 'details', blocks: '[]', thread_ts: '1.2' });
    expect(lastCard([first, card, reply])).toBe(card);
    expect(lastCard([])).toBeUndefined();
  });

  it('finds texts in blocks, also where they are JSON in a form field', () => {
    const blocks = [{ type: 'section', text: { type: 'mrkdwn', text: 'web-app v1' } }];
    expect(textsOf({ channel: 'C1', text: 'v1', blocks: JSON.stringify(blocks) })).toEqual([
      'v1',
      'web-app v1',
    ]);
    expect(textsOf({ Subject: 'failed', Message: 'exit code 1', TopicArn: 'x' })).toEqual([
      'failed',
      'exit code 1',
    ]);
  });
});

describe('parseTour', () => {
  it('has defaults, and takes options', () => {
    expect(parseTour([])).toMatchObject({ exit: false, port: 4566, portGiven: false });
    expect(parseTour(['--exit', '--port', '0', '--speed', '100'])).toMatchObject({
      exit: true,
      port: 0,
      speed: 100,
      portGiven: true,
    });
  });

  it.each([['--speed', 'max'], ['--speed', '0'], ['--port', '70000'], ['--fast'], ['now']])(
    'refuses %j',
    (...argv) => {
      expect(() => parseTour(argv)).toThrow('npm start -- [options]');
    },
  );
});

describe('withoutCredentials', () => {
  it("keeps anyone's AWS account out of packaging", () => {
    expect(withoutCredentials({ PATH: '/bin', AWS_PROFILE: 'prod', AWS_ACCESS_KEY_ID: 'x' })).toEqual({
      PATH: '/bin',
      AWS_EC2_METADATA_DISABLED: 'true',
      SLS_TELEMETRY_DISABLED: '1',
    });
  });
});

describe('gist', () => {
  it('keeps what an error says and leaves out where it was thrown', () => {
    expect(gist('Error: Build failed\n    at build (x.js:1:1)\nx.ts: could not resolve\n')).toBe(
      'Error: Build failed\nx.ts: could not resolve',
    );
  });
});
