import { createHash } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import manifest from '../package.json' with { type: 'json' };
import { archivesFor } from './archives.ts';
import { ALL_FUNCTIONS, type FunctionName, functionsOf } from './names.ts';
import type { StackOfFile } from './serverless.ts';
import { codeParameters, templateText } from './template.ts';

/** A file to upload. */
interface Upload {
  readonly file: string;
  /**
   * The key in the bucket. It begins with the name of the stack, since stacks may share a bucket, and changes with the
   * content: CloudFormation updates the function, and a rollback finds the earlier object.
   */
  readonly key: string;
  readonly sha256: string;
  readonly bytes: number;
}

/** A parameter of the template. */
interface Parameter {
  readonly name: string;
  readonly description: string;
  /** Absent: the parameter is required. */
  readonly default?: string;
}

/** What `manifest.json` contains. */
export interface Deliverable {
  /** Says that the folder is a package of Fairway: other programs have a `manifest.json` as well. */
  readonly writtenBy: typeof manifest.name;
  /** The version of Fairway. */
  readonly version: string;
  readonly stack: string;
  readonly environment: string;
  readonly region?: string;
  /** The only account to deploy it into. */
  readonly account?: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly capabilities: readonly string[];
  readonly parameters: readonly Parameter[];
  readonly template: Upload;
  /** The archives of the functions. */
  readonly uploads: readonly Upload[];
}

export const TEMPLATE = 'template.json';
export const MANIFEST = 'manifest.json';

/** The name of an archive, such as "sweep-0123456789ab.zip". */
const ARCHIVE = new RegExp(`^(?:${ALL_FUNCTIONS.join('|')})-[0-9a-f]{12}\\.zip$`);

/**
 * Writes the finished template, the archives of the functions and a manifest to a folder. The same configuration gives
 * the same bytes, until one of its schedules ends.
 */
export async function writeDeliverable(stack: StackOfFile, directory: string): Promise<Deliverable> {
  await mkdir(directory, { recursive: true });
  const archives = await archivesFor(stack.configuration);
  const uploads = new Map<FunctionName, Upload>();
  for (const name of functionsOf(stack.configuration)) {
    const file = `${name}-${shortDigestOf(archives[name])}.zip`;
    await writeFile(join(directory, file), archives[name]);
    uploads.set(name, uploadOf(file, `${prefixOf(stack)}${file}`, archives[name]));
  }
  const text = Buffer.from(templateText(stack, (name) => uploads.get(name)?.file ?? ''));
  await writeFile(join(directory, TEMPLATE), text);
  const { region, account } = stack.configuration;
  const deliverable: Deliverable = {
    writtenBy: manifest.name,
    version: manifest.version,
    stack: stack.stack,
    environment: stack.configuration.environment,
    ...(region === undefined ? {} : { region }),
    ...(account === undefined ? {} : { account }),
    tags: stack.stackTags,
    capabilities: ['CAPABILITY_IAM'],
    parameters: parameters(),
    template: uploadOf(TEMPLATE, `${prefixOf(stack)}template-${shortDigestOf(text)}.json`, text),
    uploads: [...uploads.values()],
  };
  await writeFile(join(directory, MANIFEST), `${JSON.stringify(deliverable, undefined, 2)}\n`);
  return deliverable;
}

/** Where the files of a stack are in the bucket: the value of the parameter `CodePrefix`. */
export function prefixOf({ stack }: Pick<Deliverable, 'stack'>): string {
  return `${stack}/`;
}

/** Whether a file has the name of an archive that `writeDeliverable` wrote. */
export function isArchive(file: string): boolean {
  return ARCHIVE.test(file);
}

/** The archives that a manifest of Fairway lists; undefined for the text of any other `manifest.json`. */
export function archivesIn(text: string): readonly string[] | undefined {
  const { writtenBy, uploads } = Object(parsed(text));
  if (writtenBy !== manifest.name || !Array.isArray(uploads)) return undefined;
  const files = uploads.map((upload: unknown) => String(Object(upload).file));
  return files.every(isArchive) ? files : undefined;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function parameters(): readonly Parameter[] {
  return Object.entries(codeParameters).map(([name, { Description, Default }]) => ({
    name,
    description: Description,
    ...(Default === undefined ? {} : { default: Default }),
  }));
}

function uploadOf(file: string, key: string, content: Buffer): Upload {
  return { file, key, sha256: digestOf(content), bytes: content.length };
}

function shortDigestOf(content: Buffer): string {
  return digestOf(content).slice(0, 12);
}

function digestOf(content: Buffer): string {
  return createHash('sha256').update(content).digest('hex');
}
