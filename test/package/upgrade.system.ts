import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { GetFunctionConfigurationCommand, LambdaClient } from '@aws-sdk/client-lambda';
import manifest from '../../package.json' with { type: 'json' };
import { type Earlier, earlierVersions, exampleOf, packagedCheckout } from '../packaged/previous.ts';
import { packedAt, packedHere } from '../packaged/tarball.ts';
import { startTestCloud, type TestCloud } from '../system/cloud.ts';
import { type Folder, installInto } from './installed.ts';

/**
 * The package of an earlier version and of this one, in a folder outside the checkout, while their functions replace
 * each other one by one in the middle of releases. PREVIOUS_TARBALL names a tarball to upgrade from, such as a published
 * one.
 */

const { PREVIOUS_TARBALL: published } = process.env;
const VERSIONS: readonly Earlier[] =
  published === undefined ? earlierVersions() : [{ name: published, commit: 'HEAD', isPackage: true }];
const FUNCTIONS = ['sweep', 'ecs-changed', 'operate', 'image-pushed', 'run-task'];

if (VERSIONS.length === 0)
  it.skip('upgrades from the previous version: the history is missing, run git fetch --unshallow --tags', () =>
    undefined);
else describe.each(VERSIONS)('an upgrade from $name, and the way back', upgradeFrom);

function upgradeFrom(version: Earlier): void {
  let folder: Folder;
  let cloud: TestCloud;
  let lambda: LambdaClient;
  let first = '';
  /** The earlier version again, with the file that was migrated. */
  let previous = '';
  let current = '';

  beforeAll(async () => {
    const [before, here] = [await tarballBefore(version), await packedHere()];
    folder = await installInto({ 'fairway.yml': exampleOf(version) }, before);
    first = await packageBefore('before');
    await folder.upgrade(here);
    expect(await succeed('migrate')).toContain(version.isPackage ? 'onFailure: rollBack' : 'nothing');
    await succeed('check');
    current = await packageTo('after');
    await folder.upgrade(before);
    previous = await packageBefore('back');
    await folder.upgrade(here);
    cloud = await startTestCloud(undefined, undefined, { packageDirectory: first });
    const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
    lambda = new LambdaClient({ region: 'us-east-1', endpoint: cloud.url, credentials });
    await cloud.control('clock', { advance: '6m' });
    await cloud.behave({ for: 'task', exit: { after: '60s', code: 0 } });
    await cloud.behave({ family: 'web-app', startAfter: '90s' });
  }, 600_000);
  afterAll(async () => {
    lambda?.destroy();
    await cloud?.stop();
    await folder?.remove();
  });

  async function succeed(line: string): Promise<string> {
    const { code, out, err } = await folder.fairway(line);
    expect({ line, code, err }).toEqual({ line, code: 0, err: '' });
    return out;
  }

  async function packageTo(name: string): Promise<string> {
    await succeed(`package --out ${name}`);
    return join(folder.path, name);
  }

  /** What the earlier version packages of the file as it is. */
  async function packageBefore(name: string): Promise<string> {
    if (version.isPackage) return packageTo(name);
    const configuration = await readFile(join(folder.path, 'fairway.yml'), 'utf8');
    return join(await packagedCheckout(version, configuration), '.serverless');
  }

  /** "Fairway 1.2.0"; functions of early versions do not say it. */
  async function versionOf(name: string): Promise<string | undefined> {
    const FunctionName = `fairway-production-${name}`;
    const { Description } = await lambda.send(new GetFunctionConfigurationCommand({ FunctionName }));
    return Description;
  }

  /** Replaces the functions one by one, while a release of the tag goes on. */
  async function replaceDuring(tag: string, directory: string): Promise<void> {
    await cloud.control('clock', { speed: 1 });
    await cloud.push(tag);
    for (const name of FUNCTIONS) {
      await cloud.control('clock', { advance: '20s' });
      expect((await cloud.status()).open).toMatchObject({ tag });
      await cloud.control('update', { package: directory, functions: [`fairway-production-${name}`] });
    }
    await cloud.control('clock', { speed: 'max' });
  }

  it('ends a release right that began before the upgrade', async () => {
    const before = await cloud.migrations();
    await replaceDuring('1.1.0', current);
    expect(await cloud.settled('1.1.0')).toMatchObject({ state: 'live' });
    expect((await cloud.service()).image).toContain('@sha256:');
    expect((await cloud.migrations()) - before).toBe(1);
  }, 120_000);

  it('shows that every function was replaced', async () => {
    const shown = await succeed(`version --stack --local ${cloud.url}`);
    for (const name of FUNCTIONS) {
      expect(await versionOf(name)).toBe(`Fairway ${manifest.version}`);
      expect(shown).toMatch(new RegExp(`^  ${name} +Fairway ${manifest.version}$`, 'm'));
    }
  }, 60_000);

  it('rolls back an image that crashes while the functions are those of before again', async () => {
    const { taskDefinition } = await cloud.service();
    await cloud.behave({
      image: 'web-app:1.2.0',
      for: 'service',
      startAfter: '90s',
      exit: { after: '5s', code: 1 },
    });
    await replaceDuring('1.2.0', previous);
    expect(await cloud.settled('1.2.0')).toMatchObject({ state: 'failed' });
    expect((await cloud.service()).taskDefinition).toBe(taskDefinition);
  }, 120_000);

  it('releases with the earlier version what comes afterwards, and keeps the history of both', async () => {
    await cloud.push('1.3.0');
    expect(await cloud.settled('1.3.0')).toMatchObject({ state: 'live' });
    const releases = await cloud.releases();
    expect(releases.map(({ tag, state }) => `${tag} ${state}`)).toEqual([
      '1.3.0 live',
      '1.2.0 failed',
      '1.1.0 live',
    ]);
  }, 120_000);

  it('leaves no failed invocation and no dead letter behind', async () => {
    const invocations = await cloud.control<{ function: string; error?: string }[]>('invocations');
    expect(invocations.filter(({ error }) => error !== undefined)).toEqual([]);
  });
}

/** A version that was no package is not in the folder before the upgrade. */
async function tarballBefore({ commit, isPackage }: Earlier): Promise<string> {
  if (published !== undefined) return published;
  return isPackage ? packedAt(commit) : packedHere();
}
