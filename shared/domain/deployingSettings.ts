/**
 * Members of UpdateService whose change starts a deployment, besides the task definition: a release brings them.
 * Source: ECS API reference, UpdateService.
 */
export const DEPLOYING_SETTINGS: readonly string[] = [
  'networkConfiguration',
  'platformVersion',
  'loadBalancers',
  'serviceRegistries',
  'serviceConnectConfiguration',
  'volumeConfigurations',
  'vpcLatticeConfigurations',
  'capacityProviderStrategy',
  // Members of a service's revisions.
  'gatewayConnectors',
  'monitoring',
];

/** ECS takes another capacity provider strategy only together with this. */
export const FORCED_BY = { member: 'capacityProviderStrategy', with: 'forceNewDeployment' } as const;
