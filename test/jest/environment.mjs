import { AsyncLocalStorage } from 'node:async_hooks';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Script } from 'node:vm';
import { TestEnvironment } from 'jest-environment-node';
import { createTracer } from './tracer.mjs';

/** What stacks call it: not a path, since jest reads every file that a stack names, for each test file again. */
const BUNDLE = 'bundle:tests';

/** The bundle of this process: compiled once, executed for each test file. */
let compiled;

/** What the test file of this process runs callbacks in. */
const storages = new Set();

const { run } = AsyncLocalStorage.prototype;
AsyncLocalStorage.prototype.run = function (...args) {
  storages.add(this);
  return run.apply(this, args);
};

/**
 * Jest makes one for each test file, and before Node.js 24 each that was in use once costs time at every promise of the
 * process, also of all later test files.
 */
function disableStorages() {
  for (const storage of storages) storage.disable();
  storages.clear();
}

/** Gives each test file separate modules, as jest does, from the bundle of this run (bundle.mjs). */
export default class BundledEnvironment extends TestEnvironment {
  async setup() {
    await super.setup();
    const folder = process.env.TEST_BUNDLE;
    if (!folder) return;
    if (compiled?.folder !== folder) compiled = compile(folder);
    const { script, tracer } = compiled;
    this.tracer = tracer;
    this.global.loadTestFile = (path, require, jest) => {
      const module = {};
      try {
        script.runInContext(this.context)(module, require, jest);
        module.exports[path]();
      } catch (error) {
        tracer.trace(error);
        throw error;
      }
    };
  }

  async teardown() {
    disableStorages();
    await super.teardown();
  }

  handleTestEvent({ name, test, error }) {
    if (name === 'test_done') for (const failure of test.errors.flat()) this.tracer?.trace(failure);
    if (name === 'error') this.tracer?.trace(error);
  }
}

function compile(folder) {
  const file = join(folder, 'bundle.cjs');
  return {
    folder,
    script: new Script(readFileSync(file, 'utf8'), { filename: BUNDLE }),
    tracer: createTracer(BUNDLE, `${file}.map`),
  };
}
