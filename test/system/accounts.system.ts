import { ECRClient, PutRegistryPolicyCommand, PutReplicationConfigurationCommand } from '@aws-sdk/client-ecr';
import { forwardingText } from '../../cli/forwarding/text.ts';
import type { Cloud } from '../../local/cloud.ts';
import { forwardingOf } from '../../stack/forwarding.ts';
import { type Accounts, control, NORTH, SOUTH, startAccounts } from './accounts.ts';
import { createShell } from './awsCommands.ts';

/** The registry of SOUTH is shared: it is where images are pushed to. NORTH has a repository of the same name. */
const SHARED = '210987654321.dkr.ecr.eu-west-1.amazonaws.com/web';

/** Two environments in one account, and one in another. Staging takes every version, the others from 2.0.0 on. */
const FAIRWAY = `
environment: staging
channels: { mail: { sns: {} } }
defaults: { channels: [mail], taskRole: task, executionRole: pull }
environments:
  staging: { region: us-east-1, account: "123456789012", cluster: app-staging }
  production:
    region: us-east-1
    account: "123456789012"
    cluster: app-prod
    apps:
      web: { image: { tags: { semver: ">=2.0.0" } } }
      own: { image: { repository: web, tags: { semver: ">=2.0.0" } }, services: [{ name: own }] }
  partner:
    region: eu-west-1
    account: "210987654321"
    cluster: app-partner
    apps: { web: { image: { repository: web, tags: { semver: ">=2.0.0" } } } }
apps:
  web:
    image: { repository: ${SHARED}, tags: { semver: "*" } }
    services: [{ name: web }]
`;
const PLACES = { staging: NORTH, production: NORTH, partner: SOUTH };
const REMOTE = ['staging', 'production'] as const;

