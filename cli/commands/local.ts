import { defineCommand } from '../command.ts';
import { exitCode, Failure } from '../failure.ts';
import { atMost } from '../reading.ts';
import { print } from '../surroundings.ts';

export const local = defineCommand({
  usage: 'local',
  summary: 'run a local cloud with your configuration, until you interrupt it',
  options: {
    port: { type: 'string', value: 'N', about: 'the port; 0 picks a free one; default: 4566' },
    speed: { type: 'string', value: 'N', about: 'how fast its clock runs, or "max"; default: 20' },
    empty: { type: 'boolean', about: 'start without the clusters and services of fairway.yml' },
    data: { type: 'string', value: 'DIR', about: 'keep its state in this folder' },
    quotas: { type: 'string', value: 'NAME', about: 'enforce the quotas of aws, or none; default: none' },
    account: { type: 'string', value: 'ID', about: 'its account; default: 123456789012' },
    peers: {
      type: 'string',
      value: 'LIST',
      about: 'local clouds of other accounts and regions: URL/ACCOUNT/REGION, separated by commas',
    },
    package: { type: 'string', value: 'DIR', about: 'deploy what `fairway package` wrote to this folder' },
  },
  examples: ['fairway local', 'fairway local --port 0 --speed max', 'fairway local --package dist'],
  read({ words, text, flag }) {
    atMost(0, words);
    const [port, speed, empty] = [text('port') ?? '4566', text('speed') ?? '20', flag('empty')];
    const [data, packaged, quotas] = [text('data'), text('package'), text('quotas') ?? 'none'];
    const [account, peers] = [text('account'), text('peers') ?? ''];
    return async ({ around, options, file }) => {
      const { accountOf, peersOf, portOf, quotasOf, regionOf, speedOf } = await import(
        '../../local/options.ts'
      );
      const { USUAL_PLACE } = await import('../../local/place.ts');
      const settings = usage(() => ({
        port: portOf(port),
        speed: speedOf(speed),
        quotas: quotasOf(quotas),
        place: {
          account: accountOf(account ?? USUAL_PLACE.account),
          region: regionOf(options.region ?? USUAL_PLACE.region),
        },
        peers: peersOf(peers),
        empty,
      }));
      const { runLocal } = await import('../package/local.ts');
      await runLocal({ ...settings, data, packaged }, await file(), options, around, (url) =>
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
