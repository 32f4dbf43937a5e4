import { namesImage, ONE_IMAGE } from '../shared/domain/image.ts';
import { UsageError } from './command.ts';

/** The arguments of a command by position; a missing one is undefined. Throws a `UsageError` where there are more. */
export function atMost(count: number, words: readonly string[]): readonly (string | undefined)[] {
  const extra = words[count];
  if (extra !== undefined) throw new UsageError(`unexpected argument "${extra}"`);
  return words;
}

/** Throws a `UsageError` where the argument is missing. */
export function required(name: string, word: string | undefined): string {
  if (word === undefined) throw new UsageError(`missing argument ${name}`);
  return word;
}

/** Throws a `UsageError` where the word can name no image. */
export function imageName(word: string): string {
  if (!namesImage(word)) throw new UsageError(`the image must be ${ONE_IMAGE}, not "${word}"`);
  return word;
}

/** @param what such as "--limit" */
export function wholeNumber(what: string, text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text))
    throw new UsageError(`${what} must be a whole number from 1, not "${text}"`);
  return Number(text);
}

/** The number of "v12" or "12". */
export function releaseNumber(word: string): number {
  return wholeNumber('the release', word.replace(/^v/, ''));
}
