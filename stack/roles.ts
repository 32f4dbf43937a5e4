import type { Configuration } from '../shared/domain/app.ts';
import { counted } from '../shared/domain/counted.ts';
import { auditPermissions } from './audit.ts';
import { type Breadth, NAMED } from './breadth.ts';
import { channelPermissions } from './channelPermissions.ts';
import {
  attribute,
  FUNCTIONS,
  type OwnResources,
  type Resource,
  type Resources,
  ref,
  roleLogicalId,
  stackName,
} from './names.ts';
import { ownPermissions, sharedPermissions } from './permissions.ts';
import { documentOf, fitInto, type Statement, sizeOf } from './policies.ts';

interface Widening {
  readonly change: Partial<Breadth>;
  readonly description: string;
}

/**
 * From the least to the most harmful: tags that only a new revision can get, then what can only be read, then what
 * has no effect until a service or a task uses it, and finally what changes, starts and stops.
 */
const WIDENINGS: readonly Widening[] = [
  { change: { revisionTags: 'all' }, description: 'tags of new revisions: all families' },
  {
    change: { logGroups: 'folder' },
    description: 'log groups: all with the prefix of a configured one, up to its last slash',
  },
  { change: { serviceRevisions: 'cluster' }, description: 'service revisions: all of the clusters' },
  { change: { logGroups: 'all' }, description: 'log groups: read access to all' },
  { change: { repositories: 'all' }, description: 'image repositories: read access to all' },
  { change: { families: 'all' }, description: 'new revisions: all families' },
  { change: { services: 'cluster' }, description: 'services and their revisions: all of the clusters' },
  {
    change: { taskFamilies: 'all' },
    description: 'tasks that can be started: all families, in the clusters',
  },
  { change: { services: 'all' }, description: 'services and their revisions: all' },
  { change: { clusters: 'all' }, description: 'clusters: all' },
];

/** IAM quotas: all inline policies of a role together, without white space. */
const LONGEST_INLINE = 10_240;
/** IAM quotas: one managed policy. */
const LONGEST_MANAGED = 6_144;
/** IAM quotas: managed policies of a role, by default. */
const MOST_MANAGED = 10;

interface Roles {
  readonly resources: Resources;
  /** Descriptions of the permissions that are broader than needed. */
  readonly widened: readonly string[];
}

/**
 * One role per function. Shared permissions that do not fit into the inline policies move to managed policies. Only
 * what does not fit there either is named more broadly.
 */
export function roles(configuration: Configuration): Roles {
  const { policies, widened } = narrowest(configuration);
  const [inline = [], ...others] = policies;
  const managed = managedPolicies(
    'SharedPermissions',
    others,
    'Permissions of all functions of Fairway that do not fit into their roles',
  );
  return {
    resources: {
      ...managed,
      ...Object.fromEntries(
        FUNCTIONS.map((name) => [
          roleLogicalId(name),
          role([...ownPermissions(name, configuration, ownResources()), ...inline], managed),
        ]),
      ),
      ...auditRole(configuration),
    },
    widened,
  };
}

/** The role of the function `audit` shares nothing with the others: it changes nothing but its memory in the table. */
function auditRole(configuration: Configuration): Resources {
  if (configuration.audit?.daily === undefined) return {};
  const own = ownResources();
  const statements = [
    ...ownPermissions('audit', configuration, own),
    ...channelPermissions(configuration, own),
    ...auditPermissions(configuration),
  ];
  const rooms = roomsBeside([]);
  const policies = fitInto(rooms, statements);
  if (policies === undefined) throw new Error(doesNotFit(stackName(configuration), rooms, statements));
  const [inline = [], ...others] = policies;
  const managed = managedPolicies(
    'AuditPermissions',
    others,
    'Permissions of the audit of Fairway that do not fit into its role',
  );
  return { ...managed, [roleLogicalId('audit')]: role(inline, managed) };
}

