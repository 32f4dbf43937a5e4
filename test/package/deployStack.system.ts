import { readFile } from 'node:fs/promises';
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
});
