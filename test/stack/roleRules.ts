import type { Configuration } from '../../shared/domain/app.ts';
import { buildStack } from '../../stack/build.ts';
import { FUNCTIONS, longest, roleLogicalId } from '../../stack/names.ts';
import { ofType, stackOf } from './configurations.ts';
import { grantsOf } from './grants.ts';

/** Actions without a resource type, or without one that Fairway has (Service Authorization Reference). */
const WITHOUT_RESOURCE: Readonly<Record<string, string>> = {
  'ecs:DescribeTaskDefinition': 'has no resource types',
  'ecs:ListTaskDefinitions': 'has no resource types',
  'ecs:ListTasks': 'has only container instances, which Fargate does not have; the cluster is a condition',
};

/** What holds for the roles of every configuration. */
export function describeRoles(rows: readonly (readonly [string, Configuration])[]): void {
  describe.each(rows)('the roles for %s', (_, configuration) => {
    const resources = stackOf(configuration);
    const grants = grantsOf(resources);
    const roles = ofType(resources, 'AWS::IAM::Role').filter(
      ({ logicalId }) => logicalId !== 'SchedulerRole',
    );

    it('are one per function, which only Lambda can assume', () => {
      expect(roles.map(({ logicalId }) => logicalId)).toEqual(FUNCTIONS.map(roleLogicalId));
      for (const { properties } of roles) {
        expect(properties.AssumeRolePolicyDocument).toEqual({
          Version: '2012-10-17',
          Statement: [
            { Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' },
          ],
        });
      }
    });

    it('fit into the limits of IAM with the longest names of regions and partitions', () => {
      for (const { Type, Properties } of Object.values(buildStack(configuration, 0).resources.Resources)) {
        if (Type === 'AWS::IAM::Role') {
          expect(longest(Properties.Policies ?? null).length).toBeLessThanOrEqual(10_240);
          expect(Object.values(Properties.ManagedPolicyArns ?? []).length).toBeLessThanOrEqual(10);
        }
        if (Type === 'AWS::IAM::ManagedPolicy') {
          expect(longest(Properties.PolicyDocument ?? null).length).toBeLessThanOrEqual(6_144);
        }
      }
    });

    it('name every action', () => {
      const actions = grants.flatMap((grant) => grant.actions);
      expect(actions).not.toHaveLength(0);
      expect(actions.filter((action) => !/^[a-z]+:[A-Za-z]+$/.test(action))).toEqual([]);
      expect(new Set(grants.map(({ effect }) => effect))).toEqual(new Set(['Allow']));
    });

    it('name the resources of every action that supports them', () => {
      const everywhere = grants.filter((grant) => grant.resources.includes('*'));
      const actions = new Set(everywhere.flatMap((grant) => grant.actions));
      expect([...actions].sort()).toEqual(Object.keys(WITHOUT_RESOURCE));
      const services = grants.flatMap((grant) => grant.resources).filter((resource) => resource !== '*');
      expect(services.filter((resource) => !/^arn:aws:[a-z]+:/.test(resource))).toEqual([]);
    });

    it('list tasks only of the configured clusters', () => {
      const clusters = [...new Set(configuration.apps.map(({ cluster }) => cluster))].sort();
      const arns = clusters.map((cluster) => `arn:aws:ecs:us-east-1:123456789012:cluster/${cluster}`);
      const lists = grants.filter(({ actions }) => actions.includes('ecs:ListTasks'));
      const wide = buildStack(configuration, 0).resources.Outputs;
      const expected = JSON.stringify(wide).includes('clusters: all"')
        ? ['arn:aws:ecs:us-east-1:123456789012:cluster/*']
        : arns;
      expect(lists).toHaveLength(FUNCTIONS.length);
      for (const { condition } of lists) expect(condition).toEqual({ ArnLike: { 'ecs:cluster': expected } });
    });

    it('pass to ECS only the roles of the configuration', () => {
      const named = configuration.apps.flatMap((app) =>
        [...app.before, ...app.services, ...app.after, ...app.tasks].flatMap((each) => [
          each.taskRole,
          each.executionRole,
        ]),
      );
      const arns = named.flatMap((role) =>
        role === undefined ? [] : [`arn:aws:iam::123456789012:role/${role}`],
      );
      for (const { logicalId } of roles) {
        const passes = grants.filter(
          ({ role, actions }) => role === logicalId && actions.includes('iam:PassRole'),
        );
        expect(passes.flatMap((grant) => grant.resources).sort()).toEqual([...new Set(arns)].sort());
        for (const { actions, condition } of passes) {
          expect(actions).toEqual(['iam:PassRole']);
          expect(condition).toEqual({ StringEquals: { 'iam:PassedToService': 'ecs-tasks.amazonaws.com' } });
        }
      }
    });
  });
}
