import { memberOf } from '../../shared/domain/member.ts';
import type { Call, JsonObject } from '../contract.ts';
import { isObject, listOf } from '../stack/json.ts';
import type { Request } from './evaluate.ts';
import { type Lookups, linkedRole, need, text, texts } from './needs.ts';
import { dynamodbRequirements } from './requirements-dynamodb.ts';
import { ecsRequirements } from './requirements-ecs.ts';

/**
 * Which permissions a call needs, per the Service Authorization Reference. A call can need several
 * (RunTask: also PassRole and TagResource), and all must be allowed. An operation not listed here needs
 * `service:Operation` on "*".
 */
export function requirements(
  service: string,
  operation: string,
  input: JsonObject,
  call: Call,
  lookups: Lookups,
): readonly Request[] {
  if (service === 'ecs') return ecsRequirements(operation, input, call, lookups);
  if (service === 'dynamodb') return dynamodbRequirements(operation, input, call, lookups);
  const rule = memberOf(RULES, service);
  if (rule) return rule(operation, input, call, lookups);
  return [need(`${service}:${operation}`, '*')];
}

type Rule = (operation: string, input: JsonObject, call: Call, lookups: Lookups) => readonly Request[];

const RULES: Readonly<Record<string, Rule>> = {
  'application-autoscaling': (operation, _input, call, lookups) => [
    need(`application-autoscaling:${operation}`, '*'),
    ...(operation === 'RegisterScalableTarget'
      ? linkedRole('ecs.application-autoscaling.amazonaws.com', call, lookups)
      : []),
  ],
  ecr: ecrRequirements,
  logs: logsRequirements,
  ssm: ssmRequirements,
  secretsmanager: secretRequirements,
  iam: iamRequirements,
  // GetCallerIdentity needs no permission.
  sts: (operation) => (operation === 'GetCallerIdentity' ? [] : [need(`sts:${operation}`, '*')]),
  sns: (operation, input) => [
    need(
      operation === 'PublishBatch' ? 'sns:Publish' : `sns:${operation}`,
      text(input.TopicArn) || text(input.TargetArn) || '*',
    ),
  ],
  lambda: (operation, input, call) => [
    need(
      operation === 'Invoke' ? 'lambda:InvokeFunction' : `lambda:${operation}`,
      functionArn(text(input.FunctionName), text(input.Qualifier), call),
    ),
  ],
  sqs: (operation, input, call) => [
    need(
      operation.startsWith('SendMessage') ? 'sqs:SendMessage' : `sqs:${operation}`,
      `arn:aws:sqs:${call.region}:${call.account}:${lastPart(text(input.QueueUrl) || text(input.QueueName))}`,
    ),
  ],
  events: eventsRequirements,
  scheduler: schedulerRequirements,
  // The prefix of its actions is not its name in signatures.
  tagging: (operation) => [need(`tag:${operation}`, '*')],
};

function ecrRequirements(operation: string, input: JsonObject, call: Call): readonly Request[] {
  if (operation === 'GetAuthorizationToken') return [need('ecr:GetAuthorizationToken', '*')];
  // ListImageReferrers uses the action of BatchGetImage.
  const action = operation === 'ListImageReferrers' ? 'ecr:BatchGetImage' : `ecr:${operation}`;
  const account = text(input.registryId) || call.account;
  const names = [...texts(input.repositoryName), ...texts(input.repositoryNames)];
  const tagged = text(input.resourceArn);
  if (tagged !== '') return [need(action, tagged)];
  const resources = names.length > 0 ? names : ['*'];
  // CreateRepository with tags needs both. Source: Service Authorization Reference, Amazon ECR.
  const actions =
    operation === 'CreateRepository' && isTagged(input) ? [action, 'ecr:TagResource'] : [action];
  return resources.flatMap((name) =>
    actions.map((each) => need(each, `arn:aws:ecr:${call.region}:${account}:repository/${name}`)),
  );
}

/**
 * CloudWatch Logs evaluates group-level actions on `log-group:NAME:log-stream:`, which is why a policy's ARN must
 * end in `:*` (CloudWatch Logs user guide, "Overview of managing access permissions": log group ARNs).
 */
