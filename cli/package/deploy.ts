import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { STSClient } from '@aws-sdk/client-sts';
import { SET_A_REGION } from '../../stack/region.ts';
import { awsFailure, exitCode, Failure } from '../failure.ts';
import { commandHere } from '../here.ts';
import type { Options } from '../options.ts';
import type { Surroundings } from '../surroundings.ts';
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
    ...around.env,
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

/** The program of the Serverless Framework that the folder has installed. Throws a `Failure` where it has none. */
export function frameworkIn(directory: string): string {
  if (!existsSync(join(directory, 'serverless.yml')))
    throw new Failure(
      exitCode.failed,
      `failed to deploy the stack: there is no serverless.yml in ${directory}, run "${commandHere().fairway} init" there, or use "${commandHere().fairway} package"`,
    );
  try {
    const manifest = createRequire(join(directory, 'serverless.yml')).resolve('serverless/package.json');
    return join(dirname(manifest), 'bin', 'serverless.js');
  } catch (error) {
    throw new Failure(
      exitCode.failed,
      'failed to deploy the stack: the Serverless Framework is not installed. Run "npm install --save-dev serverless@npm:osls@4.3.1", or deploy what "fairway package" writes',
      { cause: error },
    );
  }
}

/** The credentials that the SDK finds, as variables: the framework must not find others. */
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
