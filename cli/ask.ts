import { LambdaClient } from '@aws-sdk/client-lambda';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import type { OperatorAnswer } from '../shared/domain/operator.ts';
import { isRead } from '../shared/domain/rights.ts';
import { parseAnswer } from './answer.ts';
import type { Question } from './command.ts';
import type { Connection } from './connection.ts';
import { awsFailure, exitCode, Failure } from './failure.ts';
import { invoke } from './invoke.ts';

const timeouts = { connectionTimeout: 5_000, requestTimeout: 90_000 };

/**
 * Asks the function `operate`, and says who asks: Lambda does not tell a function its caller.
 * Throws a `Failure` when it cannot be reached, does not exist or answers nonsense.
 */
export async function ask(question: Question, connection: Connection): Promise<OperatorAnswer> {
  const changes = !isRead(question.command);
  const payload = changes ? { ...question, who: await caller(connection) } : question;
  // A repeated "rollback" goes back one further: what changes something is sent once.
  const client = new LambdaClient({
    ...connection.settings,
    maxAttempts: changes ? 1 : 3,
    requestHandler: timeouts,
  });
  const doing = `ask the function ${connection.functionName}`;
  try {
    const answered = await invoke(client, question, JSON.stringify(payload), connection);
    const text = answered.Payload ? Buffer.from(answered.Payload).toString('utf8') : '';
    if (answered.FunctionError !== undefined) throw endedBadly(text, doing, connection);
    const parsed = parseAnswer(text);
    if (parsed) return parsed;
    throw new Failure(
      exitCode.failed,
      `failed to ${doing}: it answered something that is not Fairway's, check --function, --stage and that both are of one version`,
    );
  } catch (error) {
    if (error instanceof Error && error.name === 'ResourceNotFoundException')
      throw new Failure(
        exitCode.failed,
        `failed to ${doing}: there is none in ${connection.where}, check --stage and --region, or deploy with "npm run deploy"`,
        { cause: error },
      );
    throw awsFailure(error, doing, connection.where);
  } finally {
    client.destroy();
  }
}

function endedBadly(text: string, doing: string, { functionName }: Connection): Failure {
  const { type, message } = errorIn(text);
  if (type === 'IntakeError')
    return new Failure(
      exitCode.failed,
      `failed to ${doing}: it did not understand the request (${message}), it is of another version than this command: deploy it with "npm run deploy"`,
    );
  return new Failure(
    exitCode.failed,
    `failed to ${doing}: it ended with an error (${message}), its log group /aws/lambda/${functionName} says more`,
    { unanswered: 'sent' },
  );
}

/** ARN of whose credentials these are. STS answers this to anyone (API GetCallerIdentity: no permission needed). */
async function caller(connection: Connection): Promise<string> {
  const client = new STSClient({ ...connection.settings, requestHandler: timeouts });
  try {
    const { Arn } = await client.send(new GetCallerIdentityCommand({}));
    return Arn ?? 'unknown';
  } catch (error) {
    const failure = awsFailure(error, 'find out who you are', connection.where);
    // The request itself comes after this.
    if (connection.local === undefined || failure.exit === exitCode.unreachable)
      throw new Failure(failure.exit, failure.message, {
        cause: error,
        ...(failure.unanswered && { unanswered: 'unsent' }),
      });
    return 'external';
  } finally {
    client.destroy();
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
