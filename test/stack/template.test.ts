import { listOf, objectAt, stringAt } from '../../local/stack/json.ts';
import { OVERDUE_MESSAGE } from '../../shared/domain/listing.ts';
import { buildStack } from '../../stack/build.ts';
import { FUNCTIONS, functionLogicalId } from '../../stack/names.ts';
import { packagedFor } from '../packaged/otherwise.ts';
import { aConfiguration, aSource } from './configurations.ts';
import { type Package, readPackage } from './packaged.ts';

let packaged: Package;
beforeAll(async () => {
  const { directory, remove } = await packagedFor(aSource({ apps: 50, services: 10 }));
  packaged = await readPackage(directory).finally(remove);
}, 120_000);

const ARN = 'arn:aws:sqs:us-east-1:123456789012:fairway-production';

function resources(type: string) {
  return Object.values(objectAt(packaged.template.Resources, 'Resources'))
    .map((resource) => objectAt(resource, type))
    .filter(({ Type }) => Type === type);
}

function properties(type: string) {
  return resources(type).map((resource) => objectAt(resource.Properties, type));
}

function alarm(name: string) {
  return properties('AWS::CloudWatch::Alarm').find(
    ({ AlarmName }) => AlarmName === `fairway-production-${name}`,
  );
}

describe('the packaged stack of 500 services', () => {
  it('stays within the limits of CloudFormation and Lambda', () => {
    expect(Object.keys(objectAt(packaged.template.Resources, 'Resources')).length).toBeLessThan(500);
    expect(packaged.templateSize).toBeLessThan(1_000_000);
    expect(Object.keys(objectAt(packaged.template.Outputs, 'Outputs')).length).toBeLessThan(200);
    // Lambda accepts 50 MB. A function that grows to a fiftieth of that bundles something it should not.
    expect(Math.max(...packaged.archives)).toBeLessThan(1_000_000);
  });

  it('has the resources of the configuration and twelve of the Serverless Framework', () => {
    const own = buildStack(aConfiguration({ apps: 50, services: 10 }), 0).resources.Resources;
    const all = objectAt(packaged.template.Resources, 'Resources');
    expect(Object.keys(all).length - Object.keys(own).length).toBe(12);
  });

  it('is named after the environment, and so are its resources', () => {
    expect(packaged.stack.name).toBe('fairway-production');
    expect(packaged.stack.functions.map(({ name }) => name)).toEqual(
      FUNCTIONS.map((name) => `fairway-production-${name}`),
    );
    const alarms = properties('AWS::CloudWatch::Alarm').map(({ AlarmName }) => stringAt(AlarmName, 'alarm'));
    expect(alarms.filter((name) => !name.startsWith('fairway-production-'))).toEqual([]);
  });

  it('runs every function on arm64, with its own role', () => {
    for (const { Architectures } of properties('AWS::Lambda::Function')) {
      expect(Architectures).toEqual(['arm64']);
    }
    const roles = packaged.stack.functions.map(({ roleArn }) => roleArn);
    expect(new Set(roles).size).toBe(FUNCTIONS.length);
  });

  it('keeps the log of every function for 30 days', () => {
    expect(packaged.stack.logGroups).toEqual(
      FUNCTIONS.map((name) => ({ name: `/aws/lambda/fairway-production-${name}`, retentionDays: 30 })),
    );
  });

  it('shows in its outputs which permissions are broader than needed', () => {
    const { WidenedPermissions } = objectAt(packaged.template.Outputs, 'Outputs');
    expect(objectAt(WidenedPermissions, 'output').Value).toMatch(/; new revisions: all families$/);
  });
});

