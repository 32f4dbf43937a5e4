import type { JsonObject } from '../../../local/contract.ts';
import { authorize } from '../../../local/iam/authorize.ts';
import { parsePolicy } from '../../../local/iam/policy.ts';
import { requirements } from '../../../local/iam/requirements.ts';

const call = {
  caller: 'f',
  callerArn: 'arn:aws:sts::1:assumed-role/r/f',
  account: '123456789012',
  region: 'us-east-1',
};
const ecs = 'arn:aws:ecs:us-east-1:123456789012';
const cluster = { 'ecs:cluster': `${ecs}:cluster/prod` };
const definition = {
  arn: `${ecs}:task-definition/migrate:7`,
  taskRoleArn: 'arn:aws:iam::123456789012:role/task',
  executionRoleArn: 'arn:aws:iam::123456789012:role/execution',
};
const lookups = {
  taskDefinition: (reference: string) => (reference.startsWith('migrate') ? definition : undefined),
  partitionKey: (table: string) => (table === 'state' ? 'pk' : undefined),
  secretArn: (id: string) =>
    id === 'token' ? 'arn:aws:secretsmanager:us-east-1:123456789012:secret:token-AbCdEf' : undefined,
  hasLinkedRole: () => true,
};

function needs(service: string, operation: string, input: JsonObject) {
  return requirements(service, operation, input, call, lookups);
}

describe('what an ECS call needs', () => {
  it('UpdateService: the service, with its cluster and revision', () => {
    const input = { cluster: 'prod', service: 'web', taskDefinition: 'migrate:7' };
    expect(needs('ecs', 'UpdateService', input)).toEqual([
      {
        action: 'ecs:UpdateService',
        resource: `${ecs}:service/prod/web`,
        context: { ...cluster, 'ecs:task-definition': definition.arn },
      },
    ]);
  });

  it('DescribeServices: each service, by name or ARN', () => {
    const input = { cluster: `${ecs}:cluster/prod`, services: ['web', `${ecs}:service/prod/worker`] };
    expect(needs('ecs', 'DescribeServices', input).map(({ resource }) => resource)).toEqual([
      `${ecs}:service/prod/web`,
      `${ecs}:service/prod/worker`,
    ]);
  });

  it('RegisterTaskDefinition with tags: PassRole and TagResource too', () => {
    const input = {
      family: 'web',
      taskRoleArn: 'task',
      executionRoleArn: 'arn:aws:iam::123456789012:role/execution',
      tags: [{ key: 'fairway:app', value: 'web' }],
    };
    const tags = { 'aws:TagKeys': ['fairway:app'], 'aws:RequestTag/fairway:app': 'web' };
    const passed = { 'iam:PassedToService': 'ecs-tasks.amazonaws.com' };
    expect(needs('ecs', 'RegisterTaskDefinition', input)).toEqual([
      { action: 'ecs:RegisterTaskDefinition', resource: `${ecs}:task-definition/web:*`, context: tags },
      { action: 'iam:PassRole', resource: 'arn:aws:iam::123456789012:role/task', context: passed },
      { action: 'iam:PassRole', resource: 'arn:aws:iam::123456789012:role/execution', context: passed },
      {
        action: 'ecs:TagResource',
        resource: `${ecs}:task-definition/web:*`,
        context: { ...tags, 'ecs:CreateAction': 'RegisterTaskDefinition' },
      },
    ]);
  });

  it('RunTask: the revision, its roles, and tags on tasks of the cluster', () => {
    const input = { cluster: 'prod', taskDefinition: 'migrate', tags: [{ key: 'k', value: 'v' }] };
    const all = needs('ecs', 'RunTask', input);
    expect(all.map(({ action, resource }) => [action, resource])).toEqual([
      ['ecs:RunTask', definition.arn],
      ['iam:PassRole', definition.taskRoleArn],
      ['iam:PassRole', definition.executionRoleArn],
      ['ecs:TagResource', `${ecs}:task/prod/*`],
    ]);
    expect(all[0]?.context).toMatchObject(cluster);
    expect(all[3]?.context).toMatchObject({ 'ecs:CreateAction': 'RunTask' });
  });

  it('RunTask with a role in the overrides passes that one instead', () => {
    const input = {
      taskDefinition: 'migrate',
      overrides: { taskRoleArn: 'arn:aws:iam::123456789012:role/other' },
    };
    expect(needs('ecs', 'RunTask', input).map(({ resource }) => resource)).toContain(
      'arn:aws:iam::123456789012:role/other',
    );
  });

  it('RunTask with an EBS volume passes its role to ECS itself', () => {
    const managedEBSVolume = { roleArn: 'arn:aws:iam::123456789012:role/ebs', sizeInGiB: 20 };
    const input = { taskDefinition: 'migrate', volumeConfigurations: [{ name: 'data', managedEBSVolume }] };
    expect(needs('ecs', 'RunTask', input)).toContainEqual({
      action: 'iam:PassRole',
      resource: managedEBSVolume.roleArn,
      context: { 'iam:PassedToService': 'ecs.amazonaws.com' },
    });
  });

  it('without tags in the call no TagResource', () => {
    const actions = needs('ecs', 'RegisterTaskDefinition', { family: 'web' }).map(({ action }) => action);
    expect(actions).toEqual(['ecs:RegisterTaskDefinition']);
  });

  it('DescribeServiceRevisions: the service and the revision', () => {
    const revision = `${ecs}:service-revision/prod/web/123`;
    const context = { ...cluster, 'ecs:service': `${ecs}:service/prod/web` };
    expect(needs('ecs', 'DescribeServiceRevisions', { serviceRevisionArns: [revision] })).toEqual([
      { action: 'ecs:DescribeServiceRevisions', resource: `${ecs}:service/prod/web`, context },
      { action: 'ecs:DescribeServiceRevisions', resource: revision, context },
    ]);
  });

  it.each([
    ['ListTasks', { cluster: 'prod', serviceName: 'web' }, '*'],
    ['ListServices', { cluster: 'prod' }, '*'],
    ['DescribeTaskDefinition', { taskDefinition: 'web' }, '*'],
    ['StopTask', { cluster: 'prod', task: 'abc' }, `${ecs}:task/prod/abc`],
    ['DescribeTasks', { cluster: 'prod', tasks: [`${ecs}:task/prod/abc`] }, `${ecs}:task/prod/abc`],
  ])('%s of %j: %s', (operation, input, resource) => {
    expect(needs('ecs', operation, input).map((need) => need.resource)).toEqual([resource]);
  });
});

