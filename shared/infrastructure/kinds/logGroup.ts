import { differences } from '../compare.ts';
import { objectAt, objectsAt, omit, pick, present, textAt } from '../json.ts';
import {
  type Actual,
  type Aws,
  arnIn,
  type Call,
  concerns,
  type Kind,
  type Place,
  type Resource,
  removesTags,
  resets,
  sets,
} from '../kind.ts';
import { tagChanges, tagDifferences, tagsForNew } from '../tags.ts';

/** CloudWatch log groups: `retentionInDays`, and what can only be chosen when a group is created. */

const READ = ['retentionInDays', 'kmsKeyId', 'logGroupClass'];
const FIXED = ['kmsKeyId', 'logGroupClass'];

export const logGroup: Kind = {
  name: 'logGroup',
  title: 'log group',
  grants: {
    read: [{ actions: ['logs:DescribeLogGroups'] }, { actions: ['logs:ListTagsForResource'], on: arnOf }],
    write: [
      { actions: ['logs:CreateLogGroup', 'logs:TagResource'], on: arnOf },
      { actions: ['logs:PutRetentionPolicy'], on: arnOf, when: sets('retentionInDays') },
      { actions: ['logs:DeleteRetentionPolicy'], on: arnOf, when: resets('retentionInDays') },
      { actions: ['logs:UntagResource'], on: arnOf, when: removesTags },
    ],
  },

  async read(resources, aws) {
    const found = await Promise.all(resources.map((resource) => readGroup(resource, aws)));
    return new Map(found.flatMap((entry) => (entry === undefined ? [] : [entry])));
  },

  compare: (resource, actual) => [
    ...differences(resource.members, { logGroupClass: 'STANDARD', ...actual.members }),
    ...tagDifferences(resource.tags, actual.tags),
  ],

  create({ name, members, tags }, { place }) {
    const input = { ...pick(members, FIXED), logGroupName: name, tags: tagsForNew({ tags }, place) };
    return { calls: [call('CreateLogGroup', input), ...retention(name, members.retentionInDays)] };
  },

  change({ name, members }, { arn }, found) {
    const tags = tagChanges(found);
    const setTags = Object.keys(tags.set).length > 0;
    return {
      calls: [
        ...(concerns(found, 'retentionInDays') ? retention(name, members.retentionInDays, true) : []),
        ...(setTags ? [call('TagResource', { resourceArn: arn, tags: tags.set })] : []),
        ...(tags.remove.length > 0
          ? [call('UntagResource', { resourceArn: arn, tagKeys: tags.remove })]
          : []),
      ],
      byHand: concerns(found, ...FIXED)
        ? [
            `the class of a log group is fixed when it is created: create another log group; for a key, \`aws logs associate-kms-key --log-group-name ${name}\``,
          ]
        : [],
    };
  },
};

/** CloudWatch Logs checks permissions on the group with its streams. */
function arnOf({ name }: Resource, place: Place): string {
  return arnIn(place, 'logs', `log-group:${name}:*`);
}

function call(operation: string, input: Call['input']): Call {
  return { service: 'logs', operation, input: present(input) };
}

function retention(logGroupName: string, days: unknown, reset = false): readonly Call[] {
  if (typeof days === 'number') return [call('PutRetentionPolicy', { logGroupName, retentionInDays: days })];
  return days === null && reset ? [call('DeleteRetentionPolicy', { logGroupName })] : [];
}

async function readGroup({ name }: Resource, aws: Aws): Promise<[string, Actual] | undefined> {
  // Names are prefixes of others, and come sorted: the group itself is the first.
  const answer = await aws('logs', 'DescribeLogGroups', { logGroupNamePrefix: name, limit: 1 });
  const group = objectsAt(answer, 'logGroups').find((other) => other.logGroupName === name);
  if (group === undefined) return undefined;
  const arn = textAt(group, 'logGroupArn') ?? textAt(group, 'arn')?.replace(/:\*$/, '') ?? '';
  const listed = await aws('logs', 'ListTagsForResource', { resourceArn: arn });
  const tags = Object.fromEntries(
    Object.entries(omit(objectAt(listed, 'tags'), [])).map(([key, value]) => [key, String(value ?? '')]),
  );
  return [name, { members: pick(group, READ), tags, arn }];
}
