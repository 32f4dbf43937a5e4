import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from '../../cli/fairway.ts';
import { fakeCloud, identity, recorded } from './fake-cloud.ts';
import { ASKING } from './lines.ts';

const FILE = `environment: production
region: eu-west-1
environments:
  production: { account: "111111111111" }
  staging: { account: "123456789012" }
  anywhere: { cluster: other }
defaults: { cluster: app }
apps:
  web:
    image: { repository: web, tags: { semver: "*" } }
    services: [{ name: web }]
    tasks: [{ name: report, container: web }]
infrastructure:
  clusters: { app: {} }
`;

describe('credentials of another account than the environment', () => {
  const directory = mkdtempSync(join(tmpdir(), 'fairway-account-'));
  const { env } = process;
  let cloud: Awaited<ReturnType<typeof fakeCloud>>;

  beforeAll(async () => {
    writeFileSync(join(directory, 'fairway.yml'), FILE);
    cloud = await fakeCloud(({ body }) =>
      body.includes('GetCallerIdentity')
        ? identity
        : {
            status: 400,
            headers: { 'content-type': 'text/xml' },
            body: '<ErrorResponse><Error><Code>ValidationError</Code><Message>Stack does not exist</Message></Error></ErrorResponse>',
          },
    );
    const credentials = { AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test' };
    process.env = { ...env, ...credentials, AWS_ENDPOINT_URL: cloud.url };
  });
  afterAll(async () => {
    process.env = env;
    await cloud.stop();
    rmSync(directory, { recursive: true });
  });

  async function fairway(line: string) {
    const { around, written } = recorded(directory);
    return { code: await run(line.split(' '), around), ...written };
  }

  /** The first says it of each environment, and nothing is forwarded to this one. */
  const NOT_REFUSED = ['version --stack', 'forwarding'];
  const asking = ASKING.map(([, line]) => line).filter((line) => !NOT_REFUSED.includes(line));

  it.each(['plan --stack', ...asking])('are refused by `%s` before it asks anything else', async (line) => {
    cloud.received.splice(0);
    const { code, err } = await fairway(line);
    expect(code).toBe(1);
    expect(err).toContain(
      'refused: these credentials are of the account 123456789012, and fairway-production belongs to 111111111111. Use other credentials',
    );
    expect(cloud.received.map(({ body }) => /Action=(\w+)/.exec(body)?.[1])).toEqual(['GetCallerIdentity']);
  });

  it.each(['plan', 'rollback web'])(
    'are refused by `%s` also where options name stage and region',
    async (line) => {
      const { code, err } = await fairway(`${line} --stage production --region eu-west-1`);
      expect(code).toBe(1);
      expect(err).toContain('belongs to 111111111111');
    },
  );

  it('are said of each environment by version --stack', async () => {
    const { code, out } = await fairway('version --stack');
    expect(code).toBe(0);
    expect(out.trim().split('\n').slice(-3)).toEqual([
      'fairway-production in AWS in eu-west-1: other account: use credentials of 111111111111',
      'fairway-staging in AWS in eu-west-1: not deployed',
      'fairway-anywhere in AWS in eu-west-1: not deployed',
    ]);
  });

  it.each(['staging', 'anywhere'])('are not those of %s', async (environment) => {
    expect((await fairway(`plan --stack --environment ${environment}`)).code).toBe(2);
  });
});
