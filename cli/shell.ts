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
  return [
    ...(chosen === undefined ? [] : [` --environment ${shellWord(chosen)}`]),
    ...(config === undefined ? [] : [` --config ${shellWord(config)}`]),
  ].join('');
}
