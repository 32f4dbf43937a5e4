import { isSame } from '../shared/domain/data.ts';
import { METADATA } from './installation.ts';

/** What a deployment changes, from the deployed template and the one that would be deployed. Pure. */

export interface StackChanges {
  /** Versions of Fairway. `from` is absent: the stack does not exist, or was deployed by an early version. */
  readonly version: { readonly from?: string; readonly to: string };
  /** Whether all functions get other code, and whether they get another configuration. */
  readonly code: boolean;
  readonly configuration: boolean;
  /** One for each role that changes. */
  readonly rights: readonly RightsChange[];
  readonly resources: readonly ResourceChange[];
  /** Why it must not be deployed, one sentence each. */
  readonly refused: readonly string[];
}

export interface RightsChange {
  readonly role: string;
  /** "ecs:RunTask on arn:…". */
  readonly gains: readonly string[];
  readonly loses: readonly string[];
}

export interface ResourceChange {
  readonly action: 'add' | 'remove' | 'change';
  readonly id: string;
  readonly type: string;
  /** The properties that change. */
  readonly properties: readonly string[];
}

type Members = Readonly<Record<string, unknown>>;

/** Resources that only the Serverless Framework has. */
const OF_FRAMEWORK = /^ServerlessDeploymentBucket/;
/** Properties of a table that CloudFormation cannot change in place. Source: its reference, "Update requires". */
const FIXED_IN_TABLES = ['TableName', 'KeySchema', 'LocalSecondaryIndexes', 'ImportSourceSpecification'];

/** @param deployed the template of the stack; undefined: the stack does not exist */
export function changesOf(deployed: unknown, next: unknown): StackChanges {
  const [before, after] = [signatureIn(deployed), signatureIn(next)];
  const changes = differences(resourcesIn(deployed), resourcesIn(next));
  const isNew = deployed === undefined;
  return {
    version: { ...(before.version !== undefined && { from: before.version }), to: after.version ?? '' },
    code: isNew || before.version !== after.version,
    configuration: isNew || before.configuration !== after.configuration,
    rights: changes.flatMap(rightsOf),
    resources: changes.filter((change) => !isRole(change)).map(withoutResources),
    refused: changes.flatMap(refusalOf),
  };
}

/** Whether a deployment would change nothing. */
export function isUnchanged({ code, configuration, rights, resources }: StackChanges): boolean {
  return !code && !configuration && rights.length === 0 && resources.length === 0;
}

/** Version and digest of the configuration that a template was made with. */
export function signatureIn(template: unknown): {
  readonly version?: string;
  readonly configuration?: string;
} {
  const { version, configuration } = membersOf(membersOf(membersOf(template).Metadata)[METADATA]);
  return {
    ...(typeof version === 'string' && { version }),
    ...(typeof configuration === 'string' && { configuration }),
  };
}

/** The names that a template gives its functions, sorted. */
export function functionNamesIn(template: unknown): readonly string[] {
  const properties = Object.values(resourcesIn(template)).map((resource) => {
    const { Type, Properties } = membersOf(resource);
    return Type === 'AWS::Lambda::Function' ? membersOf(Properties) : {};
  });
  return properties.flatMap(({ FunctionName: name }) => (typeof name === 'string' ? [name] : [])).toSorted();
}

interface Difference extends ResourceChange {
  readonly before?: Members;
  readonly after?: Members;
}

function differences(deployed: Members, next: Members): readonly Difference[] {
  const ids = [...new Set([...Object.keys(deployed), ...Object.keys(next)])];
  return ids
    .filter((id) => !OF_FRAMEWORK.test(id))
    .flatMap((id): Difference[] => {
      const before = membersOf(deployed[id]);
      const after = membersOf(next[id]);
      const type = String(after.Type ?? before.Type);
      if (deployed[id] === undefined) return [{ action: 'add', id, type, properties: [], after }];
      if (next[id] === undefined) return [{ action: 'remove', id, type, properties: [], before }];
      const properties = changedProperties(before, after);
      return properties.length === 0 ? [] : [{ action: 'change', id, type, properties, before, after }];
    });
}

/** What says only that the code is another one: archives have other names each time, a description has the version. */
const OF_CODE = ['Code', 'Description'];

/** The order of creation is no property. */
function changedProperties(before: Members, after: Members): readonly string[] {
  const [old, own] = [membersOf(before.Properties), membersOf(after.Properties)];
  const names = [...new Set([...Object.keys(old), ...Object.keys(own)])];
  const ofCode = after.Type === 'AWS::Lambda::Function' ? OF_CODE : [];
  const changed = names.filter((name) => !ofCode.includes(name) && !isSame(old[name], own[name]));
  return before.Type === after.Type ? changed : ['Type', ...changed];
}

function withoutResources({ before: _, after: __, ...change }: Difference): ResourceChange {
  return change;
}

function isRole({ type }: ResourceChange): boolean {
  return /^AWS::IAM::(?:Role|Policy|ManagedPolicy)$/.test(type);
}

function rightsOf(change: Difference): readonly RightsChange[] {
  if (!isRole(change)) return [];
  const [before, after] = [rightsIn(change.before), rightsIn(change.after)];
  const gains = after.filter((right) => !before.includes(right));
  const loses = before.filter((right) => !after.includes(right));
  const others = change.properties.filter((name) => !/^Polic/.test(name)).map((name) => `another ${name}`);
  return [{ role: change.id, gains: [...gains, ...others], loses }];
}

/** "ecs:RunTask on arn:…" for each action of a role or policy. */
function rightsIn(resource: Members | undefined): readonly string[] {
  const { Policies, PolicyDocument } = membersOf(resource?.Properties);
  const documents = [...listOf(Policies).map((policy) => membersOf(policy).PolicyDocument), PolicyDocument];
  const statements = documents.flatMap((document) => listOf(membersOf(document).Statement));
  return statements.flatMap((statement) => {
    const { Effect, Action, Resource, Condition } = membersOf(statement);
    const where = listOf(Resource).map(asText).join(', ');
    const condition = Condition === undefined ? '' : ` if ${JSON.stringify(Condition)}`;
    const deny = Effect === 'Deny' ? 'not ' : '';
    return listOf(Action).map((action) => `${deny}${String(action)} on ${where}${condition}`);
  });
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

/** A table that is replaced or removed takes the state of all apps with it. */
function refusalOf({ action, id, type, properties, before }: Difference): readonly string[] {
  if (action === 'add' || before?.Type !== 'AWS::DynamoDB::Table') return [];
  if (action === 'remove') return [`the table ${id} would be removed, with the state of all apps`];
  const fixed = type === before.Type ? properties.filter((name) => FIXED_IN_TABLES.includes(name)) : ['Type'];
  if (fixed.length === 0) return [];
  return [
    `the table ${id} would be replaced, since its ${fixed.join(' and ')} changes: the state of all apps would be lost`,
  ];
}

function resourcesIn(template: unknown): Members {
  return membersOf(membersOf(template).Resources);
}

function listOf(value: unknown): readonly unknown[] {
  if (value === undefined) return [];
  return Array.isArray(value) ? value : [value];
}

function membersOf(value: unknown): Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {};
}
