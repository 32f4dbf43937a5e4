import type { Json } from '../contract.ts';
import { isObject } from '../stack/json.ts';

/** The query protocol's answers. */
export function xml(value: Json | undefined): string {
  if (value === null || value === undefined) return '';
  if (Array.isArray(value)) return value.map((entry) => `<member>${xml(entry)}</member>`).join('');
  if (!isObject(value)) return escapeXml(String(value));
  return Object.entries(value)
    .map(
      ([name, member]) =>
        `<${name}>${MAPS.has(name) && isObject(member) ? xmlMap(member) : xml(member)}</${name}>`,
    )
    .join('');
}

/** Members that are maps, not structures. Source: SNS's service model. */
const MAPS: ReadonlySet<string> = new Set(['Attributes']);

function xmlMap(value: Json | undefined): string {
  return Object.entries(isObject(value) ? value : {})
    .map(([key, item]) => `<entry><key>${escapeXml(key)}</key><value>${xml(item)}</value></entry>`)
    .join('');
}

// Source: Extensible Markup Language 1.0, 2.2 Characters. Not even references to them are allowed.
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const FORBIDDEN = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g;

export function escapeXml(text: string): string {
  const allowed = text.replaceAll(FORBIDDEN, '\ufffd');
  return allowed.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
