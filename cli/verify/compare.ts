import type { App, Configuration, ReleaseTask, Service, Task } from '../../shared/domain/app.ts';
import { memberOf } from '../../shared/domain/member.ts';
import type { Registry } from '../../shared/domain/registry.ts';
import { compareContainers, listed } from './containers.ts';
import { compareTags, type FoundTags } from './tags.ts';

/** What AWS has of the things that a configuration names: found by `look`, compared here. */
export interface Found {
  /** Status by cluster name; absent: there is none. */
  readonly clusters: Readonly<Record<string, string>>;
  /** By `cluster/service`; absent: there is none. */
  readonly services: Readonly<Record<string, FoundService>>;
  /** By family: its newest active revision; absent: there is none. */
  readonly families: Readonly<Record<string, FoundDefinition>>;
  readonly repositories: readonly string[];
  /** Of these repositories; absent where none was found. */
  readonly registry?: Registry;
  /** Absent where they were not read. */
  readonly tags?: FoundTags;
}

export interface FoundService {
  /** Its ARN, where that could be read. */
  readonly arn?: string;
  readonly status: string;
  readonly controller: string;
  readonly strategy: string;
  /** Of the revision the service runs; absent where that could not be read. */
  readonly definition?: FoundDefinition;
}

export interface FoundDefinition {
  /** `family:number`. */
  readonly revision: string;
  readonly family: string;
  readonly containers: readonly FoundContainer[];
  readonly taskRole?: string;
  readonly executionRole?: string;
}

export interface FoundContainer {
  readonly name: string;
  readonly image: string;
  /** Of the awslogs driver. */
  readonly logGroup?: string;
}

/** One thing that fairway.yml says and AWS does not. */
export interface Difference {
  readonly app: string;
  /** Where in fairway.yml: "services.web-app.taskDefinition". */
  readonly where: string;
  /** What is different. */
  readonly what: string;
  /** What to do about it. */
  readonly mend: string;
}

/** Every difference between the configuration and AWS, in the configuration's order. */
export function compare(configuration: Configuration, found: Found): Difference[] {
  return configuration.apps.flatMap((app) => compareApp(app, found));
}

function compareApp(app: App, found: Found): Difference[] {
  const differ = (where: string, what: string, mend: string): Difference => ({
    app: app.name,
    where,
    what,
    mend,
  });
  const differences: Difference[] = [];
  if (!found.repositories.includes(app.image.repository))
    differences.push(
      differ(
        'image.repository',
        `there is no ECR repository "${app.image.repository}"`,
        'create it, or correct the name',
      ),
    );
  differences.push(...compareTags(app, found.tags));
  const cluster = memberOf(found.clusters, app.cluster);
  if (cluster === undefined)
    // Everything else in it would be missing too: saying so once is enough.
    return [
      ...differences,
      differ('cluster', `there is no cluster "${app.cluster}"`, 'correct the name, or check --region'),
    ];
  if (cluster !== 'ACTIVE')
    differences.push(
      differ(
        'cluster',
        `the cluster "${app.cluster}" is ${cluster}`,
        'Fairway deploys to ACTIVE clusters only',
      ),
    );
  return [
    ...differences,
    ...app.services.flatMap((service) => compareService(app, service, found)),
    ...app.before.flatMap((task) => compareTask(app, 'before', task, found)),
    ...app.after.flatMap((task) => compareTask(app, 'after', task, found)),
    ...app.tasks.flatMap((task) => compareTask(app, 'tasks', task, found)),
  ];
}

function compareService(app: App, service: Service, found: Found): Difference[] {
  const at = `services.${service.name}`;
  const differ = (where: string, what: string, mend: string): Difference => ({
    app: app.name,
    where,
    what,
    mend,
  });
  const seen = memberOf(found.services, `${app.cluster}/${service.name}`);
  if (seen === undefined)
    return [
      differ(at, `there is no service "${service.name}" in ${app.cluster}`, 'create it, or correct the name'),
    ];
  if (seen.status !== 'ACTIVE')
    return [
      differ(at, `the service "${service.name}" is ${seen.status}`, 'Fairway deploys ACTIVE services only'),
    ];

  const differences: Difference[] = [];
  if (seen.controller !== 'ECS')
    differences.push(
      differ(
        at,
        `the service "${service.name}" is deployed by the controller ${seen.controller}`,
        'Fairway refuses it: use the ECS controller, or take the service out',
      ),
    );
  if (seen.controller === 'ECS' && seen.strategy !== 'ROLLING')
    differences.push(
      differ(
        at,
        `the service "${service.name}" deploys with the strategy ${seen.strategy}`,
        'Fairway refuses it: use ROLLING, or take the service out',
      ),
    );
  if (seen.arn !== undefined && isShortArn(seen.arn))
    differences.push(
      differ(
        at,
        `the service "${service.name}" has an ARN of the short format (${seen.arn}), which Fairway's permissions and rules do not match`,
        'migrate it, which takes no downtime: Amazon ECS Developer Guide, "Migrate an Amazon ECS short service ARN to a long ARN"',
      ),
    );
  if (seen.definition === undefined) return differences;
  return [...differences, ...compareServiceDefinition(app, service, seen.definition, found.registry)];
}

