import { defineCommand, UsageError } from '../command.ts';
import { exitCode, Failure } from '../failure.ts';
import { atMost } from '../reading.ts';
import { print } from '../surroundings.ts';

export const local = defineCommand({
  usage: 'local [--also NAMES]',
  summary: 'run a local cloud with your configuration, until you interrupt it',
  options: {
    port: { type: 'string', value: 'N', about: 'the port; 0 picks a free one; default: 4566' },
    speed: { type: 'string', value: 'N', about: 'how fast its clock runs, or "max"; default: 20' },
    empty: { type: 'boolean', about: 'start without the clusters and services of fairway.yml' },
    data: { type: 'string', value: 'DIR', about: 'keep its state in this folder' },
    quotas: { type: 'string', value: 'NAME', about: 'enforce the quotas of aws, or none; default: none' },
    account: {
      type: 'string',
      value: 'ID',
      about: 'its account; default: that of the environment, or 123456789012',
    },
    also: {
      type: 'string',
      value: 'NAMES',
      about: 'further environments of the same account and region, separated by commas',
    },
    peers: {
      type: 'string',
      value: 'LIST',
      about: 'local clouds of other accounts and regions: URL/ACCOUNT/REGION, separated by commas',
    },
    package: { type: 'string', value: 'DIR', about: 'deploy what `fairway package` wrote to this folder' },
  },
  examples: [
    'fairway local',
    'fairway local --port 0 --speed max',
    'fairway local --package dist',
    'fairway local --environment dev --also staging',
  ],
  read({ words, text, flag }) {
    atMost(0, words);
    const [port, speed, empty] = [text('port') ?? '4566', text('speed') ?? '20', flag('empty')];
    const [data, packaged, quotas] = [text('data'), text('package'), text('quotas') ?? 'none'];
    const [account, peers] = [text('account'), text('peers') ?? ''];
    const also = text('also')?.split(',') ?? [];
    if (also.length > 0 && packaged !== undefined)
      throw new UsageError('--package has one environment, leave out --also');
    return async ({ around, options, file, configuration: checked }) => {
      const { accountOf, peersOf, portOf, quotasOf, regionOf, speedOf } = await import(
        '../../local/options.ts'
      );
      const { placeFor } = await import('../../local/place.ts');
      const usual = placeFor((await checked()).configuration);
      const settings = usage(() => ({
        port: portOf(port),
        speed: speedOf(speed),
        quotas: quotasOf(quotas),
        place: {
          account: accountOf(account ?? usual.account),
          region: regionOf(options.region ?? usual.region),
        },
        peers: peersOf(peers),
        empty,
      }));
      const { runLocal } = await import('../package/local.ts');
      await runLocal({ ...settings, data, packaged, also }, await file(), options, around, (url) =>
        print(around.out, options.json ? JSON.stringify({ url }) : `ready ${url}`),
      );
      return exitCode.done;
    };
  },
});

function usage<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw new Failure(exitCode.usage, error instanceof Error ? error.message : String(error));
  }
}
