import { DEPLOYING_SETTINGS, FORCED_BY } from '../../domain/deployingSettings.ts';
import { type Difference, differences, merged } from '../compare.ts';
import { type Json, type JsonObject, objectAt, omit, pick, present, textAt } from '../json.ts';
import {
  type Actual,
  arnIn,
  type Call,
  declares,
  type Kind,
  memberOfPath,
  type Place,
  type Resource,
  removesTags,
  type World,
} from '../kind.ts';
import { stackFirst } from '../stackFirst.ts';
import { tagChanges, tagDifferences, tagList, tagsForNew } from '../tags.ts';
import { partsOf, readServices } from './serviceReading.ts';
import { contentDifferences } from './taskDefinition.ts';

/** ECS services, named "CLUSTER/SERVICE". `desiredCount` counts only when a service is created. */

/** Members that are read where they are declared. */
export const DECLARED_ONLY: JsonObject = { gatewayConnectors: [], monitoring: {} };

const DEPLOYING = new Set(['taskDefinition', ...DEPLOYING_SETTINGS]);

/** Members that UpdateService does not take. Source: ECS API model. */
const FIXED = ['launchType', 'schedulingStrategy', 'role'];

/** What `null` sets a member to, since UpdateService keeps what a request leaves out. */
const RESETS: JsonObject = {
  capacityProviderStrategy: [],
  enableECSManagedTags: false,
  enableExecuteCommand: false,
  healthCheckGracePeriodSeconds: 0,
  loadBalancers: [],
  placementConstraints: [],
  placementStrategy: [],
  platformVersion: 'LATEST',
  propagateTags: 'NONE',
  serviceConnectConfiguration: { enabled: false },
  serviceRegistries: [],
  volumeConfigurations: [],
  vpcLatticeConfigurations: [],
};

/** Both on, unless they are declared: a deployment that fails is rolled back. */
const NEW_SERVICE: JsonObject = {
  deploymentConfiguration: { deploymentCircuitBreaker: { enable: true, rollback: true } },
};

export const service: Kind = {
  name: 'service',
  title: 'service',
  grants: {
    read: [
      { actions: ['ecs:DescribeServices'], on: arnOf },
      // Checked on the service and on the revision. Source: Service Authorization Reference, Amazon ECS.
      { actions: ['ecs:DescribeServiceRevisions'], on: arnOf, when: declares(...Object.keys(DECLARED_ONLY)) },
      {
        actions: ['ecs:DescribeServiceRevisions'],
        on: revisionsOf,
        when: declares(...Object.keys(DECLARED_ONLY)),
      },
      { actions: ['ecs:DescribeTaskDefinition'] },
    ],
    write: [
      { actions: ['ecs:CreateService', 'ecs:UpdateService', 'ecs:TagResource'], on: arnOf },
      { actions: ['ecs:UntagResource'], on: arnOf, when: removesTags },
    ],
  },

  read: readServices,

  compare(resource, actual, world) {
    const members = omit(withResets(resource.members), ['desiredCount', 'taskDefinition']);
    return [
      ...definitionDifference(resource, actual, world),
      ...differences(members, { ...RESETS, ...actual.members }),
      ...tagDifferences(resource.tags, actual.tags),
    ];
  },

  create(resource, world) {
    const family = familyOf(resource);
    const waitsFor = world.waitsFor('taskDefinition', family);
    if (waitsFor !== undefined) return { waitsFor };
    const members = Object.fromEntries(
      Object.entries(resource.members).filter(([, value]) => value !== null),
    );
    const { cluster, name } = partsOf(resource.name);
    return {
      calls: [
        call('CreateService', {
          cluster,
          serviceName: name,
          ...(isRolling(members) ? merged(members, NEW_SERVICE) : members),
          tags: tagList(tagsForNew(resource, world.place)),
        }),
      ],
    };
  },

  change(resource, actual, found, world) {
    const members = [...new Set(found.map(({ path }) => memberOfPath(path)))].filter(
      (name) => name !== 'tags',
    );
    const app = world.appOfService(resource.name);
    const deploying = app === undefined ? [] : members.filter((member) => DEPLOYING.has(member));
    const fixed = members.filter((member) => FIXED.includes(member));
    const sent = members.filter((member) => !FIXED.includes(member) && !deploying.includes(member));
    const changed = deploying.filter((member) => member !== 'taskDefinition');
    const passing = changed.filter((member) => namesRole(settingsOf(resource, actual, [member])));
    const settings = changed.filter((member) => !passing.includes(member));
    const releases = settings.length > 0 || deploying.includes('taskDefinition');
    const service = partsOf(resource.name).name;
    const { refused, notes } = deploying.includes('taskDefinition')
      ? stackFirst(
          service,
          familyOf(resource),
          world.declared('taskDefinition', familyOf(resource))?.members,
          actual,
          world.rightsFor(resource.name),
        )
      : { refused: undefined, notes: [] };
    return {
      calls: [...(sent.length > 0 ? [update(resource, actual, sent)] : []), ...tagCalls(actual, found)],
      byHand: [
        ...fixed.map((member) => fixedMember(member, resource)),
        ...passing.map((member) => passingMember(member, resource, app)),
        ...(refused === undefined ? [] : [refused]),
      ],
      notes,
      ...(app !== undefined && releases && refused === undefined
        ? {
            release: {
              app,
              service,
              ...(deploying.includes('taskDefinition') ? { family: familyOf(resource) } : {}),
              ...(settings.length > 0 ? { settings: settingsOf(resource, actual, settings) } : {}),
            },
          }
        : {}),
    };
  },
};

