import type { Rate } from './bucket.ts';

/**
 * ECS's rates per account and region, and which operations share one.
 * Source: Amazon ECS API reference, "Request throttling for the Amazon ECS API".
 */
export const ECS_RATES = {
  agentModify: { burst: 200, refill: 120 },
  capacityProviderModify: { burst: 10, refill: 1 },
  capacityProviderRead: { burst: 50, refill: 20 },
  clusterModify: { burst: 20, refill: 1 },
  clusterRead: { burst: 50, refill: 20 },
  clusterResourceModify: { burst: 100, refill: 40 },
  clusterResourceRead: { burst: 100, refill: 20 },
  serviceDeployment: { burst: 50, refill: 20 },
  serviceModify: { burst: 50, refill: 5 },
  serviceRead: { burst: 100, refill: 20 },
  serviceRevision: { burst: 50, refill: 20 },
  tagModify: { burst: 20, refill: 10 },
  tagRead: { burst: 50, refill: 20 },
  taskDefinitionDeletion: { burst: 5, refill: 1 },
  taskDefinitionModify: { burst: 20, refill: 1 },
  taskDefinitionRead: { burst: 50, refill: 20 },
  taskProtection: { burst: 200, refill: 80 },
} as const satisfies Readonly<Record<string, Rate>>;

const OPERATIONS: Readonly<Record<keyof typeof ECS_RATES, readonly string[]>> = {
  agentModify: ['SubmitAttachmentStateChanges', 'SubmitContainerStateChange', 'SubmitTaskStateChange'],
  capacityProviderModify: ['CreateCapacityProvider', 'DeleteCapacityProvider', 'UpdateCapacityProvider'],
  capacityProviderRead: ['DescribeCapacityProviders'],
  clusterModify: [
    'CreateCluster',
    'DeleteCluster',
    'PutClusterCapacityProviders',
    'UpdateCluster',
    'UpdateClusterSettings',
  ],
  clusterRead: ['DescribeClusters', 'ListClusters'],
  clusterResourceModify: [
    'DeleteAttributes',
    'DeregisterContainerInstance',
    'ExecuteCommand',
    'PutAttributes',
    'RunTask',
    'StartTask',
    'StopTask',
    'UpdateContainerInstancesState',
  ],
  clusterResourceRead: [
    'DescribeContainerInstances',
    'DescribeTasks',
    'ListAttributes',
    'ListContainerInstances',
    'ListTasks',
  ],
  serviceDeployment: ['DescribeServiceDeployments', 'ListServiceDeployments'],
  serviceModify: [
    'CreateExpressGatewayService',
    'CreateService',
    'DeleteExpressGatewayService',
    'DeleteService',
    'UpdateExpressGatewayService',
    'UpdateService',
    'UpdateServicePrimaryTaskSet',
  ],
  serviceRead: ['DescribeServices', 'ListServices', 'ListServicesByNamespace'],
  serviceRevision: ['DescribeServiceRevisions'],
  tagModify: ['TagResource', 'UntagResource'],
  tagRead: ['ListTagsForResource'],
  taskDefinitionDeletion: ['DeleteTaskDefinitions'],
  taskDefinitionModify: ['DeregisterTaskDefinition', 'RegisterTaskDefinition'],
  taskDefinitionRead: ['DescribeTaskDefinition', 'ListTaskDefinitionFamilies', 'ListTaskDefinitions'],
  taskProtection: ['GetTaskProtection', 'UpdateTaskProtection'],
};

/** The category of each operation that has one. StopServiceDeployment is in none of the documented ones. */
export const ECS_CATEGORIES: ReadonlyMap<string, keyof typeof ECS_RATES> = new Map(
  Object.entries(OPERATIONS).flatMap(([category, operations]) =>
    operations.map((operation) => [operation, category as keyof typeof ECS_RATES] as const),
  ),
);
