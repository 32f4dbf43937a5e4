import { memberOf } from '../../shared/domain/member.ts';
import type { Json } from '../contract.ts';
import { type Policy, parsePolicy } from '../iam/policy.ts';
import { describe, listOf, objectAt, stringAt } from './json.ts';
import type { Resource } from './template.ts';

export interface Role {
  readonly name: string;
  readonly arn: string;
  readonly policies: readonly Policy[];
  /** Who can assume the role. */
  readonly trust: Policy;
}

/** AWS managed policies that serverless projects use. Others are an error, since their content is unknown. */
const MANAGED: Readonly<Record<string, readonly string[]>> = {
  'service-role/AWSLambdaBasicExecutionRole': [
    'logs:CreateLogGroup',
    'logs:CreateLogStream',
    'logs:PutLogEvents',
  ],
  AWSXRayDaemonWriteAccess: [
    'xray:PutTraceSegments',
    'xray:PutTelemetryRecords',
    'xray:GetSamplingRules',
    'xray:GetSamplingTargets',
    'xray:GetSamplingStatisticSummaries',
  ],
};

/** Characters, white space not counted, of a role's inline policies together (IAM and AWS STS quotas). */
const INLINE_LIMIT = 10_240;
const MANAGED_LIMIT = 6_144;

/** All roles of a template with their policies. Errors contain role and policy. */
export function readRoles(resources: readonly Resource[]): readonly Role[] {
  return resources
    .filter(({ type }) => type === 'AWS::IAM::Role')
    .map((role) => {
      const where = `role ${role.logicalId}`;
      const inline = inlinePolicies(role, resources);
      checkSize(
        where,
        inline.map(({ document }) => document),
        INLINE_LIMIT,
      );
      return {
        name: role.name,
        arn: role.attributes.Arn ?? '',
        policies: [
          ...inline.map(({ name, document }) => parsePolicy(name, document)),
          ...attachedPolicies(role, resources),
        ],
        trust: parsePolicy(`trust of ${role.logicalId}`, role.properties.AssumeRolePolicyDocument),
      };
    });
}

interface Named {
  readonly name: string;
  readonly document: Json | undefined;
}

function inlinePolicies(role: Resource, resources: readonly Resource[]): readonly Named[] {
  const own = listOf(role.properties.Policies).map((each) => {
    const policy = objectAt(each, `role ${role.logicalId}, Policies`);
    return {
      name: stringAt(policy.PolicyName, `role ${role.logicalId}, PolicyName`),
      document: policy.PolicyDocument,
    };
  });
  const others = resources
    .filter(
      ({ type, properties }) => type === 'AWS::IAM::Policy' && listOf(properties.Roles).includes(role.name),
    )
    .map(({ properties, logicalId }) => ({
      name: stringAt(properties.PolicyName, `policy ${logicalId}, PolicyName`),
      document: properties.PolicyDocument,
    }));
  return [...own, ...others];
}

function attachedPolicies(role: Resource, resources: readonly Resource[]): readonly Policy[] {
  const managed = resources.filter(({ type }) => type === 'AWS::IAM::ManagedPolicy');
  const arns = listOf(role.properties.ManagedPolicyArns).map((each) =>
    stringAt(each, `role ${role.logicalId}`),
  );
  const byArn = arns.flatMap((arn) => {
    const own = managed.find(({ ref }) => ref === arn);
    return own ? [] : [knownPolicy(arn, role)];
  });
  const own = managed.filter(
    ({ ref, properties }) => arns.includes(ref) || listOf(properties.Roles).includes(role.name),
  );
  for (const { logicalId, properties } of own) {
    checkSize(`policy ${logicalId}`, [properties.PolicyDocument], MANAGED_LIMIT);
  }
  return [...byArn, ...own.map(({ name, properties }) => parsePolicy(name, properties.PolicyDocument))];
}

function knownPolicy(arn: string, role: Resource): Policy {
  const name = arn.replace(/^arn:aws:iam::aws:policy\//, '');
  const actions = memberOf(MANAGED, name);
  if (!actions)
    throw new Error(
      `role ${role.logicalId}: managed policy ${describe(arn)} is not known to the local cloud`,
    );
  return parsePolicy(name, { Statement: [{ Effect: 'Allow', Action: actions, Resource: '*' }] });
}

function checkSize(where: string, documents: readonly (Json | undefined)[], limit: number): void {
  const size = documents.reduce<number>((sum, document) => sum + (JSON.stringify(document) ?? '').length, 0);
  if (size > limit)
    throw new Error(`${where}: policies of ${size} characters exceed IAM's limit of ${limit}`);
}
