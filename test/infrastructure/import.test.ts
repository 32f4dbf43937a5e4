import { stringify } from 'yaml';
import { importCluster } from '../../shared/infrastructure/imported.ts';
import { EXAMPLE } from './example.ts';
import { aRunningExample, type EmptyCloud, planned } from './world.ts';

const WITH_SECRET = EXAMPLE.replace('LOG_LEVEL: info', 'LOG_LEVEL: info, API_KEY: k9Xq2LmZ');

async function described(cloud: EmptyCloud) {
  const { services } = await cloud.read('ecs', 'DescribeServices', {
    cluster: 'app-prod',
    services: ['web-app'],
  });
  const { taskDefinition } = await cloud.read('ecs', 'DescribeTaskDefinition', { taskDefinition: 'web-app' });
  const { clusters } = await cloud.read('ecs', 'DescribeClusters', { clusters: ['app-prod'] });
  const { repositories } = await cloud.read('ecr', 'DescribeRepositories', {});
  const policies = await cloud.read('application-autoscaling', 'DescribeScalingPolicies', {
    ServiceNamespace: 'ecs',
  });
  const text = JSON.stringify({ services, taskDefinition, clusters, repositories, policies });
  // Ids and times differ from cloud to cloud.
  return JSON.parse(
    text.replaceAll(
      /[0-9a-f]{8}-[0-9a-f-]{27}|ecs-svc\/\d+|(?<=service-(?:deployment|revision)\/[^"]*)\/\d+/g,
      'ID',
    ),
  );
}

describe('import', () => {
  test('writes what plans to no change', async () => {
    const cloud = await aRunningExample(WITH_SECRET);
    const source = await importCluster('app-prod', cloud.aws);
    expect((await planned(stringify(source), cloud)).changes).toEqual([]);
  });

  test('makes the same on another cloud', async () => {
    const cloud = await aRunningExample(EXAMPLE);
    const source = stringify(await importCluster('app-prod', cloud.aws));
    const other = await aRunningExample(source);
    expect(await described(other)).toEqual(await described(cloud));
  });

  test('keeps values that may be secrets in AWS', async () => {
    const cloud = await aRunningExample(WITH_SECRET);
    const text = stringify(await importCluster('app-prod', cloud.aws));
    expect(text).toContain('fromLive: true');
    expect(text).not.toContain('k9Xq2LmZ');
  });

  test('changes nothing', async () => {
    const cloud = await aRunningExample(EXAMPLE);
    const before = cloud.changes().length;
    await importCluster('app-prod', cloud.aws);
    expect(cloud.changes().length).toBe(before);
  });
});
