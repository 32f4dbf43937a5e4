import manifest from '../../package.json' with { type: 'json' };
import { defineCommand } from '../command.ts';
import { exitCode } from '../failure.ts';
import { atMost } from '../reading.ts';
import { print } from '../surroundings.ts';

export const version = defineCommand({
  usage: 'version',
  summary: 'print the version, and the digests of the published functions',
  examples: ['fairway version', 'fairway version --json'],
  read({ words }) {
    atMost(0, words);
    return async ({ around, options }) => {
      const { version: current } = manifest;
      const { publishedDigests } = await import('../../stack/archives.ts');
      const functions = await publishedDigests();
      const lines = Object.entries(functions ?? {}).map(([name, digest]) => `  ${name.padEnd(14)}${digest}`);
      const json = { version: current, ...(functions && { functions }) };
      print(around.out, options.json ? JSON.stringify(json) : [`fairway ${current}`, ...lines].join('\n'));
      return exitCode.done;
    };
  },
});
