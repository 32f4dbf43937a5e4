import * as z from 'zod';
import { source } from './schema.ts';

/** The schema of `fairway.yml` as JSON Schema 2020-12, for editors: `fairway.schema.json`. */
export function configurationJsonSchema(): Readonly<Record<string, unknown>> {
  return { ...z.toJSONSchema(source, { io: 'input', reused: 'inline' }), title: 'fairway.yml' };
}
