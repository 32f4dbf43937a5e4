import type { Configuration } from '../shared/domain/app.ts';
import { OVERDUE_MESSAGE } from '../shared/domain/listing.ts';
import {
  arn,
  attribute,
  type FunctionName,
  functionLogicalId,
  functionName,
  functionsOf,
  pascal,
  type Resource,
  type Resources,
  ref,
  stackName,
  sub,
  type Template,
} from './names.ts';

const FOURTEEN_DAYS = 14 * 24 * 60 * 60;

/** The table with one item per app, the ledger and the history. It is retained when the stack is deleted. */
export function table(): Resources {
  return {
    Table: {
      Type: 'AWS::DynamoDB::Table',
      DeletionPolicy: 'Retain',
      UpdateReplacePolicy: 'Retain',
      Properties: {
        BillingMode: 'PAY_PER_REQUEST',
        AttributeDefinitions: [
          { AttributeName: 'pk', AttributeType: 'S' },
          { AttributeName: 'sk', AttributeType: 'S' },
          { AttributeName: 'due', AttributeType: 'S' },
          { AttributeName: 'dueAt', AttributeType: 'N' },
        ],
        KeySchema: [
          { AttributeName: 'pk', KeyType: 'HASH' },
          { AttributeName: 'sk', KeyType: 'RANGE' },
        ],
        GlobalSecondaryIndexes: [
          {
            IndexName: 'due',
            KeySchema: [
              { AttributeName: 'due', KeyType: 'HASH' },
              { AttributeName: 'dueAt', KeyType: 'RANGE' },
            ],
            Projection: { ProjectionType: 'KEYS_ONLY' },
          },
        ],
        PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
        TimeToLiveSpecification: { AttributeName: 'expiresAt', Enabled: true },
      },
    },
  };
}

/** The topic for announcements and alarms, and the queues for events that could not be delivered or handled. */
export function messaging(configuration: Configuration): Resources {
  const queue: Resource = {
    Type: 'AWS::SQS::Queue',
    Properties: { MessageRetentionPeriod: FOURTEEN_DAYS, SqsManagedSseEnabled: true },
  };
  return {
    // The default policy of a topic lets the alarms and roles of this account publish.
    Topic: {
      Type: 'AWS::SNS::Topic',
      Properties: { DisplayName: `Fairway ${configuration.environment}` },
    },
    UndeliveredEvents: queue,
    FailedInvocations: queue,
    UndeliveredEventsPolicy: {
      Type: 'AWS::SQS::QueuePolicy',
      Properties: {
        Queues: [ref('UndeliveredEvents')],
        PolicyDocument: {
          Version: '2012-10-17',
          Statement: [
            {
              Effect: 'Allow',
              Principal: { Service: 'events.amazonaws.com' },
              Action: 'sqs:SendMessage',
              Resource: attribute('UndeliveredEvents', 'Arn'),
              Condition: {
                ArnLike: { 'aws:SourceArn': sub(arn('events', `rule/${stackName(configuration)}-*`)) },
              },
            },
          ],
        },
      },
    },
  };
}

/** What Lambda does with an event whose function failed. The dead-letter queues of rules do not get these events. */
export function invocations(): Resources {
  const config = (name: FunctionName, properties: Readonly<Record<string, Template>>): Resources => ({
    [`${pascal(name)}Invocations`]: {
      Type: 'AWS::Lambda::EventInvokeConfig',
      // On creation, Lambda checks that the role can send to the queue.
      DependsOn: [`${pascal(name)}Role`],
      Properties: { FunctionName: ref(functionLogicalId(name)), Qualifier: '$LATEST', ...properties },
    },
  });
  const keep = {
    MaximumRetryAttempts: 2,
    MaximumEventAgeInSeconds: 3600,
    DestinationConfig: { OnFailure: { Destination: attribute('FailedInvocations', 'Arn') } },
  };
  return {
    ...Object.assign({}, ...KEEPING.map((name) => config(name, keep))),
    // A failed sweep is not kept: the next one does its work, and errors raise an alarm.
    ...config('sweep', { MaximumRetryAttempts: 0, MaximumEventAgeInSeconds: 60 }),
  };
}