function arnOf({ name }: Resource, place: Place): string {
  return arnIn(place, 'ecs', `service/${name}`);
}

function revisionsOf({ name }: Resource, place: Place): string {
  return arnIn(place, 'ecs', `service-revision/${name}/*`);
}

function fixedMember(member: string, { name }: Resource): string {
  return `${member} is fixed when a service is created: create another service and delete ${name}`;
}

/** The functions may pass the roles of task definitions, no others: a release could not send it, or not restore it. */
function passingMember(member: string, { name }: Resource, app = ''): string {
  return `${member} names a role that the functions may not pass: run \`fairway hold ${app}\`, change it with your own credentials (\`aws ecs update-service --service ${partsOf(name).name} …\`), then run \`fairway resume ${app}\``;
}

function namesRole(value: Json | undefined): boolean {
  if (value === undefined || value === null || typeof value !== 'object') return false;
  return Object.entries(value).some(([key, below]) => key === 'roleArn' || namesRole(below));
}

/** Whole blocks, as UpdateService takes them, and those that a rollback restores. */
function settingsOf(resource: Resource, actual: Actual, members: readonly string[]) {
  const before = pick(actual.members, members);
  const forced = members.includes(FORCED_BY.member) ? { [FORCED_BY.with]: true } : {};
  return {
    to: { ...merged(pick(withResets(resource.members), members), before), ...forced },
    from: { ...pick({ ...RESETS, ...DECLARED_ONLY }, members), ...before, ...forced },
  };
}

/** "web-app" of "web-app", "web-app:3" and an ARN. */
function familyOf({ members }: Resource): string {
  const reference = textAt(members, 'taskDefinition') ?? '';
  return /([^/]+?)(?::\d+)?$/.exec(reference)?.[1] ?? reference;
}

function call(operation: string, input: JsonObject): Call {
  return { service: 'ecs', operation, input: present(input) };
}

function isRolling(members: JsonObject): boolean {
  const strategy = objectAt(members, 'deploymentConfiguration').strategy ?? 'ROLLING';
  return strategy === 'ROLLING' && (objectAt(members, 'deploymentController').type ?? 'ECS') === 'ECS';
}

function withResets(members: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(members).map(([member, value]) => [
      member,
      value === null ? (RESETS[member] ?? null) : value,
    ]),
  );
}

/** Sends whole blocks: UpdateService resets the members of a block that a request leaves out. */
function update(resource: Resource, actual: Actual, members: readonly string[]): Call {
  const { cluster, name } = partsOf(resource.name);
  const whole = settingsOf(resource, actual, members).to;
  return call('UpdateService', { cluster, service: name, ...whole });
}

function tagCalls({ arn }: Actual, found: readonly Difference[]): readonly Call[] {
  const tags = tagChanges(found);
  return [
    ...(Object.keys(tags.set).length > 0
      ? [call('TagResource', { resourceArn: arn, tags: tagList(tags.set) })]
      : []),
    ...(tags.remove.length > 0 ? [call('UntagResource', { resourceArn: arn, tagKeys: tags.remove })] : []),
  ];
}

/** Whether the service runs its family, in a revision that is as declared. */
function definitionDifference(resource: Resource, actual: Actual, world: World): readonly Difference[] {
  const declared = textAt(resource.members, 'taskDefinition');
  if (declared === undefined) return [];
  const running = textAt(actual.members, 'taskDefinition')?.split('/').pop() ?? '';
  const family = familyOf(resource);
  const isRevision = /:\d+$/.test(declared);
  if (isRevision && running !== declared.split('/').pop())
    return [{ path: 'taskDefinition', from: running, to: declared }];
  if (running.replace(/:\d+$/, '') !== family) return [{ path: 'taskDefinition', from: running, to: family }];
  const definition = isRevision ? undefined : world.declared('taskDefinition', family);
  if (definition === undefined || actual.running === undefined) return [];
  const found = contentDifferences({ ...definition, tags: {} }, { members: actual.running, tags: {} });
  if (found.length === 0) return [];
  const changed = found.map(({ path }) => path).join(', ');
  return [{ path: 'taskDefinition', from: running, to: `${family}, with the declared ${changed}` }];
}
