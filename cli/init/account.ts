import {
  DescribeServicesCommand,
  DescribeTaskDefinitionCommand,
  ECSClient,
  paginateListServices,
  type Service,
  type TaskDefinition,
} from '@aws-sdk/client-ecs';
import type { Connection } from '../connection.ts';
import { awsFailure } from '../failure.ts';

export interface FoundService {
  readonly service: string;
  readonly definition: TaskDefinition;
}

/** The services of a cluster with the revisions that they run. Changes nothing. Throws a `Failure`. */
export async function readCluster(cluster: string, connection: Connection): Promise<readonly FoundService[]> {
  const requestHandler = { connectionTimeout: 5_000, requestTimeout: 30_000 };
  const ecs = new ECSClient({ ...connection.settings, requestHandler });
  try {
    const found: FoundService[] = [];
    // DescribeServices takes at most 10 names.
    for await (const { serviceArns = [] } of paginateListServices(
      { client: ecs, pageSize: 10 },
      { cluster },
    )) {
      if (serviceArns.length === 0) continue;
      const { services = [] } = await ecs.send(
        new DescribeServicesCommand({ cluster, services: serviceArns }),
      );
      for (const service of services) found.push(...(await withDefinition(ecs, service)));
    }
    return found;
  } catch (error) {
    throw awsFailure(error, `read the services of the cluster ${cluster}`, connection.where);
  } finally {
    ecs.destroy();
  }
}

async function withDefinition(ecs: ECSClient, service: Service): Promise<readonly FoundService[]> {
  const { serviceName, taskDefinition } = service;
  // A service with task sets, or with an external controller, has none.
  if (serviceName === undefined || taskDefinition === undefined) return [];
  const answer = await ecs.send(new DescribeTaskDefinitionCommand({ taskDefinition }));
  return answer.taskDefinition ? [{ service: serviceName, definition: answer.taskDefinition }] : [];
}
