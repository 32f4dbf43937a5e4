import { containerName, containersOf, hasLoadBalancer, setInContainer } from '../parts.ts';
import type { Match, Rule } from '../rule.ts';
import type { Workload } from '../workload.ts';

/** Seconds; the default of a target group. */
const LONG_DELAY = 300;
/** Seconds; the default is 30. */
const LONG_STOP = 60;

export const slowRollout: Rule = {
  id: 'slow-rollout',
  title: 'Delays that make rollouts slow',
  severity: 'low',
  rule: `Target groups have a deregistration delay of less than ${LONG_DELAY} s, their default, and containers behind a load balancer a stopTimeout of at most ${LONG_STOP} s. Workers may need longer to finish what they do.`,
  why: 'Each rollout and each rollback waits that long for the tasks that it replaces.',
  check: (workload) => [...slowGroups(workload), ...slowContainers(workload)],
  failing: {
    deregistrationDelays: {
      'arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/web-app/0123456789abcdef': 300,
    },
  },
  passing: {
    deregistrationDelays: {
      'arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/web-app/0123456789abcdef': 30,
    },
  },
};

function slowGroups({ deregistrationDelays = {} }: Workload): readonly Match[] {
  return Object.entries(deregistrationDelays)
    .filter(([, delay]) => delay >= LONG_DELAY)
    .map(([arn, delay]) => ({
      resource: `target group ${arn.split('/')[1] ?? arn}`,
      found: `its deregistration delay is ${delay} s`,
      fix: `\`aws elbv2 modify-target-group-attributes --target-group-arn ${arn} --attributes Key=deregistration_delay.timeout_seconds,Value=30\`, or as long as the longest request`,
    }));
}

function slowContainers(workload: Workload): readonly Match[] {
  if (workload.service === undefined || !hasLoadBalancer(workload.service)) return [];
  return containersOf(workload)
    .filter(({ stopTimeout }) => Number(stopTimeout ?? 0) > LONG_STOP)
    .map((container) => ({
      resource: containerName(workload, container),
      found: `its stopTimeout is ${Number(container.stopTimeout)} s`,
      fix: setInContainer(workload, container, 'stopTimeout: 30'),
    }));
}
