import { stringify } from 'yaml';
import { importCluster } from '../../shared/infrastructure/import/import.ts';
import type { JsonObject } from '../../shared/infrastructure/json.ts';
import { aCluster, imageOf as image, imported, plannedFile } from './cluster.ts';
import { EXAMPLE } from './example.ts';
import { aRunningExample, type EmptyCloud, planned } from './world.ts';

const WITH_SECRET = EXAMPLE.replace('LOG_LEVEL: info', 'LOG_LEVEL: info, API_KEY: k9Xq2LmZ');

async function infrastructureOf(cloud: EmptyCloud): Promise<string> {
  const { file } = await imported(cloud);
  return stringify(file.infrastructure);
}

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
    expect((await plannedFile((await imported(cloud)).text, cloud)).changes).toEqual([]);
  });

  test('makes the same on another cloud', async () => {
    const cloud = await aRunningExample(EXAMPLE);
    const other = await aRunningExample(await infrastructureOf(cloud));
    expect(await described(other)).toEqual(await described(cloud));
  });

  test('finds a difference that is made afterwards', async () => {
    const cloud = await aRunningExample(EXAMPLE);
    const source = await infrastructureOf(cloud);
    await cloud.aws('ecs', 'UpdateService', {
      cluster: 'app-prod',
      service: 'web-app',
      healthCheckGracePeriodSeconds: 7,
      enableExecuteCommand: true,
    });
    const { changes } = await planned(source, cloud);
    expect(changes).toMatchObject([
      { kind: 'service', found: [{ path: 'enableExecuteCommand', from: true }] },
    ]);
  });

  test('changes nothing', async () => {
    const cloud = await aRunningExample(EXAMPLE);
    const before = cloud.changes().length;
    await imported(cloud);
    expect(cloud.changes().length).toBe(before);
  });

  test('leaves infrastructure out unless it is wanted', async () => {
    const cloud = await aRunningExample(EXAMPLE);
    const { file } = await imported(cloud, { infrastructure: false });
    expect(file).not.toHaveProperty('infrastructure');
    expect(file.apps).toHaveProperty('web-app');
  });

  test('says that a cluster does not exist', async () => {
    const cloud = await aRunningExample(EXAMPLE);
    await expect(importCluster('none', { infrastructure: false }, cloud.aws)).rejects.toThrow(
      'the cluster none does not exist',
    );
  });
});

