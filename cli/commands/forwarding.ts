import type { Configuration } from '../../shared/domain/app.ts';
import type { Registry } from '../../shared/domain/registry.ts';
import { type Context, defineCommand } from '../command.ts';
import { exitCode } from '../failure.ts';
import { atMost } from '../reading.ts';
import { sameEnvironment } from '../shell.ts';
import { print } from '../surroundings.ts';

export const forwarding = defineCommand({
  usage: 'forwarding',
  summary: 'show what lets Fairway release images of other accounts and regions',
  options: {
    out: {
      type: 'string',
      value: 'DIR',
      about: 'write CloudFormation templates and policies to this folder',
    },
  },
  examples: ['fairway forwarding', 'fairway forwarding --out dist', 'fairway forwarding --json'],
  read({ words, text }) {
    atMost(0, words);
    const out = text('out');
    return async (context) => {
      const { forwardingOf } = await import('../../stack/forwarding.ts');
      const { configuration } = await context.configuration();
      const sides = forwardingOf(configuration, await receiverOf(configuration, context));
      const { around, options } = context;
      if (out === undefined) {
        const { forwardingText } = await import('../forwarding/text.ts');
        const same = sameEnvironment(options, context.environment());
        print(around.out, options.json ? JSON.stringify(sides, undefined, 2) : forwardingText(sides, same));
        return exitCode.done;
      }
      const { resolve } = await import('node:path');
      const { renderWritten, writeForwarding } = await import('../forwarding/write.ts');
      const files = await writeForwarding(sides, resolve(around.directory, out), out);
      print(
        around.out,
        options.json ? JSON.stringify(files, undefined, 2) : renderWritten(sides, files, out),
      );
      return exitCode.done;
    };
  },
});

/** Where the stack is: as the configuration says, otherwise where the credentials are. */
async function receiverOf(configuration: Configuration, context: Context): Promise<Registry> {
  const { account, region } = configuration;
  if (account !== undefined && region !== undefined) return { account, region };
  const { installationFrom } = await import('../connection.ts');
  const { placeOf } = await import('../infrastructure/session.ts');
  const { stackName } = await import('../../stack/names.ts');
  const connection = await context.connect(() => installationFrom(configuration));
  const place = await placeOf(connection, stackName(configuration));
  return { account: account ?? place.account, region: place.region };
}
