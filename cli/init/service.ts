import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { exitCode, Failure } from '../failure.ts';
import { deploysFairway } from '../package/framework.ts';
import { describeChange } from './plan.ts';

/** `serverless.yml`: a folder has one service of the Serverless Framework. */

export const SERVERLESS_FILE = 'serverless.yml';

const TEXT = `service: fairway
frameworkVersion: ">=4.3.1 <5"
plugins: [fairway-ecs]
provider: { name: aws }
`;

/** The framework reads the first one that exists. Source: osls, lib/cli/resolve-configuration-path.js. */
const OTHERS = ['yaml', 'json', 'js', 'mjs', 'cjs', 'ts'].map((type) => `serverless.${type}`);

/**
 * The text of the file: a service that deploys Fairway keeps its settings, such as a bucket. Throws a `Failure` where
 * the folder has another service, which would break with other lines in its file, or beside a second file.
 */
export function serviceText(before: string | undefined, directory: string): string {
  if (before !== undefined && deploysFairway(before)) return before;
  const other =
    before === undefined ? OTHERS.find((name) => existsSync(join(directory, name))) : SERVERLESS_FILE;
  if (other === undefined) return TEXT;
  const change =
    before === undefined
      ? ''
      : `\n${describeChange({ name: SERVERLESS_FILE, before, after: TEXT, adds: false })}`;
  throw new Failure(
    exitCode.failed,
    `nothing was written, because ${other} belongs to another service. Run init in a separate folder, such as "mkdir deploys && cd deploys"${change}`,
  );
}
