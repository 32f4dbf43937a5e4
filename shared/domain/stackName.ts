import type { Configuration } from './app.ts';

/** The name of the Serverless service without an `installation`. */
export const SERVICE = 'fairway';

/** The name of the Serverless service: "fairway", "fairway-payments". */
export function serviceName({ installation }: Pick<Configuration, 'installation'>): string {
  return installation === undefined ? SERVICE : `${SERVICE}-${installation}`;
}

/** The name of the stack, and the start of every name in it: "fairway-production", "fairway-payments-production". */
export function stackName(configuration: Pick<Configuration, 'installation' | 'environment'>): string {
  return `${serviceName(configuration)}-${configuration.environment}`;
}
