import manifest from '../../package.json' with { type: 'json' };
import { defineCommand } from '../command.ts';
import { exitCode } from '../failure.ts';
import { atMost } from '../reading.ts';
import { print } from '../surroundings.ts';

export const version = defineCommand({
  usage: 'version',
  summary: 'print the version',
  examples: ['fairway version', 'fairway version --json'],
  read({ words }) {
    atMost(0, words);
    return async ({ around, options }) => {
      const { version: current } = manifest;
      print(around.out, options.json ? JSON.stringify({ version: current }) : `fairway ${current}`);
      return exitCode.done;
    };
  },
});
