import { USUAL_PLACE } from '../../local/place.ts';
import { environment as environmentField, region as regionField } from '../../shared/config/fields.ts';
import { regionFrom, regionOfProfile } from '../../stack/region.ts';
import type { Context } from '../command.ts';
import { type Connection, connectionFor } from '../connection.ts';
import { exitCode, Failure } from '../failure.ts';
import { type NamedCluster, wantedRegion } from './clusterName.ts';
import { environmentOf } from './guesses.ts';
import { askCluster, askEnvironment, askRegion, needAnswers } from './questions.ts';

/** What the command line says. */
export interface Choices {
  /** What is written: `example` and `foundation` need no account. */
  readonly kind: 'example' | 'foundation' | 'account';
  /** Absent: a person is asked. */
  readonly named?: NamedCluster | undefined;
}

interface Place {
  readonly environment: string;
  readonly region: string | undefined;
  readonly connection: Connection;
  /** What no one chose, one sentence each. */
  readonly guesses: readonly string[];
}

export interface Chosen extends Choices, Omit<Place, 'connection'> {
  /** Absent: no account is read. */
  readonly connection?: Connection;
}

/** Asks for what the line does not say, if it does not name a cluster. Throws a `Failure` before anything is written. */
export async function chosen(choices: Choices, context: Context): Promise<Chosen> {
  const { options } = context;
  const environment = context.environment();
  for (const option of ['stage', 'function'] as const)
    if (options[option] !== undefined)
      throw new Failure(
        exitCode.usage,
        `init: leave out --${option}: a new file has one environment, which --environment names. Usage: \`fairway init\``,
      );
  refuseUnusableNames(context);
  if (choices.kind !== 'account')
    return { ...choices, environment: environment ?? 'production', region: options.region, guesses: [] };
  return choices.named === undefined
    ? asked(choices, context)
    : { ...choices, ...(await placeOf(choices.named, context)) };
}

async function asked(choices: Choices, context: Context): Promise<Chosen> {
  const { around, options } = context;
  needAnswers(around);
  const region = options.region ?? (await askRegion(around, (await usualRegion(context))?.region));
  const connection = await connect(region, context);
  const cluster = await askCluster(around, connection);
  const environment =
    context.environment() ?? (await askEnvironment(around, environmentOf(cluster).environment));
  return { ...choices, named: { cluster }, environment, region, connection, guesses: [] };
}

/** What a line leaves out is guessed. Throws a `Failure`. */
export async function placeOf(named: NamedCluster, context: Context): Promise<Place> {
  refuseUnusableNames(context);
  const given = wantedRegion(named, context.options.region);
  const usual = given === undefined ? await usualRegion(context) : undefined;
  const connection = await connect(given ?? usual?.region, context);
  const guess = environmentOf(named.cluster);
  const environment = context.environment();
  return {
    environment: environment ?? guess.environment,
    region: connection.settings.region,
    connection,
    guesses: [
      ...(environment === undefined ? [`environment: A guess, ${guess.why}: ${guess.environment}.`] : []),
      ...(usual === undefined ? [] : [`region: A guess, from ${usual.from}: ${usual.region}.`]),
    ],
  };
}

function connect(region: string | undefined, { options, around }: Context): Promise<Connection> {
  const chosenOptions = { ...options, ...(region === undefined ? {} : { region }) };
  return connectionFor(chosenOptions, { installation: () => ({ stack: '' }), env: around.env });
}

/** The region of every other command where neither the line nor a file says one. */
async function usualRegion({ options, around: { env } }: Context) {
  if (options.local !== undefined) return { region: USUAL_PLACE.region, from: 'the local cloud' };
  const region = await regionFrom({ env, profile: regionOfProfile });
  if (region === undefined) return undefined;
  const from = ['AWS_REGION', 'AWS_DEFAULT_REGION'].find((name) => env[name]) ?? 'the AWS profile';
  return { region, from };
}

/** They are written to the new file. Throws a `Failure`. */
function refuseUnusableNames({ options, environment }: Context): void {
  const from = options.environment === undefined ? 'FAIRWAY_ENVIRONMENT=' : '--environment ';
  refuseUnusable(environmentField, from, environment());
  refuseUnusable(regionField, '--region ', options.region);
}

/** @param from what precedes the value where it was given */
function refuseUnusable(
  field: typeof environmentField | typeof regionField,
  from: string,
  value: string | undefined,
): void {
  if (value === undefined) return;
  const { error } = field.safeParse(value);
  if (error) throw new Failure(exitCode.usage, `${from}${value}: ${error.issues[0]?.message}`);
}
