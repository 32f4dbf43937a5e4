const { Script } = require('node:vm');
const { default: Runtime } = require('jest-runtime');

/** Scripts of installed modules by path, as compiled in this process. */
const scripts = new Map();

/** Compiles installed modules, such as Jest's own, once per process. Jest compiles them again for each test file. */
module.exports = class CachingRuntime extends Runtime {
  constructor(...options) {
    super(...options);
    const { executor } = this;
    const compile = executor?.compile?.bind(executor);
    if (!compile) return;
    executor.compile = (source, path) =>
      isCached(source, path) ? compiled(executor, source, path) : compile(source, path);
  }
};

/** What imports at run time needs the context that Jest gives it. */
function isCached(source, path) {
  if (scripts.has(path)) return true;
  return path.includes('node_modules') && path.endsWith('.js') && !/\bimport\(/.test(source);
}

function compiled({ environment, injectedModuleParameters }, source, path) {
  const context = environment.getVmContext();
  if (context === null) return null;
  if (!scripts.has(path)) {
    const wrapped = `(function (${injectedModuleParameters.join(', ')}) {${source}\n})`;
    scripts.set(path, new Script(wrapped, { filename: path }));
  }
  return scripts.get(path).runInContext(context);
}
