// Checks that run before the Serverless Framework touches an AWS account.
const { GetTemplateCommand } = require('@aws-sdk/client-cloudformation');
const tsx = require('tsx/cjs/api');

const prepare = require('./serverless.cjs');
const { guard } = tsx.require('./guards.ts', __filename);

module.exports = class FairwayGuards {
  constructor(serverless, options) {
    this.hooks = {};
    this.asyncInit = async () => {
      const { commands } = serverless.processedInput;
      const account = { template: (stack) => templateOf(serverless, stack) };
      try {
        await guard(commands, await prepare({ options }), account, process.env);
      } catch ({ message }) {
        // The framework shows its own errors without a stack trace.
        throw new serverless.classes.Error(message);
      }
    };
  }
};

async function templateOf(serverless, StackName) {
  try {
    const client = await serverless.getProvider('aws').getCloudFormationClient();
    const { TemplateBody } = await client.send(new GetTemplateCommand({ StackName }));
    return TemplateBody;
  } catch (error) {
    if (/does not exist/.test(error.message)) return undefined;
    throw error;
  }
}
