import type { Call, Json } from '../contract.ts';
import { listOf } from '../stack/json.ts';
import type { Context } from './conditions.ts';
import type { Request } from './evaluate.ts';

/** What permissions depend on of a task definition. */
export interface KnownDefinition {
  readonly arn: string;
  readonly taskRoleArn?: string;
  readonly executionRoleArn?: string;
  readonly tags?: readonly { readonly key: string; readonly value: string }[];
}

/** Lookups that the requirements of a call depend on. */
export interface Lookups {
  /** A task definition by family, family:revision or ARN. */
  taskDefinition(reference: string): KnownDefinition | undefined;
  /** Name of a table's partition key. */
  partitionKey(table: string): string | undefined;
  /** A secret's full ARN with its six random characters, by name or ARN. */
  secretArn(id: string): string | undefined;
  /** Whether the account has the service-linked role of a service. */
  hasLinkedRole(serviceName: LinkedService): boolean;
}

const LINKED_ROLES = {
  'ecs.amazonaws.com': 'AWSServiceRoleForECS',
  'ecs.application-autoscaling.amazonaws.com': 'AWSServiceRoleForApplicationAutoScaling_ECSService',
} as const;

/** A service that calls create the service-linked role of. */
export type LinkedService = keyof typeof LINKED_ROLES;

/**
 * A call that creates the service-linked role of a service also needs the right to do that, once in an account. For
 * ECS that is CreateService here: CreateCluster, which tries first, is not refused without the right.
 * Sources: "Using service-linked roles for Amazon ECS" and "Service-linked roles for Application Auto Scaling" in
 * their user guides.
 */
export function linkedRole(
  serviceName: LinkedService,
  { account }: Call,
  lookups: Lookups,
): readonly Request[] {
  if (lookups.hasLinkedRole(serviceName)) return [];
  const role = `arn:aws:iam::${account}:role/aws-service-role/${serviceName}/${LINKED_ROLES[serviceName]}`;
  return [need('iam:CreateServiceLinkedRole', role, { 'iam:AWSServiceName': serviceName })];
}

/** One requirement. */
export function need(action: string, resource: string, context: Context = {}): Request {
  return { action, resource, context };
}

/** The strings among a value or list. */
export function texts(value: Json | undefined): readonly string[] {
  return listOf(value).filter((each) => typeof each === 'string');
}

/** The value if it is a string, otherwise an empty one: the service refuses a malformed input, not IAM. */
export function text(value: Json | undefined): string {
  return typeof value === 'string' ? value : '';
}
