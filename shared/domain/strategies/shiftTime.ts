/** How long a deployment that shifts traffic takes after its tasks run. Pure. */

/** `deploymentConfiguration` of a service, as far as it decides that; times in minutes, shares in percent. */
interface ShiftConfiguration {
  readonly strategy: string;
  readonly bake: number;
  readonly stepPercent: number;
  readonly stepBake: number;
  readonly canaryBake: number;
}

const MINUTE = 60_000;

/**
 * Milliseconds of the steps and bakes that the configuration asks for; stages without work, hooks and the ten minutes
 * that each shift of a Network Load Balancer takes come on top. Source: ECS API reference, DeploymentConfiguration.
 */
export function shiftTimeOf({
  strategy,
  bake,
  stepPercent,
  stepBake,
  canaryBake,
}: ShiftConfiguration): number {
  switch (strategy) {
    case 'LINEAR':
      return ((Math.ceil(100 / stepPercent) - 1) * stepBake + bake) * MINUTE;
    case 'CANARY':
      return (canaryBake + bake) * MINUTE;
    default:
      return bake * MINUTE;
  }
}
