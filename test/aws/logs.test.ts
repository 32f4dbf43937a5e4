import type { GetLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { clean } from '../../shared/announce/text.ts';
import { createLogs } from '../../shared/aws/logs.ts';
import { aTime } from '../builders.ts';
import { base64 } from '../redaction/tokens.ts';

const REVISION = 'arn:aws:ecs:us-east-1:123456789012:task-definition/web-app:10';
const TASKS = ['1', '2'].map((id) => `arn:aws:ecs:us-east-1:123456789012:task/app-prod/${id}`);
const awslogs = (options: object) => ({ logDriver: 'awslogs', options });
const WEB = {
  name: 'web',
  logConfiguration: awslogs({ 'awslogs-group': '/ecs/web', 'awslogs-stream-prefix': 'app' }),
};

type Stream = readonly (readonly [at: number, text: string])[];

/** A synthetic private key, each line of it as one log line. */
const KEY = [
  `-----BEGIN ${'PRIVATE'} KEY-----`,
  ...Array.from({ length: 20 }, (_, line) => base64(64, 900 + line)),
  base64(22, 950),
  `-----END ${'PRIVATE'} KEY-----`,
];

/** In a stream: a place that CloudWatch looks through without finding a line. */
const GAP = '';

/**
 * A log of streams, of which a page has at most `page` places, or with pages that `answer` gives; a text instead of
 * lines is the name of an error.
 */
function aLog(
  containers: readonly object[],
  streams: Readonly<Record<string, Stream | string>>,
  how: { readonly page?: number; readonly answer?: (input: GetLogEventsCommand['input']) => object } = {},
) {
  const { page, answer } = how;
  const asked: object[] = [];
  const client = {
    async send({ input }: GetLogEventsCommand) {
      asked.push(input);
      if (answer) return answer(input);
      const found = streams[input.logStreamName ?? ''] ?? 'ResourceNotFoundException';
      if (typeof found === 'string')
        throw Object.assign(new Error(found), {
          name: found,
          $fault: 'client',
          $metadata: { httpStatusCode: 400 },
        });
      const limit = Math.min(input.limit ?? found.length, page ?? found.length);
      const at = input.nextToken === undefined ? undefined : Number(input.nextToken.slice(2));
      const from = input.startFromHead ? (at ?? 0) : Math.max(0, (at ?? found.length) - limit);
      const to = input.startFromHead ? Math.min(from + limit, found.length) : (at ?? found.length);
      const events = found.slice(from, to).flatMap(([timestamp, message]) => {
        return message === GAP ? [] : [{ timestamp, message }];
      });
      return { events, nextForwardToken: `f/${to}`, nextBackwardToken: `b/${from}` };
    },
  };
  const ecs = {
    taskDefinition: async () => ({ taskDefinition: { containerDefinitions: containers as never }, tags: [] }),
  };
  const options = { ...aTime(), region: 'us-east-1', mask: clean };
  return { logs: createLogs(() => client as never, ecs, options), asked };
}

describe('the tail of a log', () => {
  it('merges the containers of a task by time, and keeps the last lines', async () => {
    const proxy = { ...WEB, name: 'proxy' };
    const { logs } = aLog([WEB, proxy], {
      'app/web/1': Array.from({ length: 20 }, (_, index) => [index * 10, `web ${index}`] as const),
      'app/proxy/1': [[185, 'proxy']],
    });
    const { lines, elsewhere } = await logs.tail(REVISION, TASKS);
    expect(lines).toHaveLength(12);
    expect(lines.slice(-3).map(({ container, text }) => `${container}: ${text}`)).toEqual([
      'web: web 18',
      'proxy: proxy',
      'web: web 19',
    ]);
    expect(elsewhere).toEqual([]);
  });

  it('is that of the first task that wrote any, and of no other', async () => {
    const streams = { 'app/web/1': [[3, 'one']], 'app/web/2': [[1, 'two']] } as const;
    const both = aLog([WEB], streams);
    expect((await both.logs.tail(REVISION, TASKS)).lines.map(({ text }) => text)).toEqual(['one']);
    expect(both.asked).toHaveLength(1);
    const second = aLog([WEB], { 'app/web/2': streams['app/web/2'] });
    expect((await second.logs.tail(REVISION, TASKS)).lines.map(({ text }) => text)).toEqual(['two']);
  });

  it('reads the container first that the failure is about, and stops after a number of calls', async () => {
    const containers = Array.from({ length: 10 }, (_, index) => ({ ...WEB, name: `c${index}` }));
    const streams = Object.fromEntries(
      TASKS.flatMap((_, task) =>
        containers.map(({ name }) => [`app/${name}/${task + 1}`, [[0, GAP]] as Stream]),
      ),
    );
    const { logs, asked } = aLog(containers, streams, { page: 1 });
    await logs.tail(REVISION, [...TASKS, ...TASKS], 'c7');
    expect(asked[0]).toMatchObject({ logStreamName: 'app/c7/1' });
    expect(asked.length).toBeLessThanOrEqual(24);
  });

  it('masks secrets and cuts long lines', async () => {
    const { logs } = aLog([WEB], {
      'app/web/1': [
        [1, `connecting to postgres://app:hunter2-hunter2@db/app`],
        [2, 'x'.repeat(1_000)],
      ],
    });
    const { lines } = await logs.tail(REVISION, TASKS.slice(0, 1));
    expect(lines[0]?.text).toBe('connecting to postgres://app:[redacted]@db/app');
    expect(lines[1]?.text).toHaveLength(300);
  });

  it.each([
    ['another driver', { logDriver: 'splunk' }, 'web logs through splunk'],
    ['no log at all', undefined, 'web keeps no log: it has no logConfiguration'],
    [
      'another region',
      awslogs({ 'awslogs-group': '/ecs/web', 'awslogs-stream-prefix': 'app', 'awslogs-region': 'eu-west-1' }),
      'web logs to /ecs/web in eu-west-1',
    ],
    [
      'no prefix',
      awslogs({ 'awslogs-group': '/ecs/web' }),
      'web logs to /ecs/web, in a stream named after its Docker id: it has no awslogs-stream-prefix',
    ],
  ])('says where the lines are with %s, and makes no call', async (_, logConfiguration, sentence) => {
    const { logs, asked } = aLog([{ name: 'web', logConfiguration }], {});
    expect(await logs.tail(REVISION, TASKS)).toEqual({ lines: [], elsewhere: [sentence] });
    expect(asked).toEqual([]);
  });

  it('says how its lines can be shown where it may not read them', async () => {
    const { logs } = aLog([WEB], { 'app/web/1': 'AccessDeniedException' });
    expect((await logs.tail(REVISION, TASKS.slice(0, 1))).elsewhere).toEqual([
      'web logs to /ecs/web: name it as `logGroup` in fairway.yml to see its last lines here',
    ]);
  });

  it('is silent about a container that never wrote: it may never have run', async () => {
    const { logs } = aLog([WEB], {});
    expect(await logs.tail(REVISION, TASKS)).toEqual({ lines: [], elsewhere: [] });
  });
});

describe('the tail of a log, further back', () => {
  const [task = ''] = TASKS;

  it.each([
    ['a dump of PHP', '  ["password"]=>', '  string(12) "hunter2horse"', '  string(12) "[redacted]"'],
    ['JSON printed wide', '  "apiKey":', '    "hunter2horse",', '    "[redacted]",'],
    ['a block of YAML', 'password: |', '  hunter2horse', '  [redacted]'],
    ['a report of Spring', '  Property: db.password', '  Value: hunter2horse', '  Value: [redacted]'],
    ['what ends in a key and goes on with words', 'reset the password', 'for ann42', 'for ann42'],
    [
      'a check',
      'checking password:',
      '    at Object.next (/srv/lexer.js:1:2)',
      '    at Object.next (/srv/lexer.js:1:2)',
    ],
  ])('looks at the line before, too: %s', async (_, before, line, shown) => {
    const { logs } = aLog([WEB], {
      'app/web/1': [
        [1, before],
        [2, line],
      ],
    });
    const { lines } = await logs.tail(REVISION, TASKS.slice(0, 1));
    expect(lines.map(({ text }) => text)).toEqual([before, shown]);
  });

  it('masks a private key of which only the end is shown', async () => {
    const lines = [...KEY, ...Array.from({ length: 9 }, (_, line) => `line ${line}`)];
    const { logs } = aLog([WEB], { 'app/web/1': lines.map((text, at) => [at, text] as const) });
    const tail = await logs.tail(REVISION, [task]);
    expect(tail.lines.map(({ text }) => text).slice(0, 4)).toEqual([
      '[redacted]',
      '[redacted]',
      KEY.at(-1),
      'line 0',
    ]);
    const open = aLog([WEB], { 'app/web/1': KEY.slice(0, -1).map((text, at) => [at, text] as const) });
    const said = (await open.logs.tail(REVISION, [task])).lines;
    expect(said).toHaveLength(12);
    expect(new Set(said.map(({ text }) => text))).toEqual(new Set(['[redacted]']));
  });

  it.each([
    ['what a logger writes before each line', (line: string) => `10:00:00.000 INFO  ${line}`],
    ['colours', (line: string) => `\u001b[32m${line}\u001b[39m`],
  ])('masks a private key with %s', async (_, write) => {
    const lines = KEY.map((line, at) => [at, write(line)] as const);
    const { logs } = aLog([WEB], { 'app/web/1': lines });
    const said = (await logs.tail(REVISION, [task])).lines.map(({ text }) => text).join('\n');
    for (const line of KEY.slice(1, -1)) expect(said).not.toContain(line);
    expect(said).toContain(KEY.at(-1));
  });

  it('looks further back where a page has no lines, but not without end', async () => {
    const gap = Array.from({ length: 6 }, (_, at) => [at + 1, GAP] as const);
    const near = aLog([WEB], { 'app/web/1': [[0, 'last words'], ...gap.slice(0, 3)] }, { page: 1 });
    expect((await near.logs.tail(REVISION, [task])).lines.map(({ text }) => text)).toEqual(['last words']);
    const far = aLog([WEB], { 'app/web/1': [[0, 'last words'], ...gap] }, { page: 1 });
    expect((await far.logs.tail(REVISION, [task])).lines).toEqual([]);
    expect(far.asked).toHaveLength(5);
    const none = aLog([WEB], { 'app/web/1': [] });
    await none.logs.tail(REVISION, [task]);
    expect(none.asked).toHaveLength(2);
  });

  it('tears no character apart', async () => {
    const { logs } = aLog([WEB], { 'app/web/1': [[1, `a${'🔥'.repeat(300)}`]] });
    const [line] = (await logs.tail(REVISION, [task])).lines;
    expect(line?.text).not.toMatch(/\p{Surrogate}/u);
    const odd = aLog([WEB], { 'app/web/1': [[1, '🔥'.repeat(300)]] });
    expect((await odd.logs.tail(REVISION, [task])).lines[0]?.text).not.toMatch(/\p{Surrogate}/u);
  });

  it('says how many containers it did not read', async () => {
    const containers = Array.from({ length: 24 }, (_, index) => ({ ...WEB, name: `c${index}` }));
    const { logs, asked } = aLog(containers, {});
    expect((await logs.tail(REVISION, [task])).elsewhere).toEqual([
      '4 more log streams are not shown: 20 are at most',
    ]);
    expect(asked).toHaveLength(20);
  });
});

describe('following a log', () => {
  it('is not at the end where a page is short or empty', async () => {
    const lines = [[0, 'first'] as const, [1, GAP] as const, [2, GAP] as const, [3, 'last'] as const];
    const { logs } = aLog([WEB], { 'app/web/1': lines }, { page: 1 });
    const said: string[] = [];
    let cursor: string | undefined;
    for (let dry = false; !dry; ) {
      const read = await logs.since(REVISION, TASKS.slice(0, 1), cursor);
      said.push(...read.lines.map(({ text }) => text));
      ({ cursor, dry } = read);
    }
    expect(said).toEqual(['first', 'last']);
  });

  it('masks a private key whose end has not arrived yet', async () => {
    const [begin = '', first = '', second = ''] = KEY;
    const last = KEY.at(-2) ?? '';
    const parts = [
      [begin, first],
      [second, last],
    ];
    const lines: (readonly [number, string])[] = [];
    const { logs } = aLog([WEB], { 'app/web/1': lines });
    let cursor: string | undefined;
    const said: string[] = [];
    for (const part of parts) {
      for (const text of part) lines.push([lines.length, text]);
      const read = await logs.since(REVISION, TASKS.slice(0, 1), cursor);
      said.push(...read.lines.map(({ text }) => text));
      ({ cursor } = read);
    }
    expect(said).toEqual([begin, '[redacted]', '[redacted]', '[redacted]']);
  });

  it('goes on where it was, and says when there is more', async () => {
    const lines = Array.from({ length: 2_050 }, (_, index) => [index, `line ${index}`] as const);
    const { logs } = aLog([WEB], { 'app/web/1': lines });
    const [task = ''] = TASKS;
    const first = await logs.since(REVISION, [task], undefined);
    const second = await logs.since(REVISION, [task], first.cursor);
    const third = await logs.since(REVISION, [task], second.cursor);
    expect([first, second, third].map((read) => [read.lines.length, read.more, read.dry])).toEqual([
      [2_000, true, false],
      [50, false, false],
      [0, false, true],
    ]);
    expect(second.lines[0]).toEqual({ at: 2_000, container: 'web', text: 'line 2000', task: '1' });
  });

  it('goes on after a page that is empty although more lines follow', async () => {
    const pages: Readonly<Record<string, object>> = {
      begin: { events: [{ timestamp: 1, message: 'one' }], nextForwardToken: 'f/1' },
      'f/1': { events: [], nextForwardToken: 'f/2' },
      'f/2': { events: [{ timestamp: 2, message: 'two' }], nextForwardToken: 'f/3' },
      'f/3': { events: [], nextForwardToken: 'f/3' },
    };
    const { logs } = aLog([WEB], {}, { answer: ({ nextToken = 'begin' }) => pages[nextToken] ?? {} });
    const seen: unknown[] = [];
    let cursor: string | undefined;
    for (let looks = 0; looks < 4; looks += 1) {
      const read = await logs.since(REVISION, TASKS.slice(0, 1), cursor);
      cursor = read.cursor;
      seen.push([read.lines.map(({ text }) => text), read.more, read.dry]);
    }
    expect(seen).toEqual([
      [['one'], false, false],
      [[], true, false],
      [['two'], false, false],
      [[], false, true],
    ]);
  });

  it('answers no more than a function may, and reads the other containers the next time', async () => {
    const names = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'];
    const containers = names.map((name) => ({ ...WEB, name }));
    // CloudWatch ends a page at 1 MB: five lines of 200 KB.
    const page = Array.from({ length: 5 }, (_, at) => [at, 'x'.repeat(200_000)] as const);
    const { logs } = aLog(containers, Object.fromEntries(names.map((name) => [`app/${name}/1`, page])));
    const wrote = new Set<string>();
    let cursor: string | undefined;
    for (let looks = 0; looks < 10; looks += 1) {
      const read = await logs.since(REVISION, TASKS.slice(0, 1), cursor);
      expect(JSON.stringify(read).length).toBeLessThan(6_000_000);
      for (const { container } of read.lines) wrote.add(container);
      cursor = read.cursor;
      if (read.dry) break;
      expect(read.more).toBe(wrote.size < names.length || read.lines.length > 0);
    }
    expect([...wrote]).toEqual(names);
  });

  it('distinguishes containers that have not logged yet from those whose log it cannot read', async () => {
    const { logs } = aLog([WEB, { ...WEB, name: 'proxy' }], { 'app/proxy/1': 'AccessDeniedException' });
    const read = await logs.since(REVISION, TASKS.slice(0, 1), undefined);
    expect(read.silent).toEqual(['web has written nothing to /ecs/web']);
    expect(read.elsewhere).toEqual([expect.stringContaining('proxy logs to /ecs/web: name it')]);
  });

  it('says how many streams it leaves out', async () => {
    const containers = Array.from({ length: 23 }, (_, index) => ({ ...WEB, name: `c${index}` }));
    const { logs } = aLog(containers, {});
    expect((await logs.since(REVISION, TASKS.slice(0, 1), undefined)).elsewhere).toEqual([
      '3 more log streams are not shown: 20 are at most',
    ]);
  });

  it('begins anew with a cursor that it cannot read', async () => {
    const { logs } = aLog([WEB], { 'app/web/1': [[1, 'one']] });
    expect((await logs.since(REVISION, TASKS.slice(0, 1), 'nonsense')).lines).toHaveLength(1);
  });
});
