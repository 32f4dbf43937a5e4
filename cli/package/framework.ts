import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import semver from 'semver';
import { parse } from 'yaml';
import { commandHere } from '../../stack/here.ts';
import { isCheckout } from '../../stack/root.ts';
import { exitCode, Failure } from '../failure.ts';

/** The Serverless Framework in a user's folder: osls, which deploys with our plugin. */

/** The versions of osls that the plugin is written for. */
const SUPPORTED = '>=4.3.1 <5';
const PLUGIN = 'fairway-ecs';
/** The start of a variable of the framework. */
const VARIABLE = '${';

/** The program that the folder has installed. Throws a `Failure` where it is missing, or would deploy another service. */
export function frameworkIn(directory: string): string {
  const file = join(directory, 'serverless.yml');
  if (!existsSync(file))
    throw failed(
      `there is no serverless.yml in ${directory}, run "${commandHere().fairway} init" there, or use "${commandHere().fairway} package"`,
    );
  if (!isCheckout(directory) && !deploysFairway(readFileSync(file, 'utf8')))
    throw failed(
      `serverless.yml in ${directory} does not list the plugin ${PLUGIN}, so it deploys another service. Run "${commandHere().fairway} init" in a separate folder, and deploy there`,
    );
  const manifest = manifestFor(file);
  if (manifest === undefined) throw needsFramework('the Serverless Framework is not installed');
  const { name, version = '', bin } = JSON.parse(readFileSync(manifest, 'utf8'));
  const program = bin?.serverless;
  if (name !== 'osls' || !semver.satisfies(version, SUPPORTED) || typeof program !== 'string')
    throw needsFramework(`${name} ${version} is installed as serverless, and osls ${SUPPORTED} is needed`);
  return join(dirname(manifest), program);
}

/**
 * Whether a serverless.yml lists our plugin, or may list it in a variable, such as `${file(…)}`. The framework reports
 * what is wrong with a file that is no YAML.
 */
export function deploysFairway(text: string): boolean {
  try {
    const plugins = parse(text, { logLevel: 'silent' })?.plugins;
    const list = plugins?.modules ?? plugins;
    if (!Array.isArray(list)) return String(list).includes(VARIABLE);
    return list.some((one) => one === PLUGIN || String(one).includes(VARIABLE));
  } catch {
    return true;
  }
}

function manifestFor(file: string): string | undefined {
  try {
    return createRequire(file).resolve('serverless/package.json');
  } catch {
    return undefined;
  }
}

function needsFramework(why: string): Failure {
  return failed(
    `${why}. Run "npm install --save-dev serverless@npm:osls@4.3.1", or deploy what "${commandHere().fairway} package" writes`,
  );
}

function failed(why: string): Failure {
  return new Failure(exitCode.failed, `failed to deploy the stack: ${why}`);
}
