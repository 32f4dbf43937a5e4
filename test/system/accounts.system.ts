import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateRepositoryCommand, ECRClient, SetRepositoryPolicyCommand } from '@aws-sdk/client-ecr';
import {
  EventBridgeClient,
  PutPermissionCommand,
  PutRuleCommand,
  PutTargetsCommand,
} from '@aws-sdk/client-eventbridge';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { type Cloud, startCloud } from '../../local/cloud.ts';
import type { OperatorAnswer } from '../../shared/domain/operator.ts';
import { writeDeliverable } from '../../stack/deliverable.ts';
import { type Forwarding, forwardingOf } from '../../stack/forwarding.ts';
import { type StackOfFile, stackOfFile } from '../../stack/serverless.ts';

const NORTH = { account: '123456789012', region: 'us-east-1' };
const SOUTH = { account: '210987654321', region: 'eu-west-1' };
/** The registry of SOUTH is shared: it is where images are pushed to. */
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
    apps: { web: { image: { tags: { semver: ">=2.0.0" } } } }
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

const ENVIRONMENTS = ['staging', 'production', 'partner'] as const;
type Environment = (typeof ENVIRONMENTS)[number];

describe('two environments in one account and one in another, with a shared registry', () => {
  let directory = '';
  let north: Cloud;
  let south: Cloud;
  const stacks = new Map<Environment, StackOfFile>();

  const stackOf = (environment: Environment): StackOfFile => {
    const stack = stacks.get(environment);
    if (!stack) throw new Error(`there is no ${environment}`);
    return stack;
  };
  const packageOf = (environment: Environment) => ({
    configuration: stackOf(environment).configuration,
    packageDirectory: join(directory, environment),
  });
  const settingsFor = (place: typeof NORTH) => ({
    endpoint: place === NORTH ? north.url : south.url,
    region: place.region,
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  });

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'fairway-accounts-'));
    const file = join(directory, 'fairway.yml');
    await writeFile(file, FAIRWAY);
    for (const environment of ENVIRONMENTS) {
      const stack = await stackOfFile(file, {}, environment);
      stacks.set(environment, stack);
      await writeDeliverable(stack, join(directory, environment));
    }
    const ports = { north: await freePort(), south: await freePort() };
    const peer = (place: typeof NORTH, port: number) => ({ ...place, url: `http://127.0.0.1:${port}` });
    const startAt = Date.now();
    south = await startCloud({
      ...packageOf('partner'),
      port: ports.south,
      speed: 20,
      place: SOUTH,
      peers: [peer(NORTH, ports.north)],
      startAt,
    });
    north = await startCloud({
      ...packageOf('staging'),
      more: [packageOf('production')],
      port: ports.north,
      speed: 20,
      place: NORTH,
      peers: [peer(SOUTH, ports.south)],
      startAt,
    });
    // The functions are bundled three times, which takes a minute on a busy machine.
  }, 300_000);
  afterAll(async () => {
    await north?.stop();
    await south?.stop();
    await rm(directory, { recursive: true, force: true });
  });

  async function control<T>(cloud: Cloud, path: string, body?: object): Promise<T> {
    const init = body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) };
    const response = await fetch(`${cloud.url}/_local/${path}`, init);
    if (!response.ok) throw new Error(`${path}: ${await response.text()}`);
    return JSON.parse(await response.text());
  }

  const push = (cloud: Cloud, tag: string) =>
    control(cloud, 'push', { repository: 'web', tag, content: `web ${tag}` });

  async function releasesOf(environment: Environment) {
    const client = new LambdaClient(settingsFor(environment === 'partner' ? SOUTH : NORTH));
    const Payload = JSON.stringify({ command: 'releases', app: 'web' });
    const name = `fairway-${environment}-operate`;
    const { Payload: bytes } = await client.send(new InvokeCommand({ FunctionName: name, Payload }));
    client.destroy();
    const answer: OperatorAnswer = JSON.parse(new TextDecoder().decode(bytes));
    if (!answer.ok) throw new Error(answer.message);
    return (answer.releases ?? []).map(({ tag, state }) => `${tag} ${state}`);
  }

  /** The newest release of each environment, once all are as expected or a real minute has passed. */
  async function until(expected: Readonly<Record<Environment, readonly string[]>>) {
    let found: Readonly<Record<string, readonly string[]>> = {};
    for (let tries = 0; tries < 120; tries += 1) {
      found = Object.fromEntries(
        await Promise.all(ENVIRONMENTS.map(async (name) => [name, await releasesOf(name)] as const)),
      );
      if (JSON.stringify(found) === JSON.stringify(expected)) break;
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
    return found;
  }

  /** Sets up what `fairway forwarding` prints for an environment. */
  async function forward({ receiver, registries, ...own }: Forwarding) {
    const [central] = registries;
    if (!central) throw new Error('nothing is forwarded');
    const there = new EventBridgeClient(settingsFor(SOUTH));
    for (const { Type, Properties } of resourcesOf(central.template)) {
      if (Type !== 'AWS::Events::Rule') continue;
      const { Name, EventPattern, Targets } = Properties;
      await there.send(
        new PutRuleCommand({ Name: String(Name), EventPattern: JSON.stringify(EventPattern) }),
      );
      const RoleArn = 'arn:aws:iam::210987654321:role/forwarding';
      const targets = Array.isArray(Targets) ? Targets.map((one) => ({ ...Object(one), RoleArn })) : [];
      await there.send(new PutTargetsCommand({ Rule: String(Name), Targets: targets }));
    }
    const registry = new ECRClient(settingsFor(SOUTH));
    const policyText = JSON.stringify(central.repositoryPolicies.web);
    await registry.send(new SetRepositoryPolicyCommand({ repositoryName: 'web', policyText }));
    const here = new EventBridgeClient(settingsFor(NORTH));
    for (const { Properties } of resourcesOf(own.receiverTemplate ?? {}))
      await here.send(new PutPermissionCommand({ Policy: policyOf(Properties) }));
    expect(receiver).toEqual(NORTH);
    for (const client of [there, here, registry]) client.destroy();
  }

  it('releases a push to the shared registry where its tag is eligible, and nowhere else', async () => {
    const forwardings = (['staging', 'production'] as const).map((name) =>
      forwardingOf(stackOf(name).configuration, NORTH),
    );
    for (const forwarding of forwardings) await forward(forwarding);
    // A repository has one policy, with the statements of both.
    await allowBoth(forwardings, settingsFor(SOUTH));
    for (const cloud of [north, south]) await control(cloud, 'clock', { advance: '6m' });

    await push(south, '1.1.0');
    expect(await until({ staging: ['1.1.0 live'], production: [], partner: [] })).toEqual({
      staging: ['1.1.0 live'],
      production: [],
      partner: [],
    });

    await push(south, '2.0.0');
    const all = {
      staging: ['2.0.0 live', '1.1.0 live'],
      production: ['2.0.0 live'],
      partner: ['2.0.0 live'],
    };
    expect(await until(all)).toEqual(all);
    // By the forwarded events, before the sweep lists the repository.
    const invocations = await control<{ function: string }[]>(north, 'invocations');
    const byEvent = invocations.map((one) => one.function).filter((name) => name.endsWith('image-pushed'));
    expect(new Set(byEvent)).toEqual(
      new Set(['fairway-staging-image-pushed', 'fairway-production-image-pushed']),
    );
  }, 180_000);

  it('does not release a push to a repository of the same name in the account of the stack', async () => {
    const client = new ECRClient(settingsFor(NORTH));
    await client.send(new CreateRepositoryCommand({ repositoryName: 'web' }));
    await push(north, '3.0.0');
    await control(north, 'clock', { advance: '6m' });
    const all = {
      staging: ['2.0.0 live', '1.1.0 live'],
      production: ['2.0.0 live'],
      partner: ['2.0.0 live'],
    };
    expect(await until(all)).toEqual(all);
    client.destroy();
  }, 120_000);

  it('keeps the events and tables of the two environments of one account apart', async () => {
    const names = north.functions.map(({ environment }) => environment.TABLE_NAME);
    expect(new Set(names).size).toBe(2);
    const releases = await Promise.all((['staging', 'production'] as const).map(releasesOf));
    expect(releases[0]).not.toEqual(releases[1]);
  });
});

