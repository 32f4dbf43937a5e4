import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { MANIFEST, TEMPLATE } from '../../stack/deliverable.ts';
import type { Json, JsonObject } from '../contract.ts';
import { parsePolicy } from '../iam/policy.ts';
import { readFunctions } from './functions.ts';
import { isObject, listOf, objectAt, optionalNumber, optionalString, stringAt } from './json.ts';
import { readRoles } from './roles.ts';
import { readRules, readSchedules } from './rules.ts';
import type { Stack, StackQueue, StackTable } from './stack.ts';
import { type Resource, resolveTemplate } from './template.ts';

/** What `serverless package` writes. */
const SERVERLESS_TEMPLATE = 'cloudformation-template-update-stack.json';
const STATE = 'serverless-state.json';

/** Types that other files in this folder read. */
const READ = [
  'AWS::Lambda::Function',
  'AWS::Lambda::Alias',
  'AWS::Lambda::EventInvokeConfig',
  'AWS::Lambda::Permission',
  'AWS::IAM::Role',
  'AWS::IAM::Policy',
  'AWS::IAM::ManagedPolicy',
  'AWS::Events::Rule',
  'AWS::Scheduler::Schedule',
  'AWS::DynamoDB::Table',
  'AWS::SNS::Topic',
  'AWS::SQS::Queue',
  'AWS::SQS::QueuePolicy',
  'AWS::Logs::LogGroup',
];

/** Types without an effect on the functions, which are ignored. */
const INERT = [
  'AWS::S3::Bucket',
  'AWS::S3::BucketPolicy',
  'AWS::Lambda::Version',
  'AWS::CloudWatch::Alarm',
  'AWS::CloudWatch::CompositeAlarm',
  'AWS::CloudWatch::Dashboard',
  'AWS::Logs::MetricFilter',
  'AWS::Logs::QueryDefinition',
  'AWS::SNS::TopicPolicy',
];

interface LoadOptions {
  readonly account: string;
  readonly region: string;
  /** Default: SERVICE-STAGE, as Serverless names it. */
  readonly stackName?: string;
  /** Values of template parameters. */
  readonly parameters?: Readonly<Record<string, string>>;
}

/**
 * Reads what `fairway package` or `serverless package` wrote (`directory`: its `.serverless` folder) as plain data.
 * Anything in the template that matters and is not simulated is an error that names it.
 */
export async function loadStack(directory: string, options: LoadOptions): Promise<Stack> {
  const finished = existsSync(join(directory, MANIFEST));
  const template = await readJson(join(directory, finished ? TEMPLATE : SERVERLESS_TEMPLATE));
  const name = options.stackName ?? (await (finished ? nameInManifest : stackNameOf)(directory));
  const { account, region } = options;
  // The local cloud has no S3: the archives are beside the template.
  const parameters = { ...(finished ? { CodeBucket: 'local' } : {}), ...options.parameters };
  const resources = resolveTemplate(template, { account, region, stackName: name }, parameters);
  for (const { type, logicalId, properties } of resources) checkType(type, logicalId, properties);
  const roles = readRoles(resources);
  const functions = readFunctions(resources, roles, directory);
  const queues = readQueues(resources);
  return {
    name,
    template,
    account,
    region,
    functions,
    rules: readRules(resources, functions, queues),
    schedules: readSchedules(resources, functions, roles),
    tables: ofType(resources, 'AWS::DynamoDB::Table').map(readTable),
    topics: ofType(resources, 'AWS::SNS::Topic').map((topic) => ({ name: topic.name, arn: topic.ref })),
    queues,
    resources: resources.map(({ logicalId, type, ref }) => ({ logicalId, type, physicalId: ref })),
    logGroups: ofType(resources, 'AWS::Logs::LogGroup').map((group) => {
      const days = optionalNumber(group.properties.RetentionInDays, `log group ${group.name}`);
      return { name: group.name, ...(days === undefined ? {} : { retentionDays: days }) };
    }),
  };
}

function checkType(type: string, logicalId: string, properties: JsonObject): void {
  if (READ.includes(type) || INERT.includes(type)) return;
  // Subscriptions of people need no simulation: messages are recorded. Subscriptions of functions are not simulated.
  const protocol = properties.Protocol;
  if (type === 'AWS::SNS::Subscription' && protocol !== 'lambda' && protocol !== 'sqs') return;
  throw new Error(`Resources.${logicalId}: ${type} is not simulated by the local cloud`);
}

function ofType(resources: readonly Resource[], wanted: string): readonly Resource[] {
  return resources.filter(({ type }) => type === wanted);
}

const CREATE_TABLE_MEMBERS = [
  'AttributeDefinitions',
  'KeySchema',
  'BillingMode',
  'ProvisionedThroughput',
  'GlobalSecondaryIndexes',
  'LocalSecondaryIndexes',
];

function readTable({ name, attributes, properties }: Resource): StackTable {
  const members = CREATE_TABLE_MEMBERS.map((key): readonly [string, Json | undefined] => [
    key,
    properties[key],
  ]);
  const lifetime = objectAt(properties.TimeToLiveSpecification, `table ${name}, TimeToLiveSpecification`);
  const attribute =
    lifetime.Enabled === true ? optionalString(lifetime.AttributeName, `table ${name}`) : undefined;
  return {
    name,
    arn: attributes.Arn ?? '',
    createTable: {
      TableName: name,
      ...Object.fromEntries(members.filter(([, value]) => value !== undefined)),
    },
    ...(attribute === undefined ? {} : { timeToLiveAttribute: attribute }),
  };
}

function readQueues(resources: readonly Resource[]): readonly StackQueue[] {
  const policies = ofType(resources, 'AWS::SQS::QueuePolicy');
  return ofType(resources, 'AWS::SQS::Queue').map(({ name, ref, attributes }) => ({
    name,
    url: ref,
    arn: attributes.Arn ?? '',
    policies: policies
      .filter(({ properties }) => listOf(properties.Queues).includes(ref))
      .map(({ logicalId, properties }) => parsePolicy(logicalId, properties.PolicyDocument)),
  }));
}

async function nameInManifest(directory: string): Promise<string> {
  const where = join(directory, MANIFEST);
  return stringAt((await readJson(where)).stack, where);
}

async function stackNameOf(directory: string): Promise<string> {
  const where = join(directory, STATE);
  const service = objectAt((await readJson(where)).service, where);
  const provider = objectAt(service.provider, where);
  const given = optionalString(provider.stackName, where);
  return given ?? `${stringAt(service.service, where)}-${stringAt(provider.stage, where)}`;
}

async function readJson(path: string): Promise<JsonObject> {
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw new Error(`failed to read ${path}: run serverless package first`, { cause });
  });
  const value: unknown = JSON.parse(text);
  if (isObject(value)) return value;
  throw new Error(`failed to read ${path}: not a JSON object`);
}
