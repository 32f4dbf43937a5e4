import { createHash } from 'node:crypto';
import { memberOf } from '../../shared/domain/member.ts';

export interface Place {
  readonly account: string;
  readonly region: string;
  readonly stackName: string;
}

/** The values of `Ref` and `Fn::GetAtt` for a resource (CloudFormation resource reference, "Return values" of each type). */
export interface Identity {
  readonly name: string;
  readonly ref: string;
  readonly attributes: Readonly<Record<string, string>>;
}

/** `parent`: the name, the ARN or the path of what the resource is part of. */
type Make = (name: string, place: Place, parent?: string) => Omit<Identity, 'name'>;

interface Kind {
  /** The property that names the resource. */
  readonly nameProperty: string;
  /** The property that names what the resource is part of. */
  readonly parentProperty?: string;
  readonly make: Make;
}

const regional =
  (service: string, prefix: string): Make =>
  (name, { account, region }) => ({
    ref: name,
    attributes: { Arn: `arn:aws:${service}:${region}:${account}:${prefix}${name}` },
  });

const KINDS: Readonly<Record<string, Kind>> = {
  'AWS::Lambda::Function': { nameProperty: 'FunctionName', make: regional('lambda', 'function:') },
  'AWS::Lambda::Alias': {
    nameProperty: 'Name',
    parentProperty: 'FunctionName',
    make: (name, { account, region }, parent = '') => {
      const of = parent.slice(parent.lastIndexOf(':') + 1);
      const arn = `arn:aws:lambda:${region}:${account}:function:${of}:${name}`;
      return { ref: arn, attributes: { AliasArn: arn } };
    },
  },
  'AWS::Events::Rule': { nameProperty: 'Name', make: regional('events', 'rule/') },
  'AWS::Scheduler::Schedule': { nameProperty: 'Name', make: regional('scheduler', 'schedule/default/') },
  'AWS::CloudWatch::Alarm': { nameProperty: 'AlarmName', make: regional('cloudwatch', 'alarm:') },
  'AWS::IAM::Role': {
    nameProperty: 'RoleName',
    parentProperty: 'Path',
    make: (name, { account }, path = '/') => ({
      ref: name,
      attributes: { Arn: `arn:aws:iam::${account}:role${path}${name}` },
    }),
  },
  'AWS::DynamoDB::Table': {
    nameProperty: 'TableName',
    make: regional('dynamodb', 'table/'),
  },
  'AWS::Logs::LogGroup': {
    nameProperty: 'LogGroupName',
    make: (name, { account, region }) => ({
      ref: name,
      attributes: { Arn: `arn:aws:logs:${region}:${account}:log-group:${name}:*` },
    }),
  },
  'AWS::SNS::Topic': {
    nameProperty: 'TopicName',
    make: (name, { account, region }) => {
      const arn = `arn:aws:sns:${region}:${account}:${name}`;
      return { ref: arn, attributes: { TopicArn: arn, TopicName: name } };
    },
  },
  'AWS::SQS::Queue': {
    nameProperty: 'QueueName',
    make: (name, { account, region }) => {
      const url = `https://sqs.${region}.amazonaws.com/${account}/${name}`;
      const arn = `arn:aws:sqs:${region}:${account}:${name}`;
      return { ref: url, attributes: { Arn: arn, QueueName: name, QueueUrl: url } };
    },
  },
  'AWS::S3::Bucket': {
    nameProperty: 'BucketName',
    make: (name) => ({ ref: name, attributes: { Arn: `arn:aws:s3:::${name}` } }),
  },
};

/** The property that names resources of a type, if it is a type with attributes known here. */
export function namePropertyOf(type: string): string | undefined {
  return memberOf(KINDS, type)?.nameProperty;
}

/** The property that names what resources of a type are part of, where their identity depends on it. */
export function parentPropertyOf(type: string): string | undefined {
  return memberOf(KINDS, type)?.parentProperty;
}

/**
 * The identity of a resource. Without a name in the template it gets one as CloudFormation makes them,
 * `STACK-LOGICALID-SUFFIX`, but the same one every time.
 */
export function identityOf(
  type: string,
  logicalId: string,
  givenName: string | undefined,
  place: Place,
  parent?: string,
): Identity {
  const name = givenName ?? generatedName(type, logicalId, place);
  const kind = memberOf(KINDS, type);
  return { name, ...(kind ? kind.make(name, place, parent) : { ref: name, attributes: {} }) };
}

function generatedName(type: string, logicalId: string, { stackName }: Place): string {
  const suffix = createHash('sha256')
    .update(`${stackName}/${logicalId}`)
    .digest('hex')
    .slice(0, 12)
    .toUpperCase();
  const name = `${stackName}-${logicalId}-${suffix}`;
  if (type === 'AWS::S3::Bucket') return name.toLowerCase();
  return name.length <= 64 ? name : `${stackName.slice(0, 24)}-${logicalId.slice(0, 26)}-${suffix}`;
}
