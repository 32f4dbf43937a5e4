import { type JsonObject, objectsAt } from '../../infrastructure/json.ts';
import type { Aws } from '../../infrastructure/kind.ts';
import type { Optional } from './optional.ts';

/** Log groups by name. */
export async function readLogGroups(
  names: readonly string[],
  aws: Aws,
  optional: Optional,
): Promise<Readonly<Record<string, JsonObject>>> {
  const found = await Promise.all(
    names.map(async (name): Promise<readonly [string, JsonObject][]> => {
      // Names are prefixes of others, and come sorted: the group itself is the first.
      const input = { logGroupNamePrefix: name, limit: 1 };
      const answer = await optional.read('log groups', () => aws('logs', 'DescribeLogGroups', input));
      const group = objectsAt(answer ?? {}, 'logGroups').find(({ logGroupName }) => logGroupName === name);
      return group === undefined ? [] : [[name, group]];
    }),
  );
  return Object.fromEntries(found.flat());
}
