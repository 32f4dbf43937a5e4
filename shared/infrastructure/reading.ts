import { type JsonObject, listAt, objectsAt, textAt } from './json.ts';
import type { Aws } from './kind.ts';

/** Most pages of one listing, so that a service that repeats a token does not keep a command for ever. */
const MOST_PAGES = 1_000;

/** All items of a listing. */
export async function pages(
  aws: Aws,
  service: string,
  operation: string,
  input: JsonObject,
  member: string,
  token: 'nextToken' | 'NextToken' | 'PaginationToken' = 'nextToken',
): Promise<readonly JsonObject[]> {
  const items: JsonObject[] = [];
  let next: string | undefined;
  for (let page = 0; page < MOST_PAGES; page += 1) {
    const answer = await aws(service, operation, {
      ...input,
      ...(next === undefined ? {} : { [token]: next }),
    });
    items.push(...objectsAt(answer, member));
    next = textAt(answer, token);
    if (next === undefined || next === '') return items;
  }
  throw new Error(`failed to list ${service}:${operation}: more than ${MOST_PAGES} pages`);
}

/** All texts of a listing of ECS. */
export async function listed(
  operation: string,
  input: JsonObject,
  member: string,
  aws: Aws,
): Promise<readonly string[]> {
  const found: string[] = [];
  let nextToken: string | undefined;
  do {
    const answer = await aws('ecs', operation, {
      ...input,
      ...(nextToken === undefined ? {} : { nextToken }),
    });
    found.push(...listAt(answer, member).map(String));
    nextToken = textAt(answer, 'nextToken');
  } while (nextToken !== undefined);
  return found;
}

/** The answer, or undefined where AWS answers this error. */
export async function unless<Answer>(error: string, call: Promise<Answer>): Promise<Answer | undefined> {
  try {
    return await call;
  } catch (thrown) {
    if (thrown instanceof Error && thrown.name === error) return undefined;
    throw thrown;
  }
}

/** `items` in groups of at most `size`. */
export function batches<Item>(items: readonly Item[], size: number): readonly (readonly Item[])[] {
  const count = Math.ceil(items.length / size);
  return Array.from({ length: count }, (_, index) => items.slice(index * size, (index + 1) * size));
}