describe('the apps of an imported cluster', () => {
  const withPort = { portMappings: [{ containerPort: 8080 }] };

  test('are the services that share a repository, with containers, roles and log groups', async () => {
    const cloud = await aCluster({
      services: {
        web: {
          family: 'web-family',
          roles: true,
          containers: [{ name: 'web', image: image('team/shop'), ...withPort, logGroup: '/ecs/web' }],
        },
        worker: { containers: [{ name: 'worker', image: image('team/shop') }] },
      },
    });
    const { file, text } = await imported(cloud);
    expect(file.apps).toMatchObject({
      shop: {
        image: { repository: 'team/shop', tags: { semver: '>=0.0.0' } },
        services: [
          {
            name: 'web',
            taskDefinition: 'web-family',
            containers: ['web'],
            taskRole: 'web-task',
            executionRole: 'arn:aws:iam::123456789012:role/team/web-execution',
            logGroup: '/ecs/web',
          },
          { name: 'worker', containers: ['worker'] },
        ],
      },
    });
    expect(text).toContain('# A guess, from the tags seen: 1.0.0.');
    expect((await plannedFile(text, cloud)).changes).toEqual([]);
  });

  test('are not grouped by a sidecar, with a port or without', async () => {
    const sidecar = { name: 'proxy', image: image('proxy'), ...withPort };
    const agent = { name: 'agent', image: image('agent') };
    const cloud = await aCluster({
      services: {
        api: { containers: [sidecar, { name: 'api', image: image('api'), ...withPort }, agent] },
        web: { containers: [sidecar, { name: 'web', image: image('web'), ...withPort }, agent] },
        worker: { containers: [agent, { name: 'worker', image: image('api') }] },
      },
    });
    const { file } = await imported(cloud);
    expect(Object.keys(file.apps)).toEqual(['api', 'web']);
    expect(file.apps.api.services.map(({ name }: JsonObject) => name)).toEqual(['api', 'worker']);
  });

  test('stay apart where several repositories could be meant, with a comment', async () => {
    const cloud = await aCluster({
      services: {
        mixed: {
          containers: [
            { name: 'a', image: image('first'), ...withPort },
            { name: 'b', image: image('second'), ...withPort },
          ],
        },
        plain: { containers: [{ name: 'c', image: image('plain'), ...withPort }] },
      },
    });
    const { file, text, notes } = await imported(cloud);
    expect(Object.keys(file.apps)).toEqual(['plain', 'mixed']);
    expect(text).toContain('# Check the repository: mixed could also be of second.');
    expect(notes).toContainEqual(expect.stringContaining('apps.mixed: Check the repository'));
  });

  test('have different names where the last part of their repositories is the same', async () => {
    const cloud = await aCluster({
      services: {
        one: { containers: [{ name: 'x', image: image('a/web'), ...withPort }] },
        two: { containers: [{ name: 'x', image: image('b/web'), ...withPort }] },
      },
    });
    expect(Object.keys((await imported(cloud)).file.apps)).toEqual(['web', 'b-web']);
  });

  test.each([
    ['210987654321.dkr.ecr.us-east-1.amazonaws.com', ':1.4.0', '1.4.0'],
    ['123456789012.dkr.ecr.eu-west-1.amazonaws.com', ':1.4.0', '1.4.0'],
    ['210987654321.dkr.ecr.us-east-1.amazonaws.com', `@sha256:${'4f'.repeat(32)}`, undefined],
  ])(
    'name a repository of another account or region by its URI: %s/team/web%s',
    async (host, which, seen) => {
      const cloud = await aCluster({
        services: {
          web: {
            containers: [
              { name: 'web', image: `${host}/team/web${which}`, ...withPort },
              { name: 'agent', image: '906394416424.dkr.ecr.us-east-1.amazonaws.com/aws-for-fluent-bit:2' },
            ],
          },
        },
      });
      const { file, text } = await imported(cloud);
      expect(file.apps).toMatchObject({
        web: { image: { repository: `${host}/team/web` }, services: [{ name: 'web', containers: ['web'] }] },
      });
      expect(text).toContain('# In another account or region: `fairway forwarding` shows how');
      expect(text).toContain(seen === undefined ? 'no tags were seen' : `from the tags seen: ${seen}.`);
      expect((await plannedFile(text, cloud)).changes).toEqual([]);
    },
  );

  test('are those of the account and region where a sidecar is of another one', async () => {
    const sidecar = '906394416424.dkr.ecr.us-east-1.amazonaws.com/aws-for-fluent-bit:2';
    const containers = [
      { name: 'agent', image: sidecar },
      { name: 'worker', image: image('worker') },
    ];
    const { file, text } = await imported(await aCluster({ services: { worker: { containers } } }));
    expect(file.apps).toMatchObject({ worker: { image: { repository: 'worker' } } });
    expect(text).not.toContain('Check the repository');
  });

  test('leave out what has no image of ECR, and say so', async () => {
    const cloud = await aCluster({
      services: {
        nginx: { containers: [{ name: 'x', image: 'nginx:1', ...withPort }] },
        web: { containers: [{ name: 'x', image: image('web'), ...withPort }] },
      },
    });
    const { file, notes } = await imported(cloud);
    expect(Object.keys(file.apps)).toEqual(['web']);
    expect(notes.filter((note) => note.includes('left out'))).toEqual([
      'nginx is left out: it has no image of ECR',
    ]);
  });

  test('are split where a repository has more services than an app can have', async () => {
    const names = Array.from({ length: 51 }, (_, index) => `s${String(index).padStart(2, '0')}`);
    const services = Object.fromEntries(
      names.map((name) => [name, { family: 'shared', containers: [{ name: 'x', image: image('web') }] }]),
    );
    const { file, text } = await imported(await aCluster({ services }));
    expect(
      Object.values<JsonObject>(file.apps).map(({ services: own }) => Array.from(Object(own)).length),
    ).toEqual([50, 1]);
    expect(text).toContain('web-2:');
  });

  test('say of an Express Mode service that ECS manages it, and plan none of it', async () => {
    const cloud = await aCluster({
      services: {
        express: { containers: [{ name: 'Main', image: image('web'), ...withPort }], express: true },
      },
    });
    const { file, text } = await imported(cloud);
    expect(file.infrastructure.services).toEqual({ express: { cluster: 'app-prod', express: true } });
    expect(file.infrastructure.taskDefinitions).toEqual({});
    expect(text).toContain('# Express Mode: ECS manages its load balancer and its scaling.');
    expect((await plannedFile(text, cloud)).changes).toEqual([]);
  });
});
