import type { Configuration } from '../../shared/domain/app.ts';
import { partsOf } from '../../stack/serverless.ts';
import { aConfiguration } from './configurations.ts';

/** How many resources packaging adds; template.test.ts checks it against a packaged stack. */
const ADDED = 12;

const many = aConfiguration({ apps: 10, services: 1, schedules: 50 });

/** A number of schedules, distributed over ten apps. */
function withSchedules(count: number): Configuration {
  const apps = many.apps.map((app, index) => ({
    ...app,
    tasks: app.tasks.slice(0, Math.max(0, count - 50 * index)),
  }));
  return { ...many, apps };
}

function resourcesFor(schedules: number): number {
  return Object.keys(partsOf(withSchedules(schedules), 0).resources.Resources).length + ADDED;
}

describe('a configuration with many schedules', () => {
  // Starts with many: the roles of few schedules need no managed policy.
  const most = 500 - resourcesFor(440) + 440;

  it('is packaged up to the limit of CloudFormation', () => {
    expect(most).toBeGreaterThan(440);
    expect(resourcesFor(most)).toBe(500);
  });

  it('is refused above it, with the limit and what to do', () => {
    expect(() => resourcesFor(most + 1)).toThrow(
      `it needs 501 resources, ${most + 1} of them schedules, and CloudFormation allows 500 per stack. Split`,
    );
  });
});
