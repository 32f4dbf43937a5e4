import type { Caller } from '../caller.ts';
import { TABLE } from '../world.ts';

/** Every operation of CloudWatch Logs that is simulated. */
export async function logs({ call, refused }: Caller): Promise<void> {
  const group = { logGroupName: '/app/lines' };
  await call('CreateLogGroup', group);
  await call('CreateLogStream', { ...group, logStreamName: 'a' });
  await call('PutLogEvents', {
    ...group,
    logStreamName: 'a',
    logEvents: [{ timestamp: 1_790_000_000_000, message: 'hello' }],
  });
  await call('CreateLogStream', { ...group, logStreamName: 'empty' });
  await call('DescribeLogGroups', { logGroupNamePrefix: '/ecs', limit: 1 });
  await call('DescribeLogStreams', group);
  await call('GetLogEvents', { ...group, logStreamName: 'a', startFromHead: true });
  await call('FilterLogEvents', { ...group, logStreamNames: ['a'], limit: 1 });
  const resourceArn = 'arn:aws:logs:us-east-1:123456789012:log-group:/app/lines';
  await call('PutRetentionPolicy', { ...group, retentionInDays: 30 });
  await call('DescribeLogGroups', { logGroupNamePrefix: '/app' });
  await call('DeleteRetentionPolicy', group);
  await call('TagResource', { resourceArn, tags: { team: 'a', gone: 'b' } });
  await call('UntagResource', { resourceArn, tagKeys: ['gone'] });
  await call('ListTagsForResource', { resourceArn });
  await refused('PutRetentionPolicy', { ...group, retentionInDays: 31 }, 'InvalidParameterException');
  await refused(
    'PutRetentionPolicy',
    { logGroupName: 'none', retentionInDays: 30 },
    'ResourceNotFoundException',
  );
  await refused('CreateLogGroup', group, 'ResourceAlreadyExistsException');
  await refused('CreateLogStream', { ...group, logStreamName: 'a' }, 'ResourceAlreadyExistsException');
  await refused('GetLogEvents', { logGroupName: 'none', logStreamName: 'a' }, 'ResourceNotFoundException');
  await refused('GetLogEvents', { ...group, logStreamName: 'none' }, 'ResourceNotFoundException');
  await refused('DescribeLogStreams', { logGroupName: '' }, 'InvalidParameterException');
}

/** Every operation of Parameter Store that is simulated. */
export async function ssm({ call, refused }: Caller): Promise<void> {
  await call('PutParameter', { Name: '/a/b', Value: 'secret', Type: 'SecureString' });
  await call('GetParameter', { Name: '/a/b', WithDecryption: true });
  await call('GetParameters', { Names: ['/a/b', 'none'] });
  await call('PutParameter', { Name: '/subnets', Value: 'a,b', Type: 'StringList' });
  const { Parameter } = await call('GetParameter', { Name: '/subnets' });
  expect(Parameter.Type).toBe('StringList');
  await refused('GetParameter', { Name: 'none' }, 'ParameterNotFound');
}

/** Every operation of Secrets Manager that is simulated. */
export async function secretsmanager({ call, refused }: Caller): Promise<void> {
  await call('CreateSecret', { Name: 'slack', SecretString: 'one' });
  await call('PutSecretValue', { SecretId: 'slack', SecretString: 'two' });
  await call('GetSecretValue', { SecretId: 'slack' });
  await refused('CreateSecret', { Name: 'slack', SecretString: 'one' }, 'ResourceExistsException');
  await refused('GetSecretValue', { SecretId: 'none' }, 'ResourceNotFoundException');
  await refused('PutSecretValue', { SecretId: 'none', SecretString: 'x' }, 'ResourceNotFoundException');
}

