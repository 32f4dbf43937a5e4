import { compileConfiguration } from '../../shared/config/load.ts';
import type { JsonObject } from '../../shared/infrastructure/json.ts';
import { aCluster, imageOf, imported } from './cluster.ts';
import type { EmptyCloud } from './world.ts';

const CLUSTER = 'arn:aws:ecs:us-east-1:123456789012:cluster/app-prod';
const ARN = 'arn:aws:ecs:us-east-1:123456789012:task-definition';
const web = { name: 'web', image: imageOf('web-app'), portMappings: [{ containerPort: 8080 }] };
const migrate = { name: 'migrate', image: imageOf('web-app') };

function target(family: string, parameters: JsonObject = {}, input?: JsonObject): JsonObject {
  return {
    Arn: CLUSTER,
    RoleArn: 'arn:aws:iam::123456789012:role/events',
    EcsParameters: { TaskDefinitionArn: `${ARN}/${family}`, ...parameters },
    ...(input === undefined ? {} : { Input: JSON.stringify(input) }),
  };
}

async function withRule(cloud: EmptyCloud, name: string, rule: JsonObject, ...targets: JsonObject[]) {
  await cloud.aws('events', 'PutRule', { Name: name, ...rule });
  const { EventBusName = 'default' } = rule;
  const Targets = targets.map((each, index) => ({ Id: String(index), ...each }));
  await cloud.aws('events', 'PutTargets', { Rule: name, EventBusName, Targets });
}

async function aWebCluster(): Promise<EmptyCloud> {
  return aCluster({
    services: { 'web-app': { containers: [web], roles: true } },
    families: { 'db-migrate': { containers: [migrate], roles: true } },
  });
}

