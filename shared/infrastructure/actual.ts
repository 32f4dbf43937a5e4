import type { Actual, Aws, KindName, Resource } from './kind.ts';
import { KIND_NAMES, KINDS } from './kinds.ts';
import { remembering } from './remembering.ts';

/** What exists of the declared resources. */
export interface ActualState {
  get(kind: KindName, name: string): Actual | undefined;
}

/** Reads every declared resource, kinds at the same time. */
export async function readActual(resources: readonly Resource[], aws: Aws): Promise<ActualState> {
  const reads = remembering(aws);
  const found = await Promise.all(
    KIND_NAMES.map(async (kind) => {
      const mine = resources.filter((resource) => resource.kind === kind);
      const read = mine.length === 0 ? new Map<string, Actual>() : await KINDS[kind].read(mine, reads);
      return [kind, read] as const;
    }),
  );
  const byKind = new Map(found);
  return { get: (kind, name) => byKind.get(kind)?.get(name) };
}
