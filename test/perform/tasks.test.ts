import { compileConfiguration } from '../../shared/config/load.ts';
import { start } from '../../shared/perform/starts.ts';
import type { Ecs, RunTaskInput } from '../../shared/ports.ts';
import { anApp, aTask, revision, START } from '../builders.ts';

const START_OF_RELEASE = {
  kind: 'startRun',
  run: 'r-1/db-migrate',
  release: 'r-1',
  task: 'db-migrate',
  attempt: 1,
  container: 'db-migrate',
  count: 1,
  revision: revision('db-migrate', 2),
  firstAt: START,
} as const;

describe('the network of a release task', () => {
  const network = { subnets: ['subnet-1'], securityGroups: [], assignPublicIp: false };

  async function networkOf(networkMode: string | undefined, named?: typeof network) {
    const started: RunTaskInput[] = [];
    const ecs: Pick<Ecs, 'networkAndCapacity' | 'taskDefinition' | 'run' | 'tasksStartedBy'> = {
      networkAndCapacity: async () => ({ network, capacity: { launchType: 'EC2' } }),
      taskDefinition: async () => ({
        taskDefinition: networkMode === undefined ? {} : { networkMode },
        tags: [],
      }),
      tasksStartedBy: () => Promise.reject(new Error('nothing was to be looked for')),
      run: async (input) => {
        started.push(input);
        return { taskArns: ['task/1'] };
      },
    };
    const { network: _, capacity: __, ...task } = aTask('db-migrate');
    const app = anApp({ before: [{ ...task, ...(named && { network: named }) }] });
    await start(ecs, START, app, START_OF_RELEASE, 0);
    return started[0]?.network;
  }

  it.each([
    ['awsvpc', network],
    ['bridge', undefined],
    ['host', undefined],
    [undefined, undefined],
  ])("is the first service's only if its task definition needs one: %s", async (mode, expected) => {
    expect(await networkOf(mode)).toEqual(expected);
  });

  it('is the one that fairway.yml names', async () => {
    const named = { ...network, subnets: ['subnet-2'] };
    expect(await networkOf('awsvpc', named)).toEqual(named);
  });
});

describe('the overrides of a release task', () => {
  it('reach RunTask as fairway.yml has them', async () => {
    const started: RunTaskInput[] = [];
    const ecs: Pick<Ecs, 'networkAndCapacity' | 'taskDefinition' | 'run' | 'tasksStartedBy'> = {
      networkAndCapacity: async () => ({}),
      taskDefinition: async () => ({ taskDefinition: {}, tags: [] }),
      tasksStartedBy: () => Promise.reject(new Error('nothing was to be looked for')),
      run: async (input) => {
        started.push(input);
        return { taskArns: ['task/1'] };
      },
    };
    const text = `environment: test
apps:
  web:
    cluster: app-prod
    image: { repository: web-app, tags: { newest: "*" } }
    services: [{ name: web-app }]
    before:
      - name: db-migrate
        container: db-migrate
        command: [migrate]
        environment: { DEPTH: full }
        cpu: 1024
        memory: 2048
        ephemeralStorage: 50
    tasks: [{ name: db-migrate, container: other, cpu: 256 }]
`;
    const [app] = compileConfiguration(text, 'fairway.yml').apps;
    if (!app) throw new Error('no app was compiled');
    await start(ecs, START, app, { ...START_OF_RELEASE, launch: {} }, 0);
    expect(started[0]).toMatchObject({
      container: 'db-migrate',
      command: ['migrate'],
      environment: { DEPTH: 'full' },
      cpu: 1024,
      memory: 2048,
      ephemeralStorage: 50,
    });
  });
});

describe('a start that was decided with its place', () => {
  it('is sent as decided, without a look at what the service has by now', async () => {
    const started: RunTaskInput[] = [];
    const ecs: Pick<Ecs, 'networkAndCapacity' | 'taskDefinition' | 'run' | 'tasksStartedBy'> = {
      networkAndCapacity: () => Promise.reject(new Error('nothing was to be looked up')),
      taskDefinition: () => Promise.reject(new Error('nothing was to be looked up')),
      tasksStartedBy: () => Promise.reject(new Error('nothing was to be looked for')),
      run: async (input) => {
        started.push(input);
        return { taskArns: ['task/1'] };
      },
    };
    const place = {
      network: { subnets: ['subnet-1'], securityGroups: [], assignPublicIp: false },
      capacity: { launchType: 'FARGATE' as const },
      launch: { tags: [{ key: 'CostCenter', value: '42' }] },
    };
    const effect = {
      ...START_OF_RELEASE,
      ...place,
    } as const;
    await start(ecs, START, anApp({ before: [aTask('db-migrate')] }), effect, 0);
    expect(started[0]).toMatchObject({
      network: place.network,
      capacity: place.capacity,
      launch: place.launch,
    });
  });
});
