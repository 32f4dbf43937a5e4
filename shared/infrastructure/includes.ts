import { readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, resolve } from 'node:path';
import { parse } from 'yaml';
import { matchesGlob } from '../domain/glob.ts';
import { type InfrastructureSource, infrastructure } from './source/schema.ts';

/** `infrastructure:` in several files, as for hundreds of services. */

interface Read {
  readonly source: InfrastructureSource;
  /** Every file that cannot be used, and everything that is declared twice. */
  readonly faults: readonly string[];
}

const PARTS = ['clusters', 'repositories', 'logGroups', 'taskDefinitions', 'services'] as const;

/** The declaration with what its files declare. @param directory where relative paths start */
export function withIncludes(source: InfrastructureSource, directory: string): Read {
  const { include = [], ...own } = source;
  const paths = include.map((path) => ({ path, files: filesOf(resolve(directory, path)) }));
  const missing = paths.filter(({ files }) => files.length === 0);
  const read = paths.flatMap(({ files }) => files).map(readPart);
  const parts = [{ file: 'fairway.yml', source: own }, ...read.filter((one) => 'source' in one)];
  return {
    source: Object.fromEntries(
      PARTS.flatMap((part) => {
        const declared = parts.flatMap(({ source: one }) => Object.entries(one[part] ?? {}));
        return declared.length === 0 ? [] : [[part, Object.fromEntries(declared)]];
      }),
    ),
    faults: [
      ...missing.map(({ path }) => `infrastructure.include: ${path}: there is no such file`),
      ...read.flatMap((one) => ('faults' in one ? one.faults : [])),
      ...declaredTwice(parts),
    ],
  };
}

/** "infrastructure/*.yml" in the order of their names. */
function filesOf(path: string): readonly string[] {
  const folder = dirname(path);
  try {
    return readdirSync(folder)
      .filter((name) => matchesGlob(name, basename(path)))
      .toSorted()
      .map((name) => resolve(folder, name));
  } catch {
    return [];
  }
}

type Part =
  | { readonly file: string; readonly source: InfrastructureSource }
  | { readonly faults: readonly string[] };

function readPart(file: string): Part {
  const content = contentOf(file);
  if ('fault' in content) return { faults: [`${file}: ${content.fault}`] };
  if (isWrapped(content.value)) {
    const fix = 'an included file begins with its members, such as `services`';
    return { faults: [`${file}: remove the member \`infrastructure\`: ${fix}`] };
  }
  const checked = infrastructure.safeParse(content.value);
  if (!checked.success)
    return {
      faults: checked.error.issues.map(({ path, message }) => `${file}: ${path.join('.')}: ${message}`),
    };
  if (checked.data.include !== undefined) return { faults: [`${file}: an included file includes no others`] };
  return { file, source: withPathsFrom(file, checked.data) };
}

function contentOf(file: string): { readonly value: unknown } | { readonly fault: string } {
  try {
    // A file that is empty, or has comments only, declares nothing.
    return { value: parse(readFileSync(file, 'utf8')) ?? {} };
  } catch (error) {
    return { fault: `it is not YAML: ${String(error).split('\n')[0]}` };
  }
}

function isWrapped(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'infrastructure' in value;
}

/** Task definitions are in files beside the one that names them. */
function withPathsFrom(file: string, source: InfrastructureSource): InfrastructureSource {
  if (source.taskDefinitions === undefined) return source;
  const definitions = Object.entries(source.taskDefinitions).map(([family, definition]) => [
    family,
    'file' in definition && typeof definition.file === 'string'
      ? { ...definition, file: resolve(dirname(file), definition.file) }
      : definition,
  ]);
  return { ...source, taskDefinitions: Object.fromEntries(definitions) };
}

function declaredTwice(parts: readonly { file: string; source: InfrastructureSource }[]): readonly string[] {
  return PARTS.flatMap((part) => {
    const names = parts.flatMap(({ file, source }) =>
      Object.keys(source[part] ?? {}).map((name) => ({ name, file: basename(file) })),
    );
    return names.flatMap(({ name, file }, index) => {
      const first = names.find((other) => other.name === name);
      return first === undefined || names.indexOf(first) === index
        ? []
        : [`${part}.${name} is declared in ${first.file} and in ${file}`];
    });
  });
}
