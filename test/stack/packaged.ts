import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { JsonObject } from '../../local/contract.ts';
import { loadStack } from '../../local/stack/load.ts';
import type { Stack } from '../../local/stack/stack.ts';
import { copyProject } from '../packaged/example.ts';

export interface Package {
  /** The template that CloudFormation gets. */
  readonly template: JsonObject;
  /** Bytes. */
  readonly templateSize: number;
  /** The stack as the local cloud reads it, with references resolved. */
  readonly stack: Stack;
  /** Bytes of each function's archive. */
  readonly archives: readonly number[];
}

export interface Packaged extends Package {
  /** The `.serverless` folder. */
  readonly directory: string;
  remove(): Promise<void>;
}

/**
 * Runs `npx serverless package` for this configuration, without AWS credentials, profile or
 * region. In a copy of the sources, since other tests package the example at the same time.
 */
export async function packageIn(source: string): Promise<Packaged> {
  const project = await projectWith(source);
  try {
    const { code, output } = await project.serverless(['package']);
    if (code !== 0) throw new Error(`failed to package: ${output}`);
    const directory = join(project.directory, '.serverless');
    return { ...(await readPackage(directory)), directory, remove: project.remove };
  } catch (error) {
    await project.remove();
    throw error;
  }
}

export interface Project {
  readonly directory: string;
  /** Runs one command of the Serverless Framework; of AWS, its environment has only `env`. */
  serverless(
    args: readonly string[],
    env?: Readonly<Record<string, string>>,
  ): Promise<{ readonly code: number; readonly output: string }>;
  remove(): Promise<void>;
}

/** A copy of the sources with this configuration. */
export async function projectWith(source: string): Promise<Project> {
  const directory = await mkdtemp(join(tmpdir(), 'fairway-package-'));
  await copyProject(directory);
  // serverless-esbuild leaves what it zipped in the temporary directory.
  const temporary = join(directory, 'tmp');
  await mkdir(temporary);
  await writeFile(join(directory, 'large.yml'), source);
  return {
    directory,
    serverless: (args, env = {}) =>
      new Promise((resolve) => {
        const options = {
          cwd: directory,
          env: { ...bare(), HOME: directory, TMPDIR: temporary, FAIRWAY_CONFIG: 'large.yml', ...env },
          timeout: 110_000,
          killSignal: 'SIGKILL',
        } as const;
        const program = join(directory, 'node_modules', 'serverless', 'bin', 'serverless.js');
        execFile(process.execPath, [program, ...args], options, (error, stdout, stderr) => {
          const code = typeof error?.code === 'number' ? error.code : error ? 1 : 0;
          resolve({ code, output: `${stdout}${stderr}` });
        });
      }),
    remove: () => rm(directory, { recursive: true, force: true }),
  };
}

function bare(): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([name]) => !name.startsWith('AWS_'));
  return { ...Object.fromEntries(kept), SLS_TELEMETRY_DISABLED: '1' };
}

/** Reads a `.serverless` folder. */
export async function readPackage(directory: string): Promise<Package> {
  const text = await readFile(join(directory, 'cloudformation-template-update-stack.json'), 'utf8');
  const stack = await loadStack(directory, { account: '123456789012', region: 'us-east-1' });
  const archives = await Promise.all(stack.functions.map(async ({ zipPath }) => (await stat(zipPath)).size));
  return { template: JSON.parse(text), templateSize: Buffer.byteLength(text), stack, archives };
}
