import { type Difference, differences } from '../compare.ts';
import { isObject, type JsonObject, parsed, pick, present, textAt } from '../json.ts';
import {
  type Actual,
  type Aws,
  arnIn,
  type Call,
  concerns,
  declares,
  type Kind,
  type Place,
  type Resource,
  removesTags,
  resets,
  sets,
  type World,
} from '../kind.ts';
import { checkLifecycle, type LifecycleCheck } from '../lifecycleCheck.ts';
import { pages, unless } from '../reading.ts';
import { tagChanges, tagDifferences, tagList, tagsForNew, tagsIn } from '../tags.ts';

/** ECR repositories, with lifecycle policy and repository policy as JSON in place of their texts. */

const CREATED_WITH = [
  'imageTagMutability',
  'imageTagMutabilityExclusionFilters',
  'imageScanningConfiguration',
  'encryptionConfiguration',
];
const POLICIES = ['lifecyclePolicy', 'repositoryPolicy'] as const;
const MUTABILITY = ['imageTagMutability', 'imageTagMutabilityExclusionFilters'];

export const repository: Kind = {
  name: 'repository',
  title: 'repository',
  grants: {
    read: [
      { actions: ['ecr:DescribeRepositories'] },
      { actions: ['ecr:ListTagsForResource', 'ecr:DescribeImages'], on: arnOf },
      { actions: ['ecr:GetLifecyclePolicy'], on: arnOf, when: declares('lifecyclePolicy') },
      { actions: ['ecr:GetRepositoryPolicy'], on: arnOf, when: declares('repositoryPolicy') },
    ],
    write: [
      // CreateRepository with tags needs ecr:TagResource, too. Source: Service Authorization Reference, Amazon ECR.
      { actions: ['ecr:CreateRepository', 'ecr:TagResource'], on: arnOf },
      { actions: ['ecr:PutImageTagMutability'], on: arnOf, when: declares(...MUTABILITY) },
      {
        actions: ['ecr:PutImageScanningConfiguration'],
        on: arnOf,
        when: declares('imageScanningConfiguration'),
      },
      { actions: ['ecr:PutLifecyclePolicy'], on: arnOf, when: sets('lifecyclePolicy') },
      { actions: ['ecr:DeleteLifecyclePolicy'], on: arnOf, when: resets('lifecyclePolicy') },
      { actions: ['ecr:SetRepositoryPolicy'], on: arnOf, when: sets('repositoryPolicy') },
      { actions: ['ecr:DeleteRepositoryPolicy'], on: arnOf, when: resets('repositoryPolicy') },
      { actions: ['ecr:UntagResource'], on: arnOf, when: removesTags },
    ],
  },

  async read(resources, aws) {
    const names = new Map(resources.map((resource) => [resource.name, resource]));
    const all = names.size === 0 ? [] : await pages(aws, 'ecr', 'DescribeRepositories', {}, 'repositories');
    const found = await Promise.all(
      all.map(async (view): Promise<readonly [string, Actual][]> => {
        const resource = names.get(textAt(view, 'repositoryName') ?? '');
        return resource === undefined ? [] : [[resource.name, await readOne(resource, view, aws)]];
      }),
    );
    return new Map(found.flat());
  },

  compare: (resource, actual) => [
    ...differences(resource.members, actual.members),
    ...tagDifferences(resource.tags, actual.tags),
  ],

  create(resource, { place }) {
    const { name, members } = resource;
    const tags = tagList(tagsForNew(resource, place), 'upper');
    const input = { repositoryName: name, ...declaredOnly(pick(members, CREATED_WITH)), tags };
    return {
      calls: [
        call('CreateRepository', input),
        ...POLICIES.filter((policy) => members[policy] !== null).flatMap((policy) =>
          putPolicy(resource, policy),
        ),
      ],
    };
  },

  change(resource, { arn }, found, world) {
    const { name, members } = resource;
    const tags = tagChanges(found);
    const set = Object.keys(tags.set).length > 0;
    const { refused, notes } = lifecycleOf(resource, found, world);
    return {
      calls: [
        ...(concerns(found, ...MUTABILITY)
          ? [call('PutImageTagMutability', { repositoryName: name, ...mutabilityOf(members) })]
          : []),
        ...(concerns(found, 'imageScanningConfiguration')
          ? [
              call('PutImageScanningConfiguration', {
                repositoryName: name,
                imageScanningConfiguration: members.imageScanningConfiguration ?? { scanOnPush: false },
              }),
            ]
          : []),
        ...POLICIES.filter((policy) => concerns(found, policy))
          .filter((policy) => policy !== 'lifecyclePolicy' || refused === undefined)
          .flatMap((policy) => putPolicy(resource, policy)),
        ...(set ? [call('TagResource', { resourceArn: arn, tags: tagList(tags.set, 'upper') })] : []),
        ...(tags.remove.length > 0
          ? [call('UntagResource', { resourceArn: arn, tagKeys: tags.remove })]
          : []),
      ],
      byHand: [
        ...(concerns(found, 'encryptionConfiguration')
          ? [
              `the encryption of a repository is fixed when it is created: create another repository and copy the images of ${name} to it`,
            ]
          : []),
        ...(refused === undefined ? [] : [refused]),
      ],
      notes,
    };
  },
};

