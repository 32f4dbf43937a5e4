import { type JsonObject, textAt } from './json.ts';
import type { Actual, DeployRights } from './kind.ts';

/**
 * What a release needs that the functions may not have: then the stack comes first. Known is what `fairway.yml` grants
 * them, not what the deployed stack does.
 */

const ROLES = { executionRoleArn: 'executionRole', taskRoleArn: 'taskRole' } as const;

/** "web-app-task" of an ARN, with or without a path. */
export function roleName(role: string): string {
  return role.slice(role.lastIndexOf('/') + 1);
}

interface StackFirst {
  /** Why the release cannot be ordered, and what to do. */
  readonly refused?: string;
  readonly notes: readonly string[];
}

/** @param declared the task definition that the release's revision is made from */
export function stackFirst(
  service: string,
  family: string,
  declared: JsonObject | undefined,
  { running = {} }: Actual,
  rights: DeployRights | undefined,
): StackFirst {
  if (rights === undefined) return { notes: [] };
  if (rights.family !== family)
    return refusal(`its releases are of the family ${rights.family}: set \`family: ${family}\``, service);
  const changed = Object.entries(ROLES).flatMap(([member, name]) => {
    const role = textAt(declared ?? {}, member);
    return role === undefined || role === textAt(running, member) ? [] : [{ role: roleName(role), name }];
  });
  const missing = changed.find(({ role }) => !rights.roles.includes(role));
  if (missing !== undefined)
    return refusal(
      `the functions may not pass the role ${missing.role}: name it as \`${missing.name}\``,
      service,
    );
  return {
    notes: changed.map(
      ({ role }) =>
        `the functions need iam:PassRole for ${role}: deploy the stack first if it was last deployed without this role in fairway.yml`,
    ),
  };
}

function refusal(why: string, service: string): StackFirst {
  return { refused: `${why} of ${service} in fairway.yml, and deploy the stack first`, notes: [] };
}
