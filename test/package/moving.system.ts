import { readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { packedHere } from '../packaged/tarball.ts';
import { type Account, fakeAccount } from './fakeAccount.ts';
import { type Folder, installInto } from './installed.ts';

/** A stack that was deployed with what `fairway package` wrote moves to osls, as docs/install.md says. */

const ROOT = join(import.meta.dirname, '..', '..');

describe('a stack of `fairway package`', () => {
  let folder: Folder;
  let account: Account;

  beforeAll(async () => {
    folder = await installInto({}, await packedHere());
    await folder.fairway('init --example');
    const file = join(folder.path, 'fairway.yml');
    const more = 'region: eu-west-1\nstack: { tags: { team: platform } }\n';
    await writeFile(file, `${more}${await readFile(file, 'utf8')}`);
    await folder.fairway('package --out dist');
    const installed = join(folder.path, 'node_modules', 'serverless');
    await symlink(join(ROOT, 'node_modules', 'serverless'), installed, 'junction');
    account = await fakeAccount({}, await readFile(join(folder.path, 'dist', 'template.json'), 'utf8'));
  }, 300_000);
  afterAll(async () => {
    await account?.stop();
    await folder?.remove();
  });

  const deploy = () =>
    folder.fairway('deploy-stack', {
      AWS_ENDPOINT_URL: account.url,
      AWS_ACCESS_KEY_ID: 'AKIAONE',
      AWS_SECRET_ACCESS_KEY: 'test',
      SLS_AWS_MONITORING_FREQUENCY: '50',
      AWS_REQUEST_CHECKSUM_CALCULATION: 'WHEN_REQUIRED',
    });

  it('cannot get the bucket of osls, which does not know its parameters', async () => {
    const { code, out, err } = await deploy();
    expect({ code, text: `${out}${err}` }).toMatchObject({
      code: 1,
      text: expect.stringContaining('Parameters: [CodeBucket] must have values'),
    });
  }, 120_000);

  it('moves to osls with a bucket of the user, and keeps its tags', async () => {
    const file = join(folder.path, 'serverless.yml');
    const text = await readFile(file, 'utf8');
    const provider = 'provider: { name: aws }';
    expect(text).toContain(provider);
    await writeFile(file, text.replace(provider, 'provider: { name: aws, deploymentBucket: the-bucket }'));
    expect(await deploy()).toMatchObject({ code: 0 });
    expect(account.template()).not.toMatch(/"Parameters":|"ServerlessDeploymentBucket"/);
    const { tags } = JSON.parse(await readFile(join(folder.path, 'dist', 'manifest.json'), 'utf8'));
    expect(tags).toEqual({ STAGE: 'production', team: 'platform' });
    expect(account.tags()).toEqual(tags);
  }, 120_000);
});
