import { expectRunsToHold } from './expect.ts';

describe('a release that was left to a person', () => {
  it(
    'is not expected to roll back once its tasks are gone from fairway.yml: seed 500002325',
    () => expectRunsToHold(500_002_325, 1),
    60_000,
  );
});
