import { bounds, breakerThreshold } from '../../../local/ecs/arithmetic.ts';

describe('the bounds of a rolling deployment', () => {
  it.each([
    [1, 100, 200, 1, 2],
    [3, 100, 200, 3, 6],
    [3, 50, 100, 2, 3],
    [10, 50, 150, 5, 15],
    [3, 50, 150, 2, 4],
    [2, 0, 100, 0, 2],
    [0, 100, 200, 0, 0],
  ])(
    'of %i tasks at %i and %i percent are %i and %i',
    (desired, minimumHealthyPercent, maximumPercent, lower, upper) => {
      expect(bounds(desired, { minimumHealthyPercent, maximumPercent })).toEqual({ lower, upper });
    },
  );
});

describe("the circuit breaker's threshold", () => {
  const breaker = { enable: true, rollback: true, resetOnHealthyTask: true };
  it.each([
    ['BOUNDED_PERCENT', 50, 1, 3],
    ['BOUNDED_PERCENT', 50, 25, 13],
    ['BOUNDED_PERCENT', 50, 1000, 200],
    ['UNBOUNDED_PERCENT', 50, 1, 1],
    ['COUNT', 7, 1000, 7],
  ] as const)('%s %i of %i tasks is %i', (type, value, desired, threshold) => {
    expect(breakerThreshold({ ...breaker, type, value }, desired)).toBe(threshold);
  });
});
