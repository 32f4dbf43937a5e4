import {
  type ObservedTargetGroup,
  targetGroupIn,
  unreadTargetGroup,
  withTargetGroup,
} from '../../shared/domain/diagnosis/targetGroups.ts';
import type { Cause } from '../../shared/domain/release.ts';

const ARN = 'arn:aws:elasticloadbalancing:eu-west-1:123456789012:targetgroup/web-blue/0123456789abcdef';
const STOPPED = `Task failed ELB health checks in (target-group ${ARN})`;
const EVENT = `(service web) (task 1) (port 8080) is unhealthy in (target-group ${ARN}) due to (reason Health checks failed with these codes: [404]).`;

const told: Cause = {
  kind: 'targetHealth',
  sentence:
    "Tasks of web fail the load balancer's health checks on port 8080: codes [404], 45 s after it had started.",
  advice: 'Correct the path.',
  evidence: [STOPPED, EVENT],
  container: 'web',
  canHeal: true,
};
const vague: Cause = {
  ...told,
  sentence: "Container web failed the load balancer's health checks, 45 s after it had started.",
  advice: 'If it needs longer to start, raise healthCheckGracePeriodSeconds (now 30 s).',
  evidence: [STOPPED],
};
const group: ObservedTargetGroup = {
  name: 'web-blue',
  protocol: 'HTTP',
  port: '8080',
  request: 'GET /healthz',
  expects: '200',
  interval: 10,
  timeout: 5,
  unhealthyAfter: 2,
  targets: [{ state: 'healthy' }, { state: 'unhealthy' }, { state: 'draining' }],
};
const sentenceOf = (cause: Cause, more: Partial<ObservedTargetGroup> = {}) =>
  withTargetGroup(cause, 'web', { ...group, ...more }).sentence;

describe('the target group in the sentence of a failed health check', () => {
  it('names path, port, protocol, matcher and timings, and how many targets are healthy', () => {
    expect(sentenceOf(told)).toBe(
      "Tasks of web fail the load balancer's health checks on port 8080: codes [404], 45 s after it had started; target group web-blue expects 200 for GET /healthz by HTTP on port 8080 (every 10 s, within 5 s, unhealthy after 2 failures); healthy targets: 1 of 2.",
    );
  });

  it.each<[string, Partial<ObservedTargetGroup>, string]>([
    [
      'TCP',
      { protocol: 'TCP', request: undefined, expects: undefined },
      'target group web-blue checks for connections by TCP on port 8080 (every 10 s',
    ],
    [
      'gRPC',
      { request: '/grpc.health.v1.Health/Check', expects: 'gRPC code 0' },
      'expects gRPC code 0 for /grpc.health.v1.Health/Check by HTTP on port 8080',
    ],
    ['a port that no target names', { port: 'traffic-port' }, 'on the traffic port (every'],
    ['no targets', { targets: [] }, 'unhealthy after 2 failures).'],
  ])('of %s', (_, more, words) => {
    expect(sentenceOf(told, more)).toContain(words);
  });

  it('says how the checks fail where neither the task nor the events do, with the advice for it', () => {
    const targets = [
      {
        state: 'initial',
        reason: 'Elb.InitialHealthChecking',
        description: 'Initial health checks in progress',
      },
      {
        state: 'unhealthy',
        reason: 'Target.ResponseCodeMismatch',
        description: 'Health checks failed with these codes: [301]',
      },
    ];
    const cause = withTargetGroup(vague, 'web', { ...group, targets });
    expect(cause.sentence).toMatch(
      /^Tasks of web fail the load balancer's health checks on port 8080: codes \[301\], 45 s after it had started; target group/,
    );
    expect(cause.advice).toContain('redirect');
    expect(cause.advice).toContain('healthCheckGracePeriodSeconds (now 30 s)');
    expect(cause.evidence).toEqual([
      STOPPED,
      'Target.ResponseCodeMismatch: Health checks failed with these codes: [301]',
    ]);
    expect(cause).toMatchObject({ kind: 'targetHealth', container: 'web' });
  });

  it('believes the events of the deployment before what other targets answer now', () => {
    const targets = [{ state: 'unhealthy', reason: 'Target.Timeout', description: 'Request timed out' }];
    const cause = withTargetGroup(told, 'web', { ...group, targets });
    expect(cause.sentence).toContain('codes [404]');
    expect(cause.advice).toBe(told.advice);
  });

  it('advises on a check of another port than that of the targets', () => {
    expect(withTargetGroup(told, 'web', { ...group, port: '9090' }).advice).toBe(
      'The check uses port 9090, the targets have port 8080: let the container listen on both, and the security group of the tasks allow both. Correct the path.',
    );
  });

  it('does not repeat secrets', () => {
    const request = 'GET /healthz?token=ghp_0123456789abcdefghijklmnopqrstuvwxyzAB';
    expect(sentenceOf(told, { request })).not.toContain('ghp_0123');
  });
});

describe('which target group is read', () => {
  it.each<[string, Cause, string | undefined]>([
    ['the one that AWS names', told, ARN],
    ['none for another cause', { ...told, kind: 'crash' }, undefined],
    ['none where AWS names none', { ...told, evidence: ['Task failed ELB health checks'] }, undefined],
  ])('%s', (_, cause, arn) => {
    expect(targetGroupIn(cause)).toBe(arn);
  });
});

it('a target group that cannot be read is listed as what Fairway could not see; the cause stays', () => {
  expect(unreadTargetGroup(told, 'no permission')).toEqual({
    ...told,
    advice: 'Correct the path. Fairway could not read its target group: no permission.',
  });
});
