import { AwsError, type JsonObject, type ServiceApi } from '../contract.ts';
import { required, text } from '../ecs/read.ts';
import { parseJson } from '../json.ts';

/**
 * IAM: the policies of roles. Like target groups, a role exists as soon as something names it: without a policy, until
 * one is put on it. Policies of AWS exist without their documents.
 */

interface RolePolicies {
  /** Documents as JSON texts, by name. */
  readonly inline: Map<string, string>;
  /** ARNs. */
  readonly attached: Set<string>;
}

export function createIam(account: string, now: () => number) {
  const roles = new Map<string, RolePolicies>();
  /** Documents of customer managed policies, by ARN. */
  const policies = new Map<string, string>();
  return {
    api: {
      service: 'iam',
      operations: { ...roleOperations(roles), ...policyOperations(policies, account, now) },
    } satisfies ServiceApi,
    keep: () => ({ roles, policies }),
    resume(kept: unknown) {
      const old: { roles?: typeof roles; policies?: typeof policies } = Object(kept);
      for (const [name, role] of old.roles ?? []) roles.set(name, role);
      for (const [arn, document] of old.policies ?? []) policies.set(arn, document);
    },
    reset() {
      roles.clear();
      policies.clear();
    },
  };
}

function roleOperations(roles: Map<string, RolePolicies>): ServiceApi['operations'] {
  const roleIn = (input: JsonObject): RolePolicies => {
    const name = required(input, 'RoleName', missing);
    const role = roles.get(name) ?? { inline: new Map(), attached: new Set() };
    roles.set(name, role);
    return role;
  };
  return {
    PutRolePolicy(input) {
      const document = documentIn(input);
      roleIn(input).inline.set(required(input, 'PolicyName', missing), document);
      return {};
    },
    DeleteRolePolicy(input) {
      const name = required(input, 'PolicyName', missing);
      if (!roleIn(input).inline.delete(name))
        throw noSuch(`The role policy with name ${name} cannot be found.`);
      return {};
    },
    ListRolePolicies: (input) => ({ PolicyNames: [...roleIn(input).inline.keys()], IsTruncated: false }),
    GetRolePolicy(input) {
      const PolicyName = required(input, 'PolicyName', missing);
      const document = roleIn(input).inline.get(PolicyName);
      if (document === undefined) throw noSuch(`The role policy with name ${PolicyName} cannot be found.`);
      return { RoleName: text(input, 'RoleName'), PolicyName, PolicyDocument: encodeURIComponent(document) };
    },
    AttachRolePolicy(input) {
      roleIn(input).attached.add(required(input, 'PolicyArn', missing));
      return {};
    },
    DetachRolePolicy(input) {
      const arn = required(input, 'PolicyArn', missing);
      if (!roleIn(input).attached.delete(arn)) throw noSuch(`Policy ${arn} was not found.`);
      return {};
    },
    ListAttachedRolePolicies: (input) => ({
      AttachedPolicies: [...roleIn(input).attached].map((PolicyArn) => ({
        PolicyName: PolicyArn.split('/').pop() ?? '',
        PolicyArn,
      })),
      IsTruncated: false,
    }),
  };
}

function policyOperations(
  policies: Map<string, string>,
  account: string,
  now: () => number,
): ServiceApi['operations'] {
  const documentOf = (arn: string): string => {
    const document = policies.get(arn);
    if (document === undefined) throw noSuch(`Policy ${arn} does not exist or is not attachable.`);
    return document;
  };
  const view = (arn: string): JsonObject => ({
    PolicyName: arn.split('/').pop() ?? '',
    Arn: arn,
    Path: '/',
    DefaultVersionId: 'v1',
    IsAttachable: true,
    CreateDate: new Date(now()).toISOString(),
  });
  return {
    CreatePolicy(input) {
      const arn = `arn:aws:iam::${account}:policy/${required(input, 'PolicyName', missing)}`;
      if (policies.has(arn))
        throw new AwsError('EntityAlreadyExists', `A policy called ${arn} already exists.`, 409);
      policies.set(arn, documentIn(input));
      return { Policy: view(arn) };
    },
    GetPolicy(input) {
      const arn = required(input, 'PolicyArn', missing);
      documentOf(arn);
      return { Policy: view(arn) };
    },
    GetPolicyVersion(input) {
      const Document = encodeURIComponent(documentOf(required(input, 'PolicyArn', missing)));
      if (text(input, 'VersionId') !== 'v1')
        throw noSuch(`Policy version ${text(input, 'VersionId') ?? ''} does not exist.`);
      const CreateDate = new Date(now()).toISOString();
      return { PolicyVersion: { Document, VersionId: 'v1', IsDefaultVersion: true, CreateDate } };
    },
  };
}

function documentIn(input: JsonObject): string {
  const document = required(input, 'PolicyDocument', missing);
  try {
    parseJson(document);
    return document;
  } catch {
    throw new AwsError('MalformedPolicyDocument', 'Syntax errors in policy.');
  }
}

function noSuch(message: string): AwsError {
  return new AwsError('NoSuchEntity', message, 404);
}

function missing(member: string): AwsError {
  return new AwsError('ValidationError', `The request must contain the parameter ${member}`);
}
