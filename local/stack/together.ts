import type { Stack } from './stack.ts';

/** Several stacks of one account and region as one: their names are distinct. */
export function together(first: Stack, others: readonly Stack[]): Stack {
  const all = [first, ...others];
  return {
    ...first,
    functions: all.flatMap(({ functions }) => functions),
    rules: all.flatMap(({ rules }) => rules),
    schedules: all.flatMap(({ schedules }) => schedules),
    tables: all.flatMap(({ tables }) => tables),
    topics: all.flatMap(({ topics }) => topics),
    queues: all.flatMap(({ queues }) => queues),
    logGroups: all.flatMap(({ logGroups }) => logGroups),
  };
}
