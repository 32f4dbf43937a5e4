import type { Configuration } from '../shared/domain/app.ts';
import {
  arn,
  attribute,
  type FunctionName,
  functionLogicalId,
  pascal,
  type Resource,
  type Resources,
  stackName,
  sub,
  type Template,
} from './names.ts';
import { ecsChangedPatterns, imagePushedPatterns } from './patterns.ts';

/** An event is a hint: after an hour, the sweep has found what it reported. */
const EVENT_RETRIES = { MaximumRetryAttempts: 30, MaximumEventAgeInSeconds: 3600 };
/** The next sweep is the retry. */
const TICK_RETRIES = { MaximumRetryAttempts: 0, MaximumEventAgeInSeconds: 60 };

/** The rules that invoke the functions, on events and every minute, and their permissions. */
export function triggers(configuration: Configuration): Resources {
  return {
    ...eventRules(configuration, 'image-pushed', imagePushedPatterns(configuration)),
    ...eventRules(configuration, 'ecs-changed', ecsChangedPatterns(configuration)),
    SweepRule1: rule(
      configuration,
      'sweep',
      1,
      { ScheduleExpression: 'rate(1 minute)' },
      { RetryPolicy: TICK_RETRIES },
    ),
    ...permission(configuration, 'image-pushed'),
    ...permission(configuration, 'ecs-changed'),
    ...permission(configuration, 'sweep'),
  };
}

function eventRules(
  configuration: Configuration,
  name: FunctionName,
  patterns: readonly Template[],
): Resources {
  const target = {
    RetryPolicy: EVENT_RETRIES,
    DeadLetterConfig: { Arn: attribute('UndeliveredEvents', 'Arn') },
  };
  return Object.fromEntries(
    patterns.map((EventPattern, index) => [
      `${pascal(name)}Rule${index + 1}`,
      rule(configuration, name, index + 1, { EventPattern }, target),
    ]),
  );
}

function rule(
  configuration: Configuration,
  name: FunctionName,
  number: number,
  when: Readonly<Record<string, Template>>,
  delivery: Readonly<Record<string, Template>>,
): Resource {
  return {
    Type: 'AWS::Events::Rule',
    Properties: {
      Name: `${rulePrefix(configuration, name)}${number}`,
      ...when,
      State: 'ENABLED',
      Targets: [{ Id: name, Arn: attribute(functionLogicalId(name), 'Arn'), ...delivery }],
    },
  };
}

/**
 * One permission for all rules of a function, since a function's policy is limited to 20 KB (Lambda quotas). It has no
 * SourceAccount: the ARN contains the account, and EventBridge's guide never asks for one ("Using resource-based
 * policies for Amazon EventBridge").
 */
function permission(configuration: Configuration, name: FunctionName): Resources {
  return {
    [`${pascal(name)}Permission`]: {
      Type: 'AWS::Lambda::Permission',
      Properties: {
        Action: 'lambda:InvokeFunction',
        Principal: 'events.amazonaws.com',
        FunctionName: attribute(functionLogicalId(name), 'Arn'),
        SourceArn: sub(arn('events', `rule/${rulePrefix(configuration, name)}*`)),
      },
    },
  };
}

function rulePrefix(configuration: Configuration, name: FunctionName): string {
  return `${stackName(configuration)}-${name}-`;
}
