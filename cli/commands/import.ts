import { defineCommand, UsageError } from '../command.ts';
import { exitCode } from '../failure.ts';
import { namedCluster } from '../init/clusterName.ts';
import { atMost } from '../reading.ts';
import { print } from '../surroundings.ts';

export const importCommand = defineCommand({
  usage: 'import --cluster NAME',
  summary: 'write fairway.yml from what runs in a cluster',
  options: {
    cluster: { type: 'string', value: 'NAME', about: 'the cluster to read' },
    infrastructure: {
      type: 'boolean',
      about: 'write `infrastructure`, too: the cluster, its services and what they use',
    },
    out: {
      type: 'string',
      value: 'FILE',
      about: 'the file to write; default: the configuration. A file that differs is not replaced',
    },
  },
  examples: [
    'fairway import --cluster app-prod',
    'fairway import --cluster app-prod --infrastructure --out imported.yml',
  ],
  read({ words, text, flag }) {
    atMost(0, words);
    const cluster = text('cluster');
    if (cluster === undefined) throw new UsageError('--cluster is missing');
    const wish = { named: namedCluster(cluster), infrastructure: flag('infrastructure') };
    return async (context) => {
      const { importToFile } = await import('../init/import.ts');
      const { around, options } = context;
      const imported = await importToFile(wish, text('out'), context);
      print(around.out, options.json ? JSON.stringify(imported.json, null, 2) : imported.text);
      return exitCode.done;
    };
  },
});
