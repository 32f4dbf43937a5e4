import { whyUnfit } from '../domain/strategies/traffic.ts';
import { AwsFault, type Ecs, type LoadBalancers } from '../ports.ts';
import { isDenial } from './refusals.ts';

/** What is wrong with the weights of listener rules, a sentence each; and what could not be checked, and why. */
export interface TrafficCheck {
  readonly findings: readonly string[];
  readonly unchecked: readonly string[];
}

/**
 * Checks services whose deployments shift traffic: ECS may not notice that the weights were reset. Services without an
 * own load balancer (Service Connect, VPC Lattice, headless) have none.
 */
export async function checkTraffic(
  ecs: Pick<Ecs, 'traffic'>,
  loadBalancers: Pick<LoadBalancers, 'weights'>,
  cluster: string,
  services: readonly string[],
): Promise<TrafficCheck> {
  const checks = await Promise.all(services.map((name) => checkOne(ecs, loadBalancers, cluster, name)));
  return {
    findings: checks.flatMap(({ findings }) => findings),
    unchecked: checks.flatMap(({ unchecked }) => unchecked),
  };
}

async function checkOne(
  ecs: Pick<Ecs, 'traffic'>,
  loadBalancers: Pick<LoadBalancers, 'weights'>,
  cluster: string,
  service: string,
): Promise<TrafficCheck> {
  const findings: string[] = [];
  const unchecked: string[] = [];
  try {
    for (const path of await ecs.traffic(cluster, service)) {
      const weights = await loadBalancers.weights(path.rule);
      const finding = weights && whyUnfit(service, path, weights);
      if (weights === undefined)
        unchecked.push(`The weights of ${service} were not checked: there is no ${path.rule}.`);
      else if (finding !== undefined) findings.push(finding);
    }
  } catch (error) {
    if (!(error instanceof AwsFault)) throw error;
    unchecked.push(
      `The weights of ${service} were not checked: ${isDenial(error) ? DENIED : error.message}.`,
    );
  }
  return { findings, unchecked };
}

const DENIED =
  'no permission for elasticloadbalancing:DescribeRules, DescribeListeners or ecs:DescribeServiceRevisions';
