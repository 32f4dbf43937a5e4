import { expectRunsToHold } from './expect.ts';

describe('a release that was left to a person', () => {
  it(
    'is not expected to roll back once its tasks are gone from fairway.yml: seed 500002325',
    () => expectRunsToHold(500_002_325, 1),
    60_000,
  );
});

describe('an image that gets a second tag before Fairway sees the first, without an event', () => {
  it('counts as pushed when ECR got it: seed 500000440', () => expectRunsToHold(500_000_440, 1), 60_000);
});
