import { isSame } from '../shared/domain/data.ts';
import { type RightsChange, rightsChanges } from './changedRights.ts';
import { METADATA } from './installation.ts';
import { replacingIn } from './replacements.ts';
import { type Members, membersOf, propertiesOf, resourcesIn } from './templateData.ts';
import { skippedVersions } from './versionSteps.ts';

/** What a deployment changes, from the deployed template and the one that would be deployed. Pure. */

export interface StackChanges {
  /** Versions of Fairway. `from` is absent: the stack does not exist, or was deployed by an early version. */
  readonly version: { readonly from?: string; readonly to: string };
  /** Whether all functions get other code, and whether they get another configuration. */
  readonly code: boolean;
  readonly configuration: boolean;
  readonly rights: readonly RightsChange[];
  readonly resources: readonly ResourceChange[];
  /** Why it must not be deployed, one sentence each. */
  readonly refused: readonly string[];
}

export interface ResourceChange {
  readonly action: 'add' | 'remove' | 'change';
  readonly id: string;
  readonly type: string;
  /** The properties, and the policies on deletion and replacement, that change. */
  readonly properties: readonly string[];
  /** Those that CloudFormation cannot change in place: it replaces the resource. */
  readonly replacing: readonly string[];
}

/** Resources that only the Serverless Framework or the CDK adds. */
const OF_FRAMEWORK = /^(?:ServerlessDeploymentBucket|CDKMetadata)/;
/** Beside the properties. The order of creation and the metadata of a resource change nothing in AWS. */
const ATTRIBUTES = ['DeletionPolicy', 'UpdateReplacePolicy', 'Condition'];

/** @param deployed the template of the stack; undefined: the stack does not exist */
export function changesOf(deployed: unknown, next: unknown): StackChanges {
  const [before, after] = [signatureIn(deployed), signatureIn(next)];
  const changes = differences(resourcesIn(deployed), resourcesIn(next));
  const rights = rightsChanges(deployed, next);
  const changed = new Set(rights.flatMap(({ roles }) => roles));
  const skipped = skippedVersions(before.version, after.version);
  const isNew = deployed === undefined;
  return {
    version: { ...(before.version !== undefined && { from: before.version }), to: after.version ?? '' },
    code: isNew || before.version !== after.version || before.code !== after.code,
    configuration: isNew || before.configuration !== after.configuration,
    rights,
    resources: changes.filter((change) => !isOnlyRights(change, changed)).map(withoutResources),
    refused: [...(skipped === undefined ? [] : [skipped]), ...changes.flatMap(refusalOf)],
  };
}

/** Whether a deployment would change nothing. */
export function isUnchanged({ code, configuration, rights, resources }: StackChanges): boolean {
  return !code && !configuration && rights.length === 0 && resources.length === 0;
}

interface Signature {
  readonly version?: string;
  readonly code?: string;
  readonly configuration?: string;
}

/** Version, and digests of the code and of the configuration, that a template was made with. */
export function signatureIn(template: unknown): Signature {
  const { version, code, configuration } = membersOf(membersOf(membersOf(template).Metadata)[METADATA]);
  return {
    ...(typeof version === 'string' && { version }),
    ...(typeof code === 'string' && { code }),
    ...(typeof configuration === 'string' && { configuration }),
  };
}

/** The names that a template gives its functions, sorted. */
export function functionNamesIn(template: unknown): readonly string[] {
  const functions = Object.values(resourcesIn(template)).filter(
    (resource) => membersOf(resource).Type === 'AWS::Lambda::Function',
  );
  return functions
    .map((resource) => propertiesOf(resource).FunctionName)
    .filter((name) => typeof name === 'string')
    .toSorted();
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
      const whole = { id, type, properties: [], replacing: [] };
      if (deployed[id] === undefined) return [{ ...whole, action: 'add', after }];
      if (next[id] === undefined) return [{ ...whole, action: 'remove', before }];
      const properties = changedProperties(before, after);
      const replacing = replacingIn(type, properties, propertiesOf(before), propertiesOf(after));
      return properties.length === 0
        ? []
        : [{ action: 'change', id, type, properties, replacing, before, after }];
    });
}

/** What says only that the code is another one: archives have other names each time, a description has the version. */
const OF_CODE = ['Code', 'Description'];

function changedProperties(before: Members, after: Members): readonly string[] {
  const [old, own] = [propertiesOf(before), propertiesOf(after)];
  const names = [...new Set([...Object.keys(old), ...Object.keys(own)])];
  const ofCode = after.Type === 'AWS::Lambda::Function' ? OF_CODE : [];
  return [
    ...(before.Type === after.Type ? [] : ['Type']),
    ...names.filter((name) => !ofCode.includes(name) && !isSame(old[name], own[name])),
    ...ATTRIBUTES.filter((name) => !isSame(before[name], after[name])),
  ];
}

function withoutResources({ before: _, after: __, ...change }: Difference): ResourceChange {
  return change;
}

/** Whether the changed rights of a role already say all. */
function isOnlyRights({ id, type, properties }: Difference, changed: ReadonlySet<string>): boolean {
  const ofRights = properties.every((name) => name === 'Policies' || name === 'ManagedPolicyArns');
  return type === 'AWS::IAM::Role' && ofRights && changed.has(id);
}

/** A table that is replaced or removed takes the state of all apps with it. */
function refusalOf({ action, id, replacing, before, after }: Difference): readonly string[] {
  if (action === 'add' || before?.Type !== 'AWS::DynamoDB::Table') return [];
  if (action === 'remove') return [`the table ${id} would be removed, with the state of all apps`];
  const unprotected = ATTRIBUTES.filter((name) => isRetained(before[name]) && !isRetained(after?.[name]));
  return [
    ...(replacing.length === 0
      ? []
      : [
          `the table ${id} would be replaced, since its ${replacing.join(' and ')} changes: the state of all apps would be lost`,
        ]),
    ...unprotected.map(
      (name) =>
        `the table ${id} would lose its ${name} ${String(before[name])}, which keeps the state of all apps`,
    ),
  ];
}

function isRetained(policy: unknown): boolean {
  return typeof policy === 'string' && policy.startsWith('Retain');
}
