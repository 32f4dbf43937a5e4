import * as autoscaling from '@aws-sdk/client-application-auto-scaling';
import * as cloudformation from '@aws-sdk/client-cloudformation';
import * as logs from '@aws-sdk/client-cloudwatch-logs';
import * as dynamodb from '@aws-sdk/client-dynamodb';
import * as ecr from '@aws-sdk/client-ecr';
import * as ecs from '@aws-sdk/client-ecs';
import * as elasticloadbalancing from '@aws-sdk/client-elastic-load-balancing-v2';
import * as events from '@aws-sdk/client-eventbridge';
import * as iam from '@aws-sdk/client-iam';
import * as lambda from '@aws-sdk/client-lambda';
import * as tagging from '@aws-sdk/client-resource-groups-tagging-api';
import * as scheduler from '@aws-sdk/client-scheduler';
import * as secretsmanager from '@aws-sdk/client-secrets-manager';
import * as sns from '@aws-sdk/client-sns';
import * as sqs from '@aws-sdk/client-sqs';
import * as ssm from '@aws-sdk/client-ssm';
import * as sts from '@aws-sdk/client-sts';
import { createModel, type ServiceModel } from './model.ts';

/** By the name that the front knows a service under (its SigV4 name). */
const MODELS: Readonly<Record<string, ServiceModel>> = {
  'application-autoscaling': createModel(
    'client-application-auto-scaling',
    'AnyScaleFrontendService',
    autoscaling,
  ),
  cloudformation: createModel('client-cloudformation', { version: '2010-05-15' }, cloudformation),
  dynamodb: createModel('client-dynamodb', 'DynamoDB_20120810', dynamodb),
  ecr: createModel('client-ecr', 'AmazonEC2ContainerRegistry_V20150921', ecr),
  ecs: createModel('client-ecs', 'AmazonEC2ContainerServiceV20141113', ecs),
  elasticloadbalancing: createModel(
    'client-elastic-load-balancing-v2',
    { version: '2015-12-01' },
    elasticloadbalancing,
  ),
  events: createModel('client-eventbridge', 'AWSEvents', events),
  iam: createModel('client-iam', { version: '2010-05-08' }, iam),
  lambda: createModel('client-lambda', { rest: true }, lambda),
  logs: createModel('client-cloudwatch-logs', 'Logs_20140328', logs),
  scheduler: createModel('client-scheduler', { rest: true }, scheduler),
  secretsmanager: createModel('client-secrets-manager', 'secretsmanager', secretsmanager),
  sns: createModel('client-sns', { version: '2010-03-31' }, sns),
  sqs: createModel('client-sqs', 'AmazonSQS', sqs),
  ssm: createModel('client-ssm', 'AmazonSSM', ssm),
  tagging: createModel('client-resource-groups-tagging-api', 'ResourceGroupsTaggingAPI_20170126', tagging),
  sts: createModel('client-sts', { version: '2011-06-15' }, sts),
};

/** Throws when no client is known for the service: then it belongs into the list above, and into devDependencies. */
export function modelOf(service: string): ServiceModel {
  const model = MODELS[service];
  if (model) return model;
  throw new Error(`${service} has no model: add its SDK client to test/models/services.ts`);
}
