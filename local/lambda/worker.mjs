/**
 * Runs one execution environment of a function: plain JavaScript, because a worker thread starts without the
 * TypeScript loader. Talks to environment.ts.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parentPort, workerData } from 'node:worker_threads';

const realNow = Date.now;
/** Simulated time minus real time, in milliseconds. During an invocation, time runs at real speed. */
let offset = workerData.offset;
simulateDate();
stayOnThisMachine();
sendOutput();

const loaded = await loadHandler(workerData.directory, workerData.handler).catch((error) => {
  parentPort.postMessage({ type: 'initFailed', error: describeError(error) });
  return undefined;
});
if (loaded) {
  parentPort.on('message', (request) => invoke(loaded, request));
  parentPort.postMessage({ type: 'ready' });
}

async function invoke(handler, request) {
  offset = request.offset;
  const { context, deadline, limit } = request;
  try {
    const result = await handler(JSON.parse(request.payload), {
      ...context,
      callbackWaitsForEmptyEventLoop: true,
      getRemainingTimeInMillis: () => Math.max(0, Math.min(limit, deadline - Date.now())),
    });
    parentPort.postMessage({ type: 'done', payload: JSON.stringify(result) ?? 'null' });
  } catch (error) {
    parentPort.postMessage({ type: 'failed', error: describeError(error) });
  }
}

/** Finds "folder/file.export" as Lambda's runtime does: file.js, file.mjs or file.cjs below the unpacked zip. */
async function loadHandler(directory, handler) {
  const dot = handler.lastIndexOf('.');
  const file = join(directory, handler.slice(0, dot));
  const path = ['.js', '.mjs', '.cjs'].map((extension) => file + extension).find((each) => existsSync(each));
  if (!path) {
    throw named('Runtime.ImportModuleError', `Error: Cannot find module '${handler.slice(0, dot)}'`);
  }
  const module = await import(pathToFileURL(path).href);
  const name = handler.slice(dot + 1);
  const found = module[name] ?? module.default?.[name];
  if (typeof found !== 'function') {
    throw named('Runtime.HandlerNotFound', `${handler} is undefined or not exported`);
  }
  return found;
}

/** `Date` returns simulated time; dates from values, and `instanceof`, work as usual. */
function simulateDate() {
  const now = () => realNow() + offset;
  const RealDate = Date;
  globalThis.Date = new Proxy(RealDate, {
    construct: (target, values, newTarget) =>
      Reflect.construct(target, values.length === 0 ? [now()] : values, newTarget),
    apply: (target) => new target(now()).toString(),
    get: (target, key, receiver) => (key === 'now' ? now : Reflect.get(target, key, receiver)),
  });
  RealDate.prototype.constructor = globalThis.Date;
}

/** Blocks requests to other machines: a webhook in `fairway.yml` has a real address, which must not get test messages. */
function stayOnThisMachine() {
  const realFetch = globalThis.fetch;
  globalThis.fetch = async (input, init) => {
    const { hostname } = new URL(input instanceof Request ? input.url : input);
    if (['127.0.0.1', 'localhost', '[::1]'].includes(hostname)) return realFetch(input, init);
    const cause = new Error('the local cloud calls no other machine, use http://127.0.0.1 here');
    throw new TypeError('fetch failed', { cause });
  };
}

/** Output is sent through the same channel as answers, so that it arrives before them. */
function sendOutput() {
  for (const stream of [process.stdout, process.stderr]) {
    stream.write = (chunk, encoding, callback) => {
      parentPort.postMessage({ type: 'output', text: String(chunk) });
      const written = typeof encoding === 'function' ? encoding : callback;
      written?.();
      return true;
    };
  }
}

function describeError(error) {
  if (!(error instanceof Error)) {
    return { errorType: typeof error, errorMessage: String(error), trace: [] };
  }
  return {
    errorType: error.name,
    errorMessage: error.message,
    trace: (error.stack ?? '').split('\n'),
  };
}

function named(name, message) {
  const error = new Error(message);
  error.name = name;
  return error;
}
