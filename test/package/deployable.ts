import { readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { packedHere } from '../packaged/tarball.ts';
import type { Account } from './fakeAccount.ts';
import { type Folder, installInto } from './installed.ts';

const FRAMEWORK = join(import.meta.dirname, '..', '..', 'node_modules', 'serverless');

/**
 * A folder with the example, the installed package and the framework of the checkout.
 * @param more lines for its fairway.yml
 */
export async function deployableFolder(more: string): Promise<Folder> {
  const folder = await installInto({}, await packedHere());
  await folder.fairway('init --example');
  const file = join(folder.path, 'fairway.yml');
  await writeFile(file, `${more}${await readFile(file, 'utf8')}`);
  await symlink(FRAMEWORK, join(folder.path, 'node_modules', 'serverless'), 'junction');
  return folder;
}

/** The variables with which a deployment goes to an account. */
export function credentialsOf({ url }: Account, key: string) {
  return {
    AWS_ENDPOINT_URL: url,
    AWS_ACCESS_KEY_ID: key,
    AWS_SECRET_ACCESS_KEY: 'test',
    AWS_REQUEST_CHECKSUM_CALCULATION: 'WHEN_REQUIRED',
    // The framework asks how far CloudFormation is after that many milliseconds.
    SLS_AWS_MONITORING_FREQUENCY: '50',
  };
}
