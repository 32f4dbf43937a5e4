import { LambdaClient } from '@aws-sdk/client-lambda';
import type { OperatorAnswer } from '../shared/domain/operator.ts';
import { isRead } from '../shared/domain/rights.ts';
import { commandHere, ofPackage } from '../stack/here.ts';
import { identityOf } from './account.ts';
import { parseAnswer } from './answer.ts';
import type { Question } from './command.ts';
import type { Connection } from './connection.ts';
import { awsFailure, exitCode, Failure } from './failure.ts';
import { invoke } from './invoke.ts';

const timeouts = { connectionTimeout: 5_000, requestTimeout: 90_000 };

/**
 * Invokes the function `operate`, and adds the caller's identity to a change: Lambda does not pass it to a function.
 * Throws a `Failure` where the function cannot be reached, does not exist or returns something else than an answer.
 */
export async function ask(question: Question, connection: Connection): Promise<OperatorAnswer> {
  const changes = !isRead(question.command);
  const payload = changes ? { ...question, who: await caller(connection) } : question;
  // A repeated "rollback" rolls back one image further: changes are sent once.
  const client = new LambdaClient({
    ...connection.settings,
    maxAttempts: changes ? 1 : 3,
    requestHandler: timeouts,
  });
  const doing = `invoke the function ${connection.functionName}`;
  try {
    const answered = await invoke(client, question, JSON.stringify(payload), connection);
    const text = answered.Payload ? Buffer.from(answered.Payload).toString('utf8') : '';
    if (answered.FunctionError !== undefined) throw functionFailure(text, doing, connection);
    const parsed = parseAnswer(text);
    if (parsed) return parsed;
    throw new Failure(
      exitCode.failed,
      `failed to ${doing}: it returned something that is not an answer of Fairway, check --function and --stage, and that the command and the stack have the same version`,
    );
  } catch (error) {
    if (error instanceof Error && error.name === 'ResourceNotFoundException')
      throw new Failure(
        exitCode.failed,
        `failed to ${doing}: it does not exist in ${connection.where}, check --stage and --region, or deploy the stack with ${deployCommand()}`,
        { cause: error },
      );
    throw awsFailure(error, doing, connection.where);
  } finally {
    client.destroy();
  }
}

function functionFailure(text: string, doing: string, { functionName }: Connection): Failure {
  const { type, message } = errorIn(text);
  if (type === 'IntakeError')
    return new Failure(
      exitCode.failed,
      `failed to ${doing}: it does not understand the request (${message}), since its version differs from this command's: deploy the stack with ${deployCommand()}`,
    );
  return new Failure(
    exitCode.failed,
    `failed to ${doing}: it failed (${message}), see its log group /aws/lambda/${functionName}`,
    { unanswered: 'sent' },
  );
}

/** ARN of the caller. */
async function caller(connection: Connection): Promise<string> {
  try {
    return (await identityOf(connection)).arn || 'unknown';
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    // The request itself was not sent yet.
    if (connection.local === undefined || error.exit === exitCode.unreachable)
      throw new Failure(error.exit, error.message, {
        cause: error.cause,
        ...(error.unanswered && { unanswered: 'unsent' }),
      });
    return 'external';
  }
}

/** Source: Lambda Developer Guide, "Understanding function errors". */
function errorIn(text: string): { readonly type: string; readonly message: string } {
  try {
    const parsed: unknown = JSON.parse(text);
    if (typeof parsed !== 'object' || parsed === null || !('errorMessage' in parsed))
      return { type: '', message: text };
    const type = 'errorType' in parsed ? String(parsed.errorType) : '';
    return { type, message: String(parsed.errorMessage) };
  } catch {
    return { type: '', message: text || 'without a message' };
  }
}

/** In backticks, so that it repeats the options of the line. */
function deployCommand(): string {
  const { deploy } = commandHere();
  return deploy === ofPackage.deploy ? '`fairway deploy-stack`' : `\`${deploy}\``;
}
