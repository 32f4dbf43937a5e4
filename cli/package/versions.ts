import { GetFunctionConfigurationCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { chosenEnvironment, environmentsIn } from '../../shared/config/load.ts';
import { functionNamesIn, signatureIn } from '../../stack/changes.ts';
import { OtherAccount } from '../account.ts';
import type { Context } from '../command.ts';
import { type Connection, type Installation, installationOf } from '../connection.ts';
import { awsFailure } from '../failure.ts';
import { deployedTemplate } from './stackPlan.ts';

/** A stack, and the version of Fairway that was deployed to it. */
export interface Deployed {
  readonly stack: string;
  readonly where: string;
  /** "Fairway 1.2.0", or why that is not known. */
  readonly runs: string;
  /** The same of each function, by its name in Fairway: they differ while a deployment replaces them. */
  readonly functions: Readonly<Record<string, string>>;
}

const EARLY = 'a version of Fairway before 0.2';

/** What runs in the chosen environment, or in each one of the file. Throws a `Failure`. */
export async function versionsOf(context: Context): Promise<readonly Deployed[]> {
  const file = await context.file();
  const chosen = chosenEnvironment(file, context.environment(), context.options.stage);
  const all = chosen === undefined ? environmentsIn(file) : [chosen];
  const found: Deployed[] = [];
  for (const environment of all.length === 0 ? [undefined] : all)
    found.push(await versionIn(installationOf(file, environment), context));
  return found;
}

async function versionIn(installation: Installation, context: Context): Promise<Deployed> {
  try {
    return await versionAt(installation.stack, await context.connect(() => installation));
  } catch (error) {
    if (!(error instanceof OtherAccount)) throw error;
    const { stack, region = 'its region', account } = installation;
    const runs = `other account: use credentials of ${account}`;
    return { stack, where: `AWS in ${region}`, runs, functions: {} };
  }
}

async function versionAt(stack: string, connection: Connection): Promise<Deployed> {
  const template = await deployedTemplate(stack, connection);
  const { version } = signatureIn(template);
  const known = version === undefined ? EARLY : `Fairway ${version}`;
  const runs = template === undefined ? 'not deployed' : known;
  const functions = await functionVersions(functionNamesIn(template), connection);
  const own = Object.entries(functions).map(([name, runsNow]) => [name.replace(`${stack}-`, ''), runsNow]);
  return { stack, where: connection.where, runs, functions: Object.fromEntries(own) };
}

/** By their names in AWS. */
async function functionVersions(
  names: readonly string[],
  { settings, where }: Connection,
): Promise<Readonly<Record<string, string>>> {
  const client = new LambdaClient(settings);
  try {
    const found = names.map(async (name) => [name, await versionOf(name, client)] as const);
    return Object.fromEntries(await Promise.all(found));
  } catch (error) {
    throw awsFailure(error, 'read the versions of the functions', where);
  } finally {
    client.destroy();
  }
}

/** A function has the version that it was deployed with as its description. */
async function versionOf(FunctionName: string, client: LambdaClient): Promise<string> {
  try {
    const { Description = '' } = await client.send(new GetFunctionConfigurationCommand({ FunctionName }));
    return Description.startsWith('Fairway ') ? Description : EARLY;
  } catch (error) {
    if (error instanceof Error && error.name === 'ResourceNotFoundException') return 'not deployed';
    throw error;
  }
}
