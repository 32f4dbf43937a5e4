import type { JsonObject } from '../../local/contract.ts';
import { DISPUTED, type Disputed } from '../../local/ecs/disputed.ts';
import { createDice, type Dice } from './dice.ts';
import type { Action, Plan } from './script.ts';

/** Services whose deployments shift traffic, what ECS's sources do not settle about them, and what people do to them. */

const MINUTE = 60_000;
const ELB = 'arn:aws:elasticloadbalancing:us-east-1:123456789012';
export const ALARM = 'errors';

export function groupsOf(service: string): readonly [string, string] {
  return [`${ELB}:targetgroup/${service}-blue/1`, `${ELB}:targetgroup/${service}-green/1`];
}

export function ruleOf(service: string): string {
  return `${ELB}:listener-rule/app/${service}/1/2/3`;
}

/** Whether the traffic of this service shifts when it is deployed. */
export function shiftsTraffic({ strategies }: Plan, service: string): boolean {
  const strategy = strategies?.configurations[service]?.strategy;
  return strategy !== undefined && strategy !== 'ROLLING';
}

/** The same run, in which at least one service shifts its traffic. Drawn from separate dice. */
export function withStrategies(plan: Plan): Plan {
  const dice = createDice(plan.seed ^ 0x4f1bbcdc);
  const services = plan.configuration.apps.flatMap((app) => app.services.map(({ name }) => name));
  const shifting = services.filter((_, index) => index === 0 || dice.chance(0.6));
  const configurations: Record<string, JsonObject> = Object.fromEntries(
    shifting.map((name) => [name, configurationFor(dice)]),
  );
  const rolling = services.filter((name) => !shifting.includes(name) && dice.chance(0.5));
  for (const name of rolling) configurations[name] = pausingFor(dice);
  const more = [...shifting, ...rolling].flatMap((service) => meddling(dice, plan, service));
  const actions = [...plan.actions, ...more].toSorted((a, b) => a.at - b.at);
  const disputed = disputedFor(dice);
  // Drawn apart, so that the other draws stay what they were.
  const readsLoadBalancers = createDice(plan.seed ^ 0x1b56c4e9).chance(READS_LOAD_BALANCERS);
  return { ...plan, actions, strategies: { configurations, disputed, readsLoadBalancers } };
}

/** Without that right, everything else is as it was. */
const READS_LOAD_BALANCERS = 0.25;

/** Bakes are short, so that a run has room for several releases. */
function configurationFor(dice: Dice): JsonObject {
  const strategy = dice.pick(['BLUE_GREEN', 'LINEAR', 'CANARY']);
  const minutes = (most: number) => dice.between(0, most);
  return {
    strategy,
    minimumHealthyPercent: 100,
    maximumPercent: 200,
    bakeTimeInMinutes: minutes(6),
    ...(strategy === 'LINEAR' && {
      linearConfiguration: { stepPercent: dice.pick([30, 50]), stepBakeTimeInMinutes: minutes(4) },
    }),
    ...(strategy === 'CANARY' && {
      canaryConfiguration: { canaryPercent: dice.pick([5, 20]), canaryBakeTimeInMinutes: minutes(5) },
    }),
    ...(dice.chance(0.7) && { deploymentCircuitBreaker: { enable: true, rollback: dice.chance(0.8) } }),
    ...(dice.chance(0.5) && { alarms: { alarmNames: [ALARM], enable: true, rollback: dice.chance(0.9) } }),
    ...(dice.chance(0.4) && { lifecycleHooks: [hookFor(dice, SHIFTING_STAGES)] }),
  };
}

/** A rolling service whose deployments wait for a person. */
function pausingFor(dice: Dice): JsonObject {
  return {
    strategy: 'ROLLING',
    minimumHealthyPercent: 100,
    maximumPercent: 200,
    deploymentCircuitBreaker: { enable: true, rollback: true },
    lifecycleHooks: [hookFor(dice, ['PRE_SCALE_UP', 'POST_SCALE_UP'])],
  };
}

const SHIFTING_STAGES = [
  'PRE_SCALE_UP',
  'POST_SCALE_UP',
  'POST_TEST_TRAFFIC_SHIFT',
  'PRE_PRODUCTION_TRAFFIC_SHIFT',
] as const;

function hookFor(dice: Dice, stages: readonly [string, ...string[]]): JsonObject {
  return {
    targetType: 'PAUSE',
    lifecycleStages: [dice.pick(stages)],
    timeoutConfiguration: {
      timeoutInMinutes: dice.between(3, 20),
      action: dice.pick(['ROLLBACK', 'ROLLBACK', 'CONTINUE']),
    },
  };
}

function disputedFor(dice: Dice): Partial<Disputed> {
  const drawn = Object.entries(DISPUTED).map(([name, values]) => [
    name,
    dice.chance(0.5) ? values[0] : dice.pick(values as readonly [string, ...string[]]),
  ]);
  return Object.fromEntries(drawn);
}

/** Alarms, people who continue what waits, and infrastructure code that resets weights. */
function meddling(dice: Dice, plan: Plan, service: string): Action[] {
  const when = () => Math.floor(dice.random() * plan.calmAt);
  const app = plan.configuration.apps.find(({ services }) => services.some(({ name }) => name === service));
  const who = 'arn:aws:iam::123456789012:user/operator';
  // Each decides about a pause that was seen, or none of them says which.
  const sees = dice.chance(0.5);
  const continues = Array.from({ length: dice.between(0, 6) }, (): Action => {
    if (sees) return { at: when(), kind: 'continueSeen', service, after: dice.between(1, 400) * 1_000 };
    return { at: when(), kind: 'operate', request: { command: 'continue', app: app?.name ?? '', who } };
  });
  const rings = dice.chance(0.3) ? when() : undefined;
  return [
    ...continues,
    ...(rings === undefined
      ? []
      : [
          { at: rings, kind: 'alarm', state: 'ALARM' } as const,
          { at: rings + dice.between(1, 4) * MINUTE, kind: 'alarm', state: 'OK' } as const,
        ]),
    ...(dice.chance(0.3)
      ? [{ at: when(), kind: 'answerHook', service, continues: dice.chance(0.5) } as const]
      : []),
    ...(dice.chance(0.15) ? [{ at: when(), kind: 'resetWeights', service } as const] : []),
    ...(dice.chance(0.15) ? [{ at: when(), kind: 'stopDeployment', service } as const] : []),
  ];
}
