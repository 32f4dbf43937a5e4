import { auditStatements } from '../shared/audit/permissions.ts';
import type { Configuration } from '../shared/domain/app.ts';
import {
  arn,
  attribute,
  functionLogicalId,
  type Resources,
  ref,
  stackName,
  sub,
  type Template,
} from './names.ts';
import { type Statement, sizeOf } from './policies.ts';

/** The function `audit`: what it may read, and when it runs. */

/** Characters of its statements beside those of its log, the table and the channels. */
const ROOM = 6_000;

/** Narrow where the configured services fit, otherwise by cluster, and with many clusters all services. */
export function auditPermissions({ apps }: Configuration): readonly Statement[] {
  const statements = auditStatements(apps, arn, (resource) =>
    arn('iam', resource).replace('${AWS::Region}', ''),
  );
  const named = statements.map(
    ({ sid, actions, resources, clusters }): Statement => ({
      sid: `Audit${sid}`,
      actions,
      resources,
      ...(clusters === undefined
        ? {}
        : { conditions: { ArnLike: { 'ecs:cluster': clusters.map((each) => sub(each)) } } }),
    }),
  );
  const fitting = [named, named.map(byCluster), named.map(everywhere)].find((some) => sizeOf(some) <= ROOM);
  return fitting ?? named.map(everywhere);
}

/** "…:service/app-prod/web-app" → "…:service/app-prod/*" */
function byCluster(statement: Statement): Statement {
  const texts = statement.resources.map((each) =>
    typeof each === 'string' ? each.replace(/(:service\/[^/]+)\/.*$/, '$1/*') : each,
  );
  return { ...statement, resources: [...new Set(texts)] };
}

function everywhere(statement: Statement): Statement {
  const texts = statement.resources.map((each) =>
    typeof each === 'string' ? each.replace(/:(service|task)\/.*$/, ':$1/*') : each,
  );
  const { conditions, ...others } = statement;
  const all = conditions === undefined ? {} : { conditions: { ArnLike: { 'ecs:cluster': ['*'] } } };
  return { ...others, resources: [...new Set(texts)], ...all };
}

/** The schedule of every day, with the role that calls the function. */
export function auditSchedule(configuration: Configuration): Resources {
  const { daily } = configuration.audit ?? {};
  if (daily === undefined) return {};
  const [hour = '6', minute = '0'] = daily.at.split(':');
  const target = attribute(functionLogicalId('audit'), 'Arn');
  return {
    AuditSchedulerRole: {
      Type: 'AWS::IAM::Role',
      Properties: {
        AssumeRolePolicyDocument: document([
          {
            Effect: 'Allow',
            Principal: { Service: 'scheduler.amazonaws.com' },
            Action: 'sts:AssumeRole',
            Condition: { StringEquals: { 'aws:SourceAccount': ref('AWS::AccountId') } },
          },
        ]),
        Policies: [
          {
            PolicyName: 'fairway',
            PolicyDocument: document([
              { Sid: 'Call', Effect: 'Allow', Action: ['lambda:InvokeFunction'], Resource: [target] },
            ]),
          },
        ],
      },
    },
    // A failed audit is not repeated: the next day does its work, and errors raise an alarm.
    AuditInvocations: {
      Type: 'AWS::Lambda::EventInvokeConfig',
      Properties: {
        FunctionName: ref(functionLogicalId('audit')),
        Qualifier: '$LATEST',
        MaximumRetryAttempts: 0,
        MaximumEventAgeInSeconds: 3_600,
      },
    },
    AuditSchedule: {
      Type: 'AWS::Scheduler::Schedule',
      Properties: {
        Name: `${stackName(configuration)}.audit`,
        Description: 'Audits what the apps run',
        State: 'ENABLED',
        ScheduleExpression: `cron(${Number(minute)} ${Number(hour)} * * ? *)`,
        ScheduleExpressionTimezone: daily.timeZone,
        FlexibleTimeWindow: { Mode: 'OFF' },
        Target: {
          Arn: target,
          RoleArn: attribute('AuditSchedulerRole', 'Arn'),
          Input: '{}',
          RetryPolicy: { MaximumRetryAttempts: 2, MaximumEventAgeInSeconds: 3_600 },
        },
      },
    },
  };
}

function document(statements: readonly Template[]): Template {
  return { Version: '2012-10-17', Statement: statements };
}
