import { InvokeCommand, type InvokeCommandOutput, type LambdaClient } from '@aws-sdk/client-lambda';
import { aliasesFor } from '../shared/domain/rights.ts';
import type { Question } from './command.ts';
import type { Connection } from './connection.ts';

/** Qualifiers that were denied or do not exist: a command that asks every second does not try them again. */
const unusable = new WeakMap<Connection, Set<string>>();

/**
 * Invokes the function through the alias with the fewest rights that answers the question, then through the others,
 * and finally without one: people may have the right to any of them, and older stacks have no aliases.
 */
export async function invoke(
  client: LambdaClient,
  question: Question,
  payload: string,
  connection: Connection,
): Promise<InvokeCommandOutput> {
  const { functionName } = connection;
  const aliases = isQualified(functionName) ? [] : aliasesFor(question.command);
  const through = await invokeThrough(aliases, client, payload, connection);
  if (through.output) return through.output;
  try {
    return await client.send(command(functionName, payload));
  } catch (error) {
    // The right that is missing is the one on the alias.
    throw (isDenied(error) && through.denied) || error;
  }
}

/** The output through the first alias that exists and is allowed; otherwise the first denial, if there was one. */
async function invokeThrough(
  aliases: readonly string[],
  client: LambdaClient,
  payload: string,
  connection: Connection,
): Promise<{ readonly output?: InvokeCommandOutput; readonly denied?: Error }> {
  const skipped = unusable.get(connection) ?? new Set();
  unusable.set(connection, skipped);
  let denied: Error | undefined;
  for (const alias of aliases.filter((each) => !skipped.has(each))) {
    try {
      return { output: await client.send(command(connection.functionName, payload, alias)) };
    } catch (error) {
      if (!isDenied(error) && !isMissing(error)) throw error;
      skipped.add(alias);
      if (isDenied(error)) denied ??= error;
    }
  }
  return denied ? { denied } : {};
}

function command(functionName: string, payload: string, qualifier?: string): InvokeCommand {
  return new InvokeCommand({
    FunctionName: functionName,
    ...(qualifier === undefined ? {} : { Qualifier: qualifier }),
    Payload: Buffer.from(payload),
  });
}

/** "NAME:ALIAS", or an ARN that ends like this: Lambda refuses a second qualifier. */
function isQualified(functionName: string): boolean {
  return functionName.replace(/^.*function:/, '').includes(':');
}

function isDenied(error: unknown): error is Error {
  return error instanceof Error && /^AccessDenied/.test(error.name);
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && error.name === 'ResourceNotFoundException';
}
