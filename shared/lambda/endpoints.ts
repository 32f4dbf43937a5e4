/**
 * Takes the place of `@aws-sdk/middleware-endpoint-discovery` in the functions' bundles: DynamoDB has one endpoint per
 * Region, and the SDK asks for others only where a setting says so. Source: AWS SDKs reference, "Endpoint discovery".
 */
export function resolveEndpointDiscoveryConfig<Config>(config: Config): Config {
  return config;
}

export const NODE_ENDPOINT_DISCOVERY_CONFIG_OPTIONS = {
  environmentVariableSelector: () => undefined,
  configFileSelector: () => undefined,
  default: undefined,
};
