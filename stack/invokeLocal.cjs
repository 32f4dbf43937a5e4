// `serverless invoke local` loads CommonJS, and our functions are ES modules: this plugin adds a CommonJS entry.
const { writeFileSync } = require('node:fs');
const { join } = require('node:path');

/** A module beside the packaged one that forwards each call to it. */
const BRIDGE = `exports.handler = async (event, context) => {
  const { handler } = await import('./handler.mjs');
  return handler(event, context);
};
`;

module.exports = class InvokeLocal {
  constructor(serverless, options) {
    // Runs after the hook of serverless-esbuild, which builds the function and changes the service directory.
    this.hooks = {
      'before:invoke:local:invoke': () => {
        const { handler } = serverless.service.getFunction(options.function);
        writeFileSync(join(serverless.serviceDir, `${handler.replace(/\.\w+$/, '')}.cjs`), BRIDGE);
      },
    };
  }
};
