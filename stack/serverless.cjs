// The values that serverless.yml reads from fairway.yml. CommonJS, since the Serverless Framework uses `require`.
const { resolve } = require('node:path');
const tsx = require('tsx/cjs/api');

// The SDK's notice about future Node versions is for the maintainers of Fairway, who pin the SDK's version.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';

const { withCommandsHere } = tsx.require('./here.ts', __filename);
const { prepare } = tsx.require('./serverless.ts', __filename);

let parts;
/** Called for each value that serverless.yml reads; the configuration is read only once. */
module.exports = async ({ options }) => {
  try {
    parts ??= prepare(resolve(__dirname, '..'), options).then(({ warnings, ...prepared }) => {
      for (const warning of warnings) console.error(`fairway: warning: ${withCommandsHere(warning)}`);
      return prepared;
    });
    return await parts;
  } catch (error) {
    // The Serverless Framework would print the stack trace.
    console.error(`fairway: ${withCommandsHere(error.message)}`);
    process.exit(1);
  }
};
