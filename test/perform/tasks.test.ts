import { runTask } from '../../shared/perform/tasks.ts';
import type { Ecs, RunTaskInput } from '../../shared/ports.ts';
import { anApp, aTask, revision, START } from '../builders.ts';

describe('the network of a release task', () => {
  const network = { subnets: ['subnet-1'], securityGroups: [], assignPublicIp: false };

  async function networkOf(networkMode: string | undefined, named?: typeof network) {
    const started: RunTaskInput[] = [];
    const ecs: Pick<Ecs, 'surroundings' | 'taskDefinition' | 'run'> = {
      surroundings: async () => ({ network, capacity: { launchType: 'EC2' } }),
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
  ])("is the first service's only where its definition has one of its own: %s", async (mode, expected) => {
    expect(await networkOf(mode)).toEqual(expected);
  });

  it('is the one that fairway.yml names', async () => {
    const named = { ...network, subnets: ['subnet-2'] };
    expect(await networkOf('awsvpc', named)).toEqual(named);
  });
});