/** The file with the "#" before each schedule removed, as its comment says. */
function takenOver(text: string): string {
  return text.replaceAll(/# (?=schedule: )/g, '');
}

describe('what rules and schedules start', () => {
  test('becomes a task of the app, disabled, with the step that takes it over', async () => {
    const cloud = await aWebCluster();
    const network = { awsvpcConfiguration: { Subnets: ['subnet-1'], AssignPublicIp: 'ENABLED' } };
    const input = {
      memory: '2048',
      containerOverrides: [
        { name: 'web', command: ['report'], environment: [{ name: 'REPORT', value: 'nightly' }] },
      ],
    };
    await withRule(
      cloud,
      'nightly',
      { ScheduleExpression: 'cron(0 3 * * ? *)' },
      target('web-app', { TaskCount: 2, LaunchType: 'FARGATE', NetworkConfiguration: network }, input),
    );
    const { text, file } = await imported(cloud, { infrastructure: false });
    expect(file.apps['web-app'].tasks).toContainEqual({
      name: 'nightly',
      like: 'web-app',
      container: 'web',
      command: ['report'],
      environment: { REPORT: 'nightly' },
      memory: 2048,
      count: 2,
      network: { subnets: ['subnet-1'], assignPublicIp: true },
      capacity: { launchType: 'FARGATE' },
    });
    expect(text).toContain('aws events disable-rule --name nightly');
    expect(compileConfiguration(text, 'fairway.yml').apps[0]?.tasks[0]).not.toHaveProperty('schedule');
    expect(compileConfiguration(takenOver(text), 'fairway.yml').apps[0]?.tasks[0]).toMatchObject({
      schedule: { expression: 'cron(0 3 * * ? *)', timeZone: 'UTC' },
    });
  });

  test('has no command that may contain a secret, and says so', async () => {
    const cloud = await aWebCluster();
    const command = ['migrate', '--password', 'hunter2x9'];
    await withRule(
      cloud,
      'nightly',
      { ScheduleExpression: 'cron(0 3 * * ? *)' },
      target('web-app', {}, { containerOverrides: [{ name: 'web', command }] }),
    );
    const { text, file } = await imported(cloud, { infrastructure: false });
    expect(text).not.toContain('hunter2x9');
    expect(text).toContain('Not copied, since they may be secrets: command');
    expect(file.apps['web-app'].tasks[0]).not.toHaveProperty('command');
  });

  test('is found in EventBridge Scheduler, with time zone, start, end and window', async () => {
    const cloud = await aWebCluster();
    await cloud.aws('scheduler', 'CreateSchedule', {
      Name: 'weekly.report',
      GroupName: 'reports',
      ScheduleExpression: 'cron(0 3 ? * MON *)',
      ScheduleExpressionTimezone: 'Europe/Berlin',
      StartDate: 1_900_000_000,
      EndDate: 2_000_000_000,
      FlexibleTimeWindow: { Mode: 'FLEXIBLE', MaximumWindowInMinutes: 15 },
      Target: target('db-migrate:1'),
    });
    const { text, file } = await imported(cloud, { infrastructure: false });
    expect(file.apps['web-app'].tasks).toEqual([
      {
        name: 'weekly-report',
        taskDefinition: 'db-migrate',
        container: 'migrate',
        taskRole: 'web-task',
        executionRole: 'arn:aws:iam::123456789012:role/team/web-execution',
      },
    ]);
    expect(text).toContain('set the state of reports/weekly.report to DISABLED');
    const [app] = compileConfiguration(takenOver(text), 'fairway.yml').apps;
    expect(app?.tasks[0]?.schedule).toMatchObject({
      expression: 'cron(0 3 ? * MON *)',
      timeZone: 'Europe/Berlin',
      jitter: 15 * 60_000,
    });
  });

  test('is found on every event bus; what waits for events runs on demand', async () => {
    const cloud = await aWebCluster();
    await cloud.aws('events', 'CreateEventBus', { Name: 'orders' });
    const rule = { EventBusName: 'orders', EventPattern: '{"source":["shop"]}' };
    await withRule(cloud, 'paid', rule, target('db-migrate'));
    const { text, file } = await imported(cloud, { infrastructure: false });
    expect(file.apps['web-app'].tasks).toMatchObject([{ name: 'paid', taskDefinition: 'db-migrate' }]);
    expect(text).toContain('of the bus orders starts it on events, which Fairway does not');
    expect(text).not.toContain('# schedule:');
  });

  test('has a name for each target of a rule', async () => {
    const cloud = await aWebCluster();
    const schedule = { ScheduleExpression: 'rate(1 day)' };
    await withRule(cloud, 'nightly', schedule, target('web-app'), target('db-migrate'));
    const { file } = await imported(cloud, { infrastructure: false });
    expect(file.apps['web-app'].tasks.map(({ name }: JsonObject) => name)).toEqual(['nightly', 'nightly-2']);
  });

  test('says that a disabled rule is disabled', async () => {
    const cloud = await aWebCluster();
    await withRule(cloud, 'old', { ScheduleExpression: 'rate(1 day)', State: 'DISABLED' }, target('web-app'));
    const { text } = await imported(cloud, { infrastructure: false });
    expect(text).toContain('From the EventBridge rule old, which is disabled.');
  });

  test('says what it does not take over, and copies no value that may be a secret', async () => {
    const cloud = await aWebCluster();
    const environment = [
      { name: 'API_KEY', value: 'k9Xq2LmZ' },
      { name: 'MODE', value: 'fast' },
    ];
    const overrides = { containerOverrides: [{ name: 'web', environment }, { name: 'agent' }] };
    const parameters = { Group: 'nightly', Tags: [{ Key: 'team', Value: 'web' }] };
    const rule = { ScheduleExpression: 'rate(1 day)' };
    await withRule(cloud, 'nightly', rule, target('web-app', parameters, overrides));
    const { text, file } = await imported(cloud, { infrastructure: false });
    expect(text).not.toContain('k9Xq2LmZ');
    expect(file.apps['web-app'].tasks[0].environment).toEqual({ MODE: 'fast' });
    expect(text).toMatch(/Not copied, since they may be secrets: API_KEY/);
    expect(text).toContain('Not taken over: Group, Tags.');
    expect(text).toContain('Not taken over: the overrides of the container agent.');
  });

  test('names every member of the target that a task does not have, and counts them', async () => {
    const cloud = await aWebCluster();
    const container = {
      name: 'web',
      cpu: 256,
      memory: 512,
      environmentFiles: [{ type: 's3', value: 'arn:aws:s3:::files/web.env' }],
    };
    await withRule(
      cloud,
      'nightly',
      { ScheduleExpression: 'rate(1 day)' },
      {
        ...target('web-app:1', { ReferenceId: 'nightly' }, { cpu: '1024', containerOverrides: [container] }),
        RetryPolicy: { MaximumRetryAttempts: 2, MaximumEventAgeInSeconds: 600 },
        DeadLetterConfig: { Arn: 'arn:aws:sqs:us-east-1:123456789012:failed' },
      },
    );
    const transformer = { InputTransformer: { InputTemplate: '{"cpu":"256"}' } };
    await withRule(
      cloud,
      'shaped',
      { ScheduleExpression: 'rate(1 day)' },
      { ...target('db-migrate'), ...transformer },
    );
    const { text, file, notes } = await imported(cloud, { infrastructure: false });
    expect(file.apps['web-app'].tasks[0]).toMatchObject({ name: 'nightly', cpu: 1024 });
    const [nightly = '', shaped = ''] = text
      .split('\n')
      .filter((line) => line.includes('# Not taken over: '));
    const named = [
      'RetryPolicy',
      'DeadLetterConfig',
      'ReferenceId',
      'containerOverrides.cpu',
      'containerOverrides.memory',
      'containerOverrides.environmentFiles',
    ];
    for (const member of named) expect(nightly).toContain(member);
    expect(text).toContain('Not taken over: the revision 1 of web-app.');
    expect(`${shaped}${text}`).toContain('Not taken over: InputTransformer.');
    expect(notes).toContain(
      '8 settings of rules and schedules not taken over: comments in the file name each',
    );
  });

  test('takes over a schedule with the default retries without a word about them', async () => {
    const cloud = await aWebCluster();
    const RetryPolicy = { MaximumEventAgeInSeconds: 86_400, MaximumRetryAttempts: 185 };
    await cloud.aws('scheduler', 'CreateSchedule', {
      Name: 'weekly',
      ScheduleExpression: 'rate(7 days)',
      FlexibleTimeWindow: { Mode: 'OFF' },
      Target: { ...target('db-migrate'), RetryPolicy },
    });
    const { text } = await imported(cloud, { infrastructure: false });
    expect(text).not.toContain('Not taken over');
  });

  test('leaves out what runs once, and what has no image of an app, and says so', async () => {
    const cloud = await aCluster({
      services: { 'web-app': { containers: [web] } },
      families: { backup: { containers: [{ name: 'backup', image: 'restic:1' }] } },
    });
    await cloud.aws('scheduler', 'CreateSchedule', {
      Name: 'once',
      ScheduleExpression: 'at(2030-01-01T00:00:00)',
      FlexibleTimeWindow: { Mode: 'OFF' },
      Target: target('web-app'),
    });
    const daily = { ScheduleExpression: 'rate(1 day)' };
    await withRule(cloud, 'backups', daily, target('backup'));
    await withRule(cloud, 'broken', daily, target('gone'));
    const { notes } = await imported(cloud, { infrastructure: false });
    expect(notes.filter((note) => note.includes('left out'))).toEqual([
      'the rule backups is left out: backup has no image of ECR',
      'the rule broken is left out: the task definition gone does not exist',
      'the schedule once is left out: it runs web-app once, at(2030-01-01T00:00:00)',
    ]);
  });

  test('makes a separate app where no service has its image', async () => {
    const cloud = await aCluster({
      services: { 'web-app': { containers: [web] } },
      families: { cleanup: { containers: [{ name: 'cleanup', image: imageOf('jobs') }] } },
    });
    await withRule(cloud, 'cleanup', { ScheduleExpression: 'rate(1 hour)' }, target('cleanup'));
    const { file } = await imported(cloud, { infrastructure: false });
    expect(file.apps.jobs).toMatchObject({ image: { repository: 'jobs' }, tasks: [{ name: 'cleanup' }] });
    expect(file.apps.jobs).not.toHaveProperty('services');
  });
});

describe('a task definition with the image of an app that nothing runs', () => {
  test('is a task on demand, marked as what may be a migration', async () => {
    const { text, file } = await imported(await aWebCluster(), { infrastructure: false });
    expect(file.apps['web-app'].tasks).toMatchObject([{ name: 'db-migrate', container: 'migrate' }]);
    expect(text).toContain('# No service or schedule runs it. If it is a migration, move it to `before`.');
  });

  test('is left out where a service of another cluster runs it', async () => {
    const cloud = await aWebCluster();
    await cloud.aws('ecs', 'CreateCluster', { clusterName: 'app-staging' });
    await cloud.aws('ecs', 'CreateService', {
      cluster: 'app-staging',
      serviceName: 'web',
      taskDefinition: 'db-migrate',
      desiredCount: 1,
      launchType: 'FARGATE',
      networkConfiguration: { awsvpcConfiguration: { subnets: ['subnet-1'] } },
    });
    const { file } = await imported(cloud, { infrastructure: false });
    expect(file.apps['web-app']).not.toHaveProperty('tasks');
  });
});

describe('the calls of an import', () => {
  const services = (count: number) =>
    Object.fromEntries(
      Array.from({ length: count }, (_, index) => [
        `s${index}`,
        { containers: [{ ...web, image: imageOf(`app-${index % 4}`), logGroup: `/ecs/s${index}` }] },
      ]),
    );
  async function callsFor(count: number, infrastructure: boolean) {
    const cloud = await aCluster({ services: services(count) });
    const before = cloud.calls.length;
    await imported(cloud, { infrastructure });
    return cloud.calls.slice(before);
  }

  test('of 20 services are one for each revision, and ten more', async () => {
    const calls = await callsFor(20, false);
    expect(calls.filter((call) => call === 'ecs:DescribeTaskDefinition')).toHaveLength(20);
    expect(calls.filter((call) => call !== 'ecs:DescribeTaskDefinition').toSorted()).toEqual([
      'ecs:DescribeClusters',
      'ecs:DescribeServiceRevisions',
      'ecs:DescribeServiceRevisions',
      'ecs:DescribeServices',
      'ecs:DescribeServices',
      'ecs:ListServices',
      'ecs:ListTaskDefinitionFamilies',
      'events:ListEventBuses',
      'events:ListRuleNamesByTarget',
      'scheduler:ListSchedules',
    ]);
  });

  test('with infrastructure are four for each service and five for each repository more', async () => {
    const calls = await callsFor(20, true);
    expect(calls.length).toBeLessThanOrEqual(30 + 20 * 4 + 4 * 5);
  });
});
