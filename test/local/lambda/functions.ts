import { parsePolicy } from '../../../local/iam/policy.ts';
import type { StackFunction } from '../../../local/stack/stack.ts';

/** A function that may write its log and nothing else. */
export function functionNamed(name: string, changes: Partial<StackFunction> = {}): StackFunction {
  return {
    name,
    arn: `arn:aws:lambda:us-east-1:123456789012:function:${name}`,
    handler: 'src/handler.handler',
    runtime: 'nodejs22.x',
    zipPath: '',
    environment: {},
    roleArn: `arn:aws:iam::123456789012:role/${name}-role`,
    roleName: `${name}-role`,
    policies: [
      parsePolicy('logs', {
        Statement: [
          {
            Effect: 'Allow',
            Action: ['logs:CreateLogStream', 'logs:PutLogEvents'],
            Resource: `arn:aws:logs:us-east-1:123456789012:log-group:/aws/lambda/${name}:*`,
          },
        ],
      }),
    ],
    timeoutSeconds: 3,
    memory: 128,
    aliases: [],
    eventInvoke: { maximumRetryAttempts: 2, maximumEventAgeSeconds: 21_600 },
    ...changes,
  };
}
