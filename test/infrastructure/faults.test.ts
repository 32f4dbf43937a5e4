import { compileConfiguration } from '../../shared/config/load.ts';

const START = `environment: production
apps:
  web:
    cluster: app-prod
    image: { repository: web-app, tags: { semver: ">=1.0.0" } }
    services: [{ name: web-app }]
infrastructure:
`;

function faultsOf(infrastructure: string): readonly string[] {
  try {
    compileConfiguration(START + infrastructure, 'fairway.yml');
    return [];
  } catch (error) {
    return String(error)
      .split('\n')
      .slice(1)
      .map((line) => line.trim().replace(/^fairway\.yml:\d+:\d+ /, ''));
  }
}

test('infrastructure is no part of the configuration that the functions read', () => {
  const configuration = compileConfiguration(
    `${START}  services: { web-app: { desiredCount: 3 } }\n`,
    'fairway.yml',
  );
  expect(configuration.apps).toHaveLength(1);
  expect(JSON.stringify(configuration)).not.toMatch(/infrastructure|desiredCount/);
});

describe('faults of infrastructure', () => {
  test('are reported all at once', () => {
    const faults = faultsOf(`
  clusters: { app-prod: { containerInsights: on } }
  logGroups: { /ecs/web-app: { retentionInDays: 31 } }
  services: { web-app: { desiredCount: many, scaling: { min: 3, max: 2 } } }
`);
    expect(faults).toEqual([
      expect.stringContaining('clusters.app-prod.containerInsights: expected one of "enabled"'),
      expect.stringContaining(
        'retentionInDays: expected one of the numbers of days that CloudWatch Logs takes',
      ),
      expect.stringContaining('desiredCount: expected a whole number from 0 to 5000'),
      expect.stringContaining('scaling: expected "min" not above "max"'),
    ]);
  });

  test.each([
    [
      'a mistyped member of AWS, which would be ignored',
      'services: { web-app: { desiredcount: 3 } }',
      'desiredCount',
    ],
    ['a mistyped kind', 'service: { web-app: {} }', 'services'],
    ['a mistyped member of a container', withContainer('comand: [x]'), 'command'],
  ])('find %s', (_, text, meant) => {
    expect(faultsOf(`  ${text}\n`)).toEqual([expect.stringContaining(`did you mean "${meant}"?`)]);
  });

  test('are none for members that Fairway does not know', () => {
    expect(faultsOf('  services: { web-app: { somethingOfNextYear: { a: 1 } } }\n')).toEqual([]);
  });
});

function withContainer(member: string): string {
  return `taskDefinitions: { web-app: { containers: { web: { image: web-app, ${member} } } } }`;
}
