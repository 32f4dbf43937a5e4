import { compileConfiguration } from '../../shared/config/load.ts';
import { parseScheduleCall } from '../../shared/intake/schedule.ts';
import { schedules } from '../../stack/schedules.ts';

const source = (tasks: string, app = 'web') => `
environment: production
apps:
  ${app}:
    cluster: app-prod
    image: { repository: web-app, tags: { semver: "*" } }
    services: [{ name: web-app }]
    tasks:
${tasks}
`;

const NOW = Date.parse('2026-02-01T00:00:00Z');

const made = (tasks: string, app?: string, now = NOW) =>
  schedules(compileConfiguration(source(tasks, app), 'fairway.yml'), now);
const calls = (tasks: string, app?: string, now?: number) =>
  Object.values(made(tasks, app, now))
    .filter(({ Type }) => Type === 'AWS::Scheduler::Schedule')
    .map(({ Properties }) => Properties);

describe('the schedules of tasks', () => {
  it('do not exist, nor does their role, if every task is on demand', () => {
    expect(made('      - { name: report, like: web-app, container: web }')).toEqual({});
  });

  it('have expression, time zone, start, end and window as EventBridge Scheduler expects them', () => {
    const [one] = calls(`      - name: report
        like: web-app
        container: web
        schedule:
          expression: cron(0 3 * * ? *)
          timeZone: Europe/Berlin
          start: "2026-03-01T00:00:00+01:00"
          end: "2027-03-01T00:00:00Z"
          jitter: 1h30m`);
    expect(one).toMatchObject({
      Name: 'fairway-production.web.report',
      ScheduleExpression: 'cron(0 3 * * ? *)',
      ScheduleExpressionTimezone: 'Europe/Berlin',
      StartDate: '2026-02-28T23:00:00.000Z',
      EndDate: '2027-03-01T00:00:00.000Z',
      FlexibleTimeWindow: { Mode: 'FLEXIBLE', MaximumWindowInMinutes: 90 },
    });
  });

  it('send the function a valid event once the time is filled in', () => {
    const [one] = calls(
      '      - { name: report, like: web-app, container: web, schedule: rate(15 minutes) }',
    );
    const { Input } = Object(one?.Target);
    const event = JSON.parse(String(Input).replace('<aws.scheduler.scheduled-time>', '2026-03-01T03:00:00Z'));
    expect(parseScheduleCall(event)).toEqual({
      app: 'web',
      task: 'report',
      at: Date.parse('2026-03-01T03:00:00Z'),
    });
  });

  it('have valid and unique names, however long the names of apps and tasks are', () => {
    const long = 'a-task-with-a-name-that-goes-on-and-on-and-on-and-on';
    const names = calls(
      ['1', '2']
        .map(
          (end) => `      - { name: ${long}-${end}, like: web-app, container: web, schedule: rate(1 day) }`,
        )
        .join('\n'),
      'an-app-with-a-long-name',
    ).map(({ Name }) => String(Name));
    expect(new Set(names).size).toBe(2);
    for (const name of names) expect(name).toMatch(/^[0-9a-zA-Z-_.]{1,64}$/);
  });

  it('can only invoke that function and send undelivered events to the queue, at most five minutes late', () => {
    const task = '      - { name: report, like: web-app, container: web, schedule: rate(1 day) }';
    expect(made(task).SchedulerRole?.Properties.Policies).toEqual([
      {
        PolicyName: 'fairway',
        PolicyDocument: {
          Version: '2012-10-17',
          Statement: [
            {
              Sid: 'Call',
              Effect: 'Allow',
              Action: ['lambda:InvokeFunction'],
              Resource: [{ 'Fn::GetAtt': ['RunDashtaskLambdaFunction', 'Arn'] }],
            },
            {
              Sid: 'Park',
              Effect: 'Allow',
              Action: ['sqs:SendMessage'],
              Resource: [{ 'Fn::GetAtt': ['UndeliveredEvents', 'Arn'] }],
            },
          ],
        },
      },
    ]);
    expect(calls(task)[0]).toMatchObject({
      State: 'ENABLED',
      Target: {
        RetryPolicy: { MaximumRetryAttempts: 10, MaximumEventAgeInSeconds: 300 },
        DeadLetterConfig: { Arn: { 'Fn::GetAtt': ['UndeliveredEvents', 'Arn'] } },
      },
    });
  });

  it('have different names if apps and tasks share words', () => {
    const configuration = compileConfiguration(
      `${source('      - { name: b-c, like: web-app, container: web, schedule: rate(1 day) }', 'a')}
  a-b:
    cluster: app-prod
    image: { repository: web-app, tags: { semver: "*" } }
    services: [{ name: other }]
    tasks:
      - { name: c, like: other, container: web, schedule: rate(1 day) }
`,
      'fairway.yml',
    );
    const names = Object.values(schedules(configuration, NOW)).flatMap(
      ({ Properties }) => Properties.Name ?? [],
    );
    expect(new Set(names).size).toBe(2);
  });

  it('have a past start only if they count from it, and do not exist once they have ended', () => {
    const span = `      - name: report
        like: web-app
        container: web
        schedule: { expression: cron(0 3 * * ? *), start: "2026-03-01T00:00:00Z", end: "2026-04-01T00:00:00Z" }`;
    const inMarch = Date.parse('2026-03-01T00:00:00Z');
    expect(calls(span, 'web', inMarch - 1)[0]).toHaveProperty('StartDate');
    expect(calls(span, 'web', inMarch)[0]).not.toHaveProperty('StartDate');
    expect(calls(span, 'web', inMarch)[0]).toHaveProperty('EndDate');
    const rate = span.replace('cron(0 3 * * ? *)', 'rate(1 day)');
    expect(calls(rate, 'web', inMarch)[0]).toHaveProperty('StartDate');
    expect(made(span, 'web', Date.parse('2026-04-01T00:00:00Z'))).toEqual({});
  });

  it('use a role that only EventBridge Scheduler can assume, for this account', () => {
    const role = made(
      '      - { name: report, like: web-app, container: web, schedule: rate(1 day) }',
    ).SchedulerRole;
    expect(role?.Properties.AssumeRolePolicyDocument).toMatchObject({
      Statement: [
        {
          Principal: { Service: 'scheduler.amazonaws.com' },
          Condition: { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } },
        },
      ],
    });
  });
});
