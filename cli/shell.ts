import type { Options } from './options.ts';

/** Text of commands that are printed, so that they can be typed. */

/** A word as a shell takes it: quoted where it needs quotes. */
export function shellWord(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}

/**
 * The options with which another command acts in the same environment, after a space; empty where none was chosen.
 * @param environment the environment that was chosen
 */
export function sameEnvironment(
  { config, stage }: Pick<Options, 'config' | 'stage'>,
  environment: string | undefined,
): string {
  const chosen = environment ?? stage;
  return [...optionIn('environment', chosen), ...optionIn('config', config)].join('');
}

/** What commands repeat of a line, so that they act in the same place: each after a space. */
export function repeatedOptions(options: Options): readonly string[] {
  const names = ['environment', 'stage', 'function', 'region', 'config', 'local'] as const;
  return names.flatMap((name) => optionIn(name, options[name]));
}

function optionIn(name: string, value: string | undefined): readonly string[] {
  return value === undefined ? [] : [` --${name} ${shellWord(value)}`];
}
