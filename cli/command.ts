import type { CheckedConfiguration } from '../shared/config/load.ts';
import type { OperatorAnswer, OperatorRequest } from '../shared/domain/operator.ts';
import type { Connection, Installation } from './connection.ts';
import type { Line, OptionTable } from './line.ts';
import type { Options } from './options.ts';
import type { Surroundings } from './surroundings.ts';

/**
 * One command of the CLI: how it is written, what help shows about it, and how a line becomes an action. Each is a file
 * of `commands/`, listed in `registry.ts`.
 */
export interface Command<O extends OptionTable = OptionTable> {
  /** As it is written after `fairway`: "releases APP [--limit N]". */
  readonly usage: string;
  /** One line of help: verb first, lower case, no full stop. */
  readonly summary: string;
  /** The options that it takes besides the common ones. */
  readonly options?: O;
  /** What follows `--`, as `[syntax, description]`; absent: nothing may follow. */
  readonly rest?: readonly [syntax: string, about: string];
  readonly examples?: readonly string[];
  /** Exit codes besides those of every command. */
  readonly exitCodes?: readonly (readonly [code: string, meaning: string])[];
  /** Checks a line and says what to do. Throws a `UsageError`. */
  read(line: Line<Flags<O>, Texts<O>>): Action;
}

export type Action = (context: Context) => Promise<number>;

type Flags<O extends OptionTable> = NamesOf<O, 'string'>;
type Texts<O extends OptionTable> = NamesOf<O, 'boolean'>;
/** Names of the options whose type is another than `Other`. */
type NamesOf<O extends OptionTable, Other> = {
  [Name in keyof O]: O[Name]['type'] extends Other ? never : Name;
}[keyof O] &
  string;

/** Infers the options, so that `line.flag('wiat')` does not compile. */
export function defineCommand<const O extends OptionTable>(command: Command<O>): Command {
  return {
    ...command,
    read: (line) => command.read(line),
  };
}

/** A line that a command does not understand; the caller adds the command's name and usage. */
export class UsageError extends Error {}

/** What an action may use. AWS clients and the parser of the configuration are loaded when they are first used. */
export interface Context {
  readonly around: Surroundings;
  readonly options: Options;
  /** Every command, by name. */
  readonly commands: Readonly<Record<string, Command>>;
  /** The path of the configuration file. */
  file(): Promise<string>;
  /** The environment that the line, or the shell, asks for. `configuration` is what applies to it. */
  environment(): string | undefined;
  /** The configuration of the environment that the command acts in. Throws a `Failure` that lists every mistake. */
  configuration(): Promise<CheckedConfiguration>;
  /**
   * Where the stack is. Throws a `Failure`, also where the credentials are of another account than the stack.
   * @param installation what the configuration says of it; absent: the file is read where the options do not suffice
   */
  connect(installation?: () => Installation): Promise<Connection>;
  /** Asks the function `operate`. Throws a `Failure`. */
  ask(question: Question, connection: Connection): Promise<OperatorAnswer>;
}

type WithoutWho<T> = T extends { who: string } ? Omit<T, 'who'> : T;

/** A request before the caller's identity is added. */
export type Question = WithoutWho<OperatorRequest>;