/** A policy that would remove an image in use is not set. */
function lifecycleOf(
  { name, members }: Resource,
  found: readonly Difference[],
  world: World,
): LifecycleCheck {
  const listing = world.listing(name);
  const policy = members.lifecyclePolicy;
  if (listing === undefined || !isObject(policy) || !concerns(found, 'lifecyclePolicy')) return { notes: [] };
  return checkLifecycle(policy, listing);
}

function arnOf({ name }: Resource, place: Place): string {
  return arnIn(place, 'ecr', `repository/${name}`);
}

function call(operation: string, input: JsonObject): Call {
  return { service: 'ecr', operation, input: present(input) };
}

/** A new resource has nothing to reset. */
function declaredOnly(members: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== null));
}

function mutabilityOf(members: JsonObject): JsonObject {
  return {
    imageTagMutability: members.imageTagMutability ?? 'MUTABLE',
    ...declaredOnly(pick(members, ['imageTagMutabilityExclusionFilters'])),
  };
}

function putPolicy({ name, members }: Resource, member: (typeof POLICIES)[number]): readonly Call[] {
  const policy = members[member];
  const repositoryName = name;
  if (policy === undefined) return [];
  if (member === 'lifecyclePolicy') {
    return policy === null
      ? [call('DeleteLifecyclePolicy', { repositoryName })]
      : [call('PutLifecyclePolicy', { repositoryName, lifecyclePolicyText: JSON.stringify(policy) })];
  }
  return policy === null
    ? [call('DeleteRepositoryPolicy', { repositoryName })]
    : [call('SetRepositoryPolicy', { repositoryName, policyText: JSON.stringify(policy) })];
}

async function readOne({ name, members }: Resource, view: JsonObject, aws: Aws): Promise<Actual> {
  const arn = textAt(view, 'repositoryArn') ?? '';
  const [listed, lifecycle, access] = await Promise.all([
    aws('ecr', 'ListTagsForResource', { resourceArn: arn }),
    members.lifecyclePolicy === undefined ? undefined : readLifecycle(name, aws),
    members.repositoryPolicy === undefined ? undefined : readAccess(name, aws),
  ]);
  const policies = present({ lifecyclePolicy: lifecycle, repositoryPolicy: access });
  return { members: { ...pick(view, CREATED_WITH), ...policies }, tags: tagsIn(listed), arn };
}

async function readLifecycle(repositoryName: string, aws: Aws): Promise<JsonObject | undefined> {
  const call = aws('ecr', 'GetLifecyclePolicy', { repositoryName });
  return documentIn(await unless('LifecyclePolicyNotFoundException', call), 'lifecyclePolicyText');
}

async function readAccess(repositoryName: string, aws: Aws): Promise<JsonObject | undefined> {
  const call = aws('ecr', 'GetRepositoryPolicy', { repositoryName });
  return documentIn(await unless('RepositoryPolicyNotFoundException', call), 'policyText');
}

function documentIn(answer: JsonObject | undefined, member: string): JsonObject | undefined {
  const value = parsed(textAt(answer ?? {}, member) ?? '');
  return isObject(value) ? value : undefined;
}