describe('events that do not reach a function', () => {
  it('are retried for an hour and then kept', () => {
    const rules = packaged.stack.rules.filter(({ pattern }) => pattern !== undefined);
    expect(rules.length).toBeGreaterThan(3);
    for (const { targets } of rules) {
      expect(targets).toEqual([
        expect.objectContaining({
          permitted: true,
          deadLetterArn: expect.stringContaining(`${ARN}-UndeliveredEvents-`),
          deadLetterPermitted: true,
          retryPolicy: { maximumRetryAttempts: 30, maximumEventAgeSeconds: 3600 },
        }),
      ]);
    }
  });

  it('can be sent to the queue only by the rules of this stack', () => {
    expect(properties('AWS::SQS::QueuePolicy')).toEqual([
      {
        Queues: [{ Ref: 'UndeliveredEvents' }],
        PolicyDocument: {
          Version: '2012-10-17',
          Statement: [
            {
              Effect: 'Allow',
              Principal: { Service: 'events.amazonaws.com' },
              Action: 'sqs:SendMessage',
              Resource: { 'Fn::GetAtt': ['UndeliveredEvents', 'Arn'] },
              Condition: {
                ArnLike: {
                  'aws:SourceArn': {
                    'Fn::Sub':
                      'arn:${AWS::Partition}:events:${AWS::Region}:${AWS::AccountId}:rule/fairway-production-*',
                  },
                },
              },
            },
          ],
        },
      },
    ]);
  });

  it('stay for two weeks, encrypted', () => {
    expect(properties('AWS::SQS::Queue')).toHaveLength(2);
    for (const queue of properties('AWS::SQS::Queue')) {
      expect(queue).toEqual({ MessageRetentionPeriod: 1_209_600, SqsManagedSseEnabled: true });
    }
  });
});

describe('events that a function fails on', () => {
  it.each(['image-pushed', 'ecs-changed'])('are retried by %s and then kept', (name) => {
    const found = packaged.stack.functions.find((each) => each.name.endsWith(name));
    expect(found?.eventInvoke).toEqual({
      maximumRetryAttempts: 2,
      maximumEventAgeSeconds: 3600,
      onFailure: expect.stringContaining(`${ARN}-FailedInvocations-`),
    });
  });

  it('can be kept: the destination is set only after the role can send to it', () => {
    for (const { DependsOn, Properties } of resources('AWS::Lambda::EventInvokeConfig')) {
      const { Ref } = objectAt(objectAt(Properties, 'config').FunctionName, 'config');
      const role = stringAt(Ref, 'config').replace('Dash', '').replace('LambdaFunction', 'Role');
      expect(listOf(DependsOn).map((id) => String(id).toLowerCase())).toEqual([role.toLowerCase()]);
    }
  });
});

describe('the sweep', () => {
  it('runs every minute and is never retried: the next one does its work', () => {
    const [rule, ...others] = packaged.stack.rules.filter(({ schedule }) => schedule !== undefined);
    expect(others).toEqual([]);
    expect(rule).toMatchObject({ schedule: 'rate(1 minute)', state: 'ENABLED' });
    const [target] = rule?.targets ?? [];
    expect(target?.retryPolicy).toEqual({ maximumRetryAttempts: 0, maximumEventAgeSeconds: 60 });
    expect(target?.permitted).toBe(true);
    const sweep = packaged.stack.functions.find(({ name }) => name.endsWith('-sweep'));
    expect(sweep?.eventInvoke).toMatchObject({ maximumRetryAttempts: 0, maximumEventAgeSeconds: 60 });
  });

  // A message in the queue would keep its alarm on until a person deletes it, although the next sweep does the work.
  it('does not keep failed events: alarms report a sweep that fails repeatedly, or stops', () => {
    const rule = packaged.stack.rules.find(({ schedule }) => schedule !== undefined);
    const sweep = packaged.stack.functions.find(({ name }) => name.endsWith('-sweep'));
    expect(rule?.targets[0]).not.toHaveProperty('deadLetterArn');
    expect(sweep?.eventInvoke).not.toHaveProperty('onFailure');
    expect([alarm('sweep-errors'), alarm('sweep-stopped')]).not.toContain(undefined);
  });
});