/** Every operation of IAM that is simulated. */
export async function iam({ call, refused }: Caller): Promise<void> {
  const role = { RoleName: 'web-app-task' };
  const document = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}';
  await call('PutRolePolicy', { ...role, PolicyName: 'all', PolicyDocument: document });
  await call('ListRolePolicies', role);
  const { PolicyDocument } = await call('GetRolePolicy', { ...role, PolicyName: 'all' });
  expect(JSON.parse(decodeURIComponent(PolicyDocument))).toEqual(JSON.parse(document));
  await call('DeleteRolePolicy', { ...role, PolicyName: 'all' });
  const { Policy } = await call('CreatePolicy', { PolicyName: 'bucket', PolicyDocument: document });
  const { Arn: PolicyArn } = Policy;
  await call('AttachRolePolicy', { ...role, PolicyArn });
  await call('ListAttachedRolePolicies', role);
  await call('GetPolicy', { PolicyArn });
  await call('GetPolicyVersion', { PolicyArn, VersionId: 'v1' });
  await call('DetachRolePolicy', { ...role, PolicyArn });
  await refused('GetRolePolicy', { ...role, PolicyName: 'all' }, 'NoSuchEntity');
  await refused('GetPolicy', { PolicyArn: 'arn:aws:iam::123456789012:policy/none' }, 'NoSuchEntity');
  await refused('GetPolicyVersion', { PolicyArn, VersionId: 'v2' }, 'NoSuchEntity');
  await refused('DetachRolePolicy', { ...role, PolicyArn }, 'NoSuchEntity');
  await refused('DeleteRolePolicy', { ...role, PolicyName: 'all' }, 'NoSuchEntity');
  await refused('CreatePolicy', { PolicyName: 'bucket', PolicyDocument: document }, 'EntityAlreadyExists');
  await refused('CreatePolicy', { PolicyName: 'broken', PolicyDocument: '{' }, 'MalformedPolicyDocument');
}

export async function sts({ call }: Caller): Promise<void> {
  await call('GetCallerIdentity');
}

/** What Fairway asks of DynamoDB, and what looking at a table takes. */
export async function dynamodb({ call, refused }: Caller): Promise<void> {
  const key = { pk: { S: 'a' } };
  const table = { TableName: TABLE };
  await call('ListTables');
  await call('DescribeTable', table);
  await call('PutItem', {
    ...table,
    Item: { ...key, n: { N: '1' }, list: { L: [{ BOOL: true }, { NULL: true }] } },
  });
  await call('GetItem', { ...table, Key: key, ConsistentRead: true });
  await call('UpdateItem', {
    ...table,
    Key: key,
    UpdateExpression: 'SET #n = :n',
    ExpressionAttributeNames: { '#n': 'n' },
    ExpressionAttributeValues: { ':n': { N: '2' } },
    ReturnValues: 'ALL_NEW',
  });
  await call('Query', {
    ...table,
    KeyConditionExpression: 'pk = :pk',
    ExpressionAttributeValues: { ':pk': { S: 'a' } },
  });
  await call('Scan', table);
  await call('BatchGetItem', { RequestItems: { [TABLE]: { Keys: [key] } } });
  await call('BatchWriteItem', { RequestItems: { [TABLE]: [{ PutRequest: { Item: { pk: { S: 'b' } } } }] } });
  await refused(
    'PutItem',
    { ...table, Item: key, ConditionExpression: 'attribute_not_exists(pk)' },
    'ConditionalCheckFailedException',
  );
  await call('DeleteItem', { ...table, Key: key, ReturnValues: 'ALL_OLD' });
  await refused('GetItem', { TableName: 'none', Key: key }, 'ResourceNotFoundException');
}

/** Every operation of CloudFormation that is simulated. */
export async function cloudformation({ call, refused }: Caller): Promise<void> {
  await call('GetTemplate', { StackName: 'fairway-prod' });
  await refused('GetTemplate', { StackName: 'another' }, 'ValidationError');
  const { StackResourceSummaries } = await call('ListStackResources', { StackName: 'fairway-prod' });
  expect(StackResourceSummaries).toContainEqual(
    expect.objectContaining({ LogicalResourceId: 'Table', PhysicalResourceId: TABLE }),
  );
  await refused('ListStackResources', { StackName: 'another' }, 'ValidationError');
}

/** The listing of resources by tag. */
export async function tagging({ call, refused, beside }: Caller): Promise<void> {
  const ecs = beside('ecs');
  await ecs.call('CreateCluster', { clusterName: 'tagged', tags: [{ key: 'team', value: 'a' }] });
  await call('GetResources', { TagFilters: [{ Key: 'team', Values: ['a'] }], ResourceTypeFilters: ['ecs'] });
  await call('GetResources', { ResourcesPerPage: 1 });
  await refused('GetResources', { ResourcesPerPage: 0 }, 'InvalidParameterException');
}
