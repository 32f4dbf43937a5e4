import { type JsonObject, objectAt, objectsAt, textAt } from '../../infrastructure/json.ts';
import type { Aws } from '../../infrastructure/kind.ts';
import { batches, pages } from '../../infrastructure/reading.ts';
import type { Optional } from './optional.ts';
import { unique } from './services.ts';

/** Target groups and auto scaling of services. */

/** Most ARNs or IDs of one call. DescribeScalableTargets takes 50. Source: Application Auto Scaling API reference. */
const MOST_GROUPS = 20;
const MOST_SCALED = 50;
const DELAY = 'deregistration_delay.timeout_seconds';

/** ARNs of all target groups of a service, those for traffic shifting included. */
export function targetGroupsOf(service: JsonObject): readonly string[] {
  const arns = objectsAt(service, 'loadBalancers').flatMap((balancer) => [
    textAt(balancer, 'targetGroupArn'),
    textAt(objectAt(balancer, 'advancedConfiguration'), 'alternateTargetGroupArn'),
  ]);
  return unique(arns.filter((arn) => arn !== undefined));
}

export interface TargetGroups {
  readonly views: ReadonlyMap<string, JsonObject>;
  /** Seconds. */
  readonly delays: ReadonlyMap<string, number>;
}

export async function readTargetGroups(
  arns: readonly string[],
  aws: Aws,
  optional: Optional,
): Promise<TargetGroups> {
  const views = await Promise.all(
    batches(arns, MOST_GROUPS).map((TargetGroupArns) =>
      optional.read('target groups', () =>
        aws('elasticloadbalancing', 'DescribeTargetGroups', { TargetGroupArns }),
      ),
    ),
  );
  const delays = await Promise.all(
    arns.map(async (arn): Promise<readonly [string, number][]> => {
      const answer = await optional.read('attributes of target groups', () =>
        aws('elasticloadbalancing', 'DescribeTargetGroupAttributes', { TargetGroupArn: arn }),
      );
      const delay = objectsAt(answer ?? {}, 'Attributes').find(({ Key }) => Key === DELAY);
      return delay === undefined ? [] : [[arn, Number(delay.Value)]];
    }),
  );
  const groups = views.flatMap((answer) => objectsAt(answer ?? {}, 'TargetGroups'));
  return {
    views: new Map(groups.map((group) => [textAt(group, 'TargetGroupArn') ?? '', group])),
    delays: new Map(delays.flat()),
  };
}

/** Of these services, named "CLUSTER/SERVICE", the ones with auto scaling; undefined where it cannot be read. */
export async function readScaled(
  services: readonly string[],
  aws: Aws,
  optional: Optional,
): Promise<ReadonlySet<string> | undefined> {
  const found = await Promise.all(
    batches(services, MOST_SCALED).map((batch) =>
      optional.read('auto scaling', () =>
        pages(
          aws,
          'application-autoscaling',
          'DescribeScalableTargets',
          {
            ServiceNamespace: 'ecs',
            ScalableDimension: 'ecs:service:DesiredCount',
            ResourceIds: batch.map((name) => `service/${name}`),
          },
          'ScalableTargets',
          'NextToken',
        ),
      ),
    ),
  );
  if (found.includes(undefined)) return undefined;
  const ids = found.flatMap((targets = []) => targets.map(({ ResourceId }) => String(ResourceId)));
  return new Set(ids.map((id) => id.replace(/^service\//, '')));
}
