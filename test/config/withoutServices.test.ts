import { compileConfiguration } from '../../shared/config/load.ts';

function faultsOf(lines: string): string {
  const text = `environment: production
defaults: { cluster: c }
apps:
  jobs:
    image: { repository: jobs, tags: { semver: "*" } }
${lines}`;
  try {
    const [app] = compileConfiguration(text, 'fairway.yml').apps;
    return `${app?.services.length} services, ${app?.tasks.length} tasks`;
  } catch (error) {
    return String(error);
  }
}

const task = '    tasks: [{ name: report, taskDefinition: report, container: main }]\n';

describe('an app without services', () => {
  it('can have only tasks', () => {
    expect(faultsOf(task)).toBe('0 services, 1 tasks');
    expect(faultsOf(`    services: []\n${task}`)).toBe('0 services, 1 tasks');
  });

  it('must have tasks', () => {
    expect(faultsOf('')).toContain('apps.jobs.services: missing, expected at least one service, or `tasks`');
    expect(faultsOf('    services: []\n')).toContain(
      'apps.jobs.services: expected at least one service, or `tasks`',
    );
    expect(faultsOf('    tasks: []\n')).toContain('apps.jobs.services: missing, expected');
  });
});
