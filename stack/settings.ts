import type { Configuration, StackSettings } from '../shared/domain/app.ts';
import { type Resource, type Resources, stackName, sub, type Template } from './names.ts';

/** Adds the path and the permissions boundary of the configuration to the roles and policies. */
export function withSettings(resources: Resources, configuration: Configuration): Resources {
  const rolePath = rolePathOf(configuration);
  const settings = { ...configuration.stack, ...(rolePath === undefined ? {} : { rolePath }) };
  return Object.fromEntries(
    Object.entries(resources).map(([id, resource]) => [id, withSetting(resource, settings)]),
  );
}

/**
 * Where the stack reads images of other registries, its roles have a separate path: policies of repositories name
 * the roles by it. CloudFormation shortens the names of roles, and "fairway-dev-*" would match those of "fairway-dev-2".
 */
export function rolePathOf({ stack, ...configuration }: Configuration): string | undefined {
  const path = stack?.rolePath;
  if (configuration.apps.every(({ image }) => image.registry === undefined)) return path;
  return `${path ?? '/'}${stackName(configuration)}/`;
}

function withSetting(resource: Resource, { permissionsBoundary, rolePath }: StackSettings): Resource {
  const isRole = resource.Type === 'AWS::IAM::Role';
  if (!isRole && resource.Type !== 'AWS::IAM::ManagedPolicy') return resource;
  return {
    ...resource,
    Properties: {
      ...resource.Properties,
      ...(rolePath === undefined ? {} : { Path: rolePath }),
      ...(isRole && permissionsBoundary !== undefined
        ? { PermissionsBoundary: policyArn(permissionsBoundary) }
        : {}),
    },
  };
}

function policyArn(policy: string): Template {
  if (policy.startsWith('arn:')) return policy;
  return sub(`arn:\${AWS::Partition}:iam::\${AWS::AccountId}:policy/${policy}`);
}
