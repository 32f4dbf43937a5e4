import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { JsonObject } from '../../../local/contract.ts';
import { objectAt } from '../../../local/stack/json.ts';
import { loadStack } from '../../../local/stack/load.ts';
import type { Stack } from '../../../local/stack/stack.ts';
import { resources, writePackage } from './fixture.ts';

const written: string[] = [];
afterEach(async () => {
  for (const directory of written.splice(0)) await rm(directory, { recursive: true });
});

async function load(
  changes: Record<string, JsonObject | undefined> = {},
  template: JsonObject = {},
): Promise<Stack> {
  const directory = await writePackage({ Resources: { ...resources(), ...changes }, ...template });
  written.push(directory);
  return loadStack(directory, { account: '123456789012', region: 'eu-west-1' });
}

/** A resource of the fixture with other properties. */
function changed(logicalId: string, properties: JsonObject): Record<string, JsonObject> {
  const resource = resources()[logicalId] ?? {};
  return {
    [logicalId]: { ...resource, Properties: { ...objectAt(resource.Properties, logicalId), ...properties } },
  };
}

function aliasOf(name: JsonObject | string, version = '$LATEST'): JsonObject {
  return {
    Type: 'AWS::Lambda::Alias',
    Properties: { Name: 'read', FunctionName: name, FunctionVersion: version },
  };
}

const reference = (name: string): string => `$${`{${name}}`}`;

describe('a packaged stack', () => {
  it('has its functions, with references resolved', async () => {
    const { name, functions } = await load();
    expect(name).toBe('fairway-prod');
    expect(functions).toEqual([
      {
        name: 'fairway-image-pushed',
        arn: 'arn:aws:lambda:eu-west-1:123456789012:function:fairway-image-pushed',
        handler: 'functions/image-pushed/handler.handler',
        description: 'Fairway 0.2.0',
        runtime: 'nodejs22.x',
        zipPath: join(written[0] ?? '', 'image-pushed.zip'),
        environment: {
          TABLE: expect.stringMatching(/^fairway-prod-Table-[0-9A-F]{12}$/),
          ACCOUNT: '123456789012',
        },
        roleArn: expect.stringMatching(/^arn:aws:iam::123456789012:role\/fairway-prod-PushedRole-/),
        roleName: expect.stringMatching(/^fairway-prod-PushedRole-/),
        policies: [expect.objectContaining({ name: 'inline' })],
        timeoutSeconds: 30,
        memory: 256,
        eventInvoke: {
          maximumRetryAttempts: 1,
          maximumEventAgeSeconds: 3600,
          onFailure: 'arn:aws:sqs:eu-west-1:123456789012:dead',
        },
        reservedConcurrency: 2,
        aliases: [],
      },
    ]);
    expect(functions[0]?.policies[0]?.statements[0]?.resources.values).toEqual([
      `arn:aws:dynamodb:eu-west-1:123456789012:table/${functions[0]?.environment.TABLE}`,
    ]);
  });

  it('has the aliases of its functions, with their ARNs', async () => {
    const alias = aliasOf({ Ref: 'ImageDashpushedLambdaFunction' });
    const { functions } = await load({
      Read: alias,
      ...changed('ImageDashpushedLambdaFunction', { Environment: { Variables: { ALIAS: { Ref: 'Read' } } } }),
    });
    expect(functions[0]).toMatchObject({
      aliases: ['read'],
      environment: {
        ALIAS: 'arn:aws:lambda:eu-west-1:123456789012:function:fairway-image-pushed:read',
      },
    });
  });

  it('refuses an alias of a version, or of an unknown function', async () => {
    await expect(load({ Read: aliasOf('fairway-image-pushed', '3') })).rejects.toThrow(
      'alias read, Resources.Read: version 3 is not simulated by the local cloud, only $LATEST',
    );
    await expect(load({ Read: aliasOf('other') })).rejects.toThrow(
      'its function other is not in the template',
    );
  });

  it('has the same names every time', async () => {
    expect((await load()).tables[0]?.name).toBe((await load()).tables[0]?.name);
  });

  it('has its rules, schedules, tables, topics, queues and log groups', async () => {
    const stack = await load();
    expect(stack.rules).toMatchObject([
      {
        name: 'fairway-image-pushed-rule-1',
        pattern: { source: ['aws.ecr'] },
        state: 'ENABLED',
        targets: [
          {
            functionName: 'fairway-image-pushed',
            permitted: true,
            deadLetterArn: 'arn:aws:sqs:eu-west-1:123456789012:dead',
            deadLetterPermitted: true,
            retryPolicy: { maximumRetryAttempts: 3, maximumEventAgeSeconds: 3600 },
          },
        ],
      },
    ]);
    expect(stack.schedules).toMatchObject([
      {
        name: 'sweep',
        schedule: 'rate(1 minute)',
        timeZone: 'Europe/Berlin',
        roleName: 'scheduler',
        trusted: true,
      },
    ]);
    expect(stack.tables[0]).toMatchObject({ timeToLiveAttribute: 'expiresAt' });
    expect(Object.keys(stack.tables[0]?.createTable ?? {}).sort()).toEqual([
      'AttributeDefinitions',
      'BillingMode',
      'KeySchema',
      'TableName',
    ]);
    expect(stack.topics).toEqual([{ name: 'releases', arn: 'arn:aws:sns:eu-west-1:123456789012:releases' }]);
    expect(stack.queues).toMatchObject([
      { name: 'dead', url: 'https://sqs.eu-west-1.amazonaws.com/123456789012/dead' },
    ]);
    expect(stack.logGroups).toEqual([{ name: '/aws/lambda/fairway-image-pushed', retentionDays: 30 }]);
  });
});

