import { isObject, listOf, objectAt, stringAt } from '../../local/stack/json.ts';
import type { Resource } from '../../local/stack/template.ts';
import { ofType } from './configurations.ts';

/** One statement of a role, with references resolved. */
interface Grant {
  readonly role: string;
  readonly effect: string;
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  readonly condition: object;
}

/** Every statement of every role, including those of its managed policies. */
export function grantsOf(resources: readonly Resource[]): readonly Grant[] {
  const managed = ofType(resources, 'AWS::IAM::ManagedPolicy');
  return ofType(resources, 'AWS::IAM::Role').flatMap((role) => {
    const attached = listOf(role.properties.ManagedPolicyArns);
    const policies = managed.filter(({ ref }) => attached.includes(ref));
    const documents = [
      ...inlineOf(role).map((policy) => policy.PolicyDocument),
      ...policies.map(({ properties }) => properties.PolicyDocument),
    ];
    return documents.flatMap((document) =>
      listOf(objectAt(document, 'policy').Statement).map((statement) => grantOf(role.logicalId, statement)),
    );
  });
}

function inlineOf(role: Resource) {
  return listOf(role.properties.Policies).map((policy) => objectAt(policy, role.logicalId));
}

function grantOf(role: string, statement: unknown): Grant {
  if (!isObject(statement)) throw new Error(`a statement of ${role} is not an object`);
  const texts = (key: string) => listOf(statement[key]).map((each) => stringAt(each, `${role}, ${key}`));
  return {
    role,
    effect: stringAt(statement.Effect, role),
    actions: texts('Action'),
    resources: texts('Resource'),
    condition: objectAt(statement.Condition, role),
  };
}
