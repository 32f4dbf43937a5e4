import { createClock } from '../../../local/clock.ts';
import type { JsonObject } from '../../../local/contract.ts';
import { restParameters } from '../../../local/front/rest.ts';
import { createRules } from '../../../local/schedules/rules.ts';
import { createScheduler } from '../../../local/schedules/scheduler.ts';
import { START } from '../../builders.ts';

const PLACE = { account: '123456789012', region: 'us-east-1' };
const TARGET = {
  Id: 'report',
  Arn: 'arn:aws:ecs:us-east-1:123456789012:cluster/app-prod',
  RoleArn: 'arn:aws:iam::123456789012:role/events',
  Input: '{"containerOverrides":[{"name":"web","command":["report"]}]}',
  EcsParameters: {
    TaskDefinitionArn: 'arn:aws:ecs:us-east-1:123456789012:task-definition/web-app',
    TaskCount: 2,
    LaunchType: 'FARGATE',
    NetworkConfiguration: { awsvpcConfiguration: { Subnets: ['subnet-1'], AssignPublicIp: 'ENABLED' } },
    Tags: [{ Key: 'team', Value: 'web' }],
  },
};
const DAY = 24 * 3_600_000;

function withRules() {
  const clock = createClock(START);
  const started: JsonObject[] = [];
  const rules = createRules({ clock, ...PLACE });
  rules.connect((input) => started.push(input));
  return { clock, rules, started, pass: (time: number) => clock.runUntil(clock.now() + time) };
}

function withScheduler() {
  const clock = createClock(START);
  const started: JsonObject[] = [];
  const scheduler = createScheduler({ clock, ...PLACE, stack: [] });
  scheduler.connect((input) => started.push(input));
  const call = (operation: string, input: JsonObject) =>
    scheduler.api.operations[operation]?.(input, { ...PLACE, caller: 'external', callerArn: '' });
  return { clock, scheduler, call, started, pass: (time: number) => clock.runUntil(clock.now() + time) };
}

describe('a rule that a person makes', () => {
  it('starts its task when it is due, as the target says', () => {
    const { rules, started, pass } = withRules();
    rules.operations.PutRule({ Name: 'nightly', ScheduleExpression: 'rate(1 day)' });
    rules.operations.PutTargets({ Rule: 'nightly', Targets: [TARGET] });
    pass(2 * DAY);
    expect(started).toHaveLength(2);
    expect(started[0]).toMatchObject({
      cluster: TARGET.Arn,
      startedBy: 'events-rule/nightly',
      count: 2,
      launchType: 'FARGATE',
      networkConfiguration: { awsvpcConfiguration: { subnets: ['subnet-1'], assignPublicIp: 'ENABLED' } },
      overrides: { containerOverrides: [{ name: 'web', command: ['report'] }] },
      tags: [{ key: 'team', value: 'web' }],
    });
  });

  it('starts nothing while it is disabled, and again when it is enabled', () => {
    const { rules, started, pass } = withRules();
    rules.operations.PutRule({ Name: 'nightly', ScheduleExpression: 'rate(1 day)' });
    rules.operations.PutTargets({ Rule: 'nightly', Targets: [TARGET] });
    rules.operations.DisableRule({ Name: 'nightly' });
    pass(3 * DAY);
    expect(started).toEqual([]);
    rules.operations.EnableRule({ Name: 'nightly' });
    pass(DAY);
    expect(started).toHaveLength(1);
  });

  it('starts its task on the events of its bus that it matches', () => {
    const { rules, started } = withRules();
    rules.operations.CreateEventBus({ Name: 'orders' });
    rules.operations.PutRule({ Name: 'paid', EventBusName: 'orders', EventPattern: '{"source":["shop"]}' });
    rules.operations.PutTargets({ Rule: 'paid', EventBusName: 'orders', Targets: [TARGET] });
    rules.deliver('default', { source: 'shop' });
    rules.deliver('orders', { source: 'other' });
    expect(started).toEqual([]);
    rules.deliver('orders', { source: 'shop' });
    expect(started).toHaveLength(1);
  });

  it.each([
    ['a schedule on another bus', { EventBusName: 'orders', ScheduleExpression: 'rate(1 day)' }],
    ['neither schedule nor pattern', {}],
  ])('is refused with %s', (_, input) => {
    const { rules } = withRules();
    rules.operations.CreateEventBus({ Name: 'orders' });
    expect(() => rules.operations.PutRule({ Name: 'x', ...input })).toThrow('ScheduleExpression');
  });

  it('takes no target that nothing is started for', () => {
    const { rules } = withRules();
    rules.operations.PutRule({ Name: 'x', ScheduleExpression: 'rate(1 day)' });
    const Targets = [{ Id: '1', Arn: 'arn:aws:sqs:us-east-1:123456789012:q' }];
    expect(() => rules.operations.PutTargets({ Rule: 'x', Targets })).toThrow('tasks of ECS clusters only');
  });

  it('is there again, and armed, after a restart', () => {
    const before = withRules();
    before.rules.operations.PutRule({ Name: 'nightly', ScheduleExpression: 'rate(1 day)' });
    before.rules.operations.PutTargets({ Rule: 'nightly', Targets: [TARGET] });
    const { rules, started, pass } = withRules();
    rules.resume(structuredClone(before.rules.keep()));
    pass(DAY);
    expect(started).toHaveLength(1);
  });
});

