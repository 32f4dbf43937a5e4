import type { Json } from '../../../local/contract.ts';
import { authorize } from '../../../local/iam/authorize.ts';
import { allowsPrincipal, evaluate } from '../../../local/iam/evaluate.ts';
import { parsePolicy } from '../../../local/iam/policy.ts';

function decide(
  statements: Json,
  action: string,
  resource: string,
  context: Record<string, string> = {},
): string {
  const policy = parsePolicy('p', { Version: '2012-10-17', Statement: statements });
  return evaluate([policy], { action, resource, context }).result;
}

// IAM user guide, "Policy evaluation logic", "How AWS enforcement code logic evaluates requests …",
// "IAM JSON policy elements: NotAction / NotResource" and the published example policies.
describe('evaluation, compared with the cases that AWS publishes', () => {
  const carlosSalazar: Json = [
    {
      Sid: 'AllowS3ListRead',
      Effect: 'Allow',
      Action: ['s3:GetAccountPublicAccessBlock', 's3:List*'],
      Resource: '*',
    },
    {
      Sid: 'AllowS3Self',
      Effect: 'Allow',
      Action: 's3:*',
      Resource: ['arn:aws:s3:::carlossalazar', 'arn:aws:s3:::carlossalazar/*'],
    },
    { Sid: 'DenyS3Logs', Effect: 'Deny', Action: 's3:*', Resource: 'arn:aws:s3:::*log*' },
  ];

  it.each([
    ['s3:PutObject', 'arn:aws:s3:::carlossalazar/object', 'allowed'],
    ['s3:ListAllMyBuckets', '*', 'allowed'],
    ['s3:PutObject', 'arn:aws:s3:::other/object', 'implicitDeny'],
    ['s3:GetObject', 'arn:aws:s3:::carlossalazar/logs', 'explicitDeny'],
    ['s3:GetObject', 'arn:aws:s3:::company-log-bucket/x', 'explicitDeny'],
  ])('identity policy of the guide: %s on %s is %s', (action, resource, expected) => {
    expect(decide(carlosSalazar, action, resource)).toBe(expected);
  });

  it('nothing is allowed by default', () => {
    expect(decide([], 's3:GetObject', 'arn:aws:s3:::a/b')).toBe('implicitDeny');
  });

  it('an explicit deny wins over an allow in another policy', () => {
    const allow = parsePolicy('a', { Statement: { Effect: 'Allow', Action: '*', Resource: '*' } });
    const deny = parsePolicy('d', {
      Statement: { Effect: 'Deny', Action: 'ecs:UpdateService', Resource: '*' },
    });
    const request = { action: 'ecs:UpdateService', resource: 'arn:aws:ecs:r:a:service/c/s', context: {} };
    expect(evaluate([allow, deny], request)).toEqual({
      result: 'explicitDeny',
      statements: [{ policy: 'd', statement: 0, action: 'ecs:UpdateService' }],
    });
  });

  it('NotAction with Allow grants every other action, in any service', () => {
    const statement: Json = { Effect: 'Allow', NotAction: 'iam:*', Resource: '*' };
    expect(decide(statement, 's3:GetObject', 'arn:aws:s3:::a/b')).toBe('allowed');
    expect(decide(statement, 'iam:CreateUser', '*')).toBe('implicitDeny');
  });

  it('NotAction with Deny, "DenyAllUsersNotUsingMFA"', () => {
    const statements: Json = [
      { Effect: 'Allow', Action: '*', Resource: '*' },
      {
        Sid: 'DenyAllUsersNotUsingMFA',
        Effect: 'Deny',
        NotAction: 'iam:*',
        Resource: '*',
        Condition: { BoolIfExists: { 'aws:MultiFactorAuthPresent': 'false' } },
      },
    ];
    expect(decide(statements, 's3:GetObject', '*')).toBe('explicitDeny');
    expect(decide(statements, 'iam:ListUsers', '*')).toBe('allowed');
    expect(decide(statements, 's3:GetObject', '*', { 'aws:MultiFactorAuthPresent': 'true' })).toBe('allowed');
  });

  it('NotResource with Deny, the HRBucket example', () => {
    const statements: Json = [
      { Effect: 'Allow', Action: 's3:*', Resource: '*' },
      {
        Effect: 'Deny',
        Action: 's3:*',
        NotResource: ['arn:aws:s3:::HRBucket/Payroll', 'arn:aws:s3:::HRBucket/Payroll/*'],
      },
    ];
    expect(decide(statements, 's3:GetObject', 'arn:aws:s3:::HRBucket/Payroll/x')).toBe('allowed');
    expect(decide(statements, 's3:GetObject', 'arn:aws:s3:::HRBucket/Other')).toBe('explicitDeny');
  });

  it('actions ignore case, resources do not', () => {
    const statement: Json = {
      Effect: 'Allow',
      Action: 'IAM:listaccesskeys',
      Resource: 'arn:aws:iam::111122223333:user/Bob',
    };
    expect(decide(statement, 'iam:ListAccessKeys', 'arn:aws:iam::111122223333:user/Bob')).toBe('allowed');
    expect(decide(statement, 'iam:ListAccessKeys', 'arn:aws:iam::111122223333:user/bob')).toBe(
      'implicitDeny',
    );
  });

  it('all condition lines must hold', () => {
    const statement: Json = {
      Effect: 'Allow',
      Action: 'iam:PassRole',
      Resource: 'arn:aws:iam::111122223333:role/EC2-roles-for-XYZ-*',
      Condition: {
        StringEquals: { 'iam:PassedToService': 'ec2.amazonaws.com' },
        StringLike: { 'iam:AssociatedResourceARN': ['arn:aws:ec2:us-east-1:111122223333:instance/*'] },
      },
    };
    const passed = { 'iam:PassedToService': 'ec2.amazonaws.com' };
    const role = 'arn:aws:iam::111122223333:role/EC2-roles-for-XYZ-1';
    expect(decide(statement, 'iam:PassRole', role, passed)).toBe('implicitDeny');
    const both = {
      ...passed,
      'iam:AssociatedResourceARN': 'arn:aws:ec2:us-east-1:111122223333:instance/i-1',
    };
    expect(decide(statement, 'iam:PassRole', role, both)).toBe('allowed');
  });

  it('a statement for one resource does not allow an action without resources', () => {
    const statement: Json = { Effect: 'Allow', Action: 'ecs:*', Resource: 'arn:aws:ecs:r:a:service/c/*' };
    expect(decide(statement, 'ecs:ListServices', '*')).toBe('implicitDeny');
  });

  it('a wildcard can reach over the colons of an ARN', () => {
    const statement: Json = { Effect: 'Allow', Action: '*', Resource: 'arn:aws:logs:us*:log-group:/ecs/*' };
    const group = 'arn:aws:logs:us-east-1:111122223333:log-group';
    expect(decide(statement, 'logs:GetLogEvents', `${group}:/ecs/web:log-stream:s`)).toBe('allowed');
    expect(decide(statement, 'logs:GetLogEvents', `${group}:/other:log-stream:s`)).toBe('implicitDeny');
  });

  it('an incomplete ARN is completed with wildcards', () => {
    const statement: Json = { Effect: 'Allow', Action: 'sqs:*', Resource: 'arn:aws:sqs' };
    expect(decide(statement, 'sqs:SendMessage', 'arn:aws:sqs:us-east-1:111122223333:q')).toBe('allowed');
    expect(decide(statement, 'sqs:SendMessage', 'arn:aws:sns:us-east-1:111122223333:q')).toBe('implicitDeny');
  });
});

