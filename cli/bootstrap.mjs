// Plain JavaScript on purpose: this has to say its sentence on a Node that is too old and without any dependency.
import { dirname, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));

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

/** Imports a TypeScript file of this repository as if it had been given to node. */
export async function runTypeScript(file, args) {
  const fault = nodeFault(process.versions.node);
  if (fault) return stop(fault);

  const { register } = await import('tsx/esm/api').catch((error) => {
    if (error.code !== 'ERR_MODULE_NOT_FOUND') throw error;
    return {};
  });
  if (!register) return stop(`The dependencies are not installed: run "npm ci" in ${root} first.`);

  // The SDK's notice about its future Node versions is for who maintains Fairway: versions here are pinned.
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';
  register();
  const path = resolve(root, file);
  process.argv = [process.argv[0], path, ...args];
  await import(pathToFileURL(path).href);
}

function stop(sentence) {
  process.stderr.write(`${sentence}\n`);
  process.exitCode = 1;
}
