// Lets `serverless invoke local` load our functions: it requires CommonJS, and they are packaged as ES modules.
const { writeFileSync } = require('node:fs');
const { join } = require('node:path');

/** A module beside the packaged one, which passes each call on to it. */
const BRIDGE = `exports.handler = async (event, context) => {
  const { handler } = await import('./handler.mjs');
  return handler(event, context);
};
`;

module.exports = class InvokeLocal {
  constructor(serverless, options) {
    // Runs after the hook of serverless-esbuild, which builds the function and goes to where it is.
    this.hooks = {
      'before:invoke:local:invoke': () => {
        const { handler } = serverless.service.getFunction(options.function);
        writeFileSync(join(serverless.serviceDir, `${handler.replace(/\.\w+$/, '')}.cjs`), BRIDGE);
      },
    };
  }
};
