// Plain JavaScript on purpose: this has to say its sentence on a Node that is too old and without any dependency.
import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
/** Where the command is in the published package: as deep below the root as `cli/`. */
const PUBLISHED = 'dist';
/** Where a checkout has its compiled command. */
const COMPILED = 'compiled';
/** What it was compiled from: each source with its size and time. */
const STAMP = join(COMPILED, 'sources.json');

/**
 * What is wrong with this Node, or nothing. 20.19 is the first that can be relied on for what we use.
 * @param {string} version as in `process.versions.node`
 */
export function nodeFault(version) {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const supported = major > 20 || (major === 20 && minor >= 19);
  if (supported) return undefined;
  return `Fairway needs Node 20.19 or newer, and this is Node ${version}: install a newer one from https://nodejs.org.`;
}

/** Runs the published command, or the compiled one of a checkout. Where a source is newer it is compiled first; where that fails, the sources run. */
export async function runCommand(args) {
  const fault = nodeFault(process.versions.node);
  if (fault) return stop(fault);
  if (isPublished()) return runFile(join(PUBLISHED, 'main.js'), args);
  if (!isFresh() && !(await compiles())) return runTypeScript('cli/main.ts', args);
  await runFile(join(COMPILED, 'main.js'), args);
}

/** Imports a TypeScript file of this repository as if it had been given to node. */
export async function runTypeScript(file, args) {
  const fault = nodeFault(process.versions.node);
  if (fault) return stop(fault);

  const { register } = await import('tsx/esm/api').catch((error) => {
    if (error.code !== 'ERR_MODULE_NOT_FOUND') throw error;
    return {};
  });
  if (!register) return stop(`The dependencies are not installed: run "npm ci" in ${root} first.`);

  register();
  await runFile(file, args);
}

/** Whether this is the published package: a checkout also has the sources. */
function isPublished() {
  return existsSync(join(root, PUBLISHED, 'main.js')) && !existsSync(join(root, 'cli', 'main.ts'));
}

async function runFile(file, args) {
  // The SDK's notice about its future Node versions is for who maintains Fairway: versions here are pinned.
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';
  const path = resolve(root, file);
  process.argv = [process.argv[0], path, ...args];
  await import(pathToFileURL(path).href);
}

/** Whether the command is compiled from its sources as they are now. A few milliseconds. */
function isFresh() {
  try {
    const sources = JSON.parse(readFileSync(join(root, STAMP), 'utf8'));
    return sources.every(([path, sight]) => sightOf(path) === sight);
  } catch {
    return false;
  }
}

/** Size and time of a source, by which a change is seen. */
function sightOf(path) {
  const { size, mtimeMs } = statSync(join(root, path));
  return `${size} ${mtimeMs}`;
}

export async function compileCommand() {
  const { compile } = await import('./compile.mjs');
  await compile({ root, directory: COMPILED, stamp: STAMP, sightOf });
}

async function compiles() {
  try {
    await compileCommand();
    return true;
  } catch {
    // No esbuild, a folder that cannot be written, a source with a fault: the sources say it better.
    return false;
  }
}

function stop(sentence) {
  process.stderr.write(`${sentence}\n`);
  process.exitCode = 1;
}
