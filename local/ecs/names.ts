import { AwsError, type JsonObject } from '../contract.ts';
import type { Tag, TaskDefinition } from './definition.ts';
import type { Cluster, Context, Service, Task } from './model.ts';
import { invalid, objects, text } from './read.ts';

/** Names, ARNs and what they refer to. */

export function arnOf(ctx: Context, resource: string): string {
  return `arn:aws:ecs:${ctx.region}:${ctx.account}:${resource}`;
}

/** `arn:…:kind/name` or a name → the name. */
export function lastPart(reference: string): string {
  return reference.slice(reference.lastIndexOf('/') + 1);
}

/** `arn:…:cluster/name` or a name → the name. Absent: "default". */
export function clusterName(reference: string | undefined): string {
  if (reference === undefined || reference === '') return 'default';
  return lastPart(reference);
}

/** Throws ClusterNotFoundException. */
export function clusterOf(ctx: Context, input: JsonObject): Cluster {
  const cluster = ctx.clusters.get(clusterName(text(input, 'cluster')));
  if (cluster === undefined || cluster.status !== 'ACTIVE') {
    throw new AwsError('ClusterNotFoundException', 'Cluster not found.');
  }
  return cluster;
}

export function serviceName(reference: string): string {
  return lastPart(reference);
}

/** Throws ServiceNotFoundException. */
export function serviceOf(cluster: Cluster, reference: string): Service {
  const service = cluster.services.get(serviceName(reference));
  if (service === undefined) throw new AwsError('ServiceNotFoundException', 'Service not found.');
  return service;
}

/** Throws ServiceNotFoundException and ServiceNotActiveException. */
export function activeService(cluster: Cluster, reference: string): Service {
  const service = serviceOf(cluster, reference);
  if (service.status !== 'ACTIVE') throw new AwsError('ServiceNotActiveException', 'Service was not ACTIVE.');
  return service;
}

export function taskOf(cluster: Cluster, reference: string): Task | undefined {
  return cluster.tasks.get(lastPart(reference));
}

/** Family, `family:revision` or ARN. A family stands for its latest ACTIVE revision. */
export function findDefinition(ctx: Context, reference: string): TaskDefinition | undefined {
  const name = reference.startsWith('arn:') ? reference.slice(reference.indexOf('/') + 1) : reference;
  const [family = '', revision] = name.split(':');
  const revisions = ctx.families.get(family) ?? [];
  if (revision !== undefined) return revisions[Number(revision) - 1];
  return revisions.findLast((each) => each.status === 'ACTIVE');
}

/** A definition that can be started. Throws ClientException, or `inactiveCode` if it was deregistered. */
export function usableDefinition(ctx: Context, reference: string, inactiveCode: string): TaskDefinition {
  const definition = findDefinition(ctx, reference);
  if (definition === undefined) throw new AwsError('ClientException', 'TaskDefinition not found.');
  if (definition.status !== 'ACTIVE') throw new AwsError(inactiveCode, 'TaskDefinition is inactive');
  return definition;
}

const MOST_TAGS = 50;

export function tagsOf(input: JsonObject): readonly Tag[] {
  const tags = objects(input, 'tags').map((each) => ({
    key: text(each, 'key') ?? '',
    value: text(each, 'value') ?? '',
  }));
  for (const { key, value } of tags) {
    if (key === '' || key.length > 128) throw invalid('Tag keys must have between 1 and 128 characters.');
    if (value.length > 256) throw invalid('Tag values must have at most 256 characters.');
    if (/^aws:/i.test(key)) throw invalid('Tag keys must not start with the reserved prefix aws:.');
  }
  return mergeTags([], tags);
}

/** The later of two tags with one key wins. Throws when there are too many. */
export function mergeTags(before: readonly Tag[], added: readonly Tag[]): readonly Tag[] {
  const byKey = new Map([...before, ...added].map((tag) => [tag.key, tag]));
  if (byKey.size > MOST_TAGS) throw invalid(`Too many tags: at most ${MOST_TAGS} are allowed.`);
  return [...byKey.values()];
}
