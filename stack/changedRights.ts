import { listOf, type Members, membersOf, propertiesOf, resourcesIn } from './templateData.ts';

/** How the rights of roles differ between two templates, whatever policies they are in. Pure. */

export interface RightsChange {
  /** Logical IDs of the roles whose rights change in the same way. */
  readonly roles: readonly string[];
  readonly gains: readonly Rights[];
  readonly loses: readonly Rights[];
}

/** Actions that are allowed, or denied, on the same resources. */
export interface Rights {
  readonly effect: 'Allow' | 'Deny';
  /** "ecs:RunTask", "all except iam:*". */
  readonly actions: readonly string[];
  /** "service/app-prod/web-app", the logical ID of a resource, "all except …". */
  readonly resources: readonly string[];
  /** As in the policy. */
  readonly condition?: unknown;
}

export function rightsChanges(deployed: unknown, next: unknown): readonly RightsChange[] {
  const [before, after] = [resourcesIn(deployed), resourcesIn(next)];
  const changes = new Map<string, RightsChange>();
  for (const role of [...new Set([...rolesIn(before), ...rolesIn(after)])]) {
    const [old, own] = [grantsOf(role, before), grantsOf(role, after)];
    const gains = grouped([...own].filter(([key]) => !old.has(key)).map(([, grant]) => grant));
    const loses = grouped([...old].filter(([key]) => !own.has(key)).map(([, grant]) => grant));
    if (gains.length === 0 && loses.length === 0) continue;
    const key = JSON.stringify([gains, loses]);
    changes.set(key, { roles: [...(changes.get(key)?.roles ?? []), role], gains, loses });
  }
  return [...changes.values()];
}

function rolesIn(resources: Members): readonly string[] {
  return Object.keys(resources).filter((id) => membersOf(resources[id]).Type === 'AWS::IAM::Role');
}

/** One action on one resource. */
interface Grant {
  readonly effect: 'Allow' | 'Deny';
  readonly action: string;
  readonly resource: string;
  readonly condition: unknown;
  /** The condition as text, to compare it. */
  readonly when: string;
}

/** The grants of a role's policies: in the role, and in policies of the stack that it has or that name it. */
function grantsOf(role: string, resources: Members): ReadonlyMap<string, Grant> {
  const { Policies, ManagedPolicyArns } = propertiesOf(resources[role]);
  const attached = listOf(ManagedPolicyArns).map((policy) => membersOf(policy).Ref);
  const naming = Object.keys(resources).filter((id) =>
    listOf(propertiesOf(resources[id]).Roles).some((named) => membersOf(named).Ref === role),
  );
  const documents = [
    ...listOf(Policies).map((policy) => membersOf(policy).PolicyDocument),
    ...[...attached, ...naming].map((id) => propertiesOf(resources[String(id)]).PolicyDocument),
  ];
  const grants = documents.flatMap((document) => listOf(membersOf(document).Statement).flatMap(grantsIn));
  return new Map(grants.map((grant) => [keyOf(grant), grant]));
}

function keyOf({ effect, action, resource, when }: Grant): string {
  return [effect, action, resource, when].join('\n');
}

function grantsIn(statement: unknown): readonly Grant[] {
  const { Effect, Action, NotAction, Resource, NotResource, Condition: condition } = membersOf(statement);
  const effect = Effect === 'Deny' ? 'Deny' : 'Allow';
  const actions = NotAction === undefined ? listOf(Action).map(String) : [allExcept(NotAction)];
  const resources = NotResource === undefined ? listOf(Resource).map(asText) : [allExcept(NotResource)];
  const when = condition === undefined ? '' : JSON.stringify(condition);
  return actions.flatMap((action) =>
    resources.map((resource) => ({ effect, action, resource, condition, when })),
  );
}

function allExcept(value: unknown): string {
  return `all except ${listOf(value).map(asText).toSorted().join(', ')}`;
}

/** First what is done to each resource, then the resources to which the same is done. */
function grouped(grants: readonly Grant[]): readonly Rights[] {
  const byResource = groupsOf(grants, ({ effect, resource, when }) => [effect, resource, when].join('\n'));
  const sameActions = byResource.map((group) => ({
    group,
    actions: group.map(({ action }) => action).toSorted(),
  }));
  return groupsOf(sameActions, ({ group: [first], actions }) =>
    [first?.effect, first?.when, ...actions].join('\n'),
  ).flatMap((same): Rights[] => {
    const [first] = same;
    const [grant] = first?.group ?? [];
    if (first === undefined || grant === undefined) return [];
    const resources = same.flatMap(({ group }) => group[0]?.resource ?? []).toSorted();
    const { effect, condition } = grant;
    return [{ effect, actions: first.actions, resources, ...(condition !== undefined && { condition }) }];
  });
}

function groupsOf<Item>(items: readonly Item[], keyed: (item: Item) => string): readonly Item[][] {
  const groups = new Map<string, Item[]>();
  for (const item of items) {
    const group = groups.get(keyed(item)) ?? [];
    group.push(item);
    groups.set(keyed(item), group);
  }
  return [...groups.values()];
}

/** The start of an ARN in the stack's own account. */
const OWN = /^arn:\$\{AWS::Partition\}:[\w-]+:(?:\$\{AWS::Region\})?:\$\{AWS::AccountId\}:/;

/** A value of a template as people read it: "service/app-prod/web-app", or the logical ID of a resource. */
function asText(value: unknown): string {
  const { 'Fn::Sub': text = value, Ref: id, 'Fn::GetAtt': attribute } = membersOf(value);
  if (typeof text === 'string') return text.replace(OWN, '');
  const [logicalId = id] = listOf(attribute);
  return typeof logicalId === 'string' ? logicalId : JSON.stringify(value);
}
