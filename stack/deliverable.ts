import { createHash } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import manifest from '../package.json' with { type: 'json' };
import { archivesFor } from './archives.ts';
import { VERSION } from './installation.ts';
import { type FunctionName, functionsOf } from './names.ts';
import type { StackOfFile } from './serverless.ts';
import { codeAt, codeParameters, templateOf } from './template.ts';

/** A file to upload. Its name changes with its content, so that CloudFormation updates the function. */
interface Upload {
  readonly file: string;
  readonly sha256: string;
  readonly bytes: number;
}

/** What `manifest.json` contains. */
export interface Deliverable {
  /** The version of Fairway. */
  readonly version: string;
  readonly stack: string;
  readonly environment: string;
  readonly region?: string;
  /** The only account to deploy it into. */
  readonly account?: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly capabilities: readonly string[];
  readonly template: Upload;
  /** The archives of the functions. */
  readonly uploads: readonly Upload[];
}

export const TEMPLATE = 'template.json';
export const MANIFEST = 'manifest.json';

/**
 * Writes the finished template, the archives of the functions and a manifest to a folder. The same configuration gives
 * the same bytes, until one of its schedules ends.
 */
export async function writeDeliverable(stack: StackOfFile, directory: string): Promise<Deliverable> {
  await mkdir(directory, { recursive: true });
  const archives = await archivesFor(stack.configuration);
  const uploads = new Map<FunctionName, Upload>();
  for (const name of functionsOf(stack.configuration)) {
    const upload = uploadOf(`${name}-${digestOf(archives[name]).slice(0, 12)}.zip`, archives[name]);
    await writeFile(join(directory, upload.file), archives[name]);
    uploads.set(name, upload);
  }
  const template = templateOf({
    parts: stack,
    code: (name) => codeAt(uploads.get(name)?.file ?? ''),
    parameters: codeParameters,
    description: `${VERSION}, ${stack.configuration.environment}`,
  });
  const text = `${JSON.stringify(template, undefined, 2)}\n`;
  await writeFile(join(directory, TEMPLATE), text);
  const { region, account } = stack.configuration;
  const deliverable = {
    version: manifest.version,
    stack: stack.stack,
    environment: stack.configuration.environment,
    ...(region === undefined ? {} : { region }),
    ...(account === undefined ? {} : { account }),
    tags: stack.stackTags,
    capabilities: ['CAPABILITY_IAM'],
    template: uploadOf(TEMPLATE, Buffer.from(text)),
    uploads: [...uploads.values()],
  };
  await writeFile(join(directory, MANIFEST), `${JSON.stringify(deliverable, undefined, 2)}\n`);
  return deliverable;
}

function uploadOf(file: string, content: Buffer): Upload {
  return { file, sha256: digestOf(content), bytes: content.length };
}

function digestOf(content: Buffer): string {
  return createHash('sha256').update(content).digest('hex');
}
