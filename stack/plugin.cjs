// Checks that run before the Serverless Framework touches an AWS account, for a checkout.
const tsx = require('tsx/cjs/api');

const prepare = require('./serverless.cjs');
const { guardCommand } = tsx.require('./framework.ts', __filename);

module.exports = class FairwayGuards {
  constructor(serverless, options) {
    this.hooks = {
      initialize: async () => {
        try {
          await guardCommand(serverless, await prepare({ options }));
        } catch ({ message }) {
          // The framework shows its own errors without a stack trace.
          throw new serverless.classes.Error(message);
        }
      },
    };
  }
};