describe('what a DynamoDB call needs', () => {
  const table = 'arn:aws:dynamodb:us-east-1:123456789012:table/state';

  it.each([
    ['GetItem', { TableName: 'state', Key: { pk: { S: 'app#web' } } }],
    ['PutItem', { TableName: 'state', Item: { pk: { S: 'app#web' }, v: { N: '1' } } }],
    [
      'Query',
      {
        TableName: 'state',
        KeyConditionExpression: '#pk = :pk AND begins_with(sk, :s)',
        ExpressionAttributeNames: { '#pk': 'pk' },
        ExpressionAttributeValues: { ':pk': { S: 'app#web' }, ':s': { S: 'x' } },
      },
    ],
  ])('%s: the table, with the partition key', (operation, input) => {
    expect(needs('dynamodb', operation, input)).toEqual([
      {
        action: `dynamodb:${operation}`,
        resource: table,
        context: { 'dynamodb:LeadingKeys': ['app#web'] },
      },
    ]);
  });

  it('a query of an index: the index', () => {
    const [need] = needs('dynamodb', 'Query', { TableName: 'state', IndexName: 'due' });
    expect(need).toMatchObject({ resource: `${table}/index/due` });
  });

  it('a batch: every table in it, with all its keys', () => {
    const input = {
      RequestItems: {
        state: [{ PutRequest: { Item: { pk: { S: 'a' } } } }, { DeleteRequest: { Key: { pk: { S: 'b' } } } }],
      },
    };
    expect(needs('dynamodb', 'BatchWriteItem', input)).toEqual([
      { action: 'dynamodb:BatchWriteItem', resource: table, context: { 'dynamodb:LeadingKeys': ['a', 'b'] } },
    ]);
  });

  it('a transaction: the action of each of its parts', () => {
    const input = {
      TransactItems: [
        { Put: { TableName: 'state', Item: {} } },
        { ConditionCheck: { TableName: 'state', Key: {} } },
      ],
    };
    expect(needs('dynamodb', 'TransactWriteItems', input).map(({ action }) => action)).toEqual([
      'dynamodb:PutItem',
      'dynamodb:ConditionCheckItem',
    ]);
  });
});

