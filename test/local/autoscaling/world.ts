import { createAutoscaling } from '../../../local/autoscaling/autoscaling.ts';
import { scalableServices } from '../../../local/autoscaling/services.ts';
import type { JsonObject } from '../../../local/contract.ts';
import { createIds } from '../../../local/ids.ts';
import { ACCOUNT, aSteadyWorld, REGION } from '../ecs/world.ts';

const CALL = { caller: 'external', callerArn: '', account: ACCOUNT, region: REGION };

export const ECS = { ServiceNamespace: 'ecs' };
export const TARGET = {
  ...ECS,
  ResourceId: 'service/prod/web',
  ScalableDimension: 'ecs:service:DesiredCount',
};
const TRACKING = {
  TargetValue: 70,
  PredefinedMetricSpecification: { PredefinedMetricType: 'ECSServiceAverageCPUUtilization' },
  ScaleOutCooldown: 60,
  ScaleInCooldown: 120,
};
export const MEMORY = {
  PredefinedMetricSpecification: { PredefinedMetricType: 'ECSServiceAverageMemoryUtilization' },
};

/** PutScalingPolicy of target tracking. */
export function tracking(overrides: JsonObject = {}, name = 'cpu'): JsonObject {
  return {
    ...TARGET,
    PolicyName: name,
    PolicyType: 'TargetTrackingScaling',
    TargetTrackingScalingPolicyConfiguration: { ...TRACKING, ...overrides },
  };
}

/** Three tasks that run steadily; nothing scales them. */
export function anAutoscalingWorld() {
  const world = aSteadyWorld();
  const create = () =>
    createAutoscaling({
      clock: world.clock,
      ids: createIds(2),
      account: ACCOUNT,
      region: REGION,
      services: scalableServices(world.api, ACCOUNT, REGION),
    });
  let scaling = create();
  function call(operation: string, input: JsonObject): Record<string, ReturnType<typeof JSON.parse>> {
    const run = scaling.api.operations[operation];
    if (!run) throw new Error(`${operation} is not simulated`);
    return JSON.parse(JSON.stringify(run(input, CALL)));
  }
  return {
    world,
    call,
    scaling: () => scaling,
    /** Ends it, and goes on in another one with what was kept. */
    restart() {
      const kept = structuredClone(scaling.keep());
      scaling.reset();
      scaling = create();
      scaling.resume(kept);
    },
    register: (members: JsonObject = {}) =>
      call('RegisterScalableTarget', { ...TARGET, MinCapacity: 2, MaxCapacity: 10, ...members }),
    cpu: (value: number) => scaling.setMetrics('prod', 'web', { cpu: value }),
    memory: (value: number) => scaling.setMetrics('prod', 'web', { memory: value }),
    minutes: (count: number) => world.after(count * 60 + 1),
    desired: (): number => world.service().desiredCount,
    activities: () => call('DescribeScalingActivities', ECS).ScalingActivities,
  };
}

/** Three tasks that run steadily, scaled from 2 to 10 by a policy on CPU. */
export function aScalableWorld(overrides: JsonObject = {}) {
  const world = anAutoscalingWorld();
  world.register();
  world.call('PutScalingPolicy', tracking(overrides));
  return world;
}
