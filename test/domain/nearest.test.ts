import { didYouMean, nearestOf } from '../../shared/domain/nearest.ts';

describe('nearestOf', () => {
  it.each([
    ['rolback', 'rollback'],
    ['rlolback', 'rollback'],
    ['Rollback', 'rollback'],
    ['xyzzy', undefined],
    ['rn', 'run'],
    ['ru', 'run'],
    ['web', undefined],
  ])('finds a slip of the finger and leaves strangers alone: %s', (name, nearest) => {
    expect(nearestOf(name, ['rollback', 'releases', 'run'])).toBe(nearest);
  });

  it('has nothing to say where there is nothing near', () => {
    expect(didYouMean(nearestOf('web', []))).toBe('');
    expect(didYouMean(nearestOf('wbe', ['web']))).toBe('; did you mean "web"?');
  });
});
