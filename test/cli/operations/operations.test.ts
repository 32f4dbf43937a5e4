import { tasksText } from '../../../cli/commands/tasks.ts';
import { commandOf, execLine, taskToEnter } from '../../../cli/operations/execLine.ts';
import { createLogReader } from '../../../cli/operations/logReader.ts';
import { missingContainer, readLogSources } from '../../../cli/operations/logSources.ts';
import { type RunningTask, readTasks } from '../../../cli/operations/tasks.ts';
import { plain } from '../../../cli/style.ts';
import { anApp } from '../../builders.ts';
import { EXAMPLE } from '../../infrastructure/example.ts';
import { aRunningExample, type EmptyCloud } from '../../infrastructure/world.ts';

const [service] = anApp().services;
const APP = anApp({ cluster: 'app-prod', ...(service && { services: [{ ...service, name: 'web-app' }] }) });
const CONNECTION = { settings: { region: 'us-east-1' }, where: 'AWS in us-east-1', functionName: 'f' };

let cloud: EmptyCloud;
beforeEach(async () => {
  cloud = await aRunningExample(EXAMPLE);
  cloud.clock.runUntil(cloud.clock.now() + 5 * 60_000);
});

describe('the tasks of an app', () => {
  test('are read with revision, health, start and zone', async () => {
    const tasks = await readTasks(APP, cloud.aws);
    expect(tasks).toHaveLength(3);
    expect(tasks[0]).toMatchObject({
      service: 'web-app',
      revision: 'web-app:1',
      status: 'running',
      health: 'healthy',
      zone: 'us-east-1a',
      capacity: 'FARGATE',
      exec: false,
      images: { web: expect.stringMatching(/^sha256:/) },
    });
    expect(cloud.clock.now() - (tasks[0]?.startedAt ?? 0)).toBeLessThan(5 * 60_000);
  });

  test('are a table for people', async () => {
    const tasks = await readTasks(APP, cloud.aws);
    const [heading, first] = tasksText('web', tasks, cloud.clock.now(), plain).split('\n');
    expect(heading).toMatch(/^TASK +SERVICE +REVISION +STATUS +HEALTH +STARTED +ZONE +CAPACITY$/);
    expect(first).toMatch(
      /^[0-9a-f]{32} +web-app +web-app:1 +running +healthy +4 min ago +us-east-1a +FARGATE$/,
    );
  });

  test('are none where nothing runs', () => {
    expect(tasksText('web', [], 0, plain)).toBe('web has no running task');
  });
});

describe('the logs of an app', () => {
  async function write(task: string, message: string) {
    const stream = { logGroupName: '/ecs/web-app', logStreamName: `web-app/web/${task}` };
    await cloud.aws('logs', 'CreateLogStream', stream).catch(() => {});
    const logEvents = [{ timestamp: cloud.clock.now(), message }];
    await cloud.aws('logs', 'PutLogEvents', { ...stream, logEvents });
    cloud.clock.runUntil(cloud.clock.now() + 1_000);
  }

  async function reader() {
    const { sources } = await readLogSources(APP, { aws: cloud.aws, region: 'us-east-1' });
    return createLogReader(sources, cloud.aws, cloud.clock.now());
  }

  test('are found by the log configuration of what is deployed', async () => {
    const found = await readLogSources(APP, { aws: cloud.aws, region: 'us-east-1' });
    expect(found).toEqual({
      sources: [{ container: 'web', group: '/ecs/web-app', prefix: 'web-app/web/' }],
      elsewhere: [],
      containers: ['web'],
    });
    const other = await readLogSources(APP, { aws: cloud.aws, region: 'us-east-1', container: 'proxy' });
    expect(other.sources).toEqual([]);
    expect(missingContainer('web', 'web', found)).toBeUndefined();
    expect(missingContainer('web', 'proxy', other)).toBe(
      'web has no container proxy: its revisions have web',
    );
    const elsewhere = await readLogSources(APP, { aws: cloud.aws, region: 'eu-west-1' });
    expect(elsewhere).toMatchObject({
      sources: [],
      elsewhere: ['web logs to /ecs/web-app in us-east-1'],
    });
  });

  test('are merged by time, and each line comes once', async () => {
    const read = await reader();
    await write('aaaa', 'one');
    await write('bbbb', 'two');
    await write('aaaa', 'three');
    expect((await read()).map(({ task, text }) => `${task} ${text}`)).toEqual([
      'aaaa one',
      'bbbb two',
      'aaaa three',
    ]);
    expect(await read()).toEqual([]);
    await write('bbbb', 'four');
    expect((await read()).map(({ text }) => text)).toEqual(['four']);
  });

  test('have no secrets, also where one began before the last look', async () => {
    const read = await reader();
    await write('aaaa', 'connecting with password=hunter2hunter2');
    await write('aaaa', '-----BEGIN RSA PRIVATE KEY-----');
    const key = 'MIIEowIBAAKCAQEAx9Kf3dPzH0bQm1Zc5V7tY2uW8nR4sL6jT3gE1qA0oBhXyIvC';
    const first = await read();
    await write('aaaa', key);
    const shown = [...first, ...(await read())].map(({ text }) => text);
    expect(shown).toHaveLength(3);
    expect(shown.join('\n')).not.toContain('hunter2');
    expect(shown.join('\n')).not.toContain(key.slice(0, 20));
  });

  test('are empty where the group does not exist yet', async () => {
    const sources = [{ container: 'web', group: '/ecs/none', prefix: 'web/' }];
    expect(await createLogReader(sources, cloud.aws, 0)()).toEqual([]);
  });
});

