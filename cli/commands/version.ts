import manifest from '../../package.json' with { type: 'json' };
import { type Context, defineCommand } from '../command.ts';
import { exitCode } from '../failure.ts';
import type { Deployed } from '../package/versions.ts';
import { atMost } from '../reading.ts';
import { print } from '../surroundings.ts';

export const version = defineCommand({
  usage: 'version [--stack]',
  summary: 'print the version, and the digests of the published functions',
  options: {
    stack: {
      type: 'boolean',
      about: 'and which version each function runs, in each environment of fairway.yml',
    },
  },
  examples: ['fairway version', 'fairway version --json', 'fairway version --stack'],
  read({ words, flag }) {
    atMost(0, words);
    return async (context) => {
      const { around, options } = context;
      const { version: current } = manifest;
      const { publishedDigests } = await import('../../stack/archives.ts');
      const functions = await publishedDigests();
      const deployed = flag('stack') ? await deployedVersions(context) : undefined;
      const json = { version: current, ...(functions && { functions }), ...(deployed && { deployed }) };
      const lines = [
        `fairway ${current}`,
        ...Object.entries(functions ?? {}).map(([name, digest]) => `  ${name.padEnd(14)}${digest}`),
        ...(deployed ?? []).flatMap(linesOf),
      ];
      print(around.out, options.json ? JSON.stringify(json) : lines.join('\n'));
      return exitCode.done;
    };
  },
});

function linesOf({ stack, where, runs, functions }: Deployed): readonly string[] {
  return [
    `${stack} in ${where}: ${runs}`,
    ...Object.entries(functions).map(([name, version]) => `  ${name.padEnd(14)}${version}`),
  ];
}

async function deployedVersions(context: Context) {
  const { versionsOf } = await import('../package/versions.ts');
  return versionsOf(context);
}
