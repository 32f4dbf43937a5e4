import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { credentialsOf, deployableFolder } from './deployable.ts';
import { type Account, fakeAccount } from './fakeAccount.ts';
import type { Folder } from './installed.ts';

/** A stack that was deployed with what `fairway package` wrote moves to osls, as docs/install.md says. */

describe('a stack of `fairway package`', () => {
  let folder: Folder;
  let account: Account;

  beforeAll(async () => {
    folder = await deployableFolder('region: eu-west-1\nstack: { tags: { team: platform } }\n');
    await folder.fairway('package --out dist');
    account = await fakeAccount({}, await readFile(join(folder.path, 'dist', 'template.json'), 'utf8'));
  }, 300_000);
  afterAll(async () => {
    await account?.stop();
    await folder?.remove();
  });

  const deploy = () => folder.fairway('deploy-stack', credentialsOf(account, 'AKIAONE'));

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
