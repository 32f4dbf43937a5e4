import { defineCommand } from '../command.ts';
import { atMost } from '../reading.ts';

export const deployStack = defineCommand({
  usage: 'deploy-stack',
  summary: 'deploy the stack of fairway.yml with the Serverless Framework',
  examples: ['fairway deploy-stack', 'fairway deploy-stack --config staging.yml --region eu-west-1'],
  read({ words }) {
    atMost(0, words);
    return async ({ around, options, file }) => {
      const { deployWithFramework } = await import('../package/deploy.ts');
      return deployWithFramework(await file(), options, around);
    };
  },
});
