// Checks that run before the Serverless Framework touches an AWS account, for a checkout.
const tsx = require('tsx/cjs/api');

const prepare = require('./serverless.cjs');
const { withCommandsHere } = tsx.require('./here.ts', __filename);
const { guardCommand } = tsx.require('./framework.ts', __filename);
const { refuseWithoutRegion } = tsx.require('./guards.ts', __filename);

module.exports = class FairwayGuards {
  constructor(serverless, options) {
    const check = async (refuse) => {
      try {
        await refuse(await prepare({ options }));
      } catch ({ message }) {
        // The framework shows its own errors without a stack trace.
        throw new serverless.classes.Error(withCommandsHere(message));
      }
    };
    this.asyncInit = () =>
      check(({ region }) => refuseWithoutRegion(serverless.processedInput.commands, region));
    // Region and credentials of the framework are final only then.
    this.hooks = { initialize: () => check((prepared) => guardCommand(serverless, prepared)) };
  }
};
