import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import manifest from '../../package.json' with { type: 'json' };
import { apply } from '../../shared/infrastructure/apply.ts';
import type { Aws } from '../../shared/infrastructure/kind.ts';
import { plannedFile } from './cluster.ts';
import { anEmptyCloud, type EmptyCloud } from './world.ts';

/** examples/foundation: from an empty account to a service that deploys itself. */

const read = (name: string) =>
  readFileSync(join(import.meta.dirname, '..', '..', 'examples', 'foundation', name), 'utf8');
const FILE = read('fairway.yml');
const TEMPLATE = parse(read('template.yml'), { logLevel: 'silent' });
const TARGET_GROUP =
  'arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/web-app/0123456789abcdef';

/** What CloudFormation answers once the template is deployed. */
const OUTPUTS: Readonly<Record<string, string>> = {
  ExecutionRole: 'web-app-execution',
  TaskRole: 'web-app-task',
  Subnets: 'subnet-0a1b2c3d,subnet-1a1b2c3d',
  ServiceSecurityGroup: 'sg-0a1b2c3d',
  TargetGroup: TARGET_GROUP,
};

function withFoundation(cloud: EmptyCloud): EmptyCloud {
  const aws: Aws = async (service, operation, input) => {
    if (operation !== 'DescribeStacks') return cloud.aws(service, operation, input);
    expect(input).toEqual({ StackName: 'foundation' });
    const Outputs = Object.entries(OUTPUTS).map(([OutputKey, OutputValue]) => ({ OutputKey, OutputValue }));
    return { Stacks: [{ Outputs }] };
  };
  return { ...cloud, aws };
}

async function applied(cloud: EmptyCloud): Promise<void> {
  await apply(await plannedFile(FILE, cloud), {
    aws: cloud.aws,
    release: async () => '',
    onDone: () => {},
    onOrdered: () => {},
  });
}

test('is a part of the package', () => {
  expect(manifest.files).toContain('examples');
});

test('has every output and every role that the file names', () => {
  const named = [...FILE.matchAll(/fromStack: foundation\.(\w+)/g)].map(([, name]) => name);
  expect(named).toEqual(['Subnets', 'ServiceSecurityGroup', 'TargetGroup']);
  expect(Object.keys(TEMPLATE.Outputs)).toEqual(expect.arrayContaining([...named, ...Object.keys(OUTPUTS)]));
  const app: string = TEMPLATE.Parameters.App.Default;
  const roles = ['ExecutionRole', 'TaskRole'].map((role) =>
    String(TEMPLATE.Resources[role].Properties.RoleName).replace('${App}', app),
  );
  expect(roles).toEqual(['web-app-execution', 'web-app-task']);
  for (const role of roles) expect(FILE).toContain(role);
});

test('has all that a strategy that shifts traffic needs', () => {
  expect(Object.keys(TEMPLATE.Outputs)).toEqual(
    expect.arrayContaining(['InfrastructureRole', 'AlternateTargetGroup', 'ListenerRule']),
  );
  const [action] = TEMPLATE.Resources.ListenerRule.Properties.Actions;
  expect(action.ForwardConfig.TargetGroups.map(({ Weight }: { Weight: number }) => Weight)).toEqual([100, 0]);
});

test('declares, on an empty account, a service that the first image starts and that then is no change', async () => {
  const cloud = withFoundation(anEmptyCloud());
  await applied(cloud);
  expect((await plannedFile(FILE, cloud)).changes.map(({ action, kind }) => [action, kind])).toEqual([
    ['wait', 'taskDefinition'],
    ['wait', 'service'],
    ['wait', 'scaling'],
  ]);
  cloud.push('web-app', '1.0.0');
  await applied(cloud);
  expect((await plannedFile(FILE, cloud)).changes).toEqual([]);
  const { services } = await cloud.read('ecs', 'DescribeServices', {
    cluster: 'app-prod',
    services: ['web-app'],
  });
  expect(services).toMatchObject([
    {
      desiredCount: 2,
      loadBalancers: [{ targetGroupArn: TARGET_GROUP, containerPort: 8080 }],
      networkConfiguration: {
        awsvpcConfiguration: {
          subnets: ['subnet-0a1b2c3d', 'subnet-1a1b2c3d'],
          securityGroups: ['sg-0a1b2c3d'],
        },
      },
    },
  ]);
});
