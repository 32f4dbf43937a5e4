import { judged } from './judging.ts';
import { SETS } from './sets.ts';

describe.each(Object.entries(SETS))('situations: %s', (_, cases) => {
  it.each(cases.map((one) => [one.id, one.truth, one] as const))('%s: %s', async (_id, _truth, one) => {
    const { cause, faults } = await judged(one);
    expect({ faults, cause }).toEqual({ faults: [], cause });
  });
});