describe('authorization of a call', () => {
  const policy = parsePolicy('inline', {
    Statement: [
      { Sid: 'Run', Effect: 'Allow', Action: ['ecs:RunTask', 'ecs:StopTask'], Resource: '*' },
      { Effect: 'Deny', Action: 'iam:PassRole', Resource: '*' },
    ],
  });
  const run = { action: 'ecs:RunTask', resource: 'arn:aws:ecs:r:a:task-definition/x:1', context: {} };
  const who = 'arn:aws:sts::123456789012:assumed-role/role/function';

  it('shows which entries of which statements allowed it', () => {
    expect(authorize([policy], [run], who)).toEqual({
      allowed: true,
      statements: [{ policy: 'inline', statement: 0, sid: 'Run', action: 'ecs:RunTask' }],
    });
  });

  it('refuses in AWS words what nothing allows', () => {
    const tag = { action: 'ecs:TagResource', resource: 'arn:aws:ecs:r:a:task/c/*', context: {} };
    expect(authorize([policy], [run, tag], who)).toEqual({
      allowed: false,
      denied: tag,
      message: `User: ${who} is not authorized to perform: ecs:TagResource on resource: arn:aws:ecs:r:a:task/c/* because no identity-based policy allows the ecs:TagResource action`,
    });
  });

  it('refuses in AWS words what is denied explicitly', () => {
    const pass = { action: 'iam:PassRole', resource: 'arn:aws:iam::1:role/r', context: {} };
    const verdict = authorize([policy], [pass], who);
    expect(verdict).toMatchObject({ allowed: false });
    expect(verdict).toHaveProperty(
      'message',
      expect.stringContaining('with an explicit deny in an identity-based policy'),
    );
  });
});

describe('a resource policy', () => {
  it('lets only the named service in, under its condition', () => {
    const policy = parsePolicy('queue', {
      Statement: {
        Effect: 'Allow',
        Principal: { Service: 'events.amazonaws.com' },
        Action: 'sqs:SendMessage',
        Resource: 'arn:aws:sqs:us-east-1:123456789012:q',
        Condition: { ArnLike: { 'aws:SourceArn': 'arn:aws:events:us-east-1:123456789012:rule/*' } },
      },
    });
    const send = (rule: string) => ({
      action: 'sqs:SendMessage',
      resource: 'arn:aws:sqs:us-east-1:123456789012:q',
      context: { 'aws:SourceArn': rule },
    });
    const ours = send('arn:aws:events:us-east-1:123456789012:rule/r');
    expect(allowsPrincipal([policy], 'events.amazonaws.com', ours)).toBe(true);
    expect(allowsPrincipal([policy], 'sns.amazonaws.com', ours)).toBe(false);
    expect(allowsPrincipal([policy], 'events.amazonaws.com', send('arn:aws:events:us-east-1:9:rule/r'))).toBe(
      false,
    );
  });
});

describe('reading a policy', () => {
  it.each([
    [{ Statement: [{ Effect: 'allow', Action: 'a:b', Resource: '*' }] }, 'Effect must be Allow or Deny'],
    [{ Statement: [{ Effect: 'Allow', Resource: '*' }] }, 'Action is missing'],
    [{ Statement: [{ Effect: 'Allow', Action: 'a:b', Resources: '*' }] }, 'Resources is not simulated'],
    [
      { Statement: [{ Effect: 'Allow', Action: 'a:b', Resource: 'arn:${aws:username}' }] },
      'policy variables',
    ],
    [
      { Statement: [{ Effect: 'Allow', Action: 'a:b', Resource: '*', Condition: { IpAddress: {} } }] },
      'IpAddress',
    ],
  ])('refuses %j', (document: Json, why) => {
    expect(() => parsePolicy('p', document)).toThrow(why);
  });
});
