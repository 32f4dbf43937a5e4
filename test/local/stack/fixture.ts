import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { JsonObject } from '../../../local/contract.ts';

const trust = (service: string): JsonObject => ({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { Service: service }, Action: 'sts:AssumeRole' }],
});

/** Resources in the shape that `serverless package` writes (osls 4.3.1, serverless-esbuild). */
export function resources(): Record<string, JsonObject> {
  return {
    ServerlessDeploymentBucket: { Type: 'AWS::S3::Bucket' },
    ImageDashpushedLogGroup: {
      Type: 'AWS::Logs::LogGroup',
      Properties: { LogGroupName: '/aws/lambda/fairway-image-pushed', RetentionInDays: 30 },
    },
    ImageDashpushedLambdaFunction: {
      Type: 'AWS::Lambda::Function',
      Properties: {
        Code: {
          S3Bucket: { Ref: 'ServerlessDeploymentBucket' },
          S3Key: 'serverless/fairway/prod/1795434260108-2026-11-23T11:44:20.108Z/image-pushed.zip',
        },
        Handler: 'functions/image-pushed/handler.handler',
        Description: 'Fairway 0.2.0',
        Runtime: 'nodejs22.x',
        FunctionName: 'fairway-image-pushed',
        MemorySize: 256,
        Timeout: 30,
        Environment: {
          Variables: { TABLE: { Ref: 'Table' }, ACCOUNT: { 'Fn::Sub': '$' + '{AWS::AccountId}' } },
        },
        Role: { 'Fn::GetAtt': ['PushedRole', 'Arn'] },
        ReservedConcurrentExecutions: 2,
      },
      DependsOn: ['ImageDashpushedLogGroup', 'PushedRole'],
    },
    ImageDashpushedLambdaEvConf: {
      Type: 'AWS::Lambda::EventInvokeConfig',
      Properties: {
        FunctionName: { Ref: 'ImageDashpushedLambdaFunction' },
        DestinationConfig: { OnFailure: { Destination: { 'Fn::GetAtt': ['Dlq', 'Arn'] } } },
        Qualifier: '$LATEST',
        MaximumEventAgeInSeconds: 3600,
        MaximumRetryAttempts: 1,
      },
    },
    Rule1: {
      Type: 'AWS::Events::Rule',
      Properties: {
        EventPattern: { source: ['aws.ecr'], 'detail-type': ['ECR Image Action'] },
        Name: 'fairway-image-pushed-rule-1',
        State: 'ENABLED',
        Targets: [
          {
            Arn: { 'Fn::GetAtt': ['ImageDashpushedLambdaFunction', 'Arn'] },
            Id: 'fairway-image-pushed-rule-1-target',
            RetryPolicy: { MaximumEventAgeInSeconds: 3600, MaximumRetryAttempts: 3 },
            DeadLetterConfig: { Arn: { 'Fn::GetAtt': ['Dlq', 'Arn'] } },
          },
        ],
      },
    },
    Permission1: {
      Type: 'AWS::Lambda::Permission',
      Properties: {
        Action: 'lambda:InvokeFunction',
        FunctionName: { 'Fn::GetAtt': ['ImageDashpushedLambdaFunction', 'Arn'] },
        Principal: 'events.amazonaws.com',
        SourceArn: {
          'Fn::Join': [
            ':',
            [
              'arn',
              { Ref: 'AWS::Partition' },
              'events',
              { Ref: 'AWS::Region' },
              { Ref: 'AWS::AccountId' },
              { 'Fn::Join': ['/', ['rule', 'fairway-image-pushed-rule-*']] },
            ],
          ],
        },
      },
    },
    Schedule1: {
      Type: 'AWS::Scheduler::Schedule',
      Properties: {
        Name: 'sweep',
        ScheduleExpression: 'rate(1 minute)',
        ScheduleExpressionTimezone: 'Europe/Berlin',
        State: 'ENABLED',
        FlexibleTimeWindow: { Mode: 'OFF' },
        Target: {
          Arn: { 'Fn::GetAtt': ['ImageDashpushedLambdaFunction', 'Arn'] },
          RoleArn: { 'Fn::GetAtt': ['SchedulerRole', 'Arn'] },
        },
      },
    },
    Dlq: { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'dead' } },
    DlqPolicy: {
      Type: 'AWS::SQS::QueuePolicy',
      Properties: {
        Queues: [{ Ref: 'Dlq' }],
        PolicyDocument: {
          Statement: [
            {
              Effect: 'Allow',
              Principal: { Service: 'events.amazonaws.com' },
              Action: 'sqs:SendMessage',
              Resource: { 'Fn::GetAtt': ['Dlq', 'Arn'] },
              Condition: { ArnLike: { 'aws:SourceArn': { 'Fn::GetAtt': ['Rule1', 'Arn'] } } },
            },
          ],
        },
      },
    },
    Topic: { Type: 'AWS::SNS::Topic', Properties: { TopicName: 'releases' } },
    PushedRole: {
      Type: 'AWS::IAM::Role',
      Properties: {
        AssumeRolePolicyDocument: trust('lambda.amazonaws.com'),
        Policies: [
          {
            PolicyName: 'inline',
            PolicyDocument: {
              Statement: [
                {
                  Sid: 'Table',
                  Effect: 'Allow',
                  Action: 'dynamodb:GetItem',
                  Resource: { 'Fn::GetAtt': 'Table.Arn' },
                },
              ],
            },
          },
        ],
      },
    },
    SchedulerRole: {
      Type: 'AWS::IAM::Role',
      Properties: { RoleName: 'scheduler', AssumeRolePolicyDocument: trust('scheduler.amazonaws.com') },
    },
    Table: {
      Type: 'AWS::DynamoDB::Table',
      Properties: {
        BillingMode: 'PAY_PER_REQUEST',
        AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
        KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
        TimeToLiveSpecification: { AttributeName: 'expiresAt', Enabled: true },
        PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
      },
    },
  };
}

/** Writes a package to a temporary directory, as `serverless package` would. */
export async function writePackage(template: JsonObject): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'fairway-test-package-'));
  const state = { service: { service: 'fairway', provider: { stage: 'prod' } } };
  await writeFile(join(directory, 'cloudformation-template-update-stack.json'), JSON.stringify(template));
  await writeFile(join(directory, 'serverless-state.json'), JSON.stringify(state));
  await writeFile(join(directory, 'image-pushed.zip'), '');
  return directory;
}
