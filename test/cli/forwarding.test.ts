import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from '../../cli/fairway.ts';
import { recorded } from './fake-cloud.ts';

const directory = mkdtempSync(join(tmpdir(), 'fairway-forwarding-'));
afterAll(() => rmSync(directory, { recursive: true }));

const app = (uri: string, more = '') =>
  `{ image: { repository: ${uri}, tags: { semver: "*" } }, services: [{ name: web, executionRole: pull ${more} }] }`;

async function forwarding(
  apps: Readonly<Record<string, string>>,
  region: string,
  ...line: readonly string[]
) {
  const text = `
environment: production
account: "123456789012"
region: ${region}
defaults: { cluster: app-prod }
apps:
${Object.entries(apps)
  .map(([name, uri], index) => `  ${name}: ${app(uri).replace('web', `web-${index}`)}`)
  .join('\n')}
`;
  writeFileSync(join(directory, 'fairway.yml'), text);
  const { around, written } = recorded(directory);
  expect(await run(['forwarding', ...line], around)).toBe(0);
  return written.out;
}

const CENTRAL = '210987654321.dkr.ecr.eu-west-1.amazonaws.com/team/app';

describe('fairway forwarding', () => {
  it('has nothing to do where all images are in the place of the stack', async () => {
    const apps = { a: 'team/app', b: '123456789012.dkr.ecr.us-east-1.amazonaws.com/team/app' };
    expect(await forwarding(apps, 'us-east-1')).toMatch(/nothing has to be forwarded/);
  });

  it('prints the commands for both accounts', async () => {
    const out = await forwarding({ a: CENTRAL }, 'us-east-1');
    for (const command of [
      'iam create-role',
      'iam put-role-policy',
      'events put-rule --region eu-west-1',
      'events put-targets --region eu-west-1',
      'ecr set-repository-policy --region eu-west-1 --repository-name team/app',
      'events put-permission --region us-east-1',
    ])
      expect(out).toContain(`aws ${command}`);
  });

  it('needs no policies for another region of the account', async () => {
    const uri = '123456789012.dkr.ecr.eu-west-1.amazonaws.com/team/app';
    const out = await forwarding({ a: uri }, 'us-east-1');
    expect(out).toContain('aws events put-rule --region eu-west-1');
    expect(out).not.toMatch(/put-permission|set-repository-policy/);
  });

  it.each([
    ['cn-north-1', '210987654321.dkr.ecr.cn-northwest-1.amazonaws.com.cn/team/app', 'aws-cn'],
    ['us-gov-east-1', '210987654321.dkr.ecr.us-gov-west-1.amazonaws.com/team/app', 'aws-us-gov'],
  ])('names ARNs of the partition of %s', async (region, uri, partition) => {
    const out = await forwarding({ a: uri }, region, '--json');
    const partitions = new Set([...out.matchAll(/"arn:([^:"]+):/g)].map(([, name]) => name));
    expect(partitions).toEqual(new Set([partition]));
  });

  it('writes templates and the policy of the repositories', async () => {
    const out = await forwarding({ a: CENTRAL, b: 'team/app' }, 'us-east-1', '--out', 'dist');
    const files = readdirSync(join(directory, 'dist'));
    expect(files.toSorted()).toEqual([
      'receiver.json',
      'registry-210987654321-eu-west-1.json',
      'repository-policy-210987654321-eu-west-1.json',
    ]);
    for (const file of files) expect(out).toContain(file);
    const read = (file: string) => JSON.parse(readFileSync(join(directory, 'dist', file), 'utf8'));
    expect(Object.values(read('receiver.json').Resources)).toEqual([
      expect.objectContaining({ Type: 'AWS::Events::EventBusPolicy' }),
    ]);
    const { Statement } = read('repository-policy-210987654321-eu-west-1.json');
    expect(Statement.map((one: { Condition: object }) => one.Condition)).toEqual([
      { ArnLike: { 'aws:PrincipalArn': ['arn:aws:iam::123456789012:role/fairway-production-*'] } },
      { ArnLike: { 'aws:PrincipalArn': ['arn:aws:iam::123456789012:role/pull'] } },
    ]);
  });
});
