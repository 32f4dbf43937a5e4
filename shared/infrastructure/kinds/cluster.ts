import { differences, merged } from '../compare.ts';
import { type JsonObject, listAt, objectsAt, pick, present, textAt } from '../json.ts';
import {
  type Actual,
  arnIn,
  type Call,
  concerns,
  declares,
  type Kind,
  type Place,
  type Resource,
  removesTags,
} from '../kind.ts';
import { batches } from '../reading.ts';
import { tagChanges, tagDifferences, tagList, tagsForNew, tagsIn } from '../tags.ts';

/** ECS clusters: capacity providers, default strategy, Container Insights, ECS Exec. */

const UPDATED = ['settings', 'configuration', 'serviceConnectDefaults'];
const PROVIDERS = ['capacityProviders', 'defaultCapacityProviderStrategy'];
/** DescribeClusters takes 100. Source: ECS API reference. */
const MOST_DESCRIBED = 100;

export const cluster: Kind = {
  name: 'cluster',
  title: 'cluster',
  grants: {
    read: [{ actions: ['ecs:DescribeClusters'], on: arnOf }],
    write: [
      { actions: ['ecs:CreateCluster'] },
      { actions: ['ecs:UpdateCluster'], on: arnOf, when: declares(...UPDATED) },
      { actions: ['ecs:PutClusterCapacityProviders'], on: arnOf, when: declares(...PROVIDERS) },
      { actions: ['ecs:TagResource'], on: arnOf },
      { actions: ['ecs:UntagResource'], on: arnOf, when: removesTags },
    ],
  },

  async read(resources, aws) {
    const answers = await Promise.all(
      batches(resources, MOST_DESCRIBED).map((batch) =>
        aws('ecs', 'DescribeClusters', {
          clusters: batch.map(({ name }) => name),
          include: ['SETTINGS', 'CONFIGURATIONS', 'TAGS'],
        }),
      ),
    );
    const active = answers
      .flatMap((answer) => objectsAt(answer, 'clusters'))
      .filter(({ status }) => status !== 'INACTIVE');
    return new Map(active.map((view) => [textAt(view, 'clusterName') ?? '', actualOf(view)]));
  },

  compare(resource, actual) {
    const { capacityProviders: _, ...others } = resource.members;
    const missing = missingProviders(resource, actual);
    const providers = listAt(actual.members, 'capacityProviders');
    return [
      ...(missing.length > 0
        ? [{ path: 'capacityProviders', from: providers, to: [...providers, ...missing] }]
        : []),
      ...differences(others, actual.members),
      ...tagDifferences(resource.tags, actual.tags),
    ];
  },

  create(resource, { place }) {
    const members = Object.fromEntries(
      Object.entries(resource.members).filter(([, value]) => value !== null),
    );
    const tags = tagList(tagsForNew(resource, place));
    return { calls: [call('CreateCluster', { clusterName: resource.name, ...members, tags })] };
  },

  change(resource, actual, found) {
    const tags = tagChanges(found);
    const changed = UPDATED.filter((member) => concerns(found, member));
    const whole = merged(pick(resource.members, changed), pick(actual.members, changed));
    return {
      calls: [
        ...(changed.length > 0 ? [call('UpdateCluster', { cluster: resource.name, ...whole })] : []),
        ...(concerns(found, ...PROVIDERS) ? [putProviders(resource, actual)] : []),
        ...(Object.keys(tags.set).length > 0
          ? [call('TagResource', { resourceArn: actual.arn, tags: tagList(tags.set) })]
          : []),
        ...(tags.remove.length > 0
          ? [call('UntagResource', { resourceArn: actual.arn, tagKeys: tags.remove })]
          : []),
      ],
    };
  },
};

function arnOf({ name }: Resource, place: Place): string {
  return arnIn(place, 'ecs', `cluster/${name}`);
}

function call(operation: string, input: JsonObject): Call {
  return { service: 'ecs', operation, input: present(input) };
}

function actualOf(view: JsonObject): Actual {
  return {
    members: pick(view, [...UPDATED, ...PROVIDERS]),
    tags: tagsIn(view),
    arn: textAt(view, 'clusterArn') ?? '',
  };
}

function missingProviders({ members }: Resource, actual: Actual): readonly string[] {
  const existing = listAt(actual.members, 'capacityProviders');
  return listAt(members, 'capacityProviders')
    .map(String)
    .filter((name) => !existing.includes(name));
}

/** PutClusterCapacityProviders replaces both lists: what is not declared stays. */
function putProviders(resource: Resource, actual: Actual): Call {
  const declared = resource.members.defaultCapacityProviderStrategy;
  return call('PutClusterCapacityProviders', {
    cluster: resource.name,
    capacityProviders: [
      ...listAt(actual.members, 'capacityProviders'),
      ...missingProviders(resource, actual),
    ],
    defaultCapacityProviderStrategy:
      declared === null ? [] : (declared ?? listAt(actual.members, 'defaultCapacityProviderStrategy')),
  });
}
