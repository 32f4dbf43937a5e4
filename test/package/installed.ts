import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { withoutCredentials } from '../../local/package.ts';

const execute = promisify(execFile);
const COMPILER = join(import.meta.dirname, '../../node_modules/typescript/bin/tsc');
const SERVERLESS = 'node_modules/serverless/bin/serverless.js';

export interface Ended {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

type Variables = Readonly<Record<string, string>>;

/** A folder outside the checkout that has nothing but what the user wrote and the installed package. */
export interface Folder {
  readonly path: string;
  /** Everything that npm said while it installed. */
  readonly installed: string;
  /** Installs another tarball in the place of the first. */
  upgrade(tarball: string): Promise<void>;
  /** Runs the installed command with a line such as "status --json". */
  fairway(line: string, env?: Variables): Promise<Ended>;
  /** The same as the documentation says it, with `npx`. */
  npx(line: string): Promise<Ended>;
  /** Runs the TypeScript of the checkout on a file of the folder. */
  typecheck(file: string, module: string): Promise<Ended>;
  /** Runs the Serverless Framework of the folder. */
  serverless(line: string, env?: Variables): Promise<Ended>;
  /** Runs `fairway local` with a line; returns its address once it is ready. */
  local(line: string): Promise<string>;
  /** Interrupts the local clouds and removes the folder. */
  remove(): Promise<void>;
}

/** Installs a tarball, without the network, into a folder with these files. */
export async function installInto(files: Readonly<Record<string, string>>, tarball: string): Promise<Folder> {
  const path = await mkdtemp(join(tmpdir(), 'fairway-installed-'));
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(path, name)), { recursive: true });
    await writeFile(join(path, name), text);
  }
  const install = async (archive: string) => {
    const words = ['install', '--offline', '--no-audit', '--no-fund', '--save-dev', archive];
    const { stdout, stderr } = await execute('npm', words, { cwd: path, env: environment() });
    return `${stdout}${stderr}`;
  };
  const installed = await install(tarball);
  const clouds: ChildProcess[] = [];
  const program = join(path, 'node_modules', '.bin', 'fairway');
  return {
    path,
    installed,
    async upgrade(other) {
      await install(other);
    },
    fairway: (line, env) => run(program, line.split(' '), path, env),
    npx: (line) => run('npx', ['--no-install', 'fairway', ...line.split(' ')], path),
    typecheck: (file, module) =>
      run(
        process.execPath,
        [COMPILER, '--noEmit', '--strict', '--types', '', '--module', module, file],
        path,
      ),
    serverless: (line, env) => run(process.execPath, [join(path, SERVERLESS), ...line.split(' ')], path, env),
    async local(line) {
      const cloud = spawn(program, line.split(' '), { cwd: path, env: environment(), stdio: 'pipe' });
      clouds.push(cloud);
      return addressOf(cloud);
    },
    async remove() {
      await Promise.all(clouds.map(interrupt));
      await rm(path, { recursive: true, force: true });
    },
  };
}

async function run(
  program: string,
  args: readonly string[],
  cwd: string,
  env: Variables = {},
): Promise<Ended> {
  try {
    const { stdout, stderr } = await execute(program, args, { cwd, env: { ...environment(), ...env } });
    return { code: 0, out: stdout, err: stderr };
  } catch (error) {
    const { code, stdout, stderr } = Object(error);
    return { code: Number(code), out: String(stdout), err: String(stderr) };
  }
}

/** Nothing of the test's own npm or AWS account. */
function environment(): NodeJS.ProcessEnv {
  const kept = Object.entries(withoutCredentials(process.env)).filter(([name]) => !/^npm_|^NODE_/.test(name));
  return Object.fromEntries(kept);
}

async function addressOf(cloud: ChildProcess): Promise<string> {
  let output = '';
  for (const stream of [cloud.stdout, cloud.stderr]) stream?.on('data', (chunk) => (output += String(chunk)));
  const deadline = Date.now() + 60_000;
  while (Date.now() < deadline && cloud.exitCode === null) {
    const [, address] = /^ready (\S+)$/m.exec(output) ?? [];
    if (address !== undefined) return address;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`the local cloud did not start: ${output}`);
}

async function interrupt(cloud: ChildProcess): Promise<void> {
  if (cloud.exitCode !== null) return;
  const ended = once(cloud, 'exit');
  cloud.kill('SIGINT');
  await ended;
}
