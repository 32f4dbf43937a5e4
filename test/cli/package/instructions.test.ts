import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { cdkExample, terraformExample } from '../../../cli/package/examples.ts';
import { instructionsFor } from '../../../cli/package/instructions.ts';
import { aDeliverable, blocksOf } from './aDeliverable.ts';

const page = readFileSync(join(import.meta.dirname, '..', '..', '..', 'docs', 'install.md'), 'utf8');
const text = instructionsFor(aDeliverable(), 'dist');
const [account = '', commands = ''] = blocksOf(text);

describe('INSTRUCTIONS.md', () => {
  it('has the examples of docs/install.md', () => {
    for (const [language, example] of [
      ['hcl', terraformExample('dist')],
      ['ts', cdkExample('dist')],
    ]) {
      expect(page).toContain(`\`\`\`${language}\n${example}\n\`\`\`\n`);
      expect(blocksOf(text)).toContain(example);
    }
  });

  it('names the folder of the package in the examples', () => {
    const blocks = blocksOf(instructionsFor(aDeliverable(), 'build'));
    expect(blocks.slice(2)).toEqual([terraformExample('build'), cdkExample('build')]);
  });

  it('begins with the account and the region to deploy into', () => {
    expect(text).toMatch(
      /^1\. .* fails with .* another account than `123456789012`\. The region is `eu-west-1`\.$/m,
    );
    for (const [printed, code] of [
      ['123456789012', 0],
      ['999999999999', 1],
    ] as const) {
      const { status } = spawnSync('sh', ['-c', `aws() { echo ${printed}; }; ${account}`]);
      expect(status).toBe(code);
    }
  });

  it('says what to set where the file names no account', () => {
    const { account: _, ...others } = aDeliverable();
    const without = instructionsFor(others, 'dist');
    expect(without).toContain('With `account` in the configuration file');
    expect(blocksOf(without)[0]).toBe('aws sts get-caller-identity --query Account --output text');
  });

  it('checks the environment that was packaged', () => {
    expect(instructionsFor(aDeliverable(), 'dist', ' --environment staging')).toContain(
      'status --environment staging`',
    );
  });

  it('uploads each archive by its name, to keys that begin with the stack', () => {
    expect(commands).toContain(
      'aws s3 cp . s3://BUCKET/fairway-production/ --recursive --region eu-west-1 --exclude "*" \\\n  --include image-pushed-0.zip \\\n  --include sweep-0.zip\n',
    );
  });

  it('deploys with one prefix, in the two forms that the commands need', () => {
    expect(commands).toContain('--s3-bucket BUCKET --s3-prefix fairway-production \\\n');
    expect(commands).toContain('CodePrefix=fairway-production/ \\\n');
    expect(text).not.toMatch(/PREFIX|\/\/(?!\$|BUCKET| A rollback)/);
  });

  it('sets the tags of the stack', () => {
    expect(commands).toMatch(/--tags "STAGE=production" "team=platform one"$/);
  });
});

describe('the examples', () => {
  it.each([
    ["it's", "'it\\'s/manifest.json'", '/it\'s/manifest.json"'],
    ['a${b}', "'a${b}/manifest.json'", '/a$${b}/manifest.json"'],
    ['a%{b}"', "'a%{b}\\\"/manifest.json'", '/a%%{b}\\"/manifest.json"'],
  ])('escape the folder %s', (folder, typeScript, hcl) => {
    expect(cdkExample(folder)).toContain(`readFileSync(${typeScript}, `);
    expect(terraformExample(folder)).toContain(`\${path.module}${hcl}))`);
  });

  it('keep the archives that a rollback needs', () => {
    expect(terraformExample('dist')).toContain('create_before_destroy = true');
    expect(cdkExample('dist')).toContain('prune: false');
  });

  it('check account and region, and set the tags', () => {
    expect(terraformExample('dist').match(/precondition \{/g)).toHaveLength(2);
    expect(terraformExample('dist')).toContain('tags         = local.fairway.tags');
    expect(cdkExample('dist')).toContain('env, tags: fairway.tags }');
  });
});