describe('a rule may invoke a function', () => {
  async function permitted(changes: Record<string, JsonObject | undefined>): Promise<boolean | undefined> {
    return (await load(changes)).rules[0]?.targets[0]?.permitted;
  }

  it('not without a permission', async () => {
    expect(await permitted({ Permission1: undefined })).toBe(false);
  });

  it('not by a permission for another rule', async () => {
    const other = { SourceArn: 'arn:aws:events:eu-west-1:123456789012:rule/other' };
    expect(await permitted(changed('Permission1', other))).toBe(false);
  });

  it('not by a permission for another service', async () => {
    expect(await permitted(changed('Permission1', { Principal: 'sns.amazonaws.com' }))).toBe(false);
  });

  it('and can send to its dead-letter queue only if the policy of the queue allows it', async () => {
    const stack = await load({ DlqPolicy: undefined });
    expect(stack.rules[0]?.targets[0]?.deadLetterPermitted).toBe(false);
  });
});

describe('intrinsic functions', () => {
  const environment = async (value: JsonObject, template: JsonObject = {}): Promise<string | undefined> => {
    const change = changed('ImageDashpushedLambdaFunction', { Environment: { Variables: { X: value } } });
    return (await load(change, template)).functions[0]?.environment.X;
  };
  const template: JsonObject = {
    Parameters: { Stage: { Type: 'String', Default: 'prod' } },
    Mappings: { Sizes: { prod: { small: '1' } } },
    Conditions: {
      IsProd: { 'Fn::Equals': [{ Ref: 'Stage' }, 'prod'] },
      IsOther: { 'Fn::Not': [{ Condition: 'IsProd' }] },
      Both: { 'Fn::And': [{ Condition: 'IsProd' }, { Condition: 'IsOther' }] },
      Either: { 'Fn::Or': [{ Condition: 'IsProd' }, { Condition: 'IsOther' }] },
    },
  };

  it.each<[JsonObject, string]>([
    [{ Ref: 'AWS::StackName' }, 'fairway-prod'],
    [{ Ref: 'Stage' }, 'prod'],
    [{ Ref: 'Topic' }, 'arn:aws:sns:eu-west-1:123456789012:releases'],
    [{ Ref: 'Dlq' }, 'https://sqs.eu-west-1.amazonaws.com/123456789012/dead'],
    [{ 'Fn::GetAtt': 'Rule1.Arn' }, 'arn:aws:events:eu-west-1:123456789012:rule/fairway-image-pushed-rule-1'],
    [
      { 'Fn::GetAtt': ['ImageDashpushedLogGroup', 'Arn'] },
      'arn:aws:logs:eu-west-1:123456789012:log-group:/aws/lambda/fairway-image-pushed:*',
    ],
    [
      { 'Fn::Sub': `${reference('Stage')}/${reference('Dlq.QueueName')}/${reference('!Stage')}` },
      `prod/dead/${reference('Stage')}`,
    ],
    [
      { 'Fn::Sub': [`${reference('a')}-${reference('AWS::Region')}`, { a: { Ref: 'Stage' } }] },
      'prod-eu-west-1',
    ],
    [{ 'Fn::Join': ['/', ['a', { Ref: 'Stage' }]] }, 'a/prod'],
    [{ 'Fn::Select': [1, { 'Fn::Split': ['.', 'a.b.c'] }] }, 'b'],
    [{ 'Fn::FindInMap': ['Sizes', { Ref: 'Stage' }, 'small'] }, '1'],
    [{ 'Fn::If': ['IsProd', 'yes', 'no'] }, 'yes'],
    [{ 'Fn::If': ['Both', 'yes', 'no'] }, 'no'],
    [{ 'Fn::If': ['Either', { Ref: 'Stage' }, 'no'] }, 'prod'],
  ])('%j is %s', async (value, expected) => {
    expect(await environment(value, template)).toBe(expected);
  });

  it('AWS::NoValue removes a property', async () => {
    expect(
      await environment({ 'Fn::If': ['IsOther', 'x', { Ref: 'AWS::NoValue' }] }, template),
    ).toBeUndefined();
  });

  it('a resource whose condition is false does not exist', async () => {
    const queue = { Type: 'AWS::SQS::Queue', Condition: 'IsOther' };
    expect((await load({ Extra: queue }, template)).queues).toHaveLength(1);
  });

  it.each<[JsonObject, string]>([
    [{ 'Fn::ImportValue': 'x' }, 'Properties.Environment.Variables.X: Fn::ImportValue is not simulated'],
    [{ Ref: 'Nope' }, 'there is no resource or parameter Nope'],
    [{ 'Fn::GetAtt': ['Table', 'StreamArn'] }, 'attribute StreamArn of Table is not simulated'],
    [{ 'Fn::Select': [9, ['a']] }, 'there is no value at index 9'],
  ])('%j is an error with the place', async (value, message) => {
    await expect(environment(value)).rejects.toThrow(message);
  });
});

