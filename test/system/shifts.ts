import type { TestCloud } from './cloud.ts';

/** The example's service with a deployment strategy that shifts traffic, and what its load balancer does. */

const ELB = 'arn:aws:elasticloadbalancing:us-east-1:123456789012';
const BLUE = `${ELB}:targetgroup/web-app/0123456789abcdef`;
const GREEN = `${ELB}:targetgroup/web-app-green/0123456789abcdef`;
const RULE = `${ELB}:listener-rule/app/web-app/1/2/3`;
const TEST_RULE = `${ELB}:listener-rule/app/web-app/1/2/4`;

const loadBalancers = [
  {
    targetGroupArn: BLUE,
    containerName: 'web',
    containerPort: 8080,
    advancedConfiguration: {
      alternateTargetGroupArn: GREEN,
      productionListenerRule: RULE,
      testListenerRule: TEST_RULE,
      roleArn: 'arn:aws:iam::123456789012:role/ecs-elb',
    },
  },
];

export const CONFIGURATIONS: Readonly<Record<string, object>> = {
  BLUE_GREEN: { strategy: 'BLUE_GREEN', bakeTimeInMinutes: 5 },
  CANARY: {
    strategy: 'CANARY',
    bakeTimeInMinutes: 5,
    canaryConfiguration: { canaryPercent: 10, canaryBakeTimeInMinutes: 5 },
  },
  LINEAR: {
    strategy: 'LINEAR',
    bakeTimeInMinutes: 5,
    linearConfiguration: { stepPercent: 50, stepBakeTimeInMinutes: 5 },
  },
};

export const PAUSE = {
  lifecycleHooks: [
    {
      targetType: 'PAUSE',
      lifecycleStages: ['POST_TEST_TRAFFIC_SHIFT'],
      timeoutConfiguration: { timeoutInMinutes: 60, action: 'ROLLBACK' },
    },
  ],
};
export const ALARMS = { alarms: { alarmNames: ['web-5xx'], enable: true, rollback: true } };

/** Deployments of the service follow this strategy from now on. */
export async function shiftTraffic(cloud: TestCloud, strategy: string, more: object = {}): Promise<void> {
  const deploymentConfiguration = {
    minimumHealthyPercent: 100,
    maximumPercent: 200,
    deploymentCircuitBreaker: { enable: true, rollback: true },
    ...CONFIGURATIONS[strategy],
    ...more,
  };
  await cloud.raw('UpdateService', { cluster: 'app-prod', service: 'web-app', loadBalancers });
  await cloud.control('clock', { advance: '10m' });
  await cloud.quiet();
  await cloud.raw('UpdateService', { cluster: 'app-prod', service: 'web-app', deploymentConfiguration });
}

/** [blue, green] of the production rule: what the load balancer does, whatever ECS says. */
export async function weights(cloud: TestCloud): Promise<readonly number[]> {
  const body = new URLSearchParams({
    Action: 'DescribeRules',
    Version: '2015-12-01',
    'RuleArns.member.1': RULE,
  });
  const response = await fetch(cloud.url, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body,
  });
  const text = await response.text();
  const shares = new Map(
    [...text.matchAll(/<TargetGroupArn>([^<]*)<\/TargetGroupArn><Weight>(\d+)</g)].map(([, arn, weight]) => [
      arn,
      Number(weight),
    ]),
  );
  return [BLUE, GREEN].map((arn) => shares.get(arn) ?? 0);
}

/** Lets minutes pass until the status of the open release says so. Nothing is quiet before that: ECS waits. */
export async function untilStatus(cloud: TestCloud, words: RegExp, minutes = 60): Promise<void> {
  for (let minute = 0; minute < minutes; minute += 1) {
    const lines = (await cloud.status()).open?.steps?.map(({ line }) => line).join('\n') ?? '';
    if (words.test(lines)) return;
    await cloud.control('clock', { advance: '30s' });
  }
  throw new Error(`it did not come to that: ${JSON.stringify(await cloud.status())}`);
}
