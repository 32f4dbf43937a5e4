import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const FOLDER = join(import.meta.dirname, '../../events');

/** A payload of `events/`, by name without `.json`. */
export function payload(name: string): unknown {
  return JSON.parse(readFileSync(join(FOLDER, `${name}.json`), 'utf8'));
}

/** Names of all payloads with this prefix. */
export function payloads(prefix: string): string[] {
  const names = readdirSync(FOLDER).map((file) => file.replace(/\.json$/, ''));
  return names.filter((name) => name.startsWith(prefix));
}
