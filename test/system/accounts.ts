import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { type Cloud, startCloud } from '../../local/cloud.ts';
import type { Place } from '../../local/place.ts';
import type { OperatorAnswer, OperatorRequest } from '../../shared/domain/operator.ts';
import { writeDeliverable } from '../../stack/deliverable.ts';
import { type StackOfFile, stackOfFile } from '../../stack/serverless.ts';

/** Two local clouds, which stand for two accounts and regions, and the environments of one `fairway.yml` in them. */

export const NORTH = { account: '123456789012', region: 'us-east-1' };
export const SOUTH = { account: '210987654321', region: 'eu-west-1' };

export type Accounts = Awaited<ReturnType<typeof startAccounts>>;

/** @param places where each environment is */
export async function startAccounts(text: string, places: Readonly<Record<string, Place>>) {
  const directory = await mkdtemp(join(tmpdir(), 'fairway-accounts-'));
  const file = join(directory, 'fairway.yml');
  await writeFile(file, text);
  const stacks = new Map<string, StackOfFile>();
  for (const environment of Object.keys(places)) {
    const stack = await stackOfFile(file, {}, environment);
    stacks.set(environment, stack);
    await writeDeliverable(stack, join(directory, environment));
  }
  const ports = new Map([NORTH, SOUTH].map((place) => [place, freePort()]));
  const startAt = Date.now();

  async function start(place: Place, other: Place): Promise<Cloud> {
    const [first, ...more] = Object.keys(places)
      .filter((environment) => places[environment] === place)
      .map((environment) => ({
        configuration: stackOf(environment).configuration,
        packageDirectory: join(directory, environment),
      }));
    if (!first) throw new Error(`no environment is in ${place.region}`);
    return startCloud({
      ...{ ...first, more, place, startAt, speed: 20 },
      port: (await ports.get(place)) ?? 0,
      peers: [{ ...other, url: `http://127.0.0.1:${await ports.get(other)}` }],
    });
  }

  function stackOf(environment: string): StackOfFile {
    const stack = stacks.get(environment);
    if (!stack) throw new Error(`there is no ${environment}`);
    return stack;
  }

  const south = await start(SOUTH, NORTH);
  const north = await start(NORTH, SOUTH);
  const settingsFor = ({ region }: Pick<Place, 'region'>) => ({
    endpoint: region === NORTH.region ? north.url : south.url,
    region,
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  });

  async function ask(environment: string, request: OperatorRequest): Promise<OperatorAnswer> {
    const client = new LambdaClient(settingsFor(places[environment] ?? NORTH));
    const Payload = JSON.stringify(request);
    const answer = await client.send(
      new InvokeCommand({ FunctionName: `fairway-${environment}-operate`, Payload }),
    );
    client.destroy();
    return JSON.parse(new TextDecoder().decode(answer.Payload));
  }

  return {
    ...{ north, south, settingsFor, stackOf, ask },

    /** "2.0.0 live" of each release of an app, newest first. */
    async releases(environment: string, app = 'web'): Promise<readonly string[]> {
      const answer = await ask(environment, { command: 'releases', app });
      if (!answer.ok) throw new Error(answer.message);
      return (answer.releases ?? []).map(({ tag, state }) => `${tag} ${state}`);
    },

    /** Lets minutes pass in both clouds, and waits until nothing is in progress in either. */
    async quiet(minutes: number): Promise<void> {
      for (let minute = 0; minute < minutes; minute += 1) {
        await Promise.all([north, south].map((cloud) => control(cloud, 'clock', { advance: '1m' })));
        await Promise.all([north, south].map(idle));
      }
    },

    /** How often each function was invoked since `reset`, by its name without "fairway-". */
    async pushesReceived(): Promise<Readonly<Record<string, number>>> {
      const counts: Record<string, number> = {};
      for (const cloud of [north, south])
        for (const { function: name } of await control<{ function: string }[]>(cloud, 'invocations')) {
          const [, environment] = /^fairway-(\w+)-image-pushed$/.exec(name) ?? [];
          if (environment !== undefined) counts[environment] = (counts[environment] ?? 0) + 1;
        }
      return counts;
    },

    async stop() {
      await north.stop();
      await south.stop();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

export async function control<T>(cloud: Cloud, path: string, body?: object): Promise<T> {
  const init = body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) };
  const response = await fetch(`${cloud.url}/_local/${path}`, init);
  if (!response.ok) throw new Error(`${path}: ${await response.text()}`);
  return JSON.parse(await response.text());
}

async function idle(cloud: Cloud): Promise<void> {
  for (let tries = 0; tries < 600; tries += 1) {
    if ((await control<{ idle: boolean }>(cloud, 'clock')).idle) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error('a local cloud did not become quiet within 30 s');
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
