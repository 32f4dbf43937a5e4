import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from '../../../cli/fairway.ts';
import { compare } from '../../../cli/verify/compare.ts';
import { anApp } from '../../builders.ts';
import { type Answered, fakeCloud, type Received, recorded } from '../fake-cloud.ts';

const CENTRAL = { account: '210987654321', region: 'eu-west-1' };
const KEY = '210987654321:eu-west-1:web-app';
const app = { ...anApp(), image: { ...anApp().image, registry: CENTRAL } };
const image = '210987654321.dkr.ecr.eu-west-1.amazonaws.com/web-app:1.0.0';
const service = {
  status: 'ACTIVE',
  controller: 'ECS',
  strategy: 'ROLLING',
  definition: { family: 'web-app', revision: 'web-app:1', containers: [{ name: 'web', image }] },
};
const found = {
  clusters: { 'app-prod': 'ACTIVE' },
  services: { 'app-prod/web-app': service },
  families: {},
  repositories: [KEY],
};
const differencesIn = (change: object) =>
  compare({ environment: 'test', channels: {}, apps: [app] }, { ...found, ...change }).map(
    ({ what }) => what,
  );

describe('compare, for a repository in another account and region', () => {
  it('finds no difference where it exists and the service runs its image', () => {
    expect(differencesIn({})).toEqual([]);
  });

  it('says that there is none, only one of the same name here, with its place', () => {
    const [what] = differencesIn({ repositories: ['web-app'] });
    expect(what).toMatch(/there is no ECR repository/);
    expect(what).toContain('in the registry of 210987654321 in eu-west-1');
  });

  it('finds no difference where these credentials may not list it', () => {
    expect(differencesIn({ repositories: [], unreadable: { [KEY]: 'AccessDeniedException' } })).toEqual([]);
  });
});

describe('fairway verify, for a repository in another account and region', () => {
  const directory = mkdtempSync(join(tmpdir(), 'fairway-verify-'));
  afterAll(() => rmSync(directory, { recursive: true }));
  const source = `
environment: production
region: us-east-1
defaults: { cluster: app-prod, taskRole: t, executionRole: x }
apps:
  web-app:
    image: { repository: 210987654321.dkr.ecr.eu-west-1.amazonaws.com/web-app, tags: { semver: "*" } }
    services: [{ name: web-app }]
`;

  const aws = ({ target }: Received): Answered | undefined => {
    const json = (value: unknown): Answered => ({ body: JSON.stringify(value) });
    if (target.endsWith('.DescribeClusters'))
      return json({ clusters: [{ clusterName: 'app-prod', status: 'ACTIVE' }] });
    if (target.endsWith('.DescribeServices'))
      return json({
        services: [{ serviceName: 'web-app', status: 'ACTIVE', taskDefinition: 'web-app:1' }],
      });
    if (!target.endsWith('.DescribeTaskDefinition')) return undefined;
    const role = (name: string) => `arn:aws:iam::123456789012:role/${name}`;
    const roles = { taskRoleArn: role('t'), executionRoleArn: role('x') };
    return json({
      taskDefinition: {
        ...roles,
        family: 'web-app',
        revision: 1,
        containerDefinitions: [{ name: 'web', image }],
      },
    });
  };

  it.each([
    ['do not let these credentials list it', 400, 'AccessDeniedException'],
    ['fail', 400, 'ServerException'],
  ])('goes on with a warning where ECR %s', async (_, status, error) => {
    writeFileSync(join(directory, 'fairway.yml'), source);
    const body = JSON.stringify({ __type: error, message: 'User is not authorized' });
    const cloud = await fakeCloud((request) =>
      request.target.endsWith('.DescribeImages') ? { status, body } : aws(request),
    );
    try {
      const { around, written } = recorded(directory);
      const code = await run(['verify', '--local', cloud.url], around);
      expect({ code, out: written.out }).toEqual({ code: 0, out: expect.stringContaining('no differences') });
      expect(written.out.replace(/ --local \S+/, '')).toContain(
        `apps.web-app.image.repository: web-app in the registry of 210987654321 in eu-west-1 cannot be checked with these credentials (${error}: User is not authorized); \`npm run fairway -- forwarding\` shows`,
      );
    } finally {
      await cloud.stop();
    }
  });
});