/** Services created before 2021 may have ARNs without the name of their cluster: "…:service/web-app". */
function isShortArn(arn: string): boolean {
  return /:service\/[^/]+$/.test(arn);
}

function compareServiceDefinition(
  app: App,
  service: Service,
  definition: FoundDefinition,
  registry: Registry | undefined,
): Difference[] {
  const at = `services.${service.name}`;
  const family: Difference = {
    app: app.name,
    where: `${at}.taskDefinition`,
    what: `it says "${service.family}", the service runs ${definition.revision}`,
    mend: `write taskDefinition: ${definition.family}`,
  };
  return [
    ...(definition.family === service.family ? [] : [family]),
    ...compareContainers(app, service, definition, registry),
    ...compareGrants(app, at, service, definition),
  ];
}

function compareTask(app: App, list: string, task: ReleaseTask | Task, found: Found): Difference[] {
  const at = `${list}.${task.name}`;
  const like = 'like' in task ? task.like : undefined;
  const definition =
    like === undefined
      ? memberOf(found.families, task.family)
      : found.services[`${app.cluster}/${like}`]?.definition;
  // Of a service that is not there, it has been told already.
  if (definition === undefined && like !== undefined) return [];
  if (definition === undefined)
    return [
      {
        app: app.name,
        where: `${at}.taskDefinition`,
        what: `there is no active task definition in the family "${task.family}"`,
        mend: 'register one, or correct the name',
      },
    ];
  const names = definition.containers.map(({ name }) => name);
  const container: Difference[] = names.includes(task.container)
    ? []
    : [
        {
          app: app.name,
          where: `${at}.container`,
          what: `${definition.revision} has no container "${task.container}", it has ${listed(names)}`,
          mend: 'correct the name: its exit code is what counts',
        },
      ];
  return [...container, ...compareGrants(app, at, task, definition)];
}

/** What roles and rules of the stack are generated from: a release would be denied where it is wrong. */
function compareGrants(
  app: App,
  at: string,
  wanted: { readonly taskRole?: string; readonly executionRole?: string; readonly logGroup?: string },
  definition: FoundDefinition,
): Difference[] {
  const differences: Difference[] = [];
  const role = (member: 'taskRole' | 'executionRole') => {
    const [says, has] = [wanted[member], definition[member]];
    if (sameRole(says, has)) return;
    differences.push({
      app: app.name,
      where: `${at}.${member}`,
      what: `it says ${says ?? 'nothing'}, ${definition.revision} has ${has ?? 'none'}`,
      mend:
        has === undefined
          ? `take ${member} out: the right to pass it is not needed`
          : `write ${member}: ${roleName(has)}, or passing it is denied`,
    });
  };
  role('taskRole');
  role('executionRole');
  const groups = [...new Set(definition.containers.flatMap(({ logGroup }) => (logGroup ? [logGroup] : [])))];
  if (wanted.logGroup !== undefined && !groups.includes(wanted.logGroup))
    differences.push({
      app: app.name,
      where: `${at}.logGroup`,
      what: `it says ${wanted.logGroup}, ${definition.revision} logs to ${groups.length > 0 ? listed(groups) : 'no CloudWatch group'}`,
      mend: groups.length > 0 ? `write logGroup: ${groups[0]}` : 'take it out, or use the awslogs driver',
    });
  if (wanted.logGroup === undefined && groups.length > 0)
    differences.push({
      app: app.name,
      where: `${at}.logGroup`,
      what: `it says nothing, ${definition.revision} logs to ${listed(groups)}`,
      mend: `write logGroup: ${groups[0]}, so that a failure can be explained with its last lines`,
    });
  return differences;
}

/**
 * Whether the configuration names the role that a task definition has. A name includes the role's path, since
 * `iam:PassRole` is granted for `role/PATH/NAME`.
 */
function sameRole(wanted: string | undefined, has: string | undefined): boolean {
  if (wanted === undefined || has === undefined) return wanted === has;
  return wanted.startsWith('arn:') && has.startsWith('arn:')
    ? wanted === has
    : roleName(wanted) === roleName(has);
}

/** "service-role/exec" of "arn:aws:iam::123456789012:role/service-role/exec". */
function roleName(role: string): string {
  return role.replace(/^arn:[^/]*:role\//, '');
}