/** The sizes of the policies of a role, the inline one first, beside statements that are in the inline one. */
function roomsBeside(statements: readonly (readonly Statement[])[]): readonly number[] {
  const taken = Math.max(0, ...statements.map(sizeOf));
  return [LONGEST_INLINE - taken, ...Array<number>(MOST_MANAGED).fill(LONGEST_MANAGED)];
}

/** The policies that all roles share, as narrow as IAM's limits allow. The first is inline, the others are managed. */
function narrowest(configuration: Configuration): {
  readonly policies: readonly (readonly Statement[])[];
  readonly widened: readonly string[];
} {
  const rooms = roomsBeside(FUNCTIONS.map((name) => ownPermissions(name, configuration, ownResources())));
  const packed = (widenings: readonly Widening[]) =>
    fitInto(rooms, sharedPermissions(configuration, ownResources(), breadthOf(widenings)));

  let taken: readonly Widening[] = [];
  for (const widening of WIDENINGS) {
    if (packed(taken)) break;
    taken = [...taken, widening];
  }
  // A later widening can make earlier ones unnecessary: undo them, the most harmful first.
  for (const widening of [...taken].reverse()) {
    const fewer = taken.filter((other) => other !== widening);
    if (packed(fewer)) taken = fewer;
  }
  const policies = packed(taken);
  if (policies) return { policies, widened: taken.map(({ description }) => description) };
  const widest = sharedPermissions(configuration, ownResources(), breadthOf(WIDENINGS));
  throw new Error(doesNotFit(stackName(configuration), rooms, widest));
}

/** The error if the policies do not fit even with every widening: it shows the largest statements. */
function doesNotFit(stack: string, rooms: readonly number[], statements: readonly Statement[]): string {
  const room = rooms.reduce((sum, one) => sum + one, 0);
  const sizes = statements
    .map((statement) => ({ statement, size: sizeOf([statement]) }))
    .toSorted((a, b) => b.size - a.size);
  const needed = sizes.reduce((sum, { size }) => sum + size, 0);
  const largest = sizes
    .filter(({ size }) => size > needed / 10)
    .map(({ statement: { actions, resources }, size }) => {
      const what = counted(resources.length, 'resource');
      return `${actions.join(', ')} on ${what} (${size} characters)`;
    });
  const shared = sizes[0]?.statement.sid === 'PassRoles' ? 'let services share roles, or ' : '';
  return `failed to build the roles of ${stack}: their policies need ${needed} characters, and IAM allows ${room} (the inline policy and ${MOST_MANAGED} managed policies). Largest: ${largest.join('; ')}. To fix it, ${shared}split the configuration into several installations`;
}

function breadthOf(widenings: readonly Widening[]): Breadth {
  return Object.assign({}, NAMED, ...widenings.map(({ change }) => change));
}

function role(statements: readonly Statement[], managed: Resources): Resource {
  const names = Object.keys(managed);
  return {
    Type: 'AWS::IAM::Role',
    Properties: {
      AssumeRolePolicyDocument: {
        Version: '2012-10-17',
        Statement: [
          { Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' },
        ],
      },
      Policies: [{ PolicyName: 'fairway', PolicyDocument: documentOf(statements) }],
      ...(names.length === 0 ? {} : { ManagedPolicyArns: names.map(ref) }),
    },
  };
}

/** "SharedPermissions1", "SharedPermissions2", … */
function managedPolicies(
  prefix: string,
  policies: readonly (readonly Statement[])[],
  description: string,
): Resources {
  const named = policies.map((statements, index): [string, Resource] => [
    `${prefix}${index + 1}`,
    {
      Type: 'AWS::IAM::ManagedPolicy',
      Properties: {
        Description: description,
        PolicyDocument: documentOf(statements),
      },
    },
  ]);
  return Object.fromEntries(named);
}

/** References to what `resources.ts` creates. */
function ownResources(): OwnResources {
  return {
    table: attribute('Table', 'Arn'),
    dueIndex: { 'Fn::Join': ['', [attribute('Table', 'Arn'), '/index/due']] },
    topic: ref('Topic'),
    failures: attribute('FailedInvocations', 'Arn'),
    undelivered: attribute('UndeliveredEvents', 'Arn'),
  };
}
