// Checks that run before the Serverless Framework touches an AWS account.
const tsx = require('tsx/cjs/api');

const prepared = require('./serverless.cjs');
const { refuseWithoutRegion } = tsx.require('./guards.ts', __filename);

module.exports = class FairwayGuards {
  constructor(serverless, options) {
    const check = async () => {
      const { region } = await prepared({ options });
      refuseWithoutRegion(serverless.processedInput.commands, region);
    };
    this.asyncInit = () =>
      check().catch(({ message }) => {
        throw new serverless.classes.Error(message);
      });
    this.hooks = {};
  }
};