describe('exec prints the line for', () => {
  const task: RunningTask = {
    id: 'aaaa',
    arn: 'arn:aws:ecs:us-east-1:123456789012:task/app-prod/aaaa',
    service: 'web-app',
    revision: 'web-app:1',
    status: 'running',
    health: 'healthy',
    startedAt: 1,
    capacity: 'FARGATE',
    exec: true,
    images: { web: 'sha256:1' },
  };

  function chosen(tasks: readonly RunningTask[], wanted = {}) {
    const found = taskToEnter(APP, tasks, { command: '/bin/sh', ...wanted });
    return 'refused' in found ? found.refused : found.id;
  }

  test.each([
    ['the newest task', [task, { ...task, id: 'bbbb', startedAt: 2 }], {}, 'bbbb'],
    ['a healthy task', [task, { ...task, id: 'bbbb', startedAt: 2, health: 'unhealthy' }], {}, 'aaaa'],
    ['an unhealthy task where there is no other', [{ ...task, health: 'unhealthy' }], {}, 'aaaa'],
    ['a task that runs', [task, { ...task, id: 'bbbb', startedAt: 2, status: 'pending' }], {}, 'aaaa'],
    ['the task that is named', [task, { ...task, id: 'bbbb', startedAt: 2 }], { task: 'aa' }, 'aaaa'],
    [
      'a task of the service',
      [task, { ...task, id: 'bbbb', service: 'worker' }],
      { service: 'worker' },
      'bbbb',
    ],
  ])('%s', (_, tasks, wanted, expected) => {
    expect(chosen(tasks, wanted)).toBe(expected);
  });

  test('none where ECS Exec is off, or nothing runs', () => {
    expect(chosen([{ ...task, exec: false }])).toContain('ECS Exec is off for the tasks of web-app: set');
    expect(chosen([])).toBe('web has no such running task: `fairway tasks web` lists them');
  });

  test.each([
    [['sh', '-c', 'ps aux'], "sh -c 'ps aux'"],
    [['ps', 'aux'], 'ps aux'],
    [['ps aux'], 'ps aux'],
  ])('the words %j, as they were', (words, command) => expect(commandOf(words)).toBe(command));

  test('a shell, quoted', () => {
    expect(execLine(APP, task, { command: "sh -c 'ps aux'" }, CONNECTION)).toBe(
      "aws ecs execute-command --cluster app-prod --task aaaa --container web --region us-east-1 --interactive --command 'sh -c '\\''ps aux'\\'''",
    );
    const local = { ...CONNECTION, local: 'http://127.0.0.1:4566' };
    expect(execLine(APP, task, { command: '/bin/sh', container: 'proxy' }, local)).toContain(
      '--container proxy --region us-east-1 --endpoint-url http://127.0.0.1:4566 --interactive --command /bin/sh',
    );
  });
});
