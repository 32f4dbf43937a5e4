import type { Configuration } from '../../shared/domain/app.ts';
import { buildStack } from '../../stack/build.ts';
import type { BuiltStack } from '../../stack/built.ts';
import { withCode } from '../../stack/installation.ts';
import { quotaWarnings, refuseBeyondQuotas } from '../../stack/quotas.ts';
import { templateText } from '../../stack/template.ts';
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
      /^failed to build the stack fairway-production: its template is [\d,]+ kB, and CloudFormation allows 1,000 kB\. Largest: 400 resources of AWS::Scheduler::Schedule, \d+ kB\. Split/,
    );
  });

  it('is measured as it is written, with its metadata', () => {
    const stack = buildStack(withSchedules(10), 0);
    const withPad = (pad: string) => ({
      ...stack,
      resources: { ...stack.resources, Metadata: { Fairway: {}, pad } },
    });
    const written = (padded: BuiltStack) =>
      templateText(withCode(padded, 'c'.repeat(64)), (name) => `${name}-0123456789ab.zip`);
    const padded = (size: number) => {
      const room = size - written(withPad('')).length;
      return withPad('x'.repeat(room));
    };
    expect(written(padded(1_000_000))).toHaveLength(1_000_000);
    expect(() => refuseBeyondQuotas(padded(1_000_000))).not.toThrow();
    expect(() => refuseBeyondQuotas(padded(1_000_001))).toThrow(
      /its template is 1,001 kB, and CloudFormation allows 1,000 kB/,
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

describe('more rules than some regions allow', () => {
  it('are a warning, since AWS can increase the quota, with what else to do', () => {
    const nameOf = (service: number) => `service-${service}-`.padEnd(255, 'x');
    const stack = buildStack(aConfiguration({ apps: 40, services: 10, nameOf }), 0);
    expect(quotaWarnings(stack)).toEqual([
      expect.stringMatching(
        /^the stack needs 1\d\d rules, and some regions allow only 100 on the default event bus, which all stacks .* Request an increase of .* or use shorter names, fewer clusters, or another account or region/,
      ),
    ]);
    expect(quotaWarnings(buildStack(withSchedules(10), 0))).toEqual([]);
  });
});
