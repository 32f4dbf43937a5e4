import type { Command } from '../command.ts';
import { EXIT_CODES, optionSyntax } from '../help.ts';
import type { Option } from '../line.ts';
import { commonOptions } from '../options.ts';
import { commands } from '../registry.ts';

type Row = readonly [string, string];

/** docs/commands.md: what `fairway help` shows of every command. */
export function commandReference(): string {
  return `# Commands

\`fairway\` is the command line of Fairway. It runs in the project's folder, as \`npm run fairway -- COMMAND\`, or as \`fairway COMMAND\` after \`npm link\`. \`fairway help COMMAND\` shows this page's section in the terminal.

Every command takes these options:

${table(['option', 'meaning'], optionRows(commonOptions))}

Every command exits with one of these codes, unless its section lists others:

${table(['code', 'meaning'], EXIT_CODES)}

${Object.entries(commands)
  .map(([name, command]) => section(name, command))
  .join('\n\n')}
`;
}

function section(
  name: string,
  { usage, summary, options = {}, rest, examples = [], exitCodes = [] }: Command,
) {
  const rows = [...optionRows(options), ...(rest ? [rest] : [])];
  return [
    `## ${name}`,
    `\`${usage}\`: ${summary}.`,
    ...(rows.length === 0 ? [] : [table(['option', 'meaning'], rows)]),
    ...(exitCodes.length === 0 ? [] : [table(['code', 'meaning'], exitCodes)]),
    `\`\`\`sh\n${examples.join('\n')}\n\`\`\``,
  ].join('\n\n');
}

function optionRows(options: Readonly<Record<string, Option>>): readonly Row[] {
  return Object.entries(options).map(([name, option]) => [optionSyntax(name, option), option.about]);
}

function table(heading: Row, rows: readonly Row[]): string {
  const lines = rows.map(([name, meaning]) => `| \`${name}\` | ${meaning.replaceAll('|', '\\|')} |`);
  return [`| ${heading.join(' | ')} |`, '|---|---|', ...lines].join('\n');
}
