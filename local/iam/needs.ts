import type { Json } from '../contract.ts';
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
