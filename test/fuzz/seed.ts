import { createHash } from 'node:crypto';
import type { Cloud } from '../../local/cloud.ts';
import { definition } from '../models/cases/ecs.ts';
import { modelOf } from '../models/services.ts';
import { requestFor } from '../models/wire.ts';
import { learn } from './values.ts';

/** Starts over, with a cluster, a service, task definitions, a repository, logs, a parameter and a secret to hit. */
export async function seed(cloud: Cloud): Promise<void> {
  const reset = { method: 'POST', path: '/_local/reset', headers: {}, body: Buffer.from('{}') };
  if ((await cloud.answer(reset))?.status !== 200) throw new Error('the reset was refused');
  const call = async (service: string, operation: string, input: Readonly<Record<string, unknown>>) => {
    const response = await cloud.answer(requestFor(service, modelOf(service), operation, input));
    if (response?.status !== 200) throw new Error(`${operation}: ${String(response?.body)}`);
    return JSON.parse(String(response.body));
  };
  const networkConfiguration = { awsvpcConfiguration: { subnets: ['subnet-1'] } };
  await call('ecs', 'CreateCluster', { clusterName: 'prod' });
  await call('ecs', 'RegisterTaskDefinition', definition);
  await call('ecs', 'RegisterTaskDefinition', {
    family: 'job',
    containerDefinitions: [{ name: 'job', image: 'busybox', memory: 64 }],
  });
  await call('ecs', 'CreateService', {
    cluster: 'prod',
    serviceName: 'web',
    taskDefinition: 'web',
    desiredCount: 1,
    launchType: 'FARGATE',
    networkConfiguration,
  });
  const scaled = { ResourceId: 'service/prod/web', ScalableDimension: 'ecs:service:DesiredCount' };
  for (const [member, value] of Object.entries({ ServiceNamespace: 'ecs', ...scaled })) learn(member, value);
  learn('ResourceIds', scaled.ResourceId);
  await call('application-autoscaling', 'RegisterScalableTarget', {
    ServiceNamespace: 'ecs',
    ...scaled,
    MinCapacity: 1,
    MaxCapacity: 4,
  });
  learn('PredefinedMetricType', 'ECSServiceAverageCPUUtilization');
  learn('PolicyType', 'TargetTrackingScaling');
  const run = { cluster: 'prod', taskDefinition: 'web', launchType: 'FARGATE', networkConfiguration };
  const { tasks } = await call('ecs', 'RunTask', run);
  learn('task', tasks[0].taskArn);
  learn('tasks', tasks[0].taskArn);
  const { serviceDeployments } = await call('ecs', 'ListServiceDeployments', {
    cluster: 'prod',
    service: 'web',
  });
  const [{ serviceDeploymentArn, targetServiceRevisionArn }] = serviceDeployments;
  learn('serviceDeploymentArn', serviceDeploymentArn);
  learn('serviceDeploymentArns', serviceDeploymentArn);
  learn('serviceRevisionArns', targetServiceRevisionArn);
  await call('ecr', 'CreateRepository', { repositoryName: 'web' });
  await call('ecr', 'PutImage', {
    repositoryName: 'web',
    imageManifest: '{"schemaVersion":2}',
    imageTag: '1',
  });
  const pushed = { repository: 'web', tag: 'pushed', content: 'pushed' };
  const push = {
    method: 'POST',
    path: '/_local/push',
    headers: {},
    body: Buffer.from(JSON.stringify(pushed)),
  };
  if ((await cloud.answer(push))?.status !== 200) throw new Error('the push was refused');
  const layer = createHash('sha256').update('pushed for linux/amd64').digest('hex');
  learn('layerDigest', `sha256:${layer}`);
  await call('logs', 'CreateLogGroup', { logGroupName: '/ecs/web' });
  await call('logs', 'CreateLogStream', { logGroupName: '/ecs/web', logStreamName: 'a' });
  await call('ssm', 'PutParameter', { Name: '/a/b', Value: 'c', Type: 'String' });
  await call('secretsmanager', 'CreateSecret', { Name: 'slack', SecretString: 'token' });
}
