import { parseArgs, types } from 'node:util';
import { nearestOf } from '../shared/domain/nearest.ts';
import { type Action, type Command, UsageError } from './command.ts';
import { exitCode, Failure } from './failure.ts';
import type { Line, OptionTable } from './line.ts';
import { commonOptions, flags, type Options, optionsFrom } from './options.ts';

type Commands = Readonly<Record<string, Command>>;

/** What a line asks for. */
interface Invocation {
  readonly action: Action;
  readonly options: Options;
}

/** Whether the output is to be JSON, even where the line is otherwise wrong. */
export function wantsJson(argv: readonly string[]): boolean {
  return splitAtDashes(argv).before.includes('--json');
}

/** Reads a line. Throws a usage `Failure` that says what was expected. */
export function parse(argv: readonly string[], commands: Commands): Invocation {
  const { before, after } = splitAtDashes(argv);
  const { values, positionals } = read(before, commands);
  const [name = 'help', ...words] = positionals;
  if (values.version === true) return invocation('version', { words: [], values }, commands);
  if (values.help === true && Object.hasOwn(commands, name))
    return invocation('help', { words: positionals.slice(0, 1), values: { json: values.json } }, commands);
  return invocation(name, { words, values, ...(after && { rest: after }) }, commands);
}

type Values = Readonly<Record<string, unknown>>;
interface Typed {
  readonly words: readonly string[];
  readonly values: Values;
  readonly rest?: readonly string[];
}

function invocation(name: string, typed: Typed, commands: Commands): Invocation {
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (!command) throw unknown('command', name, Object.keys(commands));
  try {
    checkOptions(typed.values, command);
    if (typed.words.includes('')) throw new UsageError('empty argument: is a shell variable unset?');
    if (typed.rest && !command.rest) throw new UsageError('no arguments may follow --');
    const line = lineOf(typed);
    return { action: command.read(line), options: optionsFrom(line) };
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    const stop = error.message.endsWith('?') ? '' : '.';
    throw new Failure(exitCode.usage, `${name}: ${error.message}${stop} Usage: \`fairway ${command.usage}\``);
  }
}

function checkOptions(values: Values, { options = {} }: Command): void {
  for (const option of Object.keys(values))
    if (!Object.hasOwn({ ...commonOptions, ...flags, ...options }, option))
      throw new UsageError(`--${option} is not an option of this command`);
}

function lineOf({ words, rest, values }: Typed): Line {
  return {
    words,
    ...(rest && { rest }),
    flag: (name) => values[name] === true,
    text(name) {
      const value = values[name];
      return typeof value === 'string' ? value : undefined;
    },
  };
}

/** The name of the command may come after options: all options of all commands are read. */
function read(argv: readonly string[], commands: Commands) {
  const options = allOptions(commands);
  try {
    const found = parseArgs({ args: [...argv], options, allowPositionals: true, strict: true, tokens: true });
    refuseRepeated(found.tokens);
    return found;
  } catch (error) {
    if (!types.isNativeError(error) || error instanceof Failure) throw error;
    const option = /Unknown option '--?([^']*)'/.exec(error.message)?.[1];
    if (option !== undefined) throw unknown('option', option, Object.keys(options));
    const [, missing] =
      /^Option '(?:-\w, )?--([\w-]+).* argument (?:missing|is ambiguous)/.exec(error.message) ?? [];
    if (missing !== undefined) throw withoutValue(missing, options[missing]?.value);
    throw new Failure(exitCode.usage, `${error.message.split('. ')[0]}. See \`fairway help\``);
  }
}

/** Another option follows it, or nothing. */
function withoutValue(option: string, value = 'VALUE'): Failure {
  return new Failure(
    exitCode.usage,
    `--${option} needs a value: --${option} ${value}, or --${option}=${value} if it begins with a dash. See \`fairway help\``,
  );
}

/** The last of two values would win silently. */
function refuseRepeated(
  tokens: readonly { readonly kind: string; readonly name?: string; value?: unknown }[],
) {
  const values = new Map<string, string>();
  for (const { kind, name = '', value } of tokens) {
    if (kind !== 'option' || typeof value !== 'string') continue;
    const before = values.get(name);
    if (before !== undefined && before !== value)
      throw new Failure(
        exitCode.usage,
        `--${name} is given twice, as "${before}" and "${value}": leave one of them out. See \`fairway help\``,
      );
    values.set(name, value);
  }
}

function allOptions(commands: Commands): OptionTable {
  const tables = Object.values(commands).map(({ options }) => options);
  return Object.assign({}, commonOptions, flags, ...tables);
}

function splitAtDashes(argv: readonly string[]) {
  const dashes = argv.indexOf('--');
  return dashes === -1
    ? { before: argv, after: undefined }
    : { before: argv.slice(0, dashes), after: argv.slice(dashes + 1) };
}

/** The failure for a name that does not exist. */
export function unknown(what: 'command' | 'option', word: string, known: readonly string[]): Failure {
  const dashes = what === 'option' ? '--' : '';
  const near = nearestOf(word, known);
  const hint = near === undefined ? '.' : `, did you mean ${dashes}${near}?`;
  return new Failure(exitCode.usage, `there is no ${what} "${dashes}${word}"${hint} See \`fairway help\``);
}
