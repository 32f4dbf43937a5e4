import { parseEcrEvent } from '../../shared/intake/ecr.ts';
import { parseEcsEvent } from '../../shared/intake/ecs.ts';
import { parseOperatorRequest } from '../../shared/intake/operator.ts';
import { digestOf } from '../builders.ts';

const detail = {
  result: 'SUCCESS',
  'repository-name': 'team/app',
  'image-digest': digestOf('a'),
  'action-type': 'PUSH',
  'image-tag': '1.4.2',
  'manifest-media-type': 'application/vnd.oci.image.manifest.v1+json',
  'artifact-media-type': 'application/vnd.oci.image.config.v1+json',
};
const ecr = (changes: Record<string, unknown> = {}) => ({
  version: '0',
  time: '2026-03-01T10:00:00Z',
  source: 'aws.ecr',
  'detail-type': 'ECR Image Action',
  'a member of tomorrow': {},
  detail: { ...detail, ...changes },
});

describe('parseEcrEvent', () => {
  it('reads a push', () => {
    expect(parseEcrEvent(ecr())).toEqual({
      kind: 'imagePushed',
      repository: 'team/app',
      tag: '1.4.2',
      digest: digestOf('a'),
      at: Date.parse('2026-03-01T10:00:00Z'),
    });
  });

  it.each([
    ['an untagged push', { 'image-tag': '' }],
    ['a push without the tag member', { 'image-tag': undefined }],
    ['a delete', { 'action-type': 'DELETE' }],
    ['a storage-class change', { 'action-type': 'UPDATE_STORAGE_CLASS' }],
    ['a failed push', { result: 'FAILURE' }],
    ['a chart', { 'artifact-media-type': 'application/vnd.cncf.helm.config.v1+json' }],
  ])('ignores %s, with a reason', (_, changes) => {
    expect(parseEcrEvent(ecr(changes))).toMatchObject({
      kind: 'ignored',
      reason: expect.stringMatching(/\w/),
    });
  });

  it('takes an index, which has no artifact type', () => {
    const index = {
      'manifest-media-type': 'application/vnd.oci.image.index.v1+json',
      'artifact-media-type': undefined,
    };
    expect(parseEcrEvent(ecr(index)).kind).toBe('imagePushed');
  });

  it('names every fault of what is no event', () => {
    expect(() => parseEcrEvent({ detail: {} })).toThrow(/time .*detail\.action-type .*detail\.result/);
  });
});

describe('parseEcsEvent', () => {
  const task = (changes: Record<string, unknown> = {}) => ({
    'detail-type': 'ECS Task State Change',
    resources: [],
    detail: {
      clusterArn: 'arn:aws:ecs:us-east-1:1:cluster/prod',
      taskArn: 'arn:aws:ecs:us-east-1:1:task/prod/a',
      lastStatus: 'STOPPED',
      group: 'service:web-app',
      startedBy: 'ecs-svc/1',
      stoppedReason: 'Essential container in task exited',
      ...changes,
    },
  });

  it('reads a stopped task of a service with its deployment', () => {
    expect(parseEcsEvent(task())).toEqual({
      kind: 'taskStopped',
      cluster: 'prod',
      taskArn: 'arn:aws:ecs:us-east-1:1:task/prod/a',
      scaledIn: false,
      service: 'web-app',
      deploymentId: 'ecs-svc/1',
    });
  });

  it('tells a task that was scaled in', () => {
    const reason = { stoppedReason: 'Scaling activity initiated by (deployment ecs-svc/1)' };
    expect(parseEcsEvent(task(reason))).toMatchObject({ scaledIn: true });
  });

  it('knows no service for a task that was run by itself', () => {
    expect(parseEcsEvent(task({ group: 'family:migrate', startedBy: 'fairway/r1' }))).not.toHaveProperty(
      'service',
    );
  });

  it('ignores a task that still runs, although it is to stop', () => {
    expect(parseEcsEvent(task({ lastStatus: 'RUNNING', desiredStatus: 'STOPPED' })).kind).toBe('ignored');
  });

  it.each([
    ['SERVICE_DEPLOYMENT_COMPLETED', 'deploymentEnded'],
    ['SERVICE_DEPLOYMENT_FAILED', 'deploymentEnded'],
    ['SERVICE_DEPLOYMENT_IN_PROGRESS', 'ignored'],
  ])('%s is %s; cluster and service come from the ARN', (eventName, kind) => {
    const event = {
      'detail-type': 'ECS Deployment State Change',
      resources: ['arn:aws:ecs:us-east-1:1:service/prod/web-app'],
      detail: { eventName, deploymentId: 'ecs-svc/1' },
    };
    const hint = parseEcsEvent(event);
    expect(hint.kind).toBe(kind);
    if (hint.kind === 'deploymentEnded') expect(hint).toMatchObject({ cluster: 'prod', service: 'web-app' });
  });
});

describe('parseOperatorRequest', () => {
  it('reads a request', () => {
    expect(parseOperatorRequest({ command: 'rollback', app: 'web', to: 3, who: 'op' })).toEqual({
      command: 'rollback',
      app: 'web',
      to: 3,
      who: 'op',
    });
  });

  it.each([
    [{ command: 'explode' }],
    [{ command: 'hold', app: 'web', who: 'op' }],
    [{ command: 'deploy', app: 'web', who: 'op', tagg: '1' }],
    ['status'],
  ])('refuses %j', (payload) => {
    expect(() => parseOperatorRequest(payload)).toThrow(/failed to read the request/);
  });
});
