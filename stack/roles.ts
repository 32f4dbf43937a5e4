import type { Configuration } from '../shared/domain/app.ts';
import { attribute, FUNCTIONS, type Resource, type Resources, ref, roleLogicalId } from './names.ts';
import {
  type OwnResources,
  ownPermissions,
  passedRoles,
  type Statement,
  sharedPermissions,
} from './permissions.ts';
import { documentOf, fitInto, sizeOf } from './policies.ts';

/** How widely a role names its resources: one by one, unless IAM's size limits forbid it. */
export interface Breadth {
  readonly serviceRevisions: 'named' | 'cluster';
  readonly families: 'named' | 'all';
  readonly repositories: 'named' | 'all';
  readonly services: 'named' | 'cluster' | 'all';
  readonly clusters: 'named' | 'all';
}

export const NAMED: Breadth = {
  serviceRevisions: 'named',
  families: 'named',
  repositories: 'named',
  services: 'named',
  clusters: 'named',
};

interface Widening {
  readonly change: Partial<Breadth>;
  readonly said: string;
}

/** From what hurts least to what hurts most; each is said in the stack's outputs. */
const WIDENINGS: readonly Widening[] = [
  { change: { serviceRevisions: 'cluster' }, said: 'service revisions: all of the clusters' },
  { change: { repositories: 'all' }, said: 'image repositories: all may be read' },
  { change: { families: 'all' }, said: 'task definitions: all families' },
  { change: { services: 'cluster' }, said: 'services and their revisions: all of the clusters' },
  { change: { services: 'all' }, said: 'services and their revisions: all' },
  { change: { clusters: 'all' }, said: 'clusters: all' },
];

/** IAM quotas: all inline policies of a role together, without white space. */
export const LONGEST_INLINE = 10_240;
/** IAM quotas: one managed policy. */
export const LONGEST_MANAGED = 6_144;
/** IAM quotas: managed policies of a role, before it is raised. */
const MOST_MANAGED = 10;

export interface Roles {
  readonly resources: Resources;
  /** What had to be named more widely than it is used, in words; empty: nothing. */
  readonly widened: readonly string[];
}

/**
 * One role per function. What all functions need and the inline policies have no room for moves to managed policies,
 * and only what these have no room for is named more widely.
 */
export function roles(configuration: Configuration): Roles {
  const { policies, widened } = narrowest(configuration);
  const [inline = [], ...managed] = policies;
  return {
    resources: {
      ...Object.fromEntries(managed.map((some, index) => [managedLogicalId(index), managedPolicy(some)])),
      ...Object.fromEntries(
        FUNCTIONS.map((name) => [
          roleLogicalId(name),
          role([...ownPermissions(name, configuration, ownResources()), ...inline], managed.length),
        ]),
      ),
    },
    widened,
  };
}

/** The policies that all roles share, the first inline and the others managed, as narrow as IAM's limits allow. */
function narrowest(configuration: Configuration): {
  readonly policies: readonly (readonly Statement[])[];
  readonly widened: readonly string[];
} {
  const own = FUNCTIONS.map((name) => sizeOf(ownPermissions(name, configuration, ownResources())));
  const rooms = [LONGEST_INLINE - Math.max(...own), ...Array<number>(MOST_MANAGED).fill(LONGEST_MANAGED)];
  const packed = (widenings: readonly Widening[]) =>
    fitInto(rooms, sharedPermissions(configuration, ownResources(), breadthOf(widenings)));

  let taken: readonly Widening[] = [];
  for (const widening of WIDENINGS) {
    if (packed(taken)) break;
    taken = [...taken, widening];
  }
  // What was widened on the way to one that mattered more may be named again: what hurts most first.
  for (const widening of [...taken].reverse()) {
    const fewer = taken.filter((other) => other !== widening);
    if (packed(fewer)) taken = fewer;
  }
  const policies = packed(taken);
  if (policies) return { policies, widened: taken.map(({ said }) => said) };
  throw new Error(
    `failed to build the roles: ${passedRoles(configuration).length} task and execution roles do not fit ${MOST_MANAGED} managed policies; let services share roles, or split the configuration into several environments`,
  );
}

function breadthOf(widenings: readonly Widening[]): Breadth {
  return Object.assign({}, NAMED, ...widenings.map(({ change }) => change));
}

function role(statements: readonly Statement[], managed: number): Resource {
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
      ...(managed === 0
        ? {}
        : { ManagedPolicyArns: Array.from({ length: managed }, (_, index) => ref(managedLogicalId(index))) }),
    },
  };
}

function managedPolicy(statements: readonly Statement[]): Resource {
  return {
    Type: 'AWS::IAM::ManagedPolicy',
    Properties: {
      Description: 'What all functions of Fairway may do, where their roles have no room for it',
      PolicyDocument: documentOf(statements),
    },
  };
}

function managedLogicalId(index: number): string {
  return `SharedPermissions${index + 1}`;
}

/** References to what `resources.ts` creates. */
export function ownResources(): OwnResources {
  return {
    table: attribute('Table', 'Arn'),
    dueIndex: { 'Fn::Join': ['', [attribute('Table', 'Arn'), '/index/due']] },
    topic: ref('Topic'),
    failures: attribute('FailedInvocations', 'Arn'),
    undelivered: attribute('UndeliveredEvents', 'Arn'),
  };
}
