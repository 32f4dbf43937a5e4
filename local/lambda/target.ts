import { AwsError } from '../contract.ts';
import type { StackFunction } from '../stack/stack.ts';

/** The target of an invocation: a function, with the alias or $LATEST that was invoked. */
export interface Target {
  readonly definition: StackFunction;
  readonly qualifier?: string;
}

/**
 * Finds what `FunctionName` (a name, ARN or part of one, each with or without a qualifier) and `Qualifier` name.
 * Throws ResourceNotFoundException, and InvalidParameterValueException where the two contradict each other.
 */
export function findTarget(
  functions: ReadonlyMap<string, StackFunction>,
  nameOrArn: string,
  given: string | undefined,
  { account, region }: { readonly account: string; readonly region: string },
): Target {
  const [name = '', derived] = partsOf(nameOrArn);
  if (derived !== undefined && given !== undefined && derived !== given) {
    throw new AwsError(
      'InvalidParameterValueException',
      'The derived qualifier from the function name does not match the specified qualifier.',
    );
  }
  const qualifier = given ?? derived;
  const definition = functions.get(name);
  if (definition && (qualifier === undefined || isKnown(definition, qualifier)))
    return qualifier === undefined ? { definition } : { definition, qualifier };
  const arn = [`arn:aws:lambda:${region}:${account}:function:${name}`, qualifier].filter(Boolean).join(':');
  throw new AwsError('ResourceNotFoundException', `Function not found: ${arn}`, 404);
}

/** The name in a name, an ARN or a part of one. */
export function nameOf(nameOrArn: string): string {
  return partsOf(nameOrArn)[0] ?? '';
}

/** The name, and the qualifier where there is one. */
function partsOf(nameOrArn: string): readonly string[] {
  return nameOrArn.replace(/^(?:arn:aws:lambda:[^:]*:)?(?:\d{12}:)?function:/, '').split(':');
}

function isKnown({ aliases }: StackFunction, qualifier: string): boolean {
  return qualifier === '$LATEST' || aliases.includes(qualifier);
}
