import type { Caller } from '../caller.ts';
import { FUNCTION } from '../world.ts';

const TOPIC = 'arn:aws:sns:us-east-1:123456789012:releases';

/** Every operation of SNS that is simulated. */
export async function sns({ call, refused }: Caller): Promise<void> {
  const { Topics } = await call('ListTopics');
  const [{ TopicArn }] = Topics;
  await call('Publish', {
    TopicArn,
    Subject: 'live',
    Message: 'a < b & "c"',
    MessageAttributes: { kind: { DataType: 'String', StringValue: 'release' } },
  });
  await call('GetTopicAttributes', { TopicArn });
  await refused('Publish', { TopicArn: `${TOPIC}-none`, Message: 'x' }, 'NotFound');
  await refused('GetTopicAttributes', { TopicArn: `${TOPIC}-none` }, 'NotFound');
  await refused('Publish', { TopicArn, Message: '' }, 'InvalidParameter');
}

/** Every operation of SQS that is simulated. */
export async function sqs({ call, refused }: Caller): Promise<void> {
  const { QueueUrls } = await call('ListQueues');
  const [QueueUrl] = QueueUrls;
  await call('SendMessage', { QueueUrl, MessageBody: 'hello' });
  const { Messages } = await call('ReceiveMessage', { QueueUrl, MaxNumberOfMessages: 10 });
  await call('GetQueueAttributes', { QueueUrl, AttributeNames: ['ApproximateNumberOfMessages'] });
  await call('DeleteMessage', { QueueUrl, ReceiptHandle: Messages[0].ReceiptHandle });
  await call('ReceiveMessage', { QueueUrl });
  await refused('SendMessage', { QueueUrl: `${QueueUrl}-none`, MessageBody: 'x' }, 'QueueDoesNotExist');
}

/** Every operation of EventBridge that is simulated. */
export async function events({ call, refused }: Caller): Promise<void> {
  await call('PutEvents', {
    Entries: [
      {
        Source: 'test',
        DetailType: 'Greeting',
        Detail: '{"a":1}',
        Resources: ['arn:aws:ecs:::x'],
        Time: 1_790_000_000,
      },
      { Source: 'aws.ecs', DetailType: 'No', Detail: '{}' },
      { Source: 'test', DetailType: 'No', Detail: 'not JSON' },
      { DetailType: 'No', Detail: '{}' },
    ],
  });
  const { Rules } = await call('ListRules');
  await call('DescribeRule', { Name: Rules[0].Name });
  await call('ListTargetsByRule', { Rule: Rules[0].Name });
  await call('TestEventPattern', {
    EventPattern: '{"source":["test"]}',
    Event: '{"source":"test","detail-type":"a","detail":{}}',
  });
  await refused('DescribeRule', { Name: 'none' }, 'ResourceNotFoundException');
  await refused('TestEventPattern', { EventPattern: 'x', Event: '{}' }, 'InvalidEventPatternException');
  const rule = { Name: 'nightly', ScheduleExpression: 'cron(0 3 * * ? *)', Description: 'reports' };
  await call('PutRule', rule);
  await call('PutTargets', { Rule: 'nightly', Targets: [{ Id: 'task', ...TASK }] });
  const { RuleNames } = await call('ListRuleNamesByTarget', { TargetArn: TASK.Arn });
  expect(RuleNames).toEqual(['nightly']);
  await call('ListTargetsByRule', { Rule: 'nightly' });
  await call('DisableRule', { Name: 'nightly' });
  await call('EnableRule', { Name: 'nightly' });
  await call('CreateEventBus', { Name: 'orders' });
  await call('ListEventBuses');
  await call('PutRule', { Name: 'paid', EventBusName: 'orders', EventPattern: '{"source":["shop"]}' });
  await call('ListRules', { EventBusName: 'orders', Limit: 1 });
  const bus = { Id: 'bus', Arn: 'arn:aws:events:eu-west-1:210987654321:event-bus/default' };
  await call('PutTargets', { Rule: 'nightly', Targets: [{ ...bus, RoleArn: TASK.RoleArn }] });
  await refused('PutTargets', { Rule: 'nightly', Targets: [bus] }, 'ValidationException');
  const sender = { StatementId: 'central', Action: 'events:PutEvents', Principal: '210987654321' };
  await call('PutPermission', sender);
  await call('DescribeEventBus', {});
  await call('RemovePermission', { StatementId: 'central' });
  await refused('RemovePermission', { StatementId: 'central' }, 'ResourceNotFoundException');
  await refused('PutRule', { ...rule, EventBusName: 'none' }, 'ResourceNotFoundException');
  await refused('PutRule', { Name: 'x', ScheduleExpression: 'hourly' }, 'ValidationException');
  await refused('PutRule', { Name: 'x', EventPattern: '[' }, 'InvalidEventPatternException');
  await refused('CreateEventBus', { Name: 'orders' }, 'ResourceAlreadyExistsException');
  await refused('DisableRule', { Name: 'none' }, 'ResourceNotFoundException');
}

