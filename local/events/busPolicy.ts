import { AwsError, type JsonObject } from '../contract.ts';
import { object, required, text, validationError } from '../ecs/read.ts';
import { allowsPrincipal } from '../iam/evaluate.ts';
import { parsePolicy } from '../iam/policy.ts';
import { parseJson } from '../json.ts';
import type { Place } from '../place.ts';
import { isObject, listOf, objectAt } from '../stack/json.ts';

export type BusPolicy = ReturnType<typeof createBusPolicy>;

/** The policy of the default event bus: which other accounts may send events to it. */
export function createBusPolicy({ account, region }: Place) {
  const arn = `arn:aws:events:${region}:${account}:event-bus/default`;
  const statements = new Map<string, JsonObject>();
  const document = (): JsonObject => ({ Version: '2012-10-17', Statement: [...statements.values()] });
  return {
    /** Whether an account may send an event of this source and type. */
    allows(sender: string, source: string, detailType: string): boolean {
      if (statements.size === 0) return false;
      const request = {
        action: 'events:PutEvents',
        resource: arn,
        context: {
          'aws:PrincipalAccount': sender,
          'events:source': source,
          'events:detail-type': detailType,
        },
      };
      return allowsPrincipal([parsePolicy('of the event bus', document())], rootOf(sender), request);
    },
    operations: {
      PutPermission(input: JsonObject) {
        const added = checked(() => statementsIn(input, arn));
        if (input.Policy !== undefined) statements.clear();
        for (const [index, statement] of added.entries())
          statements.set(String(statement.Sid ?? `#${index}`), statement);
        return {};
      },
      RemovePermission(input: JsonObject) {
        if (input.RemoveAllPermissions === true) statements.clear();
        else if (!statements.delete(required(input, 'StatementId', validationError)))
          throw new AwsError('ResourceNotFoundException', 'Statement with the provided id does not exist.');
        return {};
      },
      DescribeEventBus: () => ({
        Name: 'default',
        Arn: arn,
        ...(statements.size === 0 ? {} : { Policy: JSON.stringify(document()) }),
      }),
    },
    keep: () => statements,
    resume(kept: unknown) {
      const old: ReadonlyMap<string, JsonObject> = kept instanceof Map ? kept : new Map();
      for (const [id, statement] of old) statements.set(id, statement);
    },
    reset: () => statements.clear(),
  };
}

/** Of a whole policy, or of the members that make one statement. Source: EventBridge API reference, PutPermission. */
function statementsIn(input: JsonObject, arn: string): readonly JsonObject[] {
  const policy = text(input, 'Policy');
  if (policy !== undefined) return listOf(objectAt(parseJson(policy), 'Policy').Statement).filter(isObject);
  const principal = required(input, 'Principal', validationError);
  const condition = object(input, 'Condition');
  return [
    {
      Sid: required(input, 'StatementId', validationError),
      Effect: 'Allow',
      Principal: principal === '*' ? '*' : { AWS: rootOf(principal) },
      Action: required(input, 'Action', validationError),
      Resource: arn,
      ...(condition && {
        Condition: {
          [required(condition, 'Type', validationError)]: {
            [required(condition, 'Key', validationError)]: required(condition, 'Value', validationError),
          },
        },
      }),
    },
  ];
}

/** Refuses a policy that is not one, and what the local cloud does not simulate of policies. */
function checked(read: () => readonly JsonObject[]): readonly JsonObject[] {
  try {
    const statements = read();
    parsePolicy('of the event bus', { Statement: statements });
    return statements;
  } catch (error) {
    if (error instanceof AwsError) throw error;
    throw new AwsError('ValidationException', error instanceof Error ? error.message : String(error));
  }
}

function rootOf(account: string): string {
  return `arn:aws:iam::${account}:root`;
}
