import { type Json, type JsonObject, objectsAt } from '../../infrastructure/json.ts';
import { roleNameOf, rolesOf } from '../parts.ts';
import type { Rule } from '../rule.ts';
import type { AuditedRole } from '../workload.ts';

export const broadRole: Rule = {
  id: 'broad-role',
  title: 'Role with administrator rights',
  severity: 'high',
  rule: 'Neither execution role nor task role has administrator rights: AdministratorAccess, PowerUserAccess or IAMFullAccess of AWS, or a policy that allows all actions, or all of IAM, on all resources without a condition.',
  why: 'Someone who breaks into one container controls the account.',
  check: (workload) =>
    rolesOf(workload).flatMap((arn) => {
      const policy = broadPolicyOf(workload.roles?.[arn]);
      if (policy === undefined) return [];
      const role = roleNameOf(arn);
      return [
        {
          resource: `role ${role}`,
          found: `its policy ${policy} gives administrator rights`,
          fix: `attach a policy with the actions that the application calls, then \`aws iam detach-role-policy --role-name ${role} --policy-arn …\`, or \`aws iam delete-role-policy --role-name ${role} --policy-name ${policy}\` for an inline policy`,
        },
      ];
    }),
  failing: {
    definition: { family: 'web-app', taskRoleArn: 'arn:aws:iam::123456789012:role/web-app-task' },
    roles: {
      'arn:aws:iam::123456789012:role/web-app-task': {
        policies: [
          { name: 'all', document: { Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] } },
        ],
      },
    },
  },
  passing: {
    definition: { family: 'web-app', taskRoleArn: 'arn:aws:iam::123456789012:role/web-app-task' },
    roles: {
      'arn:aws:iam::123456789012:role/web-app-task': {
        policies: [
          {
            name: 'bucket',
            document: {
              Statement: [{ Effect: 'Allow', Action: 's3:*', Resource: 'arn:aws:s3:::uploads/*' }],
            },
          },
        ],
      },
    },
  },
};

const BROAD = new Set(['AdministratorAccess', 'PowerUserAccess', 'IAMFullAccess']);

function broadPolicyOf(role: AuditedRole | undefined): string | undefined {
  return role?.policies.find(({ name, document }) =>
    document === undefined ? BROAD.has(name) : statementsOf(document).some(isBroad),
  )?.name;
}

/** IAM takes one statement without a list, too. */
function statementsOf(document: JsonObject): readonly JsonObject[] {
  const { Statement } = document;
  return objectsAt({ Statement: Array.isArray(Statement) ? Statement : [Statement ?? {}] }, 'Statement');
}

function isBroad({ Effect, Action, NotAction, Resource, Condition }: JsonObject): boolean {
  if (Effect !== 'Allow' || Condition !== undefined || !includes(Resource, '*')) return false;
  return (
    NotAction !== undefined || includes(Action, '*') || includes(Action, '*:*') || includes(Action, 'iam:*')
  );
}

/** Actions are not case-sensitive. */
function includes(value: Json | undefined, text: string): boolean {
  return [value].flat().some((item) => String(item).toLowerCase() === text);
}
