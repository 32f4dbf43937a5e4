import type { GetLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { createLogs } from '../../shared/aws/logs.ts';
import { redact } from '../../shared/domain/redaction/redact.ts';
import { aTime } from '../builders.ts';

const REVISION = 'arn:aws:ecs:us-east-1:123456789012:task-definition/web-app:10';
const TASKS = ['1', '2'].map((id) => `arn:aws:ecs:us-east-1:123456789012:task/app-prod/${id}`);
const awslogs = (options: object) => ({ logDriver: 'awslogs', options });
const WEB = {
  name: 'web',
  logConfiguration: awslogs({ 'awslogs-group': '/ecs/web', 'awslogs-stream-prefix': 'app' }),
};

type Stream = readonly (readonly [at: number, text: string])[];

/** A log of streams; a text instead of lines is the name of an error. */
function aLog(
  containers: readonly object[],
  streams: Readonly<Record<string, Stream | string>>,
  answer?: (input: GetLogEventsCommand['input']) => object,
) {
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
      const from = input.nextToken === undefined ? 0 : Number(input.nextToken.slice(2));
      const limit = input.limit ?? found.length;
      const some = input.startFromHead ? found.slice(from, from + limit) : found.slice(-limit);
      const events = some.map(([timestamp, message]) => ({ timestamp, message }));
      return { events, nextForwardToken: `f/${Math.min(from + limit, found.length)}` };
    },
  };
  const ecs = {
    taskDefinition: async () => ({ taskDefinition: { containerDefinitions: containers as never }, tags: [] }),
  };
  const options = { ...aTime(), region: 'us-east-1', mask: redact };
  return { logs: createLogs(() => client as never, ecs, options), asked };
}

describe('the tail of a log', () => {
  it('merges the containers of several tasks by time, and keeps the last lines', async () => {
    const proxy = { ...WEB, name: 'proxy' };
    const { logs } = aLog([WEB, proxy], {
      'app/web/1': Array.from({ length: 20 }, (_, index) => [index * 10, `web ${index}`] as const),
      'app/proxy/1': [[185, 'proxy']],
      'app/web/2': [[5, 'early']],
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
  ])('says where the lines are with %s, and asks nobody', async (_, logConfiguration, sentence) => {
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

describe('following a log', () => {
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
    const { logs } = aLog([WEB], {}, ({ nextToken = 'begin' }) => pages[nextToken] ?? {});
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

  it('tells containers that are silent so far from those whose lines it may not read', async () => {
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
