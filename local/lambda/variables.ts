import type { StackFunction } from '../stack/stack.ts';

interface LocalAddresses {
  /** The AWS endpoint of the local cloud. */
  readonly endpoint: string;
  readonly slackUrl: string;
  readonly region: string;
  readonly accessKeyId: string;
  readonly logStream: string;
  readonly directory: string;
}

/**
 * The environment of a worker: what the function was packaged with, what Lambda's runtime adds (Lambda developer guide,
 * "Defined runtime environment variables"), and where the local cloud is.
 */
export function environmentVariables(
  definition: StackFunction,
  addresses: LocalAddresses,
): Readonly<Record<string, string>> {
  return {
    ...definition.environment,
    _HANDLER: definition.handler,
    AWS_REGION: addresses.region,
    AWS_DEFAULT_REGION: addresses.region,
    AWS_EXECUTION_ENV: `AWS_Lambda_${definition.runtime}`,
    AWS_LAMBDA_FUNCTION_NAME: definition.name,
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(definition.memory),
    AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
    AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
    AWS_LAMBDA_LOG_GROUP_NAME: `/aws/lambda/${definition.name}`,
    AWS_LAMBDA_LOG_STREAM_NAME: addresses.logStream,
    AWS_ACCESS_KEY_ID: addresses.accessKeyId,
    AWS_SECRET_ACCESS_KEY: 'local',
    AWS_SESSION_TOKEN: 'local',
    AWS_ENDPOINT_URL: addresses.endpoint,
    SLACK_API_URL: addresses.slackUrl,
    LAMBDA_TASK_ROOT: addresses.directory,
    LANG: 'en_US.UTF-8',
    TZ: ':UTC',
  };
}
