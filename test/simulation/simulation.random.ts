import { expectRunsToHold } from './expect.ts';

/** Set `SIMULATION_SEED` to play a failure again. */
const from = Number(process.env.SIMULATION_SEED ?? Math.floor(Date.now() / 1000) % 1_000_000_000);

describe(`the whole system under faults, from seed ${from}`, () => {
  it('keeps every promise in 70 runs', () => expectRunsToHold(from, 70), 600_000);
  it(
    'keeps every promise through the whole SDK, in 15 runs',
    () => expectRunsToHold(from, 15, { depth: 'wire' }),
    300_000,
  );
});
