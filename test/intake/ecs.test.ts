import { parseEcsEvent } from '../../shared/intake/ecs.ts';
import { IntakeError } from '../../shared/intake/parse.ts';
import { payload, payloads } from './payloads.ts';

const DEPLOYMENT = 'ecs-svc/8646900195280460001';

describe('parseEcsEvent', () => {
  it('reads a stopped task of a service, with its deployment', () => {
    expect(parseEcsEvent(payload('ecs-task-stopped-crash'))).toEqual({
      kind: 'taskStopped',
      cluster: 'app-prod',
      service: 'web-app',
      deploymentId: DEPLOYMENT,
      taskArn: 'arn:aws:ecs:us-east-1:123456789012:task/app-prod/c50e321c974248dbaf4ae2cfa1660001',
      scaledIn: false,
    });
  });

  it('reads no service and no deployment of a release task', () => {
    const hint = parseEcsEvent(payload('ecs-task-stopped-migration'));
    expect(hint).toMatchObject({ kind: 'taskStopped', cluster: 'app-prod' });
    expect(hint).not.toHaveProperty('service');
    expect(hint).not.toHaveProperty('deploymentId');
  });

  it.each(payloads('ecs-task-stopped-').map((name) => [name, name.endsWith('scaled-in')] as const))(
    '%s was scaled in: %s',
    (name, scaledIn) => {
      expect(parseEcsEvent(payload(name))).toMatchObject({ kind: 'taskStopped', scaledIn });
    },
  );

  it.each([
    ['ecs-deployment-completed', false],
    ['ecs-deployment-failed', true],
  ])('reads %s: cluster and service are only in the ARN of its resources', (name, failed) => {
    expect(parseEcsEvent(payload(name))).toEqual({
      kind: 'deploymentEnded',
      cluster: 'app-prod',
      service: 'web-app',
      deploymentId: DEPLOYMENT,
      failed,
    });
  });

  it.each([
    ['ecs-service-placement-failure', { action: 'placement', words: 'RESOURCE:FARGATE' }],
    [
      'ecs-service-configuration-failure',
      { action: 'placement', words: expect.stringContaining('Opt in to the new format') },
    ],
    ['ecs-service-start-impaired', { action: 'startImpaired' }],
  ])('reads %s, with the reason of ECS', (name, what) => {
    const place = { kind: 'serviceAction', cluster: 'app-prod', service: 'web-app' };
    expect(parseEcsEvent(payload(name))).toEqual({ ...place, ...what });
  });

  it('reads a pause of a deployment, with or without resources', () => {
    const event = payload('ecs-hook-awaiting');
    const hint = { kind: 'hookChanged', cluster: 'app-prod', service: 'web-app' };
    expect(parseEcsEvent(event)).toEqual(hint);
    expect(parseEcsEvent({ ...Object(event), resources: undefined })).toEqual(hint);
  });

  it.each(['SERVICE_STEADY_STATE', 'SERVICE_DESIRED_COUNT_UPDATED', 'constructor'])(
    'does not check a service that reports %s',
    (eventName) => {
      const event = JSON.parse(JSON.stringify(payload('ecs-service-steady-state')));
      event.detail.eventName = eventName;
      expect(parseEcsEvent(event)).toEqual({
        kind: 'ignored',
        reason: `${eventName} is not handled`,
      });
    },
  );

  it.each<[string, RegExp]>([
    ['ecs-task-spot-warning', /RUNNING/],
    ['ecs-deployment-in-progress', /IN_PROGRESS does not end a deployment/],
    ['ecs-deployment-rolling-back', /IN_PROGRESS does not end a deployment/],
    ['schedule', /Scheduled Event is not handled/],
  ])('ignores %s, with a reason', (name, why) => {
    expect(parseEcsEvent(payload(name))).toEqual({ kind: 'ignored', reason: expect.stringMatching(why) });
  });

  it('reads that a task is running only if Fairway started it', () => {
    const event = JSON.parse(JSON.stringify(payload('ecs-task-spot-warning')));
    event.detail.startedBy = 'fairway/0b6a1c52';
    const { taskArn, clusterArn } = event.detail;
    expect(parseEcsEvent(event)).toEqual({
      kind: 'taskRuns',
      cluster: clusterArn.replace(/^.*\//, ''),
      taskArn,
      startedBy: 'fairway/0b6a1c52',
    });
  });

  it('ignores a deployment of a service with an old ARN, without a cluster', () => {
    const event = JSON.parse(JSON.stringify(payload('ecs-deployment-completed')));
    event.resources = ['arn:aws:ecs:us-east-1:123456789012:service/web-app'];
    expect(parseEcsEvent(event)).toMatchObject({ kind: 'ignored' });
  });

  it('reports every fault of a malformed event in one error', () => {
    const event = { 'detail-type': 'ECS Task State Change', detail: { clusterArn: 1 } };
    expect(() => parseEcsEvent(event)).toThrow(
      'failed to read an ECS task event: detail.clusterArn should be a string; ' +
        'detail.taskArn is missing: it should be a string; detail.lastStatus is missing: it should be a string',
    );
  });

  it.each([
    null,
    {},
    { 'detail-type': 'ECS Deployment State Change', resources: [], detail: { eventName: 'x' } },
  ])('throws on %j', (event) => {
    expect(() => parseEcsEvent(event)).toThrow(IntakeError);
  });
});