function logsRequirements(operation: string, input: JsonObject, call: Call): readonly Request[] {
  const base = `arn:aws:logs:${call.region}:${call.account}:log-group:`;
  const group = text(input.logGroupName) || text(input.logGroupIdentifier) || text(input.resourceArn);
  const groupArn = group.startsWith('arn:') ? group.replace(/:\*$/, '') : `${base}${group}`;
  const stream = text(input.logStreamName);
  const onStream = ['GetLogEvents', 'PutLogEvents', 'DeleteLogStream'].includes(operation);
  const resource = `${groupArn}:log-stream:${onStream ? stream : ''}`;
  // CreateLogGroup with tags needs both. Source: CloudWatch Logs API reference, CreateLogGroup.
  const tags = operation === 'CreateLogGroup' && isTagged(input) ? [need('logs:TagResource', resource)] : [];
  return [need(`logs:${operation}`, resource), ...tags];
}

function isTagged({ tags }: JsonObject): boolean {
  return Array.isArray(tags) ? tags.length > 0 : isObject(tags) && Object.keys(tags).length > 0;
}

/** Roles and policies have no region. Paths are not known here. */
function iamRequirements(operation: string, input: JsonObject, call: Call): readonly Request[] {
  const role = text(input.RoleName);
  const resource = role === '' ? text(input.PolicyArn) : `arn:aws:iam::${call.account}:role/${role}`;
  return [need(`iam:${operation}`, resource || '*')];
}

function ssmRequirements(operation: string, input: JsonObject, call: Call): readonly Request[] {
  const names = [...texts(input.Name), ...texts(input.Names), ...texts(input.Path)];
  if (names.length === 0) return [need(`ssm:${operation}`, '*')];
  return names.map((name) => need(`ssm:${operation}`, parameterArn(name, call)));
}

function parameterArn(name: string, call: Call): string {
  if (name.startsWith('arn:')) return name;
  // A parameter can have a version or label: "name:3".
  const plain = name.replace(/:[^/:]*$/, '').replace(/^\//, '');
  return `arn:aws:ssm:${call.region}:${call.account}:parameter/${plain}`;
}

function secretRequirements(
  operation: string,
  input: JsonObject,
  call: Call,
  lookups: Lookups,
): readonly Request[] {
  const ids = [...texts(input.SecretId), ...texts(input.SecretIdList)];
  if (ids.length === 0) return [need(`secretsmanager:${operation}`, '*')];
  return ids.map((id) => {
    const named = id.startsWith('arn:')
      ? id
      : `arn:aws:secretsmanager:${call.region}:${call.account}:secret:${id}`;
    return need(`secretsmanager:${operation}`, lookups.secretArn(id) ?? named);
  });
}

function eventsRequirements(operation: string, input: JsonObject, call: Call): readonly Request[] {
  const base = `arn:aws:events:${call.region}:${call.account}`;
  if (operation === 'PutEvents') {
    return listOf(input.Entries)
      .filter(isObject)
      .map((entry) =>
        need('events:PutEvents', busArn(text(entry.EventBusName) || 'default', base), {
          'events:source': text(entry.Source),
          'events:detail-type': text(entry.DetailType),
        }),
      );
  }
  const name = text(input.Name) || text(input.Rule);
  const bus = text(input.EventBusName) || 'default';
  const rule = bus === 'default' ? name : `${lastPart(bus)}/${name}`;
  return [need(`events:${operation}`, name ? `${base}:rule/${rule}` : '*')];
}

function schedulerRequirements(operation: string, input: JsonObject, call: Call): readonly Request[] {
  const base = `arn:aws:scheduler:${call.region}:${call.account}:schedule`;
  const name = text(input.Name);
  const resource = name === '' ? '*' : `${base}/${text(input.GroupName) || 'default'}/${name}`;
  return [need(`scheduler:${operation}`, resource)];
}

function busArn(nameOrArn: string, base: string): string {
  return nameOrArn.startsWith('arn:') ? nameOrArn : `${base}:event-bus/${nameOrArn}`;
}

/** With the invoked alias or version: a policy for the function alone does not allow those. */
function functionArn(nameOrArn: string, qualifier: string, call: Call): string {
  // Lambda also accepts "ACCOUNT:function:NAME".
  const name = nameOrArn.replace(/^\d{12}:function:/, '');
  const arn = name.startsWith('arn:')
    ? name
    : `arn:aws:lambda:${call.region}:${call.account}:function:${name}`;
  const isQualified = arn.split(':').length > 7;
  return qualifier === '' || isQualified ? arn : `${arn}:${qualifier}`;
}

function lastPart(url: string): string {
  return url.slice(url.lastIndexOf('/') + 1);
}