interface TemplateResource {
  readonly Type: string;
  readonly Properties: Readonly<Record<string, unknown>>;
}

function resourcesOf(template: unknown): readonly TemplateResource[] {
  return Object.values(Object(Object(template).Resources));
}

/** PutPermission takes a policy with the statement that CloudFormation would add. */
function policyOf({ StatementId, Statement }: TemplateResource['Properties']): string {
  return JSON.stringify({ Version: '2012-10-17', Statement: [{ Sid: StatementId, ...Object(Statement) }] });
}

async function allowBoth(
  forwardings: readonly Forwarding[],
  settings: ConstructorParameters<typeof ECRClient>[0],
) {
  const policies = forwardings.flatMap(({ registries }) =>
    registries.map(({ repositoryPolicies }) => repositoryPolicies.web),
  );
  const Statement = policies.flatMap((policy) => Object(policy).Statement);
  const client = new ECRClient(settings ?? {});
  const policyText = JSON.stringify({ Version: '2012-10-17', Statement });
  await client.send(new SetRepositoryPolicyCommand({ repositoryName: 'web', policyText }));
  client.destroy();
}

async function freePort(): Promise<number> {
  const { createServer } = await import('node:net');
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (typeof address !== 'object' || address === null) throw new Error('there is no free port');
  return address.port;
}
