import { diffLines } from '../../../cli/init/diff.ts';

describe('the difference of two texts', () => {
  it.each([
    ['the same', 'a\nb', 'a\nb', []],
    ['a changed line', 'a\nb\nc', 'a\nx\nc', ['-b', '+x']],
    ['an added line', 'a\nc', 'a\nb\nc', ['+b']],
    ['a removed line', 'a\nb\nc', 'a\nc', ['-b']],
    ['a moved line', 'a\nb\nc', 'b\nc\na', ['-a', '+a']],
    ['nothing in common', 'a\nb', 'c', ['-a', '-b', '+c']],
  ])('shows %s', (_, before, after, expected) => {
    expect(diffLines(before, after)).toEqual(expected);
  });
});
