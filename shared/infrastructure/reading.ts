import { isObject, type Json, type JsonObject, listAt, textAt } from './json.ts';
import type { Aws } from './kind.ts';

/** Most pages of one listing, so that a service that repeats a token does not keep a command for ever. */
const MOST_PAGES = 1_000;

type Token = 'nextToken' | 'NextToken' | 'PaginationToken' | 'Marker';

/** All items of a listing. */
export async function pages(
  aws: Aws,
  service: string,
  operation: string,
  input: JsonObject,
  member: string,
  token: Token = 'nextToken',
): Promise<readonly JsonObject[]> {
  const items = await itemsOf(aws, service, operation, input, member, token);
  return items.filter(isObject);
}

/** All ARNs or names of a listing. */
export async function namesOf(
  aws: Aws,
  service: string,
  operation: string,
  input: JsonObject,
  member: string,
  token: Token = 'nextToken',
): Promise<readonly string[]> {
  const items = await itemsOf(aws, service, operation, input, member, token);
  return items.map(String);
}

async function itemsOf(
  aws: Aws,
  service: string,
  operation: string,
  input: JsonObject,
  member: string,
  token: Token,
): Promise<readonly Json[]> {
  const items: Json[] = [];
  let next: string | undefined;
  for (let page = 0; page < MOST_PAGES; page += 1) {
    const answer = await aws(service, operation, {
      ...input,
      ...(next === undefined ? {} : { [token]: next }),
    });
    items.push(...listAt(answer, member));
    next = textAt(answer, token);
    if (next === undefined || next === '') return items;
  }
  throw new Error(`failed to list ${service}:${operation}: more than ${MOST_PAGES} pages`);
}

/** All texts of a listing of ECS. */
export function listed(
  operation: string,
  input: JsonObject,
  member: string,
  aws: Aws,
): Promise<readonly string[]> {
  return namesOf(aws, 'ecs', operation, input, member);
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
