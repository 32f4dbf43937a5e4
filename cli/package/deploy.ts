import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { STSClient } from '@aws-sdk/client-sts';
import { commandHere } from '../../stack/here.ts';
import { SET_A_REGION } from '../../stack/region.ts';
import { awsFailure, exitCode, Failure } from '../failure.ts';
import type { Options } from '../options.ts';
import type { Surroundings } from '../surroundings.ts';
import { frameworkIn } from './framework.ts';
import { readStack } from './stack.ts';

/**
 * Runs `serverless deploy` with the region and the credentials that every other command uses. Faults of the
 * configuration are found before it starts. Returns its exit code; throws a `Failure` where it cannot start.
 */
export async function deployWithFramework(
  file: string,
  options: Options,
  around: Surroundings,
): Promise<number> {
  if (options.local !== undefined)
    throw new Failure(
      exitCode.usage,
      `deploy-stack: the local cloud deploys the stack when it starts: run ${commandHere().fairway} local`,
    );
  const stack = await readStack(file, options, around);
  if (stack.region === undefined) throw new Failure(exitCode.usage, `no AWS region is set: ${SET_A_REGION}`);
  const program = frameworkIn(around.directory);
  const env = {
    ...withoutCredentials(around.env),
    ...(await credentials(stack.region)),
    FAIRWAY_CONFIG: file,
    FAIRWAY_ENVIRONMENT: stack.stage,
  };
  const child = spawn(process.execPath, [program, 'deploy', '--region', stack.region], {
    cwd: around.directory,
    env,
    stdio: 'inherit',
  });
  const [code] = await once(child, 'exit');
  return code === 0 ? exitCode.done : exitCode.failed;
}

/**
 * Names such as AWS_PROFILE, AWS_SESSION_TOKEN and AWS_PRODUCTION_ACCESS_KEY_ID: the framework prefers profiles, and
 * credentials of the stage. Source: osls, lib/aws/credentials.js.
 */
const CREDENTIALS = /^AWS_(?:\w+_)?(?:PROFILE|ACCESS_KEY_ID|SECRET_ACCESS_KEY|SESSION_TOKEN)$/i;

function withoutCredentials(env: Surroundings['env']): Surroundings['env'] {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !CREDENTIALS.test(name)));
}

/** The credentials that the SDK finds, as variables. */
async function credentials(region: string): Promise<Readonly<Record<string, string>>> {
  const client = new STSClient({ region });
  try {
    const { accessKeyId, secretAccessKey, sessionToken = '' } = await client.config.credentials();
    return {
      AWS_ACCESS_KEY_ID: accessKeyId,
      AWS_SECRET_ACCESS_KEY: secretAccessKey,
      AWS_SESSION_TOKEN: sessionToken,
      AWS_REGION: region,
    };
  } catch (error) {
    throw awsFailure(error, 'deploy the stack', `AWS in ${region}`);
  } finally {
    client.destroy();
  }
}
