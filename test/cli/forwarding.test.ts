import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
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

  it('creates the role once in an account with registries in two regions', async () => {
    const other = '210987654321.dkr.ecr.eu-central-1.amazonaws.com/team/other';
    const out = await forwarding({ a: CENTRAL, b: other }, 'us-east-1');
    expect(out.match(/create-role /g)).toHaveLength(1);
    expect(out.match(/put-role-policy /g)).toHaveLength(1);
    expect(out.match(/put-targets /g)).toHaveLength(2);
    expect(out.match(/put-permission /g)).toHaveLength(1);
  });

  it('shows each policy before the command that replaces it', async () => {
    const out = await forwarding({ a: CENTRAL }, 'us-east-1');
    expect(out).toMatch(/get-repository-policy .*--repository-name team\/app[\s\S]*set-repository-policy/);
    expect(out).toMatch(/describe-event-bus [\s\S]*put-permission/);
  });

  it('lets the bus take pushes before the rule sends them: EventBridge may refuse its target otherwise', async () => {
    const out = await forwarding({ a: CENTRAL }, 'us-east-1');
    expect(out.indexOf('put-permission')).toBeLessThan(out.indexOf('put-targets'));
    const written = await forwarding({ a: CENTRAL }, 'us-east-1', '--out', 'dist');
    expect(written.indexOf('-receiver.json')).toBeLessThan(written.indexOf('-registry-'));
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
    const files = [
      'fairway-production-policies-210987654321-eu-west-1/team/app.json',
      'fairway-production-receiver.json',
      'fairway-production-registry-210987654321-eu-west-1.json',
    ];
    const written = readdirSync(join(directory, 'dist'), { recursive: true }).map(String);
    expect(written.filter((file) => file.endsWith('.json')).toSorted()).toEqual(files);
    for (const file of files) expect(out).toContain(file);
    const read = (file: string) => JSON.parse(readFileSync(join(directory, 'dist', file), 'utf8'));
    expect(Object.values(read('fairway-production-receiver.json').Resources)).toEqual([
      expect.objectContaining({ Type: 'AWS::Events::EventBusPolicy' }),
    ]);
    const { Statement } = read(files[0] ?? '');
    expect(Statement.map((one: { Condition: object }) => one.Condition)).toEqual([
      { ArnLike: { 'aws:PrincipalArn': 'arn:aws:iam::123456789012:role/fairway-production/*' } },
      { ArnLike: { 'aws:PrincipalArn': ['arn:aws:iam::123456789012:role/pull'] } },
    ]);
  });

  it('shows how to deploy each template, in which account', async () => {
    const out = await forwarding({ a: CENTRAL }, 'us-east-1', '--out', 'dist');
    const deploy = 'aws cloudformation deploy --region';
    expect(out).toContain(
      `in 210987654321:\n  ${deploy} eu-west-1 --stack-name fairway-production-123456789012-us-east-1 --template-file dist/fairway-production-registry-210987654321-eu-west-1.json --capabilities CAPABILITY_IAM`,
    );
    expect(out).toContain(
      `in 123456789012:\n  ${deploy} us-east-1 --stack-name fairway-production-receiver --template-file dist/fairway-production-receiver.json`,
    );
  });

  it('quotes the folder, and names the environment in the commands', async () => {
    const out = await forwarding({ a: CENTRAL }, 'us-east-1', '--out', "my dist's");
    expect(out).toContain("--template-file 'my dist'\\''s/fairway-production-receiver.json'");
    const options = ['--environment', 'production', '--config', 'fairway.yml'];
    expect(await forwarding({ a: CENTRAL }, 'us-east-1', ...options)).toContain(
      'forwarding --out DIR --environment production --config fairway.yml`',
    );
  });

  it('writes nothing where nothing has to be forwarded', async () => {
    const out = await forwarding({ a: 'team/app' }, 'us-east-1', '--out', 'nothing');
    expect(out).toMatch(/nothing has to be forwarded/);
    expect(existsSync(join(directory, 'nothing'))).toBe(false);
  });
});
