import { differences, merged } from '../compare.ts';
import { isObject, type JsonObject, objectAt, objectsAt, omit, pick, textAt } from '../json.ts';
import {
  type Actual,
  type Aws,
  type Call,
  concerns,
  declares,
  type Kind,
  type Resource,
  sets,
} from '../kind.ts';
import { batches, pages } from '../reading.ts';

/** Auto scaling of a service, named as the service: bounds, policies and scheduled actions by name. */

const SCOPE = { ServiceNamespace: 'ecs', ScalableDimension: 'ecs:service:DesiredCount' } as const;
const BOUNDS = ['MinCapacity', 'MaxCapacity', 'SuspendedState'];
/** DescribeScalableTargets answers at most 50. Source: Application Auto Scaling API reference. */
const MOST_DESCRIBED = 50;

/** Members of a described policy or scheduled action that a request does not take. */
const OUTPUT_ONLY = [
  'PolicyARN',
  'PolicyName',
  'ScheduledActionARN',
  'ScheduledActionName',
  'ServiceNamespace',
  'ResourceId',
  'ScalableDimension',
  'Alarms',
  'CreationTime',
];

export const scaling: Kind = {
  name: 'scaling',
  title: 'scaling',
  grants: {
    read: [
      {
        actions: [
          'application-autoscaling:DescribeScalableTargets',
          'application-autoscaling:DescribeScalingPolicies',
        ],
      },
      {
        actions: ['application-autoscaling:DescribeScheduledActions'],
        when: declares('scheduledActions'),
      },
    ],
    write: [
      { actions: ['application-autoscaling:RegisterScalableTarget'] },
      {
        actions: ['application-autoscaling:PutScalingPolicy'],
        when: ({ members }) => Object.keys(objectAt(members, 'policies')).length > 0,
      },
      { actions: ['application-autoscaling:PutScheduledAction'], when: sets('scheduledActions') },
    ],
  },

  async read(resources, aws) {
    const ids = resources.map(resourceId);
    const answers = await Promise.all(
      batches(ids, MOST_DESCRIBED).map((ResourceIds) =>
        aws('application-autoscaling', 'DescribeScalableTargets', { ...SCOPE, ResourceIds }),
      ),
    );
    const targets = new Map(
      answers
        .flatMap((answer) => objectsAt(answer, 'ScalableTargets'))
        .map((target) => [textAt(target, 'ResourceId') ?? '', target]),
    );
    const found = await Promise.all(
      resources.map(async (resource): Promise<readonly [string, Actual][]> => {
        const target = targets.get(resourceId(resource));
        return target === undefined ? [] : [[resource.name, await actualOf(resource, target, aws)]];
      }),
    );
    return new Map(found.flat());
  },

  compare: (resource, actual) => differences(resource.members, actual.members),

  create(resource, world) {
    const waitsFor = world.waitsFor('service', resource.name);
    if (waitsFor !== undefined) return { waitsFor };
    const { members } = resource;
    return {
      calls: [
        call('RegisterScalableTarget', resource, pick(members, BOUNDS)),
        ...Object.keys(objectAt(members, 'policies')).map((name) => putPolicy(resource, name)),
        ...Object.keys(objectAt(members, 'scheduledActions')).map((name) => putAction(resource, name)),
      ],
    };
  },

  change(resource, actual, found) {
    const { members } = resource;
    const changed = (member: string) =>
      Object.keys(objectAt(members, member)).filter((name) =>
        found.some(({ path }) => path === `${member}.${name}` || path.startsWith(`${member}.${name}.`)),
      );
    const isRemoved = (member: string, name: string) => objectAt(members, member)[name] === null;
    const removed = ['policies', 'scheduledActions'].flatMap((member) =>
      changed(member).filter((name) => isRemoved(member, name)),
    );
    return {
      calls: [
        ...(concerns(found, ...BOUNDS)
          ? [call('RegisterScalableTarget', resource, pick(members, BOUNDS))]
          : []),
        ...changed('policies')
          .filter((name) => !isRemoved('policies', name))
          .map((name) => putPolicy(resource, name, actual)),
        ...changed('scheduledActions')
          .filter((name) => !isRemoved('scheduledActions', name))
          .map((name) => putAction(resource, name, actual)),
      ],
      byHand: removed.map(
        (name) => `Fairway deletes nothing: delete ${name} of ${resourceId(resource)} by hand`,
      ),
    };
  },
};

function resourceId({ name }: Pick<Resource, 'name'>): string {
  return `service/${name}`;
}

function call(operation: string, resource: Resource, input: JsonObject): Call {
  return {
    service: 'application-autoscaling',
    operation,
    input: { ...SCOPE, ResourceId: resourceId(resource), ...input },
  };
}

function putPolicy(resource: Resource, PolicyName: string, actual?: Actual): Call {
  return call('PutScalingPolicy', resource, {
    PolicyName,
    ...whole('policies', PolicyName, resource, actual),
  });
}

function putAction(resource: Resource, ScheduledActionName: string, actual?: Actual): Call {
  const members = whole('scheduledActions', ScheduledActionName, resource, actual);
  return call('PutScheduledAction', resource, { ScheduledActionName, ...members });
}

function whole(member: string, name: string, { members }: Resource, actual: Actual | undefined): JsonObject {
  const declared = objectAt(objectAt(members, member), name);
  return merged(declared, objectAt(objectAt(actual?.members ?? {}, member), name));
}

async function actualOf({ members, name }: Resource, target: JsonObject, aws: Aws): Promise<Actual> {
  const ResourceId = resourceId({ name });
  const list = async (operation: string, member: string) =>
    pages(aws, 'application-autoscaling', operation, { ...SCOPE, ResourceId }, member, 'NextToken');
  const [policies, actions] = await Promise.all([
    isObject(members.policies) ? list('DescribeScalingPolicies', 'ScalingPolicies') : [],
    isObject(members.scheduledActions) ? list('DescribeScheduledActions', 'ScheduledActions') : [],
  ]);
  return {
    members: {
      ...pick(target, BOUNDS),
      policies: byName(policies, 'PolicyName'),
      scheduledActions: byName(actions, 'ScheduledActionName'),
    },
    tags: {},
    arn: textAt(target, 'ScalableTargetARN') ?? '',
  };
}

function byName(items: readonly JsonObject[], member: string): JsonObject {
  return Object.fromEntries(items.map((item) => [textAt(item, member) ?? '', omit(item, OUTPUT_ONLY)]));
}
