import { isSameRegistry, type Registry } from '../domain/registry.ts';
import { type EcrImage, ecrImageOf } from '../infrastructure/import/images.ts';
import { type JsonObject, objectAt, objectsAt, textAt } from '../infrastructure/json.ts';
import type { Workload } from './workload.ts';

/** Parts of a workload that several rules read. */

export function containersOf({ definition }: Pick<Workload, 'definition'>): readonly JsonObject[] {
  return objectsAt(definition, 'containerDefinitions');
}

export function familyOf({ definition }: Pick<Workload, 'definition'>): string {
  return textAt(definition, 'family') ?? '';
}

/** "container web-app/web" */
export function containerName(workload: Workload, container: JsonObject): string {
  return `container ${familyOf(workload)}/${textAt(container, 'name') ?? ''}`;
}

/** "service app-prod/web-app" */
export function serviceName({ cluster, service = {} }: Workload): string {
  return `service ${cluster}/${textAt(service, 'serviceName') ?? ''}`;
}

/** "set `privileged: false` in the container web of the task definition web-app" */
export function setInContainer(workload: Workload, container: JsonObject, members: string): string {
  return `set \`${members}\` in the container ${textAt(container, 'name') ?? ''} of the task definition ${familyOf(workload)}`;
}

/** `aws ecs update-service`, with the whole block where a part of one changes: ECS resets what a block leaves out. */
export function updateService({ cluster, service = {} }: Workload, options: string): string {
  return `\`aws ecs update-service --cluster ${cluster} --service ${textAt(service, 'serviceName') ?? ''} ${options}\``;
}

/** Whether ECS replaces the tasks step by step. */
export function isRolling(service: JsonObject): boolean {
  const strategy = textAt(objectAt(service, 'deploymentConfiguration'), 'strategy') ?? 'ROLLING';
  return strategy === 'ROLLING' && isDeployedByEcs(service);
}

function isDeployedByEcs(service: JsonObject): boolean {
  return (textAt(objectAt(service, 'deploymentController'), 'type') ?? 'ECS') === 'ECS';
}

export function isDaemon(service: JsonObject): boolean {
  return service.schedulingStrategy === 'DAEMON';
}

export function hasLoadBalancer(service: JsonObject): boolean {
  return objectsAt(service, 'loadBalancers').length > 0;
}

/** The settings of the deployment that serves requests: some members of a service are there only. */
export function primaryOf(service: JsonObject): JsonObject {
  return objectsAt(service, 'deployments').find(({ status }) => status === 'PRIMARY') ?? {};
}

/** Names of the capacity providers, or the launch type. */
export function capacityOf(service: JsonObject): readonly string[] {
  const providers = objectsAt(service, 'capacityProviderStrategy').flatMap(
    (item) => textAt(item, 'capacityProvider') ?? [],
  );
  return providers.length > 0 ? providers : [textAt(service, 'launchType') ?? 'EC2'];
}

export function isOnFargate(service: JsonObject): boolean {
  return capacityOf(service).every((name) => name === 'FARGATE' || name === 'FARGATE_SPOT');
}

export function isWindows({ definition }: Pick<Workload, 'definition'>): boolean {
  return (textAt(objectAt(definition, 'runtimePlatform'), 'operatingSystemFamily') ?? '').startsWith(
    'WINDOWS',
  );
}

/** The images of a workload in ECR repositories of the same account and region, which are those that are read. */
export function ownImagesOf({ definition }: Pick<Workload, 'definition'>): readonly EcrImage[] {
  const home = homeOf({ definition });
  return containersOf({ definition }).flatMap((container) => {
    const image = ecrImageOf(imageOf(container));
    return image === undefined || !isSameRegistry(image, home) ? [] : [image];
  });
}

/** The account and region that a workload runs in. */
export function homeOf({ definition }: Pick<Workload, 'definition'>): Registry {
  const [, , , region = '', account = ''] = (textAt(definition, 'taskDefinitionArn') ?? '').split(':');
  return { account, region };
}

export function imageOf(container: JsonObject): string {
  return textAt(container, 'image') ?? '';
}

export function logGroupOf(container: JsonObject): string | undefined {
  const logging = objectAt(container, 'logConfiguration');
  if (logging.logDriver !== 'awslogs') return undefined;
  return textAt(objectAt(logging, 'options'), 'awslogs-group');
}

/** The execution and the task role, as far as there are any. */
export function rolesOf({ definition }: Pick<Workload, 'definition'>): readonly string[] {
  const roles = [textAt(definition, 'executionRoleArn'), textAt(definition, 'taskRoleArn')];
  return [...new Set(roles.filter((role) => role !== undefined))];
}

/** "web-app-task" of its ARN, with or without a path. */
export function roleNameOf(arn: string): string {
  return arn.split('/').pop() ?? arn;
}
