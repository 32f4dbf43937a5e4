import { nearestOf } from '../../shared/domain/nearest.ts';

describe('nearestOf', () => {
  it('finds a slip of the finger and leaves strangers alone', () => {
    expect(nearestOf('rolback', ['rollback', 'releases'])).toBe('rollback');
    expect(nearestOf('xyzzy', ['rollback', 'releases'])).toBeUndefined();
  });
});