const TASK = {
  Arn: 'arn:aws:ecs:us-east-1:123456789012:cluster/app',
  RoleArn: 'arn:aws:iam::123456789012:role/events',
  EcsParameters: { TaskDefinitionArn: 'arn:aws:ecs:us-east-1:123456789012:task-definition/report' },
};

/** Every operation of EventBridge Scheduler that is simulated. */
export async function scheduler({ call, refused }: Caller): Promise<void> {
  const schedule = {
    Name: 'nightly',
    ScheduleExpression: 'rate(1 day)',
    FlexibleTimeWindow: { Mode: 'OFF' },
    StartDate: 1_790_000_000,
    Target: TASK,
  };
  await call('CreateSchedule', schedule);
  await call('GetSchedule', { Name: 'nightly', GroupName: 'default' });
  await call('UpdateSchedule', { ...schedule, State: 'DISABLED' });
  const { State } = await call('GetSchedule', { Name: 'nightly' });
  expect(State).toBe('DISABLED');
  await call('CreateSchedule', { ...schedule, Name: 'weekly', GroupName: 'reports' });
  const { Schedules } = await call('ListSchedules', { GroupName: 'reports', MaxResults: 1 });
  expect(Schedules).toMatchObject([{ Name: 'weekly' }]);
  await call('ListSchedules', { NamePrefix: 'n' });
  await refused('CreateSchedule', schedule, 'ConflictException');
  await refused('GetSchedule', { Name: 'none' }, 'ResourceNotFoundException');
  await refused(
    'CreateSchedule',
    { ...schedule, Name: 'x', ScheduleExpression: 'daily' },
    'ValidationException',
  );
}

/** Invoke in each of its types, and of a function that fails. */
export async function lambda({ call, refused }: Caller): Promise<void> {
  const found = await call('GetFunctionConfiguration', { FunctionName: FUNCTION, Qualifier: '$LATEST' });
  expect(found).toMatchObject({ FunctionName: FUNCTION, Description: 'Fairway 0.2.0' });
  await refused('GetFunctionConfiguration', { FunctionName: 'none' }, 'ResourceNotFoundException');
  await call('Invoke', { FunctionName: FUNCTION, Payload: '{"a":1}' });
  await call('Invoke', {
    FunctionName: FUNCTION,
    Payload: '{"fail":"no"}',
    InvocationType: 'RequestResponse',
  });
  await call('Invoke', { FunctionName: FUNCTION, Payload: '{}', InvocationType: 'Event' });
  await call('Invoke', { FunctionName: FUNCTION, InvocationType: 'DryRun' });
  await refused('Invoke', { FunctionName: 'none', Payload: '{}' }, 'ResourceNotFoundException');
  await refused('Invoke', { FunctionName: FUNCTION, Payload: '{' }, 'InvalidRequestContentException');
}
