import { omit, present } from '../json.ts';
import type { Resource } from '../kind.ts';
import { jsonOf } from './jsonOf.ts';
import type { ClusterSource } from './schema.ts';

export function clusterOf(name: string, source: ClusterSource): Resource {
  const { containerInsights, tags = {}, ignore = [] } = source;
  const own = omit(jsonOf(source), ['containerInsights', 'tags', 'ignore']);
  const settings =
    containerInsights === undefined
      ? own.settings
      : [{ name: 'containerInsights', value: containerInsights }];
  return { kind: 'cluster', name, members: present({ ...own, settings }), tags, ignore };
}
