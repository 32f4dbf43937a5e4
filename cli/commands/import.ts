import { stringify } from 'yaml';
import { defineCommand, UsageError } from '../command.ts';
import { exitCode } from '../failure.ts';
import { atMost } from '../reading.ts';
import { print } from '../surroundings.ts';

export const importCommand = defineCommand({
  usage: 'import --cluster NAME',
  summary: 'print the infrastructure of a cluster as fairway.yml declares it',
  options: { cluster: { type: 'string', value: 'NAME', about: 'the cluster to read' } },
  examples: ['fairway import --cluster app-prod'],
  read({ words, text }) {
    atMost(0, words);
    const cluster = text('cluster');
    if (cluster === undefined) throw new UsageError('--cluster is missing');
    return async ({ around, options, connect }) => {
      const { createRawCalls } = await import('../../shared/aws/rawCalls.ts');
      const { importCluster } = await import('../../shared/infrastructure/imported.ts');
      const { awsFailure } = await import('../failure.ts');
      const connection = await connect();
      try {
        const infrastructure = await importCluster(cluster, createRawCalls(connection.settings));
        print(
          around.out,
          options.json ? JSON.stringify(infrastructure, null, 2) : stringify({ infrastructure }).trimEnd(),
        );
      } catch (error) {
        throw awsFailure(error, `read the cluster ${cluster}`, connection.where);
      }
      return exitCode.done;
    };
  },
});
