/** Idioms that AWS's documentation does not use, each with better words. A space matches any white space. */
const WORDS: readonly (readonly [pattern: string, better: string])[] = [
  ['(tell|tells|telling|told)', 'report, notify, announce, show, say, distinguish'],
  ['(mend|mends|mended|mending)', 'fix'],
  ['(hold|holds|held|holding) [^.;:!?\u0000]{1,80}? against', 'check, compare'],
  ['(held|holding) against', 'checked against, compared with'],
  ['(put|puts|putting)( [a-z’-]+){0,3} back', 'roll back'],
  ['(go|goes|going|went|gone) back', 'roll back, return'],
  ['stranded', 'rollback failed'],
  ['somebody|nobody|whoever', 'someone, no one, anyone who'],
  ['of (its|his|her|their|our|your|one’s|my) own', 'own, separate'],
  ['on (its|his|their) own terms', 'separately'],
  ['by (itself|themselves|himself|herself)', 'automatically, on its own'],
  ['(is|are|was|were|be|been|being) let', 'we let it …'],
  ['let it wait', 'it waits'],
  ['(end|ends|ended|ending) (well|badly)', 'succeed, fail'],
  ['(go|goes|going|went) on [a-z]+ing', 'keep …ing, continue'],
  ['(what|that|which|it|they) (stands?|stood)(?! for)', 'is, contains'],
  ['(stand|stands|stood|standing) (in|at|there)', 'is in, is stored in'],
  ['looked at|seen through', 'checked, processed'],
  ['(take|takes|took|taken|taking)( [a-z’-]+){0,2} up(?! to)', 'resume, retry, pick up'],
  ['(come|comes|came|coming) (to have|into being)', 'has, was created'],
  ['in vain', 'that does not exist, without effect'],
  ['somewhen', 'at some point, within'],
  ['(know|knows|knew) no', 'has no, does not exist'],
  ['made-up', 'random, generated, synthetic'],
  ['(push|tag|image) counts(?! as)', 'matches, is eligible'],
  ['(has|have|had) not (yet come|come yet)', 'has not arrived yet'],
  ['became of', 'happened to'],
  ['of late|lately', 'recently'],
  ['(?<!/)behaviours?(?!\\.md)', 'behavior'],
];

interface Idiom {
  readonly pattern: RegExp;
  readonly better: string;
}

export const IDIOMS: readonly Idiom[] = WORDS.map(([pattern, better]) => ({
  pattern: new RegExp(String.raw`(?<![\w-])(?:${pattern.replaceAll(' ', String.raw`\s+`)})(?![\w-])`, 'gi'),
  better,
}));

/** Real uses: a file, or the beginning of its path, the phrase as it is written there, and why it may stay. */
export const ALLOWED: readonly (readonly [path: string, phrase: string, reason: string])[] = [
  ['shared/aws/storedState.ts', 'put back', 'the name of the step in items that are already stored'],
  ['local/control/control.ts', 'behaviours', 'the path of the control endpoint'],
];
