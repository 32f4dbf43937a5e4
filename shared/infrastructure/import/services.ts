import type { ServiceSource } from '../../config/schema.ts';
import { type Json, type JsonObject, objectAt, objectsAt, present, textAt } from '../json.ts';
import type { FoundService } from './found.ts';
import type { Container } from './images.ts';

/** A service of an app, as `services` has it. */

export function serviceEntry(
  { name, family, actual, containers }: FoundService,
  repository: string,
): JsonObject {
  const running = actual.running ?? {};
  const own = containersFrom(containers, repository);
  return present({
    name,
    taskDefinition: family === name ? undefined : family,
    containers: own.map((container) => container.name),
    ...rolesOf(running),
    volumeRole: volumeRoleOf(actual.members),
    logGroup: own.find(({ logGroup }) => logGroup !== undefined)?.logGroup,
  } satisfies Readonly<Partial<Record<keyof ServiceSource, unknown>>> & JsonObject);
}

export function containersFrom(containers: readonly Container[], repository: string): readonly Container[] {
  return containers.filter(({ image }) => image?.repository === repository);
}

/** The roles of a task definition, or of an override. */
export function rolesOf({ taskRoleArn, executionRoleArn }: JsonObject): JsonObject {
  return present({ taskRole: roleName(taskRoleArn), executionRole: roleName(executionRoleArn) });
}

/** A role below a path keeps its ARN: its name alone does not say where it is. */
function roleName(arn: Json | undefined): string | undefined {
  if (typeof arn !== 'string') return undefined;
  const [, path = ''] = arn.split(':role/');
  return path.includes('/') || path === '' ? arn : path;
}

function volumeRoleOf(members: JsonObject): string | undefined {
  const volumes = objectsAt(members, 'volumeConfigurations');
  const roles = volumes.map((volume) => textAt(objectAt(volume, 'managedEBSVolume'), 'roleArn'));
  return roleName(roles.find((role) => role !== undefined));
}

/** Why a service is not one of an app's; undefined: it can be. */
export function whyLeftOut({ name, actual, family }: FoundService): string | undefined {
  const controller = textAt(objectAt(actual.members, 'deploymentController'), 'type') ?? 'ECS';
  if (controller === 'CODE_DEPLOY')
    return `${name} is left out: CodeDeploy deploys it. Migrate it to the controller ECS with the strategy BLUE_GREEN first`;
  if (controller !== 'ECS') return `${name} is left out: its deployment controller is ${controller}`;
  return family === undefined ? `${name} is left out: it has no task definition` : undefined;
}
