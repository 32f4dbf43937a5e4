import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { EnumOf } from './shapes.ts';

/** What a client's type declarations know and its run-time schemas do not: enumerations, and errors by operation. */

const ROOT = join(import.meta.dirname, '..', '..');

function declarations(client: string): string {
  return join(ROOT, 'node_modules', '@aws-sdk', client, 'dist-types');
}

/** Reads `interface X { member?: SomeEnum | undefined }`; the values are those of the constant `SomeEnum` that the client exports. */
export function enumsOf(client: string, exported: Readonly<Record<string, unknown>>): EnumOf {
  const types = new Map<string, string>();
  const directory = join(declarations(client), 'models');
  for (const file of readdirSync(directory).filter((name) => /^models_\d+\.d\.ts$/.test(name))) {
    const text = readFileSync(join(directory, file), 'utf8');
    for (const [, name = '', body = ''] of text.matchAll(
      /^export interface (\w+)[^{\n]* \{\n([\s\S]*?)^\}/gm,
    )) {
      for (const [, member = '', type = ''] of body.matchAll(
        /^ {4}"?([\w-]+)"?\??: \(?(\w+)(?: \| undefined\)?)?(?:\[\])?(?: \| undefined)?;$/gm,
      )) {
        types.set(`${name}.${member}`, type);
      }
    }
  }
  return (structure, member) => {
    const type = types.get(`${structure}.${member}`);
    return type === undefined ? undefined : texts(exported[type]);
  };
}

function texts(constant: unknown): readonly string[] | undefined {
  if (typeof constant !== 'object' || constant === null || Array.isArray(constant)) return undefined;
  const values = Object.values(constant);
  return values.length > 0 && values.every((value) => typeof value === 'string') ? values : undefined;
}

/** Names of the errors that the declaration of an operation's command says it throws. */
export function errorsOf(client: string, operation: string): readonly string[] {
  const text = readFileSync(join(declarations(client), 'commands', `${operation}Command.d.ts`), 'utf8');
  return [...text.matchAll(/@throws \{@link (\w+)\} \((?:client|server) fault\)/g)].map(
    ([, name = '']) => name,
  );
}
