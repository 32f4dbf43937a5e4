import { defineCommand, UsageError } from '../command.ts';
import { exitCode } from '../failure.ts';
import { atMost } from '../reading.ts';
import { print } from '../surroundings.ts';

export const init = defineCommand({
  usage: 'init',
  summary: 'write fairway.yml, serverless.yml and the entry in package.json',
  options: {
    example: { type: 'boolean', about: 'write an example for the local cloud; needs no account' },
    cluster: { type: 'string', value: 'NAME', about: 'read the services of this cluster from your account' },
  },
  examples: [
    'fairway init --example',
    'fairway init --cluster app-prod --region eu-west-1',
    'fairway init --cluster app-staging --region eu-west-1 --environment staging',
  ],
  read({ words, text, flag }) {
    atMost(0, words);
    const cluster = text('cluster');
    if (flag('example') && cluster !== undefined)
      throw new UsageError('--example and --cluster exclude each other');
    return async (context) => {
      const { start } = await import('../init/start.ts');
      const { around, options } = context;
      const environment = context.environment() ?? 'production';
      const started = await start({ example: flag('example'), cluster, environment }, context);
      print(around.out, options.json ? JSON.stringify(started.json, undefined, 2) : started.text);
      return exitCode.done;
    };
  },
});