describe('a schedule that a person makes', () => {
  const SCHEDULE = { Name: 'nightly', FlexibleTimeWindow: { Mode: 'OFF' }, Target: TARGET };

  it('starts its task between its start and its end, until it is disabled', () => {
    const { call, started, pass } = withScheduler();
    const from = { StartDate: START / 1000 + 10 * 86_400, EndDate: START / 1000 + 12.5 * 86_400 };
    call('CreateSchedule', { ...SCHEDULE, ...from, ScheduleExpression: 'rate(1 day)' });
    pass(9 * DAY);
    expect(started).toEqual([]);
    pass(20 * DAY);
    expect(started.map(({ startedBy }) => startedBy)).toEqual(Array(3).fill('chronos-schedule/nightly'));
  });

  it('starts nothing once it is disabled', () => {
    const { call, started, pass } = withScheduler();
    call('CreateSchedule', { ...SCHEDULE, ScheduleExpression: 'rate(1 day)' });
    call('UpdateSchedule', { ...SCHEDULE, ScheduleExpression: 'rate(1 day)', State: 'DISABLED' });
    pass(5 * DAY);
    expect(started).toEqual([]);
  });

  it('is in its group, and listed by page', () => {
    const { call } = withScheduler();
    for (const Name of ['a', 'b', 'c'])
      call('CreateSchedule', { ...SCHEDULE, Name, GroupName: 'reports', ScheduleExpression: 'rate(1 day)' });
    expect(call('ListSchedules', { MaxResults: 2 })).toMatchObject({
      Schedules: [{ Name: 'a', GroupName: 'reports' }, { Name: 'b' }],
      NextToken: '2',
    });
    expect(call('ListSchedules', { MaxResults: 2, NextToken: '2' })).toMatchObject({
      Schedules: [{ Name: 'c' }],
    });
    expect(() => call('GetSchedule', { Name: 'a' })).toThrow('does not exist');
  });
});

test('the members of a request by path are those of its path and its query', () => {
  const request = (path: string) => ({ method: 'GET', path, headers: {}, body: Buffer.alloc(0) });
  expect(restParameters('scheduler', 'GetSchedule', request('/schedules/a%20b?groupName=reports'))).toEqual({
    Name: 'a b',
    GroupName: 'reports',
  });
  expect(
    restParameters('scheduler', 'ListSchedules', request('/schedules?ScheduleGroup=g&MaxResults=5')),
  ).toEqual({ GroupName: 'g', MaxResults: 5 });
});
