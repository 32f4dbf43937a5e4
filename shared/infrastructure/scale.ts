import { objectsAt, textAt } from './json.ts';
import type { Aws } from './kind.ts';

/** Changing the count of tasks of a service, or the bounds of its scaling. */

export interface Bounds {
  readonly min?: number;
  readonly max?: number;
}

const SCOPE = { ServiceNamespace: 'ecs', ScalableDimension: 'ecs:service:DesiredCount' } as const;

/** Why a service is not scaled, and what to do. */
export class NotScaled extends Error {}

/** Sets the count of tasks. Throws `NotScaled` outside the bounds: scaling would change it back. */
export async function scaleTo(cluster: string, service: string, count: number, aws: Aws): Promise<void> {
  const bounds = await boundsOf(cluster, service, aws);
  if (bounds !== undefined && (count < bounds.min || count > bounds.max))
    throw new NotScaled(
      `${service} scales between ${bounds.min} and ${bounds.max} tasks: choose a count within, or change the bounds with --min and --max`,
    );
  await aws('ecs', 'UpdateService', { cluster, service, desiredCount: count });
}

/** Sets the bounds of scaling; one that is not given stays. Throws `NotScaled` where the service has none. */
export async function changeBounds(
  cluster: string,
  service: string,
  bounds: Bounds,
  aws: Aws,
): Promise<void> {
  const known = await boundsOf(cluster, service, aws);
  if (known === undefined)
    throw new NotScaled(
      `${service} has no auto scaling: declare it in fairway.yml, or pass a number of tasks`,
    );
  const { min, max } = { ...known, ...bounds };
  if (min > max) throw new NotScaled(`the lowest count, ${min}, is above the highest, ${max}`);
  const ResourceId = `service/${cluster}/${service}`;
  const input = { ...SCOPE, ResourceId, MinCapacity: min, MaxCapacity: max };
  await aws('application-autoscaling', 'RegisterScalableTarget', input);
}

async function boundsOf(cluster: string, service: string, aws: Aws): Promise<Required<Bounds> | undefined> {
  const ResourceIds = [`service/${cluster}/${service}`];
  const answer = await aws('application-autoscaling', 'DescribeScalableTargets', { ...SCOPE, ResourceIds });
  const target = objectsAt(answer, 'ScalableTargets').find(
    (each) => textAt(each, 'ResourceId') === ResourceIds[0],
  );
  if (target === undefined) return undefined;
  return { min: Number(target.MinCapacity), max: Number(target.MaxCapacity) };
}
