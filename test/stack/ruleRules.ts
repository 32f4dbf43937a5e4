import { isObject, listOf, objectAt } from '../../local/stack/json.ts';
import { aConfiguration, ofType, type Size, stackOf } from './configurations.ts';
import { anEndedDeployment, aPush, aServiceAction, aStoppedTask, listeners } from './events.ts';

/** What holds for the rules of every configuration. */
export function describeRules(sizes: readonly (readonly [string, Size])[]): void {
  describe.each(sizes)('the rules of %s', (_, size) => {
    const configuration = aConfiguration(size);
    const resources = stackOf(configuration);
    const rules = ofType(resources, 'AWS::Events::Rule');

    it('stay within the limits of EventBridge for patterns, targets and rules', () => {
      const patterns = rules.flatMap(({ properties }) =>
        isObject(properties.EventPattern) ? [JSON.stringify(properties.EventPattern)] : [],
      );
      expect(patterns.length).toBeGreaterThanOrEqual(4);
      expect(Math.max(...patterns.map((pattern) => pattern.length))).toBeLessThanOrEqual(2048);
      expect(Math.max(...rules.map(({ properties }) => listOf(properties.Targets).length))).toBe(1);
      expect(rules.length).toBeLessThanOrEqual(100);
    });

    it('match every push, stopped task, ended deployment and service event exactly once', () => {
      const targetsOf = listeners(configuration);
      for (const { cluster, image, services, before } of configuration.apps) {
        expect(targetsOf(aPush(image.repository))).toEqual(['image-pushed']);
        for (const { name } of services) {
          expect(targetsOf(aStoppedTask(cluster, { group: `service:${name}` }))).toEqual(['ecs-changed']);
          expect(targetsOf(anEndedDeployment(cluster, name))).toEqual(['ecs-changed']);
          expect(targetsOf(aServiceAction(cluster, name))).toEqual(['ecs-changed']);
        }
        const task = { group: `family:${before[0]?.family}`, startedBy: 'fairway/0b6a1c52' };
        expect(targetsOf(aStoppedTask(cluster, task))).toEqual(['ecs-changed']);
        expect(targetsOf(aStoppedTask(cluster, { ...task, lastStatus: 'RUNNING' }))).toEqual(['ecs-changed']);
      }
    });

    it('have valid names, covered by one permission per function', () => {
      const permissions = ofType(resources, 'AWS::Lambda::Permission').map(({ properties }) => properties);
      expect(permissions.map(({ FunctionName, SourceArn }) => [FunctionName, SourceArn])).toEqual(
        ['image-pushed', 'ecs-changed', 'sweep'].map((name) => [
          `arn:aws:lambda:us-east-1:123456789012:function:fairway-production-${name}`,
          `arn:aws:events:us-east-1:123456789012:rule/fairway-production-${name}-*`,
        ]),
      );
      for (const { name, properties } of rules) {
        const [target] = listOf(properties.Targets).map((each) => objectAt(each, name));
        expect(name).toMatch(new RegExp(`^fairway-production-${target?.Id}-[0-9]+$`));
        expect(name.length).toBeLessThanOrEqual(64);
      }
    });

    it('need only the ARN of the rule as condition: not every source has an account', () => {
      for (const { properties } of ofType(resources, 'AWS::Lambda::Permission')) {
        expect(Object.keys(properties).sort()).toEqual(['Action', 'FunctionName', 'Principal', 'SourceArn']);
      }
    });
  });
}
