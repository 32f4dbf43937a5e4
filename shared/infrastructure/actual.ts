import { stableText } from './json.ts';
import type { Actual, Aws, KindName, Resource } from './kind.ts';
import { KIND_NAMES, KINDS } from './kinds.ts';

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

/** Several kinds read the same revision: each call is made once. */
function remembering(aws: Aws): Aws {
  const answers = new Map<string, ReturnType<Aws>>();
  return (service, operation, input) => {
    const key = `${service}:${operation} ${stableText(input)}`;
    const answer = answers.get(key) ?? aws(service, operation, input);
    answers.set(key, answer);
    return answer;
  };
}
