import { InvokeCommand, type InvokeCommandOutput, type LambdaClient } from '@aws-sdk/client-lambda';
import { aliasesFor } from '../shared/domain/rights.ts';
import type { Question } from './command.ts';
import type { Connection } from './connection.ts';

/** Qualifiers that were denied or do not exist: what is asked every second does not try them each time. */
const useless = new WeakMap<Connection, Set<string>>();

/**
 * Invokes the function by the alias with the fewest rights that answers the question, then by the others that do, and
 * at last without one: people may be allowed any of them, and a stack deployed before has no aliases.
 */
export async function invoke(
  client: LambdaClient,
  question: Question,
  payload: string,
  connection: Connection,
): Promise<InvokeCommandOutput> {
  const { functionName } = connection;
  const skipped = useless.get(connection) ?? new Set();
  useless.set(connection, skipped);
  let denied: unknown;
  for (const qualifier of isQualified(functionName) ? [] : aliasesFor(question.command)) {
    if (skipped.has(qualifier)) continue;
    try {
      return await client.send(command(functionName, payload, qualifier));
    } catch (error) {
      if (!isDenied(error) && !isMissing(error)) throw error;
      skipped.add(qualifier);
      if (isDenied(error)) denied ??= error;
    }
  }
  try {
    return await client.send(command(functionName, payload));
  } catch (error) {
    // The right to ask for is that on the alias.
    throw isDenied(error) && denied !== undefined ? denied : error;
  }
}

function command(functionName: string, payload: string, qualifier?: string): InvokeCommand {
  return new InvokeCommand({
    FunctionName: functionName,
    ...(qualifier === undefined ? {} : { Qualifier: qualifier }),
    Payload: Buffer.from(payload),
  });
}

/** "NAME:ALIAS", or an ARN that ends so: Lambda refuses another qualifier beside it. */
function isQualified(functionName: string): boolean {
  return functionName.replace(/^.*function:/, '').includes(':');
}

function isDenied(error: unknown): boolean {
  return error instanceof Error && /^AccessDenied/.test(error.name);
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && error.name === 'ResourceNotFoundException';
}
