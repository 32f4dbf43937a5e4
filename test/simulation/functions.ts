import { AsyncLocalStorage } from 'node:async_hooks';
import type { Clients } from '../../shared/aws/clients.ts';
import { createImages } from '../../shared/aws/ecr.ts';
import { createEcs } from '../../shared/aws/ecs.ts';
import { createLoadBalancers } from '../../shared/aws/loadBalancers.ts';
import { SCHEMA_WRITTEN, type SchemaVersion } from '../../shared/aws/storedState.ts';
import { createStore } from '../../shared/aws/table.ts';
import type { Configuration } from '../../shared/domain/app.ts';
import { answer } from '../../shared/operate/operate.ts';
import { createPerformEcs } from '../../shared/perform/perform.ts';
import type { Ecs, Images, PerformEcs } from '../../shared/ports.ts';
import type { Runtime, Tell } from '../../shared/runtime.ts';
import type { Store } from '../../shared/store.ts';
import { type SweepMemory, sweep } from '../../shared/sweep.ts';
import { ecsChanged, imagePushed, scheduleCalled } from '../../shared/triggers/events.ts';
import { HOME } from '../builders.ts';
import { noLogs } from '../fakes.ts';
import { type Carry, createBalancing, createClients } from './clients.ts';
import type { By } from './history.ts';
import { marking } from './upgrades.ts';
import { carriedBy } from './wire.ts';

/** What one invocation of a function is given. */
interface NetworkAndCapacity {
  readonly configuration: Configuration;
  readonly carry: Carry;
  readonly tell: Tell;
  readonly download: (address: string) => string | undefined;
  /** The function's own clock, epoch milliseconds. */
  readonly now: () => number;
  readonly deadline: () => number;
  readonly sleep: (span: number) => Promise<void>;
  readonly freshId: () => string;
  readonly invocation: string;
  readonly log: Runtime['log'];
  /** An effect of this app is performed from now until what it answers is called. */
  readonly onPerform: (app: string) => () => void;
  readonly sweepMemory: SweepMemory;
  readonly mutate: Mutation;
  /** Whether its role may read load balancers. */
  readonly readsLoadBalancers?: boolean;
  /** The form of the items that its version writes; absent: that of today. */
  readonly schema?: SchemaVersion;
  /** The whole SDK; absent: clients that leave out its wire. */
  readonly clients?: Clients;
}

/** How a broken variant differs, for testing the judge: each wraps a port. */
export interface Mutation {
  readonly store?: (store: Store) => Store;
  readonly ecs?: (ecs: Ecs) => Ecs;
  readonly performEcs?: (perform: PerformEcs) => PerformEcs;
  readonly world?: (world: Runtime) => Runtime;
  /** What `operate` understands of a request. */
  readonly request?: (request: unknown) => unknown;
  readonly ignores?: readonly string[];
}

/** On whose behalf calls are made, wherever they come from. */
export const behalf = new AsyncLocalStorage<By>();

/** What the Lambda functions do, with the real loop and adapters. */
export function runFunction(name: string, payload: string, around: NetworkAndCapacity): Promise<unknown> {
  return carriedBy(around.carry, () => handle(name, payload, around));
}

async function handle(name: string, payload: string, around: NetworkAndCapacity): Promise<unknown> {
  const { world, images, ecs } = wire(around, name === 'sweep');
  const event: unknown = JSON.parse(payload);
  switch (name) {
    case 'image-pushed':
      return imagePushed(world, event);
    case 'ecs-changed':
      return ecsChanged(world, event);
    case 'run-task':
      return scheduleCalled(world, event);
    case 'sweep':
      return sweep(world, images, around.sweepMemory);
    case 'operate':
      return answer(
        world,
        around.mutate.request?.(event) ?? event,
        {
          parked: { take: async () => [] },
          logs: noLogs,
          ecs,
          images,
          announce: async () => undefined,
          lock: { take: async () => undefined },
        },
        { requestId: around.invocation },
      );
    default:
      throw new Error(`there is no function ${name}`);
  }
}

function wire(around: NetworkAndCapacity, persists: boolean): { world: Runtime; images: Images; ecs: Ecs } {
  const { configuration, now, deadline, sleep, mutate, schema = SCHEMA_WRITTEN } = around;
  const time = { now, deadline, sleep };
  const clients = around.clients ?? createClients(around.carry, sleep);
  const download = async (address: string | URL | Request) => {
    const body = around.download(String(address));
    const response = new Response(null, { status: body === undefined ? 404 : 200 });
    // Reading a real body would wait for streams, outside the simulated time.
    return Object.assign(response, { text: async () => body ?? '' });
  };
  const images = createImages(clients, time, download);
  const ecs = createEcs(clients, time, persists);
  const perform = createPerformEcs({
    ecs: mutate.ecs?.(ecs) ?? ecs,
    home: HOME,
    images,
    logs: noLogs,
    now,
    ...(around.readsLoadBalancers && {
      loadBalancers: createLoadBalancers(() => createBalancing(around.carry, sleep), time),
    }),
  });
  const mutated = mutate.performEcs?.(perform) ?? perform;
  const performEcs: PerformEcs = (app, effect, attempt) =>
    behalf.run({ invocation: around.invocation, app: app.name, effect, attempt }, async () => {
      const done = around.onPerform(app.name);
      try {
        return await mutated(app, effect, attempt);
      } finally {
        done();
      }
    });
  const written = createStore(clients, { table: 'fairway', ...time }, schema);
  const store = schema > SCHEMA_WRITTEN ? marking(written) : written;
  const world: Runtime = {
    configuration,
    location: { environment: configuration.environment, region: 'us-east-1', account: '123456789012' },
    store: mutate.store?.(store) ?? store,
    performEcs,
    pace: ecs.pace,
    tell: around.tell,
    ...time,
    freshId: around.freshId,
    owner: around.invocation,
    log: around.log,
    // It reports what no item can; the tables of the simulation are never broken that much.
    notifyOperations: async () => {},
  };
  return { world: mutate.world?.(world) ?? world, images, ecs };
}
