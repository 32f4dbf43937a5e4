import type { DeploymentConfiguration, Service } from '../model.ts';
import { decimal, object, text } from '../read.ts';
import type { ServiceTarget } from '../routing.ts';
import type { Stage } from './model.ts';

/** What a deployment that shifts traffic does when. Pure. */

const MINUTE = 60_000;

/** In the order in which they are passed. AWS docs: deployment-lifecycle-hooks. */
export const STAGES: readonly Stage[] = [
  'RECONCILE_SERVICE',
  'PRE_SCALE_UP',
  'SCALE_UP',
  'POST_SCALE_UP',
  'TEST_TRAFFIC_SHIFT',
  'POST_TEST_TRAFFIC_SHIFT',
  'PRE_PRODUCTION_TRAFFIC_SHIFT',
  'PRODUCTION_TRAFFIC_SHIFT',
  'POST_PRODUCTION_TRAFFIC_SHIFT',
  'BAKE_TIME',
  'CLEAN_UP',
];

export type Strategy = 'ROLLING' | 'BLUE_GREEN' | 'LINEAR' | 'CANARY';

export function strategyOf({ document }: DeploymentConfiguration): Strategy {
  const strategy = text(document, 'strategy');
  if (strategy === 'BLUE_GREEN' || strategy === 'LINEAR' || strategy === 'CANARY') return strategy;
  return 'ROLLING';
}

export function shiftsTraffic(configuration: DeploymentConfiguration): boolean {
  return strategyOf(configuration) !== 'ROLLING';
}

/** The production weights of the new revision, in percent, step by step. Defaults: ECS API reference. */
export function stepsOf(configuration: DeploymentConfiguration): readonly number[] {
  const { document } = configuration;
  switch (strategyOf(configuration)) {
    case 'LINEAR': {
      const share = decimal(object(document, 'linearConfiguration'), 'stepPercent') ?? 10;
      const pauses = Math.ceil(100 / share) - 1;
      return [...Array.from({ length: pauses }, (_, index) => rounded(share * (index + 1))), 100];
    }
    case 'CANARY':
      return [decimal(object(document, 'canaryConfiguration'), 'canaryPercent') ?? 5, 100];
    default:
      return [100];
  }
}

/** How long each step but the last is watched, milliseconds. */
export function stepBakeOf(configuration: DeploymentConfiguration): number {
  const { document } = configuration;
  const linear = decimal(object(document, 'linearConfiguration'), 'stepBakeTimeInMinutes') ?? 6;
  const canary = decimal(object(document, 'canaryConfiguration'), 'canaryBakeTimeInMinutes') ?? 10;
  return (strategyOf(configuration) === 'LINEAR' ? linear : canary) * MINUTE;
}

/** How long both revisions run after the traffic has shifted, milliseconds. */
export function bakeOf({ document }: DeploymentConfiguration): number {
  return (decimal(document, 'bakeTimeInMinutes') ?? 0) * MINUTE;
}

/** AWS docs (deployment-type-blue-green): a Network Load Balancer takes ten minutes more for each shift. */
export function shiftTimeOf(targets: readonly ServiceTarget[]): number {
  return targets.some(({ alternate }) => alternate?.productionRule.includes(':listener/net/'))
    ? 10 * MINUTE
    : 0;
}

/**
 * The target groups that a new revision serves from. Those that the last successful revision does not use are free: that
 * is no toggle, since a deployment may have been rolled back or superseded.
 */
export function targetsFor(service: Service, source: readonly ServiceTarget[]): readonly ServiceTarget[] {
  return service.targets.map((target) => {
    const { alternate } = target;
    if (alternate === undefined) return target;
    const [first, second] = alternate.groups;
    const used = alternate.groups.find((group) => source.some(({ targetGroup }) => targetGroup === group));
    if (used === undefined) return { ...target, targetGroup: first };
    if (!shiftsTraffic(service.configuration)) return { ...target, targetGroup: used };
    return { ...target, targetGroup: used === first ? second : first };
  });
}

/** 33.3 × 3 = 99.9, not 99.89999999999999. */
function rounded(share: number): number {
  return Math.round(share * 10) / 10;
}
