import type { Kind, KindName } from './kind.ts';
import { cluster } from './kinds/cluster.ts';
import { logGroup } from './kinds/logGroup.ts';
import { repository } from './kinds/repository.ts';
import { scaling } from './kinds/scaling.ts';
import { service } from './kinds/service.ts';
import { taskDefinition } from './kinds/taskDefinition.ts';

/** Every kind of resources. Within a plan, resources are created in this order. */
export const KINDS: Readonly<Record<KindName, Kind>> = {
  logGroup,
  repository,
  cluster,
  taskDefinition,
  service,
  scaling,
};

export const KIND_NAMES = Object.values(KINDS).map(({ name }) => name);
