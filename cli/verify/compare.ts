import type { App, Configuration, ReleaseTask, Service, Task } from '../../shared/domain/app.ts';
import { memberOf } from '../../shared/domain/member.ts';
import { describeRegistry, type Registry, repositoryKey } from '../../shared/domain/registry.ts';
import { isRolling } from '../../shared/domain/strategies/rolling.ts';
import { shiftsTraffic } from '../../shared/domain/strategies/shifting.ts';
import { compareContainers } from './containers.ts';
import { type Difference, differenceIn, listed } from './difference.ts';
import type { Found, FoundDefinition, FoundService } from './found.ts';
import { compareGrants, compareServiceVolumes, compareTaskVolumes } from './grants.ts';

/** Every difference between the configuration and AWS, in the configuration's order. */
export function compare(configuration: Configuration, found: Found): Difference[] {
  return configuration.apps.flatMap((app) => compareApp(app, found));
}

function compareApp(app: App, found: Found): Difference[] {
  const cluster = memberOf(found.clusters, app.cluster);
  const differences = [...compareRepository(app, found), ...compareCluster(app, cluster)];
  // Without the cluster everything in it is missing too: one report is enough.
  if (cluster === undefined) return differences;
  return [
    ...differences,
    ...app.services.flatMap((service) => compareService(app, service, found)),
    ...app.before.flatMap((task) => compareTask(app, 'before', task, found)),
    ...app.after.flatMap((task) => compareTask(app, 'after', task, found)),
    ...app.tasks.flatMap((task) => compareTask(app, 'tasks', task, found)),
  ];
}

function compareRepository({ name, image }: App, { repositories, unreadable = {} }: Found): Difference[] {
  const key = repositoryKey(image);
  // Shown as a warning: Fairway's functions have other rights.
  if (repositories.includes(key) || memberOf(unreadable, key) !== undefined) return [];
  const differ = differenceIn(name);
  const { registry, repository } = image;
  const place = registry === undefined ? '' : ` in ${describeRegistry(registry)}`;
  const what = `there is no ECR repository "${repository}"${place}`;
  return [differ('image.repository', what, 'create it, or correct the name')];
}

function compareCluster({ name, cluster }: App, status: string | undefined): Difference[] {
  const differ = differenceIn(name);
  if (status === undefined)
    return [differ('cluster', `there is no cluster "${cluster}"`, 'correct the name, or check --region')];
  if (status === 'ACTIVE') return [];
  return [
    differ('cluster', `the cluster "${cluster}" is ${status}`, 'Fairway deploys to ACTIVE clusters only'),
  ];
}

function compareService(app: App, service: Service, found: Found): Difference[] {
  const at = `services.${service.name}`;
  const differ = differenceIn(app.name);
  const seen = memberOf(found.services, `${app.cluster}/${service.name}`);
  if (seen === undefined) {
    const what = `there is no service "${service.name}" in ${app.cluster}`;
    return [differ(at, what, 'create it, or correct the name')];
  }
  if (seen.status !== 'ACTIVE') {
    const what = `the service "${service.name}" is ${seen.status}`;
    return [differ(at, what, 'Fairway deploys ACTIVE services only')];
  }
  const { definition } = seen;
  return [
    ...compareDeployment(app, service, seen),
    ...compareServiceVolumes(app, service, seen),
    ...(definition ? compareServiceDefinition(app, service, definition, found.registry) : []),
  ];
}

/** How the service is deployed, and whether Fairway can do so. */
function compareDeployment(app: App, { name }: Service, seen: FoundService): Difference[] {
  const at = `services.${name}`;
  const differ = differenceIn(app.name);
  const differences: Difference[] = [];
  if (seen.controller !== 'ECS') {
    const what = `the service "${name}" is deployed by the controller ${seen.controller}`;
    differences.push(differ(at, what, 'Fairway refuses it: use the ECS controller, or remove the service'));
  }
  if (seen.controller === 'ECS' && !isRolling(seen) && !shiftsTraffic(seen)) {
    const what = `the service "${name}" deploys with the strategy ${seen.strategy}`;
    differences.push(differ(at, what, 'Fairway refuses it: use another one, or remove the service'));
  }
  if (seen.arn !== undefined && isShortArn(seen.arn)) {
    const what = `the service "${name}" has an ARN of the short format (${seen.arn}), which Fairway's permissions and rules do not match`;
    differences.push(differ(at, what, MIGRATE_ARN));
  }
  return differences;
}

const MIGRATE_ARN =
  'migrate it, which takes no downtime: Amazon ECS Developer Guide, "Migrate an Amazon ECS short service ARN to a long ARN"';

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
  const family = differenceIn(app.name)(
    `${at}.taskDefinition`,
    `fairway.yml has "${service.family}", the service runs ${definition.revision}`,
    `write taskDefinition: ${definition.family}`,
  );
  return [
    ...(definition.family === service.family ? [] : [family]),
    ...compareContainers(app, service, definition, registry),
    ...compareGrants(app, at, service, definition),
  ];
}

function compareTask(app: App, list: string, task: ReleaseTask | Task, found: Found): Difference[] {
  const at = `${list}.${task.name}`;
  const differ = differenceIn(app.name);
  const like = 'like' in task ? task.like : undefined;
  const definition =
    like === undefined
      ? memberOf(found.families, task.family)
      : memberOf(found.services, `${app.cluster}/${like}`)?.definition;
  // A missing service has been reported already.
  if (definition === undefined && like !== undefined) return [];
  if (definition === undefined) {
    const what = `there is no active task definition in the family "${task.family}"`;
    return [differ(`${at}.taskDefinition`, what, 'register one, or correct the name')];
  }
  const names = definition.containers.map(({ name }) => name);
  const container = differ(
    `${at}.container`,
    `${definition.revision} has no container "${task.container}", it has ${listed(names)}`,
    'correct the name: the exit code of this container decides',
  );
  const service = like ?? app.services[0]?.name;
  const around = service === undefined ? undefined : memberOf(found.services, `${app.cluster}/${service}`);
  return [
    ...(names.includes(task.container) ? [] : [container]),
    ...compareGrants(app, at, task, definition),
    ...compareTaskVolumes(app, at, task, definition, { name: service, found: around }),
  ];
}
