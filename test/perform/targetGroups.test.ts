import type { ObservedTargetGroup } from '../../shared/domain/diagnosis/targetGroups.ts';
import type { EcsEffect } from '../../shared/domain/effects.ts';
import type { ObservedTask } from '../../shared/domain/observations.ts';
import type { Cause } from '../../shared/domain/release.ts';
import { createPerformEcs } from '../../shared/perform/perform.ts';
import { AwsFault, type Ecs, type LoadBalancers } from '../../shared/ports.ts';
import { anApp, HOME, START } from '../builders.ts';
import { noLogs } from '../fakes.ts';

const ARN = 'arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/web/0123456789abcdef';
const unhealthy: Cause = {
  kind: 'targetHealth',
  sentence: "Tasks of web-app fail the load balancer's health checks.",
  advice: 'Check the path.',
  evidence: [`Task failed ELB health checks in (target-group ${ARN})`],
  canHeal: true,
};
const crash: Cause = { ...unhealthy, kind: 'crash' };
const group: ObservedTargetGroup = {
  name: 'web',
  protocol: 'HTTP',
  port: '8080',
  request: 'GET /healthz',
  expects: '200',
  interval: 10,
  timeout: 5,
  unhealthyAfter: 2,
  targets: [],
};
const stopped: ObservedTask = {
  taskArn: '1',
  found: true,
  lastStatus: 'STOPPED',
  scaledIn: false,
  exitCodes: {},
  stoppedAt: START,
};

/** Plays an effect where ECS finds this cause; answers the causes in the result, and the target groups that were read. */
async function played(
  effect: EcsEffect,
  cause: Cause,
  targetGroup: LoadBalancers['targetGroup'] | undefined = async () => group,
) {
  const read: string[] = [];
  const loadBalancers: LoadBalancers = {
    async targetGroup(arn) {
      read.push(arn);
      return targetGroup(arn);
    },
    weights: () => Promise.reject(new Error('not asked')),
  };
  const ecs: Partial<Ecs> = {
    tasks: async () => [{ ...stopped, cause }],
    services: async () => [],
    firstCause: async () => ({ cause, taskArns: ['1'] }),
    targetHealth: async (_, __, told) => told,
  };
  const notAsked = () => Promise.reject(new Error('not asked'));
  const perform = createPerformEcs({
    ecs: ecs as Ecs,
    home: HOME,
    images: { inspect: notAsked, tagged: notAsked },
    logs: noLogs,
    loadBalancers,
    now: () => START,
  });
  return { answer: await perform(anApp(), effect, 0), read };
}

const findCause: EcsEffect = { kind: 'findCause', service: 'web-app', deploymentId: 'ecs-svc/1' };
const lookAtStopped: EcsEffect = { kind: 'lookAtStopped', service: 'web-app', tasks: ['1'] };

describe('the target group of a failed health check', () => {
  it.each([
    ['of a release', findCause],
    ['of a task outside releases', lookAtStopped],
  ])('%s is in the sentence', async (_, effect) => {
    const { answer, read } = await played(effect, unhealthy);
    expect(JSON.stringify(answer)).toContain(
      'target group web expects 200 for GET /healthz by HTTP on port 8080',
    );
    expect(read).toEqual([ARN]);
  });

  it.each([
    ['of a release', findCause],
    ['of a task outside releases', lookAtStopped],
  ])('is not read for another cause, %s', async (_, effect) => {
    expect((await played(effect, crash)).read).toEqual([]);
  });

  it.each([
    ['that is denied', 'AccessDenied', 'no permission for elasticloadbalancing:DescribeTargetGroups'],
    ['that is throttled', 'Throttling', 'read its target group: Throttling.'],
  ])('%s leaves the cause, and is named as what could not be seen', async (_, code, words) => {
    const fault = new AwsFault(code, `${code}: no`, false);
    const { answer } = await played(findCause, unhealthy, () => Promise.reject(fault));
    expect(answer).toMatchObject({
      kind: 'causeFound',
      taskArns: ['1'],
      cause: { sentence: unhealthy.sentence, advice: expect.stringContaining(words) },
    });
  });

  it('that does not exist leaves the cause', async () => {
    const { answer } = await played(findCause, unhealthy, async () => undefined);
    expect(answer).toMatchObject({ cause: unhealthy });
  });
});
