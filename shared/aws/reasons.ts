import type { Cause } from '../domain/release.ts';
import { causesInEvents } from '../later.ts';

/** ECS's words for a deployment that is well. */
const ROUTINE = /^ECS deployment \S+ (?:in progress|completed)\.?$/;

/**
 * What ECS's reasons for ending a deployment mean, where the tables of causes know it. The tables are loaded when there
 * is something to look up: most invocations see nothing fail.
 */
export async function meaningOf(
  service: string,
  words: readonly string[],
): Promise<{ readonly means?: Cause }> {
  const telling = words.filter((text) => text !== '' && !ROUTINE.test(text));
  if (telling.length === 0) return {};
  const { meaningOfReasons } = await causesInEvents();
  const means = meaningOfReasons(service, telling);
  return means === undefined ? {} : { means };
}
