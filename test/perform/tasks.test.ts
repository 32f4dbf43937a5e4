import { findTask, runTask } from '../../shared/perform/tasks.ts';
import { AwsFault, type Ecs, type RunTaskInput } from '../../shared/ports.ts';
import { anApp, aTask, revision, START } from '../builders.ts';

describe('the network of a release task', () => {
  const network = { subnets: ['subnet-1'], securityGroups: [], assignPublicIp: false };

  async function networkOf(networkMode: string | undefined, named?: typeof network) {
    const started: RunTaskInput[] = [];
    const ecs: Pick<Ecs, 'networkAndCapacity' | 'taskDefinition' | 'run'> = {
      networkAndCapacity: async () => ({ network, capacity: { launchType: 'EC2' } }),
      taskDefinition: async () => ({
        taskDefinition: networkMode === undefined ? {} : { networkMode },
        tags: [],
      }),
      run: async (input) => {
        started.push(input);
        return { taskArns: ['task/1'] };
      },
    };
    const { network: _, capacity: __, ...task } = aTask('db-migrate');
    const app = anApp({ before: [{ ...task, ...(named && { network: named }) }] });
    const effect = {
      kind: 'runTask',
      task: 'db-migrate',
      revision: revision('db-migrate', 2),
      releaseId: 'r-1',
      attempt: 1,
      firstAt: START,
    } as const;
    await runTask(ecs, START, app, effect, 0);
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

describe('looking for the tasks of a release', () => {
  const effect = {
    kind: 'findTask',
    task: 'db-migrate',
    releaseId: 'r-1',
    attempt: 0,
    looks: 0,
    sentBefore: true,
  } as const;

  it('asks with the parameters of the start, and starts nothing', async () => {
    const asked: string[] = [];
    const tasksStartedBy: Ecs['tasksStartedBy'] = async (cluster, startedBy) => {
      asked.push(`${cluster} ${startedBy}`);
      return [];
    };
    expect(await findTask({ tasksStartedBy }, anApp(), effect)).toEqual({ kind: 'tasksFound', tasks: [] });
    expect(asked).toEqual(['app-prod fairway/r-1']);
  });

  it('answers that it may not look, since a refusal would be that of the start', async () => {
    const fault = new AwsFault('AccessDeniedException', 'ecs:ListTasks: not authorized', false);
    const tasksStartedBy = () => Promise.reject(fault);
    const answer = await findTask({ tasksStartedBy }, anApp(), effect);
    expect(answer).toMatchObject({ kind: 'tasksFound', tasks: [], refusal: { kind: 'accessDenied' } });
  });

  it('leaves what may pass to be repeated', async () => {
    const tasksStartedBy = () => Promise.reject(new AwsFault('ThrottlingException', 'slow down', true));
    await expect(findTask({ tasksStartedBy }, anApp(), effect)).rejects.toThrow('slow down');
  });
});

describe('a start that was decided with its place', () => {
  it('is sent as decided, without a look at what the service has by now', async () => {
    const started: RunTaskInput[] = [];
    const ecs: Pick<Ecs, 'networkAndCapacity' | 'taskDefinition' | 'run'> = {
      networkAndCapacity: () => Promise.reject(new Error('nothing was to be looked up')),
      taskDefinition: () => Promise.reject(new Error('nothing was to be looked up')),
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
      kind: 'runTask',
      task: 'db-migrate',
      revision: revision('db-migrate', 2),
      releaseId: 'r-1',
      attempt: 1,
      firstAt: START,
      place,
    } as const;
    await runTask(ecs, START, anApp({ before: [aTask('db-migrate')] }), effect, 0);
    expect(started[0]).toMatchObject({
      network: place.network,
      capacity: place.capacity,
      launch: place.launch,
    });
  });
});
