import {
  DescribeTargetGroupsCommand,
  type DescribeTargetHealthCommand,
  ElasticLoadBalancingV2Client,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import type { Cloud } from '../../local/cloud.ts';
import { createLoadBalancers } from '../../shared/aws/loadBalancers.ts';
import { AwsFault } from '../../shared/ports.ts';
import { aTime } from '../builders.ts';
import { createCaller } from '../models/caller.ts';
import { startWorld } from '../models/world.ts';

const ARN = 'arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/web/0123456789abcdef';

/** A client that gives these answers, and the names of the commands that it got. */
function fakeClient(group: object | Error, descriptions: readonly object[] | Error = []) {
  const commands: string[] = [];
  const send = async (command: DescribeTargetGroupsCommand | DescribeTargetHealthCommand) => {
    const isAboutGroups = command instanceof DescribeTargetGroupsCommand;
    commands.push(isAboutGroups ? 'DescribeTargetGroups' : 'DescribeTargetHealth');
    const answer = isAboutGroups ? group : descriptions;
    if (answer instanceof Error) throw answer;
    return { TargetGroups: [group], TargetHealthDescriptions: descriptions };
  };
  const client = { send } as unknown as Pick<ElasticLoadBalancingV2Client, 'send'>;
  return { commands, port: createLoadBalancers(() => client, aTime()) };
}

function refusal(name: string): Error {
  return Object.assign(new Error(`${name}: no`), { name, $metadata: { httpStatusCode: 400 } });
}

describe('a target group of the local cloud', () => {
  let cloud: Cloud;
  beforeAll(async () => {
    cloud = await startWorld();
    const { call, control } = createCaller(cloud, 'ecs');
    // As fast as possible, the grace period would be over before the target group is read.
    await control('clock', { speed: 1 });
    await call('CreateCluster', { clusterName: 'prod' });
    await call('RegisterTaskDefinition', {
      family: 'web',
      networkMode: 'awsvpc',
      requiresCompatibilities: ['FARGATE'],
      cpu: '256',
      memory: '512',
      containerDefinitions: [{ name: 'web', image: 'nginx:1', portMappings: [{ containerPort: 8080 }] }],
    });
    await control('behaviours', { family: 'web', targetHealth: 'unhealthy 404' });
    await call('CreateService', {
      cluster: 'prod',
      serviceName: 'web',
      taskDefinition: 'web',
      desiredCount: 1,
      launchType: 'FARGATE',
      networkConfiguration: { awsvpcConfiguration: { subnets: ['subnet-1'], securityGroups: ['sg-1'] } },
      loadBalancers: [{ targetGroupArn: ARN, containerName: 'web', containerPort: 8080 }],
      healthCheckGracePeriodSeconds: 3_600,
    });
    await control('clock', { advance: '5m' });
  });
  afterAll(() => cloud.stop());

  const port = () => {
    const client = new ElasticLoadBalancingV2Client({
      endpoint: cloud.url,
      region: 'us-east-1',
      credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    });
    return createLoadBalancers(() => client, aTime());
  };

  it('is read with its check and its targets', async () => {
    expect(await port().targetGroup(ARN)).toEqual({
      name: 'web',
      protocol: 'HTTP',
      port: '8080',
      request: 'GET /',
      expects: '200',
      interval: 30,
      timeout: 5,
      unhealthyAfter: 2,
      targets: [
        {
          state: 'unhealthy',
          reason: 'Target.ResponseCodeMismatch',
          description: 'Health checks failed with these codes: [404]',
        },
      ],
    });
  });

  it('is undefined where there is none', async () => {
    expect(await port().targetGroup(`${ARN}0`)).toBeUndefined();
  });
});

describe('a target group', () => {
  it('is read once, with two calls, however many failures name it', async () => {
    const { port, commands } = fakeClient({ TargetGroupName: 'web' });
    await Promise.all([port.targetGroup(ARN), port.targetGroup(ARN)]);
    await port.targetGroup(ARN);
    expect(commands).toEqual(['DescribeTargetGroups', 'DescribeTargetHealth']);
  });

  it.each<[string, object, object]>([
    [
      'of gRPC',
      { HealthCheckPath: '/h', Matcher: { GrpcCode: '0' } },
      { request: '/h', expects: 'gRPC code 0' },
    ],
    ['of TCP', { HealthCheckProtocol: 'TCP' }, { protocol: 'TCP', port: 'traffic-port' }],
    ['with a port for checks', { HealthCheckPort: '9090' }, { port: '9090' }],
  ])('%s', async (_, group, expected) => {
    const found = await fakeClient(group).port.targetGroup(ARN);
    expect(found).toMatchObject(expected);
    expect(found?.request).toBe('request' in expected ? '/h' : undefined);
  });

  it('names no port where its targets have several', async () => {
    const targets = [{ HealthCheckPort: '32768' }, { HealthCheckPort: '32769' }];
    expect(await fakeClient({}, targets).port.targetGroup(ARN)).toMatchObject({ port: 'traffic-port' });
  });

  it.each([
    ['DescribeTargetGroups', refusal('AccessDenied'), []],
    ['DescribeTargetHealth', {}, refusal('AccessDenied')],
  ])('that %s may not read is a fault of that call', async (operation, group, targets) => {
    const reading = fakeClient(group, targets).port.targetGroup(ARN);
    await expect(reading).rejects.toThrow(AwsFault);
    await expect(reading).rejects.toThrow(`elasticloadbalancing:${operation}`);
  });
});
