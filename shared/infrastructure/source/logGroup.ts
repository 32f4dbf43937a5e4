import { omit } from '../json.ts';
import type { Resource } from '../kind.ts';
import { jsonOf } from './jsonOf.ts';
import type { LogGroupSource } from './schema.ts';

export function logGroupOf(name: string, source: LogGroupSource): Resource {
  const { tags = {}, ignore = [] } = source;
  return { kind: 'logGroup', name, members: omit(jsonOf(source), ['tags', 'ignore']), tags, ignore };
}