describe('what calls of other services need', () => {
  const account = 'us-east-1:123456789012';
  it.each([
    [
      'ecr',
      'DescribeImages',
      { repositoryName: 'team/app' },
      'ecr:DescribeImages',
      `arn:aws:ecr:${account}:repository/team/app`,
    ],
    [
      'ecr',
      'ListImageReferrers',
      { repositoryName: 'a' },
      'ecr:BatchGetImage',
      `arn:aws:ecr:${account}:repository/a`,
    ],
    ['ecr', 'GetAuthorizationToken', {}, 'ecr:GetAuthorizationToken', '*'],
    ['sns', 'Publish', { TopicArn: 'arn:aws:sns:us-east-1:1:t' }, 'sns:Publish', 'arn:aws:sns:us-east-1:1:t'],
    [
      'ssm',
      'GetParameter',
      { Name: '/fairway/token' },
      'ssm:GetParameter',
      `arn:aws:ssm:${account}:parameter/fairway/token`,
    ],
    [
      'ssm',
      'GetParameter',
      { Name: 'token:3' },
      'ssm:GetParameter',
      `arn:aws:ssm:${account}:parameter/token`,
    ],
    [
      'secretsmanager',
      'GetSecretValue',
      { SecretId: 'token' },
      'secretsmanager:GetSecretValue',
      `arn:aws:secretsmanager:${account}:secret:token-AbCdEf`,
    ],
    [
      'lambda',
      'Invoke',
      { FunctionName: 'f' },
      'lambda:InvokeFunction',
      `arn:aws:lambda:${account}:function:f`,
    ],
    [
      'lambda',
      'Invoke',
      { FunctionName: 'f', Qualifier: 'read' },
      'lambda:InvokeFunction',
      `arn:aws:lambda:${account}:function:f:read`,
    ],
    [
      'lambda',
      'Invoke',
      { FunctionName: `arn:aws:lambda:${account}:function:f:read`, Qualifier: 'read' },
      'lambda:InvokeFunction',
      `arn:aws:lambda:${account}:function:f:read`,
    ],
    [
      'sqs',
      'SendMessage',
      { QueueUrl: 'https://sqs.us-east-1.amazonaws.com/1/q' },
      'sqs:SendMessage',
      `arn:aws:sqs:${account}:q`,
    ],
    [
      'logs',
      'GetLogEvents',
      { logGroupName: '/ecs/web', logStreamName: 's/1' },
      'logs:GetLogEvents',
      `arn:aws:logs:${account}:log-group:/ecs/web:log-stream:s/1`,
    ],
    [
      'events',
      'PutEvents',
      { Entries: [{ Source: 'a', DetailType: 'b' }] },
      'events:PutEvents',
      `arn:aws:events:${account}:event-bus/default`,
    ],
    ['unheardof', 'DoIt', {}, 'unheardof:DoIt', '*'],
  ])('%s %s %j: %s on %s', (service, operation, input: JsonObject, action, resource) => {
    const [first, ...others] = needs(service, operation, input);
    expect(first).toMatchObject({ action, resource });
    expect(others).toEqual([]);
  });

  it('GetCallerIdentity needs nothing', () => {
    expect(needs('sts', 'GetCallerIdentity', {})).toEqual([]);
  });

  it('reading a log group is authorized on an ARN that only a policy ending in :* matches', () => {
    const read = needs('logs', 'FilterLogEvents', { logGroupName: '/ecs/web' });
    const allow = (resource: string) =>
      parsePolicy('p', {
        Statement: { Effect: 'Allow', Action: 'logs:FilterLogEvents', Resource: resource },
      });
    const group = `arn:aws:logs:${account}:log-group:/ecs/web`;
    expect(authorize([allow(`${group}:*`)], read, 'me').allowed).toBe(true);
    expect(authorize([allow(group)], read, 'me').allowed).toBe(false);
  });
});

describe('the first service and the first scalable target of an account', () => {
  const LINKED = 'iam:CreateServiceLinkedRole';
  const actionsOf = (service: string, operation: string, isFirst: boolean) =>
    requirements(service, operation, {}, call, { ...lookups, hasLinkedRole: () => !isFirst }).map(
      ({ action }) => action,
    );

  it.each([
    ['ecs', 'CreateService', [LINKED]],
    ['application-autoscaling', 'RegisterScalableTarget', [LINKED]],
    ['ecs', 'UpdateService', []],
    ['application-autoscaling', 'PutScalingPolicy', []],
  ])('%s:%s', (service, operation, more) => {
    const own = `${service}:${operation}`;
    expect(actionsOf(service, operation, true)).toEqual([own, ...more]);
    expect(actionsOf(service, operation, false)).toEqual([own]);
  });

  it('name the role and its service', () => {
    const [, role] = requirements('ecs', 'CreateService', {}, call, {
      ...lookups,
      hasLinkedRole: () => false,
    });
    expect(role).toEqual({
      action: LINKED,
      resource: 'arn:aws:iam::123456789012:role/aws-service-role/ecs.amazonaws.com/AWSServiceRoleForECS',
      context: { 'iam:AWSServiceName': 'ecs.amazonaws.com' },
    });
  });
});
