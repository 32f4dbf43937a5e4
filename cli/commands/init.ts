import { defineCommand, UsageError } from '../command.ts';
import { namedCluster } from '../init/clusterName.ts';
import { ENDED_BY, Interrupted } from '../keyboard.ts';
import { atMost } from '../reading.ts';
import { print } from '../surroundings.ts';

export const init = defineCommand({
  usage: 'init',
  summary: 'write fairway.yml, serverless.yml and the entry in package.json',
  options: {
    example: { type: 'boolean', about: 'write an example for the local cloud; needs no account' },
    foundation: {
      type: 'boolean',
      about: 'write an example for an empty account, with a CloudFormation template of what a service needs',
    },
    cluster: { type: 'string', value: 'NAME', about: 'read the services of this cluster from your account' },
  },
  examples: [
    'fairway init --example',
    'fairway init --foundation',
    'fairway init --cluster app-prod --region eu-west-1',
    'fairway init --cluster app-staging --region eu-west-1 --environment staging',
  ],
  exitCodes: [['130', 'SIGINT ended a question, and nothing was written']],
  read({ words, text, flag }) {
    atMost(0, words);
    const cluster = text('cluster');
    const kinds = (['example', 'foundation'] as const).filter((kind) => flag(kind));
    if (kinds.length + (cluster === undefined ? 0 : 1) > 1)
      throw new UsageError('--example, --foundation and --cluster exclude each other');
    const [kind = 'account'] = kinds;
    const named = cluster === undefined ? undefined : namedCluster(cluster);
    return async (context) => {
      const { start } = await import('../init/start.ts');
      const { around, options } = context;
      try {
        const { exit, text: said, json } = await start({ kind, named }, context);
        print(around.out, options.json ? JSON.stringify(json, undefined, 2) : said);
        return exit;
      } catch (error) {
        if (!(error instanceof Interrupted)) throw error;
        print(around.err, '\nNothing was written.');
        return ENDED_BY.SIGINT;
      }
    };
  },
});
