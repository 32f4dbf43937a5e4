import { ALPHABET, hasTagOutside, type Language } from '../../shared/config/automaton.ts';

const one = (characters: string): Language => ({ kind: 'one', of: new Set(characters) });
const sequence = (...parts: readonly Language[]): Language => ({ kind: 'sequence', parts });
const either = (...parts: readonly Language[]): Language => ({ kind: 'either', parts });
const repeat = (part: Language, min: number, max: number): Language => ({ kind: 'repeat', part, min, max });

const a = one('a');
const b = one('b');
const any = one(ALPHABET.join(''));
const nothing = either();
const everything = repeat(any, 0, Infinity);

describe('hasTagOutside', () => {
  it.each<[string, Language, Language, boolean]>([
    ['one letter, nothing ignored', a, nothing, true],
    ['one letter, another ignored', a, b, true],
    ['one letter, itself ignored', a, a, false],
    ['no letter at all', one(''), nothing, false],
    ['no language at all', nothing, nothing, false],
    ['only the empty text', sequence(), nothing, false],
    ['a character that no tag has', one('/'), nothing, false],
    ['a dot, where a tag does not start with one', one('.'), nothing, false],
    ['a dot after a letter', sequence(a, one('.')), nothing, true],
    ['everything, everything ignored', everything, everything, false],
    ['everything, one letter ignored', everything, a, true],
    ['two branches, one ignored', either(a, b), a, true],
    ['two branches, both ignored', either(a, b), either(b, a), false],
    [
      'the same in another order of building',
      sequence(a, repeat(a, 0, Infinity)),
      repeat(a, 1, Infinity),
      false,
    ],
    ['one more than is ignored', repeat(a, 1, 5), repeat(a, 1, 4), true],
    ['as many as are ignored', repeat(a, 1, 5), repeat(a, 0, 5), false],
    ['the longest tag', repeat(a, 128, 128), nothing, true],
    ['longer than the longest tag', repeat(a, 129, Infinity), nothing, false],
    ['what only differs beyond the longest tag', repeat(a, 1, 200), repeat(a, 1, 128), false],
    [
      'a loop around what may be empty',
      repeat(repeat(a, 0, Infinity), 0, Infinity),
      repeat(a, 0, Infinity),
      false,
    ],
    [
      'a loop in a loop, and an end it cannot reach',
      sequence(repeat(repeat(a, 1, Infinity), 1, Infinity), one('/')),
      nothing,
      false,
    ],
  ])('tells of %s', (_, taken, ignored, expected) => {
    expect(hasTagOutside(taken, ignored)).toBe(expected);
  });

  it.each<[string, Language, Language]>([
    ['has too many states', repeat(repeat(a, 100, 100), 100, 100), nothing],
    [
      'would have too many, far beyond memory',
      repeat(repeat(repeat(a, 9999, 9999), 9999, 9999), 9999, 9999),
      nothing,
    ],
    ['is ignored by too many states', a, repeat(a, 5000, 5000)],
    ['has too many ways to go on together', sequence(everything, a, repeat(any, 20, 20), one('/')), nothing],
  ])('does not tell of what %s', (_, taken, ignored) => {
    expect(hasTagOutside(taken, ignored)).toBeUndefined();
  });
});
