import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { credentialsOf, deployableFolder } from './deployable.ts';
import { type Account, fakeAccount } from './fakeAccount.ts';
import type { Folder } from './installed.ts';

/** The installed plugin and the user's own osls, which deploy into an account. */

const OWNERS = { AKIAONE: '111111111111', AKIATWO: '222222222222' };

describe('a stack of the installed package', () => {
  let folder: Folder;
  let account: Account;

  beforeAll(async () => {
    folder = await deployableFolder('account: "111111111111"\nregion: eu-west-1\n');
  }, 300_000);
  afterAll(() => folder?.remove());
  beforeEach(async () => {
    account = await fakeAccount(OWNERS);
  });
  afterEach(() => account.stop());

  const credentials = (key: string) => credentialsOf(account, key);
  const changes = () => account.calls.filter((call) => /^(?:PUT|\w+ChangeSet) /.test(call));
  const withoutOperation = (call: string) => call.replace(/^\w+ /, '');

  it.each([
    ['fairway', 'deploy-stack'],
    ['serverless', 'deploy'],
  ] as const)(
    'is deployed by %s %s, with its archives',
    async (program, line) => {
      const { code, out, err } = await folder[program](line, credentials('AKIAONE'));
      expect({ code, text: `${out}${err}` }).toMatchObject({
        code: 0,
        text: expect.stringContaining('deployed'),
      });
      expect(new Set(account.calls.map(withoutOperation))).toEqual(new Set(['eu-west-1 AKIAONE']));
      await folder.fairway('package --out dist');
      const { uploads } = JSON.parse(await readFile(join(folder.path, 'dist', 'manifest.json'), 'utf8'));
      const uploaded = [...account.objects.values()];
      expect(uploads).toHaveLength(5);
      for (const { sha256 } of uploads) expect(uploaded).toContain(sha256);
      expect(account.template()?.match(/"AWS::Lambda::Function"/g)).toHaveLength(5);
      expect(await folder.fairway('plan --stack', credentials('AKIAONE'))).toMatchObject({ code: 0 });
    },
    120_000,
  );

  /** The framework prefers credentials of the stage. */
  const ofStage = { AWS_PRODUCTION_ACCESS_KEY_ID: 'AKIATWO', AWS_PRODUCTION_SECRET_ACCESS_KEY: 'test' };

  it('is deployed with the credentials that every command uses', async () => {
    const { code } = await folder.fairway('deploy-stack', { ...credentials('AKIAONE'), ...ofStage });
    expect(code).toBe(0);
    expect(new Set(account.calls.map(withoutOperation))).toEqual(new Set(['eu-west-1 AKIAONE']));
  }, 120_000);

  it.each([
    ['fairway', 'deploy-stack', {}],
    ['serverless', 'deploy', {}],
    ['serverless', 'deploy', { ...ofStage, AWS_ACCESS_KEY_ID: 'AKIAONE' }],
    ['serverless', 'remove', {}],
  ] as const)(
    'is not changed in another account by %s %s',
    async (program, line, more) => {
      const { code, out, err } = await folder[program](line, { ...credentials('AKIATWO'), ...more });
      expect(code).toBe(1);
      expect(`${out}${err}`).toContain(
        'belongs to the account 111111111111, and these credentials are of 222222222222',
      );
      expect(changes()).toEqual([]);
    },
    60_000,
  );

  describe('with a name', () => {
    let before = '';
    const file = () => join(folder.path, 'fairway.yml');
    const framework = () => join(folder.path, 'serverless.yml');
    let text = '';
    beforeAll(async () => {
      text = await readFile(framework(), 'utf8');
      before = await readFile(file(), 'utf8');
      await writeFile(file(), `installation: payments\n${before}`);
    });
    afterEach(async () => {
      await writeFile(framework(), text);
    });
    afterAll(() => writeFile(file(), before));

    it.each([
      ['fairway', 'deploy-stack', 'fairway'],
      ['serverless', 'deploy', 'fairway'],
      ['serverless', 'deploy', 'deploys'],
    ] as const)(
      'is deployed under it by %s %s, where serverless.yml says %s',
      async (program, line, service) => {
        await writeFile(framework(), text.replace('service: fairway', `service: ${service}`));
        expect(await folder[program](line, credentials('AKIAONE'))).toMatchObject({ code: 0 });
        expect(account.template()).toBeUndefined();
        const template = account.template('fairway-payments-production') ?? '';
        expect(template).toContain('"FunctionName":"fairway-payments-production-operate"');
        expect(template).not.toMatch(/fairway-production-|deploys-/);
      },
      120_000,
    );

    it.each([
      ['deploy', 'provider: { name: aws, stackName: other }', 'names the stack other'],
      ['remove', 'provider: { name: aws, stackName: other }', 'names the stack other'],
      [
        'deploy --package earlier',
        'provider: { name: aws }',
        'deploy what `npx --no-install fairway package` writes',
      ],
    ])(
      'is not deployed as another stack by %s with %s',
      async (line, provider, why) => {
        await writeFile(framework(), text.replace('provider: { name: aws }', provider));
        const { code, out, err } = await folder.serverless(line, credentials('AKIAONE'));
        expect(code).toBe(1);
        expect(`${out}${err}`).toContain(why);
        expect(changes()).toEqual([]);
        expect(account.calls.join()).not.toContain('DeleteStack');
      },
      60_000,
    );
  });
});
