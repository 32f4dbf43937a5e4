import { planFor } from './plan.ts';
import { createWorld } from './world.ts';

describe('a world in which everything is lost', () => {
  it('begins with calls of schedules that were lost before Fairway was installed', () => {
    const plan = planFor(600_001_154, 'dense');
    const world = createWorld({ ...plan, weather: { ...plan.weather, dropEcs: 1 } });
    expect(world.history.lost.map(({ source }) => source)).toContain('aws.scheduler');
  });
});
