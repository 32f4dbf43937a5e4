import type { Command } from './command.ts';
import type { Option } from './line.ts';
import { commonOptions } from './options.ts';
import { pad, type Style } from './style.ts';

/** Columns of a command's syntax in the list of commands. */
const SYNTAX = 26;
/** Columns of an option's syntax. */
const OPTION = 20;

/** Of every command. */
export const EXIT_CODES: readonly (readonly [string, string])[] = [
  ['0', 'done'],
  ['1', 'refused or failed'],
  ['3', 'AWS cannot be reached'],
  ['64', 'wrong usage'],
];

/** The list of all commands. */
export function helpText(commands: Readonly<Record<string, Command>>, style: Style): string {
  return [
    `${style.bold('fairway')}: push an image, and it goes live`,
    '',
    style.bold('Commands'),
    ...Object.values(commands).map(({ usage, summary }) => commandLine(usage, summary)),
    '',
    style.bold('Options'),
    ...optionLines(commonOptions),
    '',
    style.bold('Exit codes'),
    ...EXIT_CODES.map(line),
    '',
    '`fairway help COMMAND` shows examples, options and exit codes of a command',
  ].join('\n');
}

/** The help of one command. */
export function commandHelp(command: Command, style: Style): string {
  const { usage, summary, examples = [], options = {}, rest, exitCodes = [] } = command;
  return [
    style.bold(`fairway ${usage}`),
    `  ${summary}`,
    ...(examples.length > 0 ? ['', style.bold('Examples'), ...examples.map((text) => `  ${text}`)] : []),
    '',
    style.bold('Options'),
    ...optionLines(options),
    ...(rest ? [line(rest)] : []),
    ...optionLines(commonOptions),
    '',
    style.bold('Exit codes'),
    ...[...EXIT_CODES, ...exitCodes]
      .toSorted(([a], [b]) => Number.parseInt(a, 10) - Number.parseInt(b, 10))
      .map(line),
  ].join('\n');
}

/** The summary is beside the syntax, or below where that is too long. */
function commandLine(usage: string, summary: string): string {
  const beside = usage.length < SYNTAX ? pad(usage, SYNTAX) : `${usage}\n  ${' '.repeat(SYNTAX)}`;
  return `  ${beside}${summary}`;
}

function optionLines(options: Readonly<Record<string, Option>>): string[] {
  return Object.entries(options).map(([name, option]) => line([optionSyntax(name, option), option.about]));
}

/** "-w, --wait", "--limit N". */
export function optionSyntax(name: string, { short, value }: Option): string {
  const long = `--${name}${value === undefined ? '' : ` ${value}`}`;
  return short === undefined ? long : `-${short}, ${long}`;
}

function line([name, about]: readonly [string, string]): string {
  return `  ${pad(name, OPTION)}${about}`;
}
