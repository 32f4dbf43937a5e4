import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from '../../../cli/fairway.ts';
import { aSource, type Size } from '../../stack/configurations.ts';
import { recorded } from '../fake-cloud.ts';

const directory = mkdtempSync(join(tmpdir(), 'fairway-test-check-'));
afterAll(() => rmSync(directory, { recursive: true }));

function check(size: Size) {
  return checkText(aSource(size));
}

async function checkText(text: string, words: readonly string[] = [], env: Record<string, string> = {}) {
  writeFileSync(join(directory, 'fairway.yml'), text);
  const { around, written } = recorded(directory);
  return { code: await run(['check', ...words], { ...around, env }), ...written };
}

/** @param production what the environment overrides */
const SEVERAL = (production: string) => `environment: dev
channels: { mail: { sns: {} } }
defaults: { channels: [mail] }
environments:
  dev: { cluster: app }
  staging: { cluster: app-staging, channels: { mail: { sns: {} } } }
  production: { ${production} }
apps:
  web:
    image: { repository: web, tags: { newest: "*" } }
    services: [{ name: web }]
`;
const CHOSEN: readonly (readonly [readonly string[], Record<string, string>])[] = [
  [[], {}],
  [['--environment', 'dev'], {}],
  [[], { FAIRWAY_ENVIRONMENT: 'dev' }],
];

describe('fairway check', () => {
  it.each([
    ['--environment dev', '1 app, 1 service.'],
    ['--stage dev', '1 app, 1 service.'],
    ['', 'dev has 1 app, 1 service; staging has 1 app, 1 service; production has 1 app, 1 service.'],
  ])('counts the environments that are asked for: "%s"', async (line, counts) => {
    const { out } = await checkText(SEVERAL('cluster: other'), line === '' ? [] : line.split(' '));
    expect(out).toContain(`fairway.yml is valid: ${counts}`);
  });

  it('fails for a stack that packaging would refuse', async () => {
    const { code, err } = await check({ apps: 10, services: 1, schedules: 50 });
    expect(code).toBe(1);
    expect(err).toMatch(/it needs \d+ resources, 500 of them schedules, and CloudFormation allows 500/);
  });

  it('warns of a quota that AWS can increase', async () => {
    const nameOf = (service: number) => `service-${service}-`.padEnd(255, 'x');
    const { code, out } = await check({ apps: 40, services: 10, nameOf });
    expect(code).toBe(0);
    expect(out).toMatch(/is valid: 40 apps, 400 services\.\n\nWarnings\n {2}! the stack needs \d+ rules/);
  });

  describe('of a file with several environments', () => {
    it.each(CHOSEN)('lists the mistakes of all, also where one is chosen: %j, %j', async (words, env) => {
      const { code, err } = await checkText(SEVERAL('cluster: app-prod, regoin: eu-west-1'), words, env);
      expect(code).toBe(1);
      expect(err).toContain('environments.production.regoin: unknown member');
    });

    it.each(CHOSEN)('warns of two with the same services: %j, %j', async (words, env) => {
      const { code, out } = await checkText(SEVERAL('cluster: app'), words, env);
      expect(code).toBe(0);
      const chosen = words.length > 0 || env.FAIRWAY_ENVIRONMENT !== undefined;
      expect(out.split('\n')[0]).toMatch(
        chosen ? / is valid: 1 app, 1 service\.$/ : / is valid: dev has 1 app, .*; production has 1 app, /,
      );
      expect(out.match(/^ {2}! .*/gm)).toEqual([
        expect.stringMatching(
          /:7:3 environments\.production: "dev" and "production" can be in the same account and region, and both have the service "web" in the cluster "app"\. Write `account` in both, .*[^)]$/,
        ),
      ]);
    });

    it('does not warn of two others than the chosen one', async () => {
      const { out } = await checkText(SEVERAL('cluster: app'), ['--environment', 'staging']);
      expect(out).not.toContain('Warnings');
    });
  });

  describe('of images in another partition', () => {
    const REGISTRY = '210987654321.dkr.ecr.cn-north-1.amazonaws.com.cn';
    const text = aSource({ apps: 1, services: 1 }).replace('team/', `${REGISTRY}/team/`);

    it.each([
      [['--region', 'us-east-1'], {}],
      [[], { AWS_REGION: 'us-east-1' }],
    ])('fails, as packaging does, where only the shell names the region: %j, %j', async (words, env) => {
      const { code, err } = await checkText(text, words, env);
      expect(code).toBe(1);
      expect(err).toMatch(/image\.repository: expected a repository that us-east-1 can read/);
    });

    it('accepts a region of that partition', async () => {
      expect((await checkText(text, [], { AWS_REGION: 'cn-northwest-1' })).code).toBe(0);
    });
  });
});
