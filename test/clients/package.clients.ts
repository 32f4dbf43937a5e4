import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { terraformExample } from '../../cli/package/examples.ts';
import { instructionsFor } from '../../cli/package/instructions.ts';
import type { Deliverable } from '../../stack/deliverable.ts';
import { aDeliverable, blocksOf } from '../cli/package/aDeliverable.ts';
import { startTestCloud } from '../system/cloud.ts';
import { describeWith, type Program } from './programs.ts';
import { openShell } from './shell.ts';

/** The steps of INSTRUCTIONS.md, as far as a machine without an account can take them. */

const CLIS: readonly Program[] = ['AWS CLI of Debian', 'newest AWS CLI of PyPI'];

for (const cli of CLIS) {
  describeWith(cli, (path) => {
    it('takes the steps up to CloudFormation', async () => {
      const cloud = await startTestCloud();
      const aws = await openShell(cloud.url, path);
      try {
        const deliverable = aDeliverable();
        const [account = '', commands = ''] = blocksOf(instructionsFor(deliverable, 'dist'));
        expect((await aws.ok(account)).trim()).toBe('right account');
        const [other = ''] = blocksOf(instructionsFor(aDeliverable({ account: '999999999999' }), 'dist'));
        expect((await aws.run(other)).code).not.toBe(0);
        for (const name of ['image-pushed-0.zip', 'sweep-0.zip', 'template.json', 'other.zip'])
          await aws.write(name, name);
        const [upload = ''] = commands.split(/\n(?=aws)/);
        const printed = await aws.ok(upload.replace('--recursive', '--recursive --dryrun'));
        expect(printed.trim().split('\n').toSorted()).toEqual(
          deliverable.uploads.map(({ file, key }) => `(dryrun) upload: ./${file} to s3://BUCKET/${key}`),
        );
      } finally {
        await aws.close();
        await cloud.stop();
      }
    }, 120_000);
  });
}

describeWith('Terraform', (terraform) => {
  let directory = '';
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'fairway-test-terraform-'));
    mkdirSync(join(directory, 'dist'));
  });
  afterEach(() => rmSync(directory, { recursive: true }));

  const run = (...args: readonly string[]) =>
    execFileSync(terraform, args, { cwd: directory, encoding: 'utf8', stdio: 'pipe' });
  const apply = (deliverable: Deliverable) => {
    writeFileSync(join(directory, 'dist', 'manifest.json'), JSON.stringify(deliverable));
    return run('apply', '-auto-approve', '-no-color', '-var', 'bucket=b');
  };

  it('finds the example formatted', () => {
    writeFileSync(join(directory, 'main.tf'), `${terraformExample('dist')}\n`);
    expect(run('fmt', '-check', '-diff')).toBe('');
  });

  it('removes the archives of before only once the stack is updated', () => {
    writeFileSync(join(directory, 'main.tf'), withoutProvider(terraformExample('dist')));
    apply(aDeliverable());
    const [archive, ...others] = aDeliverable().uploads;
    const changed = { ...archive, file: 'sweep-1.zip', key: 'fairway-production/sweep-1.zip' };
    const template = { ...aDeliverable().template, key: 'fairway-production/template-1.json' };
    const printed = apply({ ...aDeliverable(), template, uploads: [changed as typeof template, ...others] });
    expect(printed).toMatch(/sweep-1\.zip"\]: Creation complete/);
    expect(printed.indexOf('Destroying...')).toBeGreaterThan(printed.indexOf('Modifications complete'));
  }, 120_000);

  it.each([{ account: '999999999999' }, { region: 'eu-central-1' }])('refuses another place: %p', (other) => {
    writeFileSync(join(directory, 'main.tf'), withoutProvider(terraformExample('dist')));
    expect(() => apply(aDeliverable(other))).toThrow(/belongs to another (?:account|region)/);
  });

  it('deploys a package without an account anywhere', () => {
    writeFileSync(join(directory, 'main.tf'), withoutProvider(terraformExample('dist')));
    const { account: _, region: __, ...others } = aDeliverable();
    expect(apply(others as Deliverable)).toContain('Apply complete!');
  });
});

/** The example with Terraform's own resource in place of AWS's, and with the answers of its data sources. */
function withoutProvider(example: string): string {
  return example
    .replaceAll(/^data .*?\{(?:\}|.*?^\})\n/gms, '')
    .replaceAll(/^(resource) "aws_\w+" "(\w+)" \{/gm, (_, word) => `${word} "terraform_data" "NAME" {`)
    .replace('"NAME"', '"objects"')
    .replace('"NAME"', '"stack"')
    .replace('aws_s3_object.fairway', 'terraform_data.objects')
    .replaceAll(/^ {2}((?:bucket|name) .*?)(?=^\n|^ {2}depends_on)/gms, '  input = {\n  $1  }\n')
    .replace('data.aws_caller_identity.current.account_id', '"123456789012"')
    .replace('data.aws_region.current.id', '"eu-west-1"')
    .replace('data.aws_s3_bucket.fairway.bucket_regional_domain_name', 'var.bucket');
}
