import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parse } from 'yaml';
import type { InfrastructureSource } from './source/schema.ts';
import type { TaskDefinitionSource } from './source/taskDefinitionSchema.ts';

/** Task definitions in separate files: JSON or YAML. */

interface Read {
  readonly source: InfrastructureSource;
  /** Every file that cannot be used: where it is named, and why. */
  readonly faults: readonly string[];
}

/** @param directory where relative paths start */
export function withFiles(source: InfrastructureSource, directory: string): Read {
  const faults: string[] = [];
  const definitions = Object.entries(source.taskDefinitions ?? {}).map(
    ([family, definition]): [string, TaskDefinitionSource] => {
      if (!('file' in definition) || typeof definition.file !== 'string') return [family, definition];
      const { file, tags, ignore } = definition;
      const read = readDefinition(resolve(directory, file));
      if ('fault' in read)
        faults.push(`infrastructure.taskDefinitions.${family}.file: ${file}: ${read.fault}`);
      return [family, { definition: 'value' in read ? read.value : {}, tags, ignore }];
    },
  );
  if (source.taskDefinitions === undefined) return { source, faults };
  return { source: { ...source, taskDefinitions: Object.fromEntries(definitions) }, faults };
}

function readDefinition(
  path: string,
): { readonly value: Record<string, unknown> } | { readonly fault: string } {
  try {
    const value: unknown = parse(readFileSync(path, 'utf8'));
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { value: { ...value } };
    return { fault: 'expected the JSON of a task definition' };
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT')
      return { fault: 'the file does not exist' };
    return { fault: error instanceof Error ? error.message : String(error) };
  }
}
