import { kindOfKey } from '../../domain/redaction/keys.ts';
import { redact } from '../../domain/redaction/redact.ts';
import { isObject, type Json, type JsonObject, objectsAt, textAt } from '../json.ts';

/** Values that may be secrets stay in AWS: `{ fromLive: true }` replaces them. */

export const FROM_LIVE = { fromLive: true } as const;

/** Whether the value of a variable may be a secret: by its name, or by what it looks like. */
export function isSuspicious(name: string, value: string): boolean {
  return (
    kindOfKey(name) !== undefined ||
    redact(value) !== value ||
    redact(`${name}=${value}`) !== `${name}=${value}`
  );
}

/** The definition without values that may be secrets. */
export function withoutSecrets(definition: JsonObject): JsonObject {
  return mapped(definition, (value, member) =>
    member === 'containerDefinitions'
      ? objectsAt(definition, member).map(containerWithoutSecrets)
      : safe(value, member),
  );
}

function containerWithoutSecrets(container: JsonObject): JsonObject {
  return mapped(container, (value, member) =>
    member === 'environment' ? objectsAt(container, member).map(variable) : safe(value, member),
  );
}

function mapped(
  object: JsonObject,
  change: (value: Json | undefined, member: string) => Json | undefined,
): JsonObject {
  return Object.fromEntries(Object.entries(object).map(([member, value]) => [member, change(value, member)]));
}

function variable(item: JsonObject): JsonObject {
  const name = textAt(item, 'name') ?? '';
  return isSuspicious(name, textAt(item, 'value') ?? '') ? { name, ...FROM_LIVE } : item;
}

/** Members that name where a secret is. */
const REFERENCES: ReadonlySet<string> = new Set([
  'secrets',
  'secretOptions',
  'repositoryCredentials',
  'credentialsParameter',
  'credentialSpecs',
  'image',
]);

/** Options of log drivers, labels and command lines can have secrets, too. */
function safe(value: Json | undefined, member: string): Json | undefined {
  if (REFERENCES.has(member)) return value;
  if (typeof value === 'string') return isSuspicious(member, value) ? FROM_LIVE : value;
  if (Array.isArray(value)) return listed(value, member);
  if (!isObject(value)) return value;
  return mapped(value, safe);
}

/** A list of texts, such as a command, stays as a whole. */
function listed(values: readonly Json[], member: string): Json {
  const texts = values.filter((value) => typeof value === 'string');
  if (texts.length === values.length && isSuspiciousLine(texts)) return FROM_LIVE;
  return values.map((value) => safe(value, member) ?? null);
}

/** `--password secret` is only suspicious as a whole. */
export function isSuspiciousLine(words: readonly string[]): boolean {
  const line = words.join(' ');
  return redact(line) !== line;
}
