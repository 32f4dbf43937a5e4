import type { TestCloud } from './cloud.ts';

/** The example's service with a deployment strategy that shifts traffic, and what its load balancer does. */

const ELB = 'arn:aws:elasticloadbalancing:us-east-1:123456789012';

function groupsOf(service: string): readonly [string, string] {
  return [
    `${ELB}:targetgroup/${service}/0123456789abcdef`,
    `${ELB}:targetgroup/${service}-green/0123456789abcdef`,
  ];
}

function ruleOf(service: string): string {
  return `${ELB}:listener-rule/app/${service}/1/2/3`;
}

function loadBalancersOf(service: string, containerName: string) {
  const [targetGroupArn, alternateTargetGroupArn] = groupsOf(service);
  const advancedConfiguration = {
    alternateTargetGroupArn,
    productionListenerRule: ruleOf(service),
    testListenerRule: `${ELB}:listener-rule/app/${service}/1/2/4`,
    roleArn: 'arn:aws:iam::123456789012:role/ecs-elb',
  };
  return [{ targetGroupArn, containerName, containerPort: 8080, advancedConfiguration }];
}

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
/** A function that is not packaged: it answers what `POST /_local/hooks` says. */
export const HOOK = {
  lifecycleHooks: [
    {
      targetType: 'AWS_LAMBDA',
      hookTargetArn: 'arn:aws:lambda:us-east-1:123456789012:function:check-web',
      roleArn: 'arn:aws:iam::123456789012:role/hooks',
      lifecycleStages: ['POST_SCALE_UP'],
    },
  ],
};
export const ALARMS = { alarms: { alarmNames: ['web-5xx'], enable: true, rollback: true } };

/** Deployments of the service follow this strategy from now on. */
export async function shiftTraffic(
  cloud: TestCloud,
  strategy: string,
  more: object = {},
  [service, container]: readonly [string, string] = ['web-app', 'web'],
): Promise<void> {
  const deploymentConfiguration = {
    minimumHealthyPercent: 100,
    maximumPercent: 200,
    deploymentCircuitBreaker: { enable: true, rollback: true },
    ...CONFIGURATIONS[strategy],
    ...more,
  };
  const update = (input: object) => cloud.raw('UpdateService', { cluster: 'app-prod', service, ...input });
  await update({ loadBalancers: loadBalancersOf(service, container) });
  await cloud.control('clock', { advance: '10m' });
  await cloud.quiet();
  await update({ deploymentConfiguration });
}

/** [blue, green] of the production rule: what the load balancer does, whatever ECS says. */
export async function weights(cloud: TestCloud, service = 'web-app'): Promise<readonly number[]> {
  const response = await balancing(cloud, 'DescribeRules', { 'RuleArns.member.1': ruleOf(service) });
  const text = await response.text();
  const shares = new Map(
    [...text.matchAll(/<TargetGroupArn>([^<]*)<\/TargetGroupArn><Weight>(\d+)</g)].map(([, arn, weight]) => [
      arn,
      Number(weight),
    ]),
  );
  return groupsOf(service).map((arn) => shares.get(arn) ?? 0);
}

/** Infrastructure code writes down what it was written with: all the traffic on the first target group. */
export async function resetWeights(cloud: TestCloud, service = 'web-app'): Promise<void> {
  const [blue] = groupsOf(service);
  await balancing(cloud, 'ModifyRule', {
    RuleArn: ruleOf(service),
    'Actions.member.1.Type': 'forward',
    'Actions.member.1.TargetGroupArn': blue,
  });
}

function balancing(cloud: TestCloud, Action: string, input: Record<string, string>): Promise<Response> {
  return fetch(cloud.url, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({ Action, Version: '2015-12-01', ...input }),
  });
}

/** Lets minutes pass until the status of the open release says so. Nothing is quiet before that: ECS waits. */
export async function untilStatus(cloud: TestCloud, words: RegExp, minutes = 60, app = 'web'): Promise<void> {
  for (let minute = 0; minute < minutes; minute += 1) {
    const lines = (await cloud.status(app)).open?.steps?.map(({ line }) => line).join('\n') ?? '';
    if (words.test(lines)) return;
    await cloud.control('clock', { advance: '30s' });
  }
  throw new Error(`it did not come to that: ${JSON.stringify(await cloud.status(app))}`);
}