describe('an alarm', () => {
  it('notifies the topic when it starts and when it ends', () => {
    expect(properties('AWS::CloudWatch::Alarm').length).toBeGreaterThan(0);
    for (const { AlarmActions, OKActions } of properties('AWS::CloudWatch::Alarm')) {
      expect([AlarmActions, OKActions]).toEqual([[{ Ref: 'Topic' }], [{ Ref: 'Topic' }]]);
    }
  });

  it.each([
    ['undelivered-events', 'UndeliveredEvents'],
    ['failed-invocations', 'FailedInvocations'],
  ])('goes off for the first of %s', (name, queue) => {
    expect(alarm(name)).toMatchObject({
      Namespace: 'AWS/SQS',
      MetricName: 'ApproximateNumberOfMessagesVisible',
      Dimensions: [{ Name: 'QueueName', Value: { 'Fn::GetAtt': [queue, 'QueueName'] } }],
      Statistic: 'Maximum',
      Threshold: 0,
      ComparisonOperator: 'GreaterThanThreshold',
      TreatMissingData: 'notBreaching',
    });
  });

  it.each([
    // One failed sweep does not matter: the next one does its work.
    ['sweep', 3],
    ['operate', 1],
  ])('goes off when %s fails, at %i within 5 minutes', (name, threshold) => {
    expect(alarm(`${name}-errors`)).toMatchObject({
      Namespace: 'AWS/Lambda',
      MetricName: 'Errors',
      Dimensions: [{ Name: 'FunctionName', Value: `fairway-production-${name}` }],
      Statistic: 'Sum',
      Period: 300,
      Threshold: threshold,
      ComparisonOperator: 'GreaterThanOrEqualToThreshold',
    });
  });

  it.each(['image-pushed', 'ecs-changed', 'run-task'] as const)(
    'goes off once for what %s gave up on',
    (name) => {
      const kept = properties('AWS::Lambda::EventInvokeConfig').find(({ FunctionName }) =>
        JSON.stringify(FunctionName).includes(functionLogicalId(name)),
      );
      expect(JSON.stringify(kept?.DestinationConfig)).toContain('FailedInvocations');
      expect(alarm('failed-invocations')).toBeDefined();
      expect(alarm(`${name}-errors`)).toBeUndefined();
    },
  );

  it('goes off while the sweep logs that an app was not listed', () => {
    const filters = resources('AWS::Logs::MetricFilter');
    expect(filters).toEqual([
      expect.objectContaining({
        DependsOn: ['SweepLogGroup'],
        Properties: {
          LogGroupName: '/aws/lambda/fairway-production-sweep',
          FilterPattern: `{ $.message = "${OVERDUE_MESSAGE}" }`,
          MetricTransformations: [
            { MetricNamespace: 'fairway-production', MetricName: 'AppsNotListed', MetricValue: '1' },
          ],
        },
      }),
    ]);
    expect(Object.keys(objectAt(packaged.template.Resources, 'Resources'))).toContain('SweepLogGroup');
    expect(alarm('apps-not-listed')).toMatchObject({
      Namespace: 'fairway-production',
      MetricName: 'AppsNotListed',
      Statistic: 'Sum',
      Threshold: 1,
      ComparisonOperator: 'GreaterThanOrEqualToThreshold',
      TreatMissingData: 'notBreaching',
    });
  });

  it('goes off when the sweep stops', () => {
    expect(alarm('sweep-stopped')).toMatchObject({
      MetricName: 'Invocations',
      Dimensions: [{ Name: 'FunctionName', Value: 'fairway-production-sweep' }],
      Threshold: 1,
      ComparisonOperator: 'LessThanThreshold',
      TreatMissingData: 'breaching',
    });
  });
});

describe('the function operate', () => {
  it('has an alias for each group of commands', () => {
    const found = packaged.stack.functions.filter(({ aliases }) => aliases.length > 0);
    expect(found).toEqual([
      expect.objectContaining({
        name: 'fairway-production-operate',
        aliases: ['read', 'operate', 'tasks'],
      }),
    ]);
  });
});

describe('the table', () => {
  it('is retained, has point-in-time recovery and a time to live, and is billed per request', () => {
    const tables = resources('AWS::DynamoDB::Table');
    expect(tables).toEqual([
      expect.objectContaining({
        DeletionPolicy: 'Retain',
        UpdateReplacePolicy: 'Retain',
        Properties: expect.objectContaining({
          BillingMode: 'PAY_PER_REQUEST',
          PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
          TimeToLiveSpecification: { AttributeName: 'expiresAt', Enabled: true },
        }),
      }),
    ]);
  });
});
