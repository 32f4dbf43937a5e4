import { environment as environmentField, region as regionField } from '../../shared/config/fields.ts';
import { namesOf } from '../../shared/infrastructure/reading.ts';
import type { Context } from '../command.ts';
import type { Connection } from '../connection.ts';
import { awsFailure, exitCode, Failure } from '../failure.ts';
import { print } from '../surroundings.ts';
import { callsOf } from './cluster.ts';

/** What `fairway init` asks in a terminal. */

type Around = Context['around'];
/** Why an answer cannot be used; undefined: it can. */
type Check = (answer: string) => string | undefined;

/** Throws a `Failure` where no one is there to answer, and `Interrupted`. */
export function askRegion(around: Around, byDefault: string | undefined): Promise<string> {
  return ask(around, 'AWS region', byDefault, (answer) => faultOf(regionField, answer));
}

export function askEnvironment(around: Around, byDefault: string): Promise<string> {
  return ask(around, 'Environment', byDefault, (answer) => faultOf(environmentField, answer));
}

/** A person chooses by name or by number. Without the right to list the clusters, by name. */
export async function askCluster(around: Around, connection: Connection): Promise<string> {
  const clusters = await clustersIn(connection, around);
  if (clusters === undefined) return ask(around, 'ECS cluster', undefined, () => undefined);
  if (clusters.length === 0)
    throw new Failure(
      exitCode.failed,
      `there is no cluster in ${connection.where}: choose another --region, or start with init --foundation`,
    );
  print(around.err, `Clusters in ${connection.where}:`);
  for (const [index, name] of clusters.entries()) print(around.err, `  ${index + 1}  ${name}`);
  const named = (answer: string) => (clusters.includes(answer) ? answer : clusters[Number(answer) - 1]);
  const [only, another] = clusters;
  const answer = await ask(around, 'ECS cluster', another === undefined ? only : undefined, (text) =>
    named(text) === undefined ? 'expected the name or the number of one of these clusters' : undefined,
  );
  return named(answer) ?? answer;
}

/** Undefined where listing them is denied. */
async function clustersIn(
  { settings, where }: Connection,
  around: Around,
): Promise<readonly string[] | undefined> {
  try {
    const arns = await namesOf(callsOf(settings), 'ecs', 'ListClusters', {}, 'clusterArns');
    return arns.map((arn) => arn.split('/').pop() ?? arn).toSorted();
  } catch (error) {
    const failure = awsFailure(error, 'list the clusters', where);
    if (failure.exit !== exitCode.failed) throw failure;
    print(around.err, failure.message);
    return undefined;
  }
}

/** Until an answer can be used. An empty one is the default. */
async function ask(
  around: Around,
  what: string,
  byDefault: string | undefined,
  check: Check,
): Promise<string> {
  const question = byDefault === undefined ? `${what}: ` : `${what} [${byDefault}]: `;
  for (;;) {
    const answer = (await answerTo(around, question)) || (byDefault ?? '');
    const fault = answer === '' ? undefined : check(answer);
    if (answer !== '' && fault === undefined) return answer;
    if (fault !== undefined) print(around.err, `  ${fault}`);
  }
}

/** Throws a `Failure` where no one is there to answer. */
export function needAnswers(around: Around): void {
  const keyboard = around.keyboard?.();
  keyboard?.close();
  if (keyboard?.answers !== true) throw noAnswer();
}

async function answerTo(around: Around, question: string): Promise<string> {
  const keyboard = around.keyboard?.();
  try {
    const answer = await keyboard?.ask(question);
    if (answer !== undefined) return answer.trim();
  } finally {
    keyboard?.close();
  }
  throw noAnswer();
}

function noAnswer(): Failure {
  return new Failure(
    exitCode.usage,
    'init: pass --cluster NAME to read your account, or --example or --foundation. Usage: `fairway init --cluster NAME`',
  );
}

function faultOf(field: typeof environmentField, answer: string): string | undefined {
  return field.safeParse(answer).error?.issues[0]?.message;
}
