import { isObject, type JsonObject, objectAt, parsed, textAt } from '../../infrastructure/json.ts';
import type { Aws } from '../../infrastructure/kind.ts';
import { namesOf, pages } from '../../infrastructure/reading.ts';
import { roleNameOf } from '../parts.ts';
import type { AuditedRole } from '../workload.ts';
import type { Optional } from './optional.ts';

/** Roles with their policies. Documents are URL-encoded JSON. Source: IAM API reference, GetRolePolicy. */

type Policies = AuditedRole['policies'];

export async function readRoles(
  arns: readonly string[],
  aws: Aws,
  optional: Optional,
): Promise<Readonly<Record<string, AuditedRole>>> {
  const managed = new Map<string, Promise<Policies>>();
  const found = await Promise.all(
    arns.map(async (arn): Promise<readonly [string, AuditedRole][]> => {
      const role = await optional.read('policies of roles', async () => ({
        policies: (
          await Promise.all([inlinePolicies(roleNameOf(arn), aws), attached(roleNameOf(arn), aws, managed)])
        ).flat(),
      }));
      return role === undefined ? [] : [[arn, role]];
    }),
  );
  return Object.fromEntries(found.flat());
}

async function inlinePolicies(RoleName: string, aws: Aws): Promise<Policies> {
  const names = await namesOf(aws, 'iam', 'ListRolePolicies', { RoleName }, 'PolicyNames', 'Marker');
  return Promise.all(
    names.map(async (name) => {
      const answer = await aws('iam', 'GetRolePolicy', { RoleName, PolicyName: name });
      return { name, document: documentOf(answer.PolicyDocument) };
    }),
  );
}

/** Several roles have the same managed policy: it is read once. */
async function attached(
  RoleName: string,
  aws: Aws,
  known: Map<string, Promise<Policies>>,
): Promise<Policies> {
  const list = await pages(
    aws,
    'iam',
    'ListAttachedRolePolicies',
    { RoleName },
    'AttachedPolicies',
    'Marker',
  );
  const policies = await Promise.all(
    list.map((policy) => {
      const arn = textAt(policy, 'PolicyArn') ?? '';
      const reading = known.get(arn) ?? managedPolicy(textAt(policy, 'PolicyName') ?? '', arn, aws);
      known.set(arn, reading);
      return reading;
    }),
  );
  return policies.flat();
}

/** Policies of AWS are known by their names. */
async function managedPolicy(name: string, PolicyArn: string, aws: Aws): Promise<Policies> {
  if (/:iam::aws:/.test(PolicyArn)) return [{ name }];
  const { DefaultVersionId } = objectAt(await aws('iam', 'GetPolicy', { PolicyArn }), 'Policy');
  const answer = await aws('iam', 'GetPolicyVersion', { PolicyArn, VersionId: DefaultVersionId });
  return [{ name, document: documentOf(objectAt(answer, 'PolicyVersion').Document) }];
}

function documentOf(text: unknown): JsonObject {
  const document = parsed(decodeURIComponent(String(text)));
  return isObject(document) ? document : {};
}
