import { copyFile, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { transform } from 'esbuild';
import type { JsonObject } from '../../local/contract.ts';
import { unpackZip } from '../../local/lambda/zip.ts';
import { objectAt, stringAt } from '../../local/stack/json.ts';
import { compileConfiguration } from '../../shared/config/load.ts';
import type { Configuration } from '../../shared/domain/app.ts';
import { buildStack } from '../../stack/build.ts';
import { METADATA, withCode } from '../../stack/installation.ts';
import { FUNCTIONS, stackName } from '../../stack/names.ts';
import { writeZip } from '../local/lambda/zips.ts';
import { packagedExample } from './example.ts';

const TEMPLATE = 'cloudformation-template-update-stack.json';
const STATE = 'serverless-state.json';

export interface PackagedOtherwise {
  readonly configuration: Configuration;
  /** What `serverless package` would have written. */
  readonly directory: string;
  remove(): Promise<void>;
}

/**
 * The packaged example with another `fairway.yml`: in its template and its functions only what follows from the
 * configuration is replaced. `packaged.system.ts` checks that `serverless package` makes the same.
 */
export async function packagedFor(source: string): Promise<PackagedOtherwise> {
  const example = await packagedExample();
  const from: Configuration = JSON.parse(
    await readFile(join(example, '.fairway', 'configuration.json'), 'utf8'),
  );
  const configuration = compileConfiguration(source, 'fairway.yml');
  if (stackName(configuration) !== stackName(from))
    throw new Error(`failed to derive a package: the stack of the example is ${stackName(from)}`);
  const directory = await mkdtemp(join(tmpdir(), 'fairway-test-package-'));
  const packaged = join(example, '.serverless');
  await copyFile(join(packaged, STATE), join(directory, STATE));
  const template = JSON.parse(await readFile(join(packaged, TEMPLATE), 'utf8'));
  await writeFile(join(directory, TEMPLATE), JSON.stringify(withParts(template, from, configuration)));
  const literals = [await literalOf(from), await literalOf(configuration)] as const;
  for (const name of FUNCTIONS) await writeFunction(name, packaged, directory, literals);
  return { configuration, directory, remove: () => rm(directory, { recursive: true, force: true }) };
}

const SECTIONS = ['Resources', 'Outputs', 'Metadata'] as const;

function withParts(template: JsonObject, from: Configuration, to: Configuration): JsonObject {
  const signature = objectAt(objectAt(template.Metadata, 'Metadata')[METADATA], METADATA);
  const code = stringAt(signature.code, 'code');
  const [old, own] = [templateOf(from, code), templateOf(to, code)];
  const sections = SECTIONS.map((section) => {
    const replaced = Object.keys(objectAt(old[section], section));
    const kept = Object.entries(objectAt(template[section], section));
    const others = Object.fromEntries(kept.filter(([name]) => !replaced.includes(name)));
    return [section, { ...others, ...objectAt(own[section], section) }] as const;
  });
  return { ...template, ...Object.fromEntries(sections) };
}

/** What of a template follows from the configuration, and from the digest of the code. */
function templateOf(configuration: Configuration, code: string): JsonObject {
  return JSON.parse(JSON.stringify(withCode(buildStack(configuration, Date.now()), code).resources));
}

/** A configuration as the minified code of a function holds it. */
export async function literalOf(configuration: Configuration): Promise<string> {
  const options = { loader: 'json', minify: true, target: 'node24', format: 'cjs' } as const;
  const { code } = await transform(JSON.stringify(configuration), options);
  return code.slice(code.indexOf('{'), code.lastIndexOf('}') + 1);
}

async function writeFunction(
  name: string,
  packaged: string,
  directory: string,
  [from, to]: readonly [string, string],
): Promise<void> {
  const unpacked = await mkdtemp(join(tmpdir(), 'fairway-test-function-'));
  await unpackZip(join(packaged, `${name}.zip`), unpacked);
  const path = `functions/${name}/handler.mjs`;
  const parts = (await readFile(join(unpacked, path), 'utf8')).split(from);
  const folder = join(unpacked, `functions/${name}`);
  const files = (await readdir(folder)).map(async (file) => {
    const path = `functions/${name}/${file}`;
    return [path, await readFile(join(unpacked, path), 'utf8')] as const;
  });
  const content = Object.fromEntries(await Promise.all(files));
  await rm(unpacked, { recursive: true });
  if (parts.length !== 2)
    throw new Error(`failed to derive a package: ${path} holds the configuration ${parts.length - 1} times`);
  await writeZip(join(directory, `${name}.zip`), { ...content, [path]: parts.join(to) });
}
