import type { JsonObject } from '../../../local/contract.ts';
import type { Disputed } from '../../../local/ecs/disputed.ts';
import { aWorld, service } from './world.ts';

/** A service whose deployments shift traffic between the target groups `blue` and `green`. */

const ELB = 'arn:aws:elasticloadbalancing:us-east-1:123456789012';
export const BLUE = `${ELB}:targetgroup/blue/0123456789abcdef`;
export const GREEN = `${ELB}:targetgroup/green/0123456789abcdef`;
export const RULE = `${ELB}:listener-rule/app/web/1/2/3`;
export const TEST_RULE = `${ELB}:listener-rule/app/web/1/2/4`;

export const loadBalancers = [
  {
    targetGroupArn: BLUE,
    containerName: 'web',
    containerPort: 8080,
    advancedConfiguration: {
      alternateTargetGroupArn: GREEN,
      productionListenerRule: RULE,
      testListenerRule: TEST_RULE,
      roleArn: 'arn:aws:iam::123456789012:role/ecs-elb',
    },
  },
];

export function shifting(strategy: string, more: JsonObject = {}): JsonObject {
  return {
    strategy,
    bakeTimeInMinutes: 5,
    deploymentCircuitBreaker: { enable: true, rollback: true },
    ...more,
  };
}

export function pauseAt(stage: string, timeoutConfiguration = { timeoutInMinutes: 60, action: 'ROLLBACK' }) {
  return { lifecycleHooks: [{ targetType: 'PAUSE', lifecycleStages: [stage], timeoutConfiguration }] };
}

/** The service runs web-app:1 on blue and has been steady for a while. */
export function aShiftingWorld(
  deploymentConfiguration: JsonObject,
  options: { disputed?: Partial<Disputed>; more?: JsonObject } = {},
) {
  const world = aWorld();
  world.ecs.setDisputed(options.disputed ?? {});
  world.call('CreateService', {
    ...service,
    taskDefinition: 'web-app:1',
    loadBalancers,
    deploymentConfiguration: { ...deploymentConfiguration, lifecycleHooks: [] },
    ...options.more,
  });
  world.after(1_800);
  world.update({ deploymentConfiguration });

  const shifted = {
    ...world,
    world,
    /** Of the newest service deployment. */
    open() {
      const [newest] = world.call('ListServiceDeployments', {
        cluster: 'prod',
        service: 'web',
      }).serviceDeployments;
      const arns = [newest.serviceDeploymentArn];
      return world.call('DescribeServiceDeployments', { serviceDeploymentArns: arns }).serviceDeployments[0];
    },
    /** [blue, green], of the production rule. */
    weights: () => weightsOf(world, RULE),
    testWeights: () => weightsOf(world, TEST_RULE),
    stop() {
      world.call('StopServiceDeployment', { serviceDeploymentArn: shifted.open().serviceDeploymentArn });
      return shifted;
    },
    go(seconds: number) {
      world.after(seconds);
      return shifted;
    },
    deploy(revision = 'web-app:2') {
      world.update({ taskDefinition: revision });
      return shifted;
    },
    /** Until this stage is reached. */
    until(stage: string) {
      for (let second = 0; second < 20_000 && shifted.open().lifecycleStage !== stage; second += 2)
        world.after(2);
      return shifted;
    },
    hook: () => shifted.open().lifecycleHookDetails[0],
    answer(action: string) {
      const { serviceDeploymentArn, lifecycleHookDetails } = shifted.open();
      const hookId = lifecycleHookDetails[0].hookId;
      world.call('ContinueServiceDeployment', { serviceDeploymentArn, hookId, action });
      return shifted;
    },
    hookEvents: () =>
      world.events
        .filter((event) => event['detail-type'] === 'ECS Hook State Change')
        .map(({ detail }) => String(detail.eventName)),
  };
  return shifted;
}

function weightsOf(world: ReturnType<typeof aWorld>, RuleArn: string) {
  const { Rules } = world.balancing('DescribeRules', { RuleArns: [RuleArn] });
  const groups = Rules[0].Actions.at(-1).ForwardConfig.TargetGroups;
  return [BLUE, GREEN].map(
    (arn) => groups.find((one: { TargetGroupArn: string }) => one.TargetGroupArn === arn)?.Weight ?? 0,
  );
}