describe('two environments in one account and one in another, with a shared registry', () => {
  let accounts: Accounts;
  beforeAll(async () => {
    accounts = await startAccounts(FAIRWAY, PLACES);
    await accounts.quiet(6);
    // The functions are bundled three times, which takes a minute on a busy machine.
  }, 300_000);
  afterAll(async () => accounts?.stop());

  const push = (cloud: Cloud, tag: string, content = tag) =>
    control(cloud, 'push', { repository: 'web', tag, content: `web ${content}` });

  const released = async () => ({
    staging: await accounts.releases('staging'),
    production: await accounts.releases('production'),
    own: await accounts.releases('production', 'own'),
    partner: await accounts.releases('partner'),
  });

  /** What image-pushed receives of this, and nothing else, once all is quiet. */
  async function receivedOf(change: () => Promise<unknown>) {
    const before = await accounts.pushesReceived();
    await change();
    await accounts.quiet(12);
    const after = await accounts.pushesReceived();
    return Object.fromEntries(
      Object.keys(PLACES).map((name) => [name, (after[name] ?? 0) - (before[name] ?? 0)]),
    );
  }

  /** An event as a peer forwards it. Answers the status. */
  const forwarded = async (change: object) => {
    const event = {
      ...{ version: '0', id: 'e', source: 'aws.ecr', 'detail-type': 'ECR Image Action', resources: [] },
      ...{ ...SOUTH, time: new Date().toISOString() },
      detail: {
        ...{ result: 'SUCCESS', 'repository-name': 'web', 'action-type': 'PUSH' },
        ...{ 'image-tag': '9.0.0', 'image-digest': `sha256:${'9'.repeat(64)}` },
      },
      ...change,
    };
    const url = `${accounts.north.url}/_local/peer/events`;
    return (await fetch(url, { method: 'POST', body: JSON.stringify({ event }) })).status;
  };

  it('can read nothing before the policy of the repository allows it, and shows what to change', async () => {
    const answer = await accounts.ask('staging', { command: 'status', app: 'web' });
    expect(answer).toMatchObject({
      apps: [
        {
          retrying: [
            {
              what: 'list the images of web in the registry of 210987654321 in eu-west-1',
              why: expect.stringContaining(
                'in the policy of the repository web in 210987654321, eu-west-1: `fairway forwarding`',
              ),
            },
          ],
        },
      ],
    });
    expect(await forwarded({})).toBe(400);
  });

  it('releases a push to the shared registry where its tag is eligible, once, and nowhere else', async () => {
    const shell = createShell((region) => accounts.settingsFor({ region }));
    for (const name of REMOTE)
      await shell.run(forwardingText(forwardingOf(accounts.stackOf(name).configuration, NORTH)));
    await replicate();
    await accounts.quiet(6);

    // Each of the two rules forwards it to the bus that both listen to, and it is replicated to the registry of NORTH,
    // whose repository is another one: that of "own".
    const first = await receivedOf(() => push(accounts.south, '1.1.0'));
    expect(first).toEqual({ staging: 2, production: 3, partner: 1 });
    expect(await released()).toEqual({ staging: ['1.1.0 live'], production: [], own: [], partner: [] });

    const second = await receivedOf(() => push(accounts.south, '2.0.0'));
    expect(second).toEqual({ staging: 2, production: 3, partner: 1 });
    expect(await released()).toEqual({
      staging: ['2.0.0 live', '1.1.0 live'],
      production: ['2.0.0 live'],
      own: ['2.0.0 live'],
      partner: ['2.0.0 live'],
    });
  }, 120_000);

  it('releases a push to the repository of the same name only to the app that uses it', async () => {
    // Its image is in both registries, under this tag only here.
    const received = await receivedOf(() => push(accounts.north, '5.0.0', '1.1.0'));
    expect(received).toEqual({ staging: 0, production: 1, partner: 0 });
    expect(await released()).toEqual({
      staging: ['2.0.0 live', '1.1.0 live'],
      production: ['2.0.0 live'],
      own: ['5.0.0 live', '2.0.0 live'],
      partner: ['2.0.0 live'],
    });
    for (const name of ['staging', 'production', 'partner'])
      expect(await accounts.ask(name, { command: 'why', app: 'web', tag: '5.0.0' })).toMatchObject({
        error: 'notFound',
      });
  }, 60_000);

  it('takes only pushes from the account of the registry, and ignores those of its other regions', async () => {
    const received = await receivedOf(async () => {
      expect(await forwarded({ account: '333333333333' })).toBe(400);
      expect(await forwarded({ source: 'aws.ecs', 'detail-type': 'ECS Task State Change' })).toBe(400);
      expect(await forwarded({ 'detail-type': 'ECR Image Scan' })).toBe(400);
      expect(await forwarded({ region: 'eu-central-1' })).toBe(200);
    });
    expect(received).toEqual({ staging: 0, production: 0, partner: 0 });
  }, 60_000);

  it('keeps the tables of the two environments of one account apart', () => {
    const names = accounts.north.functions.map(({ environment }) => environment.TABLE_NAME);
    expect(new Set(names).size).toBe(2);
  });

  /** The registry of SOUTH replicates to that of NORTH. */
  async function replicate() {
    const there = new ECRClient(accounts.settingsFor(NORTH));
    const statement = {
      Effect: 'Allow',
      Principal: { AWS: `arn:aws:iam::${SOUTH.account}:root` },
      Action: ['ecr:ReplicateImage'],
      Resource: `arn:aws:ecr:${NORTH.region}:${NORTH.account}:repository/*`,
    };
    const policyText = JSON.stringify({ Version: '2012-10-17', Statement: [statement] });
    await there.send(new PutRegistryPolicyCommand({ policyText }));
    const here = new ECRClient(accounts.settingsFor(SOUTH));
    const destinations = [{ registryId: NORTH.account, region: NORTH.region }];
    const replicationConfiguration = { rules: [{ destinations }] };
    await here.send(new PutReplicationConfigurationCommand({ replicationConfiguration }));
    for (const client of [there, here]) client.destroy();
  }
});