describe('loading refuses', () => {
  it.each<[string, Record<string, JsonObject | undefined>, string]>([
    [
      'a resource that is not simulated',
      { Pipe: { Type: 'AWS::Pipes::Pipe' } },
      'Resources.Pipe: AWS::Pipes::Pipe is not simulated',
    ],
    [
      'a function without a zip',
      changed('ImageDashpushedLambdaFunction', { Code: { S3Key: 'a/b.zip' } }),
      'run serverless package',
    ],
    [
      'a role that Lambda cannot take on',
      changed('PushedRole', { AssumeRolePolicyDocument: resources().SchedulerRole }),
      'cannot be assumed by Lambda',
    ],
    [
      'a target elsewhere',
      changed('Rule1', { Targets: [{ Id: 'x', Arn: 'arn:aws:sqs:x' }] }),
      'is not a function of this stack',
    ],
    [
      'six targets',
      changed('Rule1', { Targets: [1, 2, 3, 4, 5, 6].map(() => ({})) }),
      "exceed EventBridge's limit of 5",
    ],
    ['another bus', changed('Rule1', { EventBusName: 'mine' }), 'only the default event bus'],
    [
      'an environment over 4 KB',
      changed('ImageDashpushedLambdaFunction', { Environment: { Variables: { X: 'x'.repeat(5000) } } }),
      "exceed Lambda's limit",
    ],
    [
      'a managed policy it does not know',
      changed('PushedRole', { ManagedPolicyArns: ['arn:aws:iam::aws:policy/Nope'] }),
      'is not known to the local cloud',
    ],
  ])('%s', async (_name, changes, message) => {
    await expect(load(changes)).rejects.toThrow(message);
  });

  it('inline policies beyond what IAM stores', async () => {
    const statement = {
      Effect: 'Allow',
      Action: 'a:b',
      Resource: Array(400).fill('arn:aws:ecs:eu-west-1:1:x/y'),
    };
    const policies = [{ PolicyName: 'p', PolicyDocument: { Statement: [statement] } }];
    await expect(load(changed('PushedRole', { Policies: policies }))).rejects.toThrow(
      "exceed IAM's limit of 10240",
    );
  });

  it('a directory without a package', async () => {
    await expect(loadStack('/nonexistent', { account: '1', region: 'r' })).rejects.toThrow(
      'run serverless package first',
    );
  });
});
