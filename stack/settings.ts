import type { StackSettings } from '../shared/domain/app.ts';
import { type Resource, type Resources, sub, type Template } from './names.ts';

/** Adds the path and the permissions boundary of the configuration to the roles and policies. */
export function withSettings(resources: Resources, settings: StackSettings = {}): Resources {
  return Object.fromEntries(
    Object.entries(resources).map(([id, resource]) => [id, withSetting(resource, settings)]),
  );
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
