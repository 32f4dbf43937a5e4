import type { Configuration } from '../shared/domain/app.ts';
import {
  attribute,
  FUNCTIONS,
  type FunctionName,
  longest,
  pascal,
  type Resource,
  type Resources,
  ref,
  roleLogicalId,
  sub,
  type Template,
} from './names.ts';
import { type OwnResources, passedRoles, passRole, permissionsOf, type Statement } from './permissions.ts';

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
/** Room for the names and the frame of a policy document. */
const FRAME = 100;

export interface Roles {
  readonly resources: Resources;
  /** What had to be named more widely than it is used, in words; empty: nothing. */
  readonly widened: readonly string[];
}

/** One role per function. PassRole is never widened: roles that do not fit move to managed policies. */
export function roles(configuration: Configuration): Roles {
  const passed = passedRoles(configuration);
  const chunks = chunksOfRoles(passed);
  const inline = passed.length > 0 && sizeOf([passRole(passed)]) <= LONGEST_INLINE / 3;
  const extra = inline ? [passRole(passed)] : [];
  const managed = inline ? [] : chunks;
  if (managed.length > MOST_MANAGED) {
    throw new Error(
      `failed to build the roles: ${passed.length} task and execution roles do not fit ${MOST_MANAGED} managed policies; let services share roles, or split the configuration into several environments`,
    );
  }

  const { breadth, widened } = narrowest(configuration, extra);
  const policies = managed.map((some, index): [string, Resource] => [
    managedLogicalId(index),
    {
      Type: 'AWS::IAM::ManagedPolicy',
      Properties: {
        Description: 'Roles that Fairway hands to ECS',
        PolicyDocument: documentOf([passRole(some)]),
      },
    },
  ]);
  const all = FUNCTIONS.map((name): [string, Resource] => [
    roleLogicalId(name),
    role([...permissionsOf(name, configuration, ownResources(), breadth), ...extra], managed.length),
  ]);
  return { resources: Object.fromEntries([...policies, ...all]), widened };
}

/** The narrowest breadth with which every function's role fits IAM's limit. */
export function narrowest(
  configuration: Configuration,
  extra: readonly Statement[],
): { readonly breadth: Breadth; readonly widened: readonly string[] } {
  const fits = (breadth: Breadth): boolean =>
    FUNCTIONS.every(
      (name: FunctionName) =>
        sizeOf([...permissionsOf(name, configuration, ownResources(), breadth), ...extra]) <= LONGEST_INLINE,
    );
  let taken: readonly Widening[] = [];
  for (const widening of WIDENINGS) {
    if (fits(breadthOf(taken))) break;
    taken = [...taken, widening];
  }
  // What was widened on the way to one that mattered more may be named again: what hurts most first.
  for (const widening of [...taken].reverse()) {
    const fewer = taken.filter((other) => other !== widening);
    if (fits(breadthOf(fewer))) taken = fewer;
  }
  const breadth = breadthOf(taken);
  if (fits(breadth)) return { breadth, widened: taken.map(({ said }) => said) };
  throw new Error('failed to build the roles: even with every resource widened they exceed what IAM allows');
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

function managedLogicalId(index: number): string {
  return `${pascal('pass-roles')}${index + 1}`;
}

function documentOf(statements: readonly Statement[]): Template {
  return {
    Version: '2012-10-17',
    Statement: statements.map(({ sid, actions, resources, conditions }) => ({
      Sid: sid,
      Effect: 'Allow',
      Action: actions,
      Resource: resources.map((resource) => (typeof resource === 'string' ? sub(resource) : resource)),
      ...(conditions === undefined ? {} : { Condition: conditions }),
    })),
  };
}

/** Characters of a policy at its longest. */
export function sizeOf(statements: readonly Statement[]): number {
  return longest(documentOf(statements)).length + FRAME;
}

function chunksOfRoles(arns: readonly string[]): readonly (readonly string[])[] {
  const chunks: string[][] = [];
  for (const arn of arns) {
    const last = chunks[chunks.length - 1];
    if (last !== undefined && sizeOf([passRole([...last, arn])]) <= LONGEST_MANAGED) last.push(arn);
    else chunks.push([arn]);
  }
  return chunks;
}

/** References to what `resources.ts` creates. */
export function ownResources(): OwnResources {
  return {
    table: attribute('Table', 'Arn'),
    dueIndex: { 'Fn::Join': ['', [attribute('Table', 'Arn'), '/index/due']] },
    topic: ref('Topic'),
    failures: attribute('FailedInvocations', 'Arn'),
  };
}
