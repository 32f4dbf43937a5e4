import { createHash } from 'node:crypto';
import { partitionOf } from '../shared/domain/partition.ts';
import type { Registry } from '../shared/domain/registry.ts';

/** IAM and EventBridge quotas: the name of a role, of a rule, of a target. */
const LONGEST_NAME = 64;

/**
 * The name of what forwards pushes to a stack. One registry may serve stacks of the same name in several accounts and
 * regions, so both are part of it. A name that is too long ends with a digest of the whole name.
 */
export function forwardingName(stack: string, { account, region }: Registry, ending = ''): string {
  const name = `${stack}-${account}-${region}${ending}`;
  if (name.length <= LONGEST_NAME) return name;
  const digest = createHash('sha256').update(name).digest('hex').slice(0, 8);
  return `${name.slice(0, LONGEST_NAME - digest.length - 1)}-${digest}`;
}

/** The name of the statement that lets an account send events to the bus of a stack. */
export function senderStatement(stack: string, account: string): string {
  return `${stack}-${account}`;
}

/**
 * The name of a statement in the policy of a repository: letters and digits, and another one for each stack. The names
 * have no capital letters, so the `N` keeps "dev-2" and "dev2" apart.
 */
export function repositoryStatement(stack: string, { account, region }: Registry, what: string): string {
  const words = `${stack}-${account}-${region}`.replace(/-(\d)/g, '-N$1').split('-');
  return [...words.map((word) => `${word.charAt(0).toUpperCase()}${word.slice(1)}`), what].join('');
}

export function busArn({ account, region }: Registry): string {
  return `arn:${partitionOf(region)}:events:${region}:${account}:event-bus/default`;
}

export function roleArn({ account, region }: Registry, name: string): string {
  return `arn:${partitionOf(region)}:iam::${account}:role/${name}`;
}

/** All principals of an account that its own policies allow. */
export function rootOf(account: string, { region }: Registry): string {
  return `arn:${partitionOf(region)}:iam::${account}:root`;
}
