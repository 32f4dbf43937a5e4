import { buildStack } from '../../stack/build.ts';
import { codeAt, codeParameters, templateOf } from '../../stack/template.ts';
import { aConfiguration, stackOf } from './configurations.ts';
import { describeRoles } from './roleRules.ts';
import { describeRules } from './ruleRules.ts';

const ownRoles = (service: number) => ({
  taskRole: `tasks/service-${service}`,
  executionRole: 'shared-execution',
});

describeRoles([
  ['500 services that share roles', aConfiguration({ apps: 50, services: 10 })],
  ['500 services with separate task roles', aConfiguration({ apps: 50, services: 10, rolesOf: ownRoles })],
  [
    '500 services in 50 clusters with long names',
    aConfiguration({ apps: 50, services: 10, clusterOf: (app) => `cluster-${app}-`.padEnd(120, 'c') }),
  ],
]);

describeRules([
  ['500 services of 50 apps', { apps: 50, services: 10 }],
  [
    '500 services in 10 clusters with long names',
    { apps: 50, services: 10, clusterOf: (app) => `cluster-${app % 10}-`.padEnd(60, 'c') },
  ],
]);

describe('520 services in 40 apps with 400 schedules, the largest configuration that is tried', () => {
  it('fit into one template', () => {
    const parts = buildStack(aConfiguration({ apps: 40, services: 13, schedules: 10 }), 0);
    const template = templateOf({ parts, code: codeAt, parameters: codeParameters, description: 'Fairway' });
    expect(Object.keys(template.Resources).length).toBeLessThanOrEqual(498);
    expect(JSON.stringify(template, undefined, 2).length).toBeLessThan(1_000_000);
  });
});

describe('too many roles to pass for managed policies', () => {
  it('are an error that says what to do, never a wildcard', () => {
    const configuration = aConfiguration({
      apps: 50,
      services: 10,
      rolesOf: (service) => ({
        taskRole: `task-${service}`.padEnd(64, 't'),
        executionRole: `execution-${service}`,
      }),
    });
    expect(() => stackOf(configuration)).toThrow(
      /^failed to build the roles of fairway-production: .*Largest: iam:PassRole on 1000 resources \(\d+ characters\)\. To fix it, let services share roles/,
    );
  });
});
