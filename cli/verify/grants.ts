import type { App, Service } from '../../shared/domain/app.ts';
import { memberOf } from '../../shared/domain/member.ts';
import { type Difference, differenceIn, listed } from './difference.ts';
import type { FoundDefinition, FoundService } from './found.ts';

type Grants = Pick<Service, 'taskRole' | 'executionRole' | 'volumeRole' | 'logGroup'>;

/** What the rights of the functions are generated from: where it is wrong, AWS denies a release. */
export function compareGrants(
  app: App,
  at: string,
  wanted: Grants,
  definition: FoundDefinition,
): Difference[] {
  return [
    ...compareRole(app, at, 'taskRole', wanted, definition),
    ...compareRole(app, at, 'executionRole', wanted, definition),
    ...compareLogGroup(app, at, wanted.logGroup, definition),
  ];
}

function compareRole(
  app: App,
  at: string,
  member: 'taskRole' | 'executionRole',
  wanted: Grants,
  definition: FoundDefinition,
): Difference[] {
  const [configured, has] = [wanted[member], definition[member]];
  if (isSameRole(configured, has)) return [];
  const what = `fairway.yml has ${configured ?? 'none'}, ${definition.revision} has ${has ?? 'none'}`;
  const fix =
    has === undefined
      ? `remove ${member}: the right to pass it is not needed`
      : `write ${member}: ${roleName(has)}, or passing it is denied`;
  return [differenceIn(app.name)(`${at}.${member}`, what, fix)];
}

function compareLogGroup(
  app: App,
  at: string,
  configured: string | undefined,
  { containers, revision }: FoundDefinition,
): Difference[] {
  const differ = differenceIn(app.name);
  const groups = [...new Set(containers.flatMap(({ logGroup }) => logGroup ?? []))];
  const [first] = groups;
  if (configured === undefined && first !== undefined) {
    const what = `fairway.yml has none, ${revision} logs to ${listed(groups)}`;
    return [
      differ(
        `${at}.logGroup`,
        what,
        `write logGroup: ${first}, so that messages about a failure show its last lines`,
      ),
    ];
  }
  if (configured === undefined || groups.includes(configured)) return [];
  const what = `fairway.yml has ${configured}, ${revision} logs to ${first === undefined ? 'no CloudWatch log group' : listed(groups)}`;
  const fix = first === undefined ? 'remove it, or use the awslogs driver' : `write logGroup: ${first}`;
  return [differ(`${at}.logGroup`, what, fix)];
}

/** The role that ECS creates a service's EBS volumes with: tasks that are like the service take it from there. */
export function compareServiceVolumes(
  app: App,
  service: Service,
  { volumes = {} }: FoundService,
): Difference[] {
  const { volumeRole } = service;
  if (volumeRole === undefined) return [];
  const roles = Object.values(volumes);
  if (roles.length === 0 || roles.some((role) => isSameRole(volumeRole, role))) return [];
  const what = `fairway.yml has ${volumeRole}, ECS creates the volumes of "${service.name}" with ${listed(roles)}`;
  const [first = ''] = roles;
  return [
    differenceIn(app.name)(
      `services.${service.name}.volumeRole`,
      what,
      `write volumeRole: ${roleName(first)}`,
    ),
  ];
}

/**
 * Volumes that are configured when a task starts: it takes them from a service, and passes the role that ECS creates
 * them with. Fairway refuses to start a task without them.
 */
export function compareTaskVolumes(
  app: App,
  at: string,
  { volumeRole }: Grants,
  { volumesAtLaunch = [], revision }: FoundDefinition,
  service: { readonly name: string | undefined; readonly found: FoundService | undefined },
): Difference[] {
  // A missing service has been reported already.
  if (service.name !== undefined && !service.found) return [];
  const differ = differenceIn(app.name);
  return volumesAtLaunch.flatMap((volume): Difference[] => {
    const role = memberOf(service.found?.volumes ?? {}, volume);
    if (role === undefined) {
      const what = `${revision} has the volume "${volume}", which ${service.name ?? 'no service of the app'} ${service.name === undefined ? 'configures' : 'does not configure'}`;
      return [differ(at, what, 'configure the volume on the service')];
    }
    if (isSameRole(volumeRole, role)) return [];
    const what = `fairway.yml has ${volumeRole ?? 'none'}, ECS creates the volume "${volume}" with ${role}`;
    return [differ(`${at}.volumeRole`, what, `write volumeRole: ${roleName(role)}, or passing it is denied`)];
  });
}

/** The path belongs to a role's name, since `iam:PassRole` is granted for `role/PATH/NAME`. */
function isSameRole(configured: string | undefined, has: string | undefined): boolean {
  if (configured === undefined || has === undefined) return configured === has;
  return configured.startsWith('arn:') && has.startsWith('arn:')
    ? configured === has
    : roleName(configured) === roleName(has);
}

/** "service-role/exec" of "arn:aws:iam::123456789012:role/service-role/exec". */
function roleName(role: string): string {
  return role.replace(/^arn:[^/]*:role\//, '');
}
