import { setTimeout as sleep } from 'node:timers/promises';
import { ECSClient } from '@aws-sdk/client-ecs';
import { ElasticLoadBalancingV2Client } from '@aws-sdk/client-elastic-load-balancing-v2';
import { createEcs } from '../../shared/aws/ecs.ts';
import { createLoadBalancers } from '../../shared/aws/loadBalancers.ts';
import type { Configuration } from '../../shared/domain/app.ts';
import { checkTraffic } from '../../shared/perform/traffic.ts';
import type { Connection } from '../connection.ts';

const LONGEST = 60_000;

/** Whether the load balancers send users to what runs, of services whose deployments shift traffic. */
export async function trafficWarnings(
  { apps }: Configuration,
  connection: Connection,
): Promise<readonly string[]> {
  const ecs = new ECSClient(connection.settings);
  const balancing = new ElasticLoadBalancingV2Client(connection.settings);
  const began = Date.now();
  const time = {
    now: Date.now,
    deadline: () => began + LONGEST,
    sleep,
  };
  try {
    const port = createEcs({ ecs }, time);
    const loadBalancers = createLoadBalancers(() => balancing, time);
    const checks = await Promise.all(
      apps.map(({ cluster, services }) =>
        checkTraffic(
          port,
          loadBalancers,
          cluster,
          services.map(({ name }) => name),
        ),
      ),
    );
    return checks.flatMap(({ findings, unchecked }) => [...findings, ...unchecked]);
  } finally {
    ecs.destroy();
    balancing.destroy();
  }
}
