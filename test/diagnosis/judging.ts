import type { Cause } from '../../shared/domain/release.ts';
import { played, type Situation } from './stage.ts';

/** A situation, and what people must be notified of. */
export interface Case {
  readonly id: string;
  /** The cause, in the words of who knows it. */
  readonly truth: string;
  readonly expected: Expected;
  readonly situation: Situation;
}

export interface Expected {
  /** "none": nothing has failed as far as anyone can see. */
  readonly kind: string;
  /** Regular expressions that the sentence has to match. */
  readonly words: readonly string[];
  /** The same for the advice. */
  readonly advice?: readonly string[];
  /** What neither of them may say: it would be wrong with confidence. */
  readonly not?: readonly string[];
}

interface Judged {
  readonly cause: Cause | undefined;
  /** What is wrong with it, a sentence each. */
  readonly faults: readonly string[];
}

export async function judged({ situation, expected }: Case): Promise<Judged> {
  const { cause } = await played(situation);
  const sentence = cause?.sentence ?? '';
  const advice = cause?.advice ?? '';
  const faults = [
    ...missing(expected.words, sentence).map((word) => `the sentence lacks /${word}/`),
    ...missing(expected.advice ?? [], advice).map((word) => `the advice lacks /${word}/`),
    ...(expected.not ?? [])
      .filter((word) => matches(word, `${sentence} ${advice}`))
      .map((word) => `it says /${word}/, which is wrong`),
    ...((cause?.kind ?? 'none') === expected.kind ? [] : [`the kind is ${cause?.kind ?? 'none'}`]),
  ];
  return { cause, faults };
}

/** How many have the true cause in the sentence and advice to act on, whatever the kind is called. */
export function isTrue({ faults }: Judged): boolean {
  return faults.every((fault) => fault.startsWith('the kind is'));
}

function missing(words: readonly string[], text: string): readonly string[] {
  return words.filter((word) => !matches(word, text));
}

function matches(word: string, text: string): boolean {
  return new RegExp(word, 'i').test(text);
}
