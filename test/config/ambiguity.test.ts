import { hasAmbiguousLoop } from '../../shared/config/ambiguity.ts';
import { languageOfPattern } from '../../shared/config/tag-language.ts';

function judged(pattern: string): boolean | undefined {
  const language = languageOfPattern(pattern);
  if (language === undefined) throw new Error(`expected /${pattern}/ to be readable`);
  return hasAmbiguousLoop(language);
}

describe('hasAmbiguousLoop', () => {
  it.each([
    ['a repetition in a repetition', ['^(a+)+$', '^(a*)*b$', '(.*)*x', '^(a{1,3})+$', '^(a+){2,}$']],
    ['a separator that may be absent', ['^(\\w+-?)+$', '^([a-z]+[.-]?)*$', '^(\\d*\\.?)+$']],
    ['neighbours that overlap', ['^(\\w+\\d+)+$', '^([a-z]*[a-f]*)+$']],
    ['branches that overlap', ['^(a|a)*$', '^(\\w|\\d)+$', '^(a|aa)+$', '^(ab|a|b)+$']],
    ['two ways to be empty between two letters', ['^(x(a?|b?)y)*$', '^(xa?b?y|xy)*$']],
    ['a separator that the inner part takes too', ['^([a-z]+(-[a-z]+)*-)*x$']],
  ])('finds %s', (_, patterns) => {
    for (const pattern of patterns) expect([pattern, judged(pattern)]).toEqual([pattern, true]);
  });

  it.each([
    ['no repetition', ['', 'main', '^(main|dev)$', '^v?1$']],
    ['one repetition after the other', ['^[a-z]+-\\d+$', '.*a.*b.*', '^\\d+\\.\\d+\\.\\d+(-.+)?$', '^a*a*$']],
    [
      'a separator that must stand there',
      ['^[a-z]+(-[a-z]+)*$', '^(\\d+\\.)*\\d+$', '^(a+b)+$', '^(a+b+)+$'],
    ],
    ['branches that differ', ['^(a|b)*$', '^(ab|ac)*$', '^([a-z]\\d?)*$', '^(a|b?)*$']],
    ['rounds that would be empty, which JavaScript does not take', ['^(a?)*$', '^(a?b)*$']],
    ['rounds of one length', ['^(a{2})+$', '(\\d{4}-\\d\\d-\\d\\d)+']],
    ['an upper bound', ['^[\\w.-]{1,128}$', '^(\\w{1,10}-){1,20}$']],
  ])('lets pass %s', (_, patterns) => {
    for (const pattern of patterns) expect([pattern, judged(pattern)]).toEqual([pattern, false]);
  });

  it.each(['(a{40}){40}', '^([ab]{50})*$'])('does not tell of /%s/, which is too large', (pattern) => {
    expect(judged(pattern)).toBeUndefined();
  });
});
