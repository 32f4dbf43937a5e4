import { isSame } from '../shared/domain/data.ts';
import { listOf, type Members, membersOf } from './templateData.ts';

/**
 * Properties that CloudFormation cannot change in place, by type: it replaces the resource. Source: its template
 * reference, "Update requires: Replacement". `test/stack/replacements.test.ts` compares them with AWS's schemas.
 */
export const FIXED: Readonly<Record<string, readonly string[]>> = {
  'AWS::CloudWatch::Alarm': ['AlarmName'],
  'AWS::DynamoDB::Table': ['TableName', 'KeySchema', 'LocalSecondaryIndexes', 'ImportSourceSpecification'],
  'AWS::Events::EventBusPolicy': ['EventBusName', 'StatementId'],
  'AWS::Events::Rule': ['EventBusName', 'Name'],
  'AWS::IAM::ManagedPolicy': ['ManagedPolicyName', 'Path', 'Description'],
  'AWS::IAM::Role': ['Path', 'RoleName'],
  'AWS::Lambda::Alias': ['FunctionName', 'Name'],
  'AWS::Lambda::EventInvokeConfig': ['FunctionName', 'Qualifier'],
  'AWS::Lambda::Function': ['FunctionName', 'PackageType', 'TenancyConfig'],
  'AWS::Lambda::Permission': [
    'Action',
    'EventSourceToken',
    'FunctionName',
    'FunctionUrlAuthType',
    'InvokedViaFunctionUrl',
    'Principal',
    'PrincipalOrgID',
    'SourceAccount',
    'SourceArn',
  ],
  'AWS::Logs::LogGroup': ['LogGroupName'],
  'AWS::Logs::MetricFilter': ['FilterName', 'LogGroupName'],
  'AWS::SNS::Topic': ['FifoTopic', 'TopicName'],
  'AWS::SQS::Queue': ['FifoQueue', 'QueueName'],
  'AWS::SQS::QueuePolicy': [],
  'AWS::Scheduler::Schedule': ['Name'],
};

/** Which of the properties that change make CloudFormation replace the resource. */
export function replacingIn(type: string, changed: readonly string[], before: Members, after: Members) {
  const fixed = ['Type', ...(FIXED[type] ?? [])];
  return changed.filter((name) => {
    if (type === 'AWS::DynamoDB::Table' && name === 'AttributeDefinitions')
      return isEdited(before[name], after[name]);
    return fixed.includes(name);
  });
}

/**
 * Attributes can be added and removed in place. Source: CloudFormation's reference of AWS::DynamoDB::Table,
 * "AttributeDefinitions": "Replacement if you edit an existing AttributeDefinition".
 */
function isEdited(before: unknown, after: unknown): boolean {
  return listOf(before).some((definition) => {
    const { AttributeName: name } = membersOf(definition);
    const same = listOf(after).find((other) => membersOf(other).AttributeName === name);
    return same !== undefined && !isSame(definition, same);
  });
}
