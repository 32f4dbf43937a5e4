// What serverless.yml takes from fairway.yml. CommonJS, because the Serverless Framework loads files with `require`.
const { resolve } = require('node:path');
const tsx = require('tsx/cjs/api');

// The SDK's notice about its future Node versions is for the maintainers of Fairway, where its version is pinned.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';

const { prepare } = tsx.require('./serverless.ts', __filename);

let parts;
/** Called once per member that serverless.yml asks for: the configuration is read the first time. */
module.exports = async ({ options }) => {
  try {
    parts ??= prepare(resolve(__dirname, '..'), options).then(({ warnings, ...prepared }) => {
      for (const warning of warnings) console.error(`fairway: warning: ${warning}`);
      return prepared;
    });
    return await parts;
  } catch (error) {
    // The Serverless Framework would print the stack trace.
    console.error(`fairway: ${error.message}`);
    process.exit(1);
  }
};
