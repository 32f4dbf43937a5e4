import type { OperatorRequest } from './operator.ts';

/**
 * The aliases of the function `operate`. IAM allows people to invoke one of them, and each answers its commands only:
 * `read` looks and changes nothing, `operate` and `tasks` look as well and change releases, or runs of tasks.
 */
export const ALIASES = ['read', 'operate', 'tasks'] as const;
export type Alias = (typeof ALIASES)[number];

type CommandName = OperatorRequest['command'];

/** The alias with the fewest rights that answers a command. */
const ALIAS_OF: Readonly<Record<CommandName, Alias>> = {
  status: 'read',
  releases: 'read',
  why: 'read',
  show: 'read',
  runs: 'read',
  follow: 'read',
  deploy: 'operate',
  rollback: 'operate',
  hold: 'operate',
  resume: 'operate',
  cancel: 'operate',
  continue: 'operate',
  redrive: 'operate',
  announce: 'operate',
  lock: 'operate',
  run: 'tasks',
  stop: 'tasks',
};

export function isRead(command: CommandName): boolean {
  return ALIAS_OF[command] === 'read';
}

/** The aliases that answer a command, that with the fewest rights first. */
export function aliasesFor(command: CommandName): readonly Alias[] {
  return isRead(command) ? ALIASES : [ALIAS_OF[command]];
}

/**
 * Why a command is not answered to this qualifier; undefined: it is. The function itself answers everything, and so
 * do its versions. An alias that someone else created answers nothing.
 */
export function whyNotThrough(qualifier: string | undefined, command: CommandName): string | undefined {
  if (qualifier === undefined || /^(?:\$LATEST|\d+)$/.test(qualifier)) return undefined;
  const aliases = aliasesFor(command);
  if (aliases.some((alias) => alias === qualifier)) return undefined;
  const [least = 'operate'] = aliases;
  return `the alias \`${qualifier}\` does not answer \`${command}\`: invoke the alias \`${least}\`, which needs lambda:InvokeFunction on it`;
}