/** Functions whose failed events end in the queue of failed invocations, which has an alarm. */
const KEEPING: readonly FunctionName[] = ['image-pushed', 'ecs-changed', 'run-task'];

/** Alarms on faults that no one would notice otherwise. They notify the topic. */
export function alarms(configuration: Configuration): Resources {
  const others = functionsOf(configuration).filter((name) => !KEEPING.includes(name));
  const errors = others.map((name): [string, Resource] => [
    `${pascal(name)}Errors`,
    alarm(
      configuration,
      `${name}-errors`,
      // One failed sweep does not matter: the next one does its work.
      `Fairway's function ${name} fails: see its logs`,
      { Namespace: 'AWS/Lambda', MetricName: 'Errors', Dimensions: functionDimension(configuration, name) },
      {
        Statistic: 'Sum',
        Threshold: name === 'sweep' ? 3 : 1,
        ComparisonOperator: 'GreaterThanOrEqualToThreshold',
      },
    ),
  ]);
  const letters = [
    { id: 'UndeliveredEvents', text: 'Events could not be delivered to Fairway: see the dead-letter queue' },
    { id: 'FailedInvocations', text: 'Fairway gave up on events: see the queue of failed invocations' },
  ].map(({ id, text }): [string, Resource] => [
    `${id}Alarm`,
    alarm(
      configuration,
      id === 'UndeliveredEvents' ? 'undelivered-events' : 'failed-invocations',
      text,
      {
        Namespace: 'AWS/SQS',
        MetricName: 'ApproximateNumberOfMessagesVisible',
        Dimensions: [{ Name: 'QueueName', Value: attribute(id, 'QueueName') }],
      },
      { Statistic: 'Maximum', Threshold: 0, ComparisonOperator: 'GreaterThanThreshold' },
    ),
  ]);
  return {
    ...Object.fromEntries([...errors, ...letters]),
    ...listingAlarm(configuration),
    SweepStopped: alarm(
      configuration,
      'sweep-stopped',
      'The sweep of Fairway no longer runs: lost events and timeouts go unnoticed',
      {
        Namespace: 'AWS/Lambda',
        MetricName: 'Invocations',
        Dimensions: functionDimension(configuration, 'sweep'),
      },
      {
        Statistic: 'Sum',
        Threshold: 1,
        ComparisonOperator: 'LessThanThreshold',
        TreatMissingData: 'breaching',
      },
    ),
  };
}

/**
 * For a sweep that runs but cannot list the images of an app: pushes whose event is lost are not found. The metric is
 * only written, and billed, while the message is logged.
 */
function listingAlarm(configuration: Configuration): Resources {
  const metric = { MetricNamespace: stackName(configuration), MetricName: 'AppsNotListed' };
  return {
    AppsNotListedFilter: {
      Type: 'AWS::Logs::MetricFilter',
      DependsOn: ['SweepLogGroup'],
      Properties: {
        LogGroupName: `/aws/lambda/${functionName(configuration, 'sweep')}`,
        FilterPattern: `{ $.message = "${OVERDUE_MESSAGE}" }`,
        MetricTransformations: [{ ...metric, MetricValue: '1' }],
      },
    },
    AppsNotListed: alarm(
      configuration,
      'apps-not-listed',
      "Fairway has not listed an app's images for 30 minutes: pushes whose event is lost are not found",
      { Namespace: metric.MetricNamespace, MetricName: metric.MetricName },
      { Statistic: 'Sum', Threshold: 1, ComparisonOperator: 'GreaterThanOrEqualToThreshold' },
    ),
  };
}

function functionDimension(configuration: Configuration, name: FunctionName): Template {
  return [{ Name: 'FunctionName', Value: functionName(configuration, name) }];
}

function alarm(
  configuration: Configuration,
  name: string,
  description: string,
  metric: Readonly<Record<string, Template>>,
  when: Readonly<Record<string, Template>>,
): Resource {
  return {
    Type: 'AWS::CloudWatch::Alarm',
    Properties: {
      AlarmName: `${stackName(configuration)}-${name}`,
      AlarmDescription: description,
      ...metric,
      Period: 300,
      EvaluationPeriods: 1,
      TreatMissingData: 'notBreaching',
      ...when,
      AlarmActions: [ref('Topic')],
      OKActions: [ref('Topic')],
    },
  };
}
