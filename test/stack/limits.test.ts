import type { Configuration } from '../../shared/domain/app.ts';
import { buildStack } from '../../stack/serverless.ts';
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
  return Object.keys(buildStack(withSchedules(schedules), 0).resources.Resources).length + ADDED;
}

describe('a template', () => {
  it('that is too large is refused, with the limit and what to do', () => {
    const wide = aConfiguration({
      apps: 10,
      services: 1,
      schedules: 40,
      nameOf: (service) => `service-${service}-`.padEnd(255, 's'),
    });
    const apps = wide.apps.map((app) => ({
      ...app,
      tasks: app.tasks.map((task) => ({ ...task, name: task.name.padEnd(700, 't') })),
    }));
    expect(() => buildStack({ ...wide, apps }, 0)).toThrow(
      /^failed to build the stack: its template has \d+ kB, and CloudFormation allows 1000 kB\. Largest: 400 resources of AWS::Scheduler::Schedule with \d+ kB\. Split/,
    );
  });

  it('gives the functions far less environment than the 4 KB that Lambda allows', () => {
    const { environment, functions } = buildStack(withSchedules(10), 0);
    expect(JSON.stringify({ ...environment, ...functions.operate?.environment }).length).toBeLessThan(1_000);
  });
});

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
