import type { Answer } from '../../shared/domain/answers.ts';
import type { App, Task } from '../../shared/domain/app.ts';
import type { ObservedDeployment } from '../../shared/domain/observations.ts';
import { containersOf, type RawDefinition } from '../../shared/domain/revision.ts';
import { createPerformEcs } from '../../shared/perform/perform.ts';
import { AwsFault, type Ecs, type RunTaskInput } from '../../shared/ports.ts';
import {
  anApp,
  anImage,
  anObservedService,
  aScheduledTask,
  digestOf,
  HOME,
  revision,
  START,
} from '../builders.ts';

const REGISTRY = '123456789012.dkr.ecr.us-east-1.amazonaws.com';
const image = (tag: string, repository = 'web-app') => `${REGISTRY}/${repository}@${digestOf(tag)}`;

function notAsked(): never {
  throw new Error('this is not to be asked');
}

/** ECS with one service, whose family has these revisions from 1 on, as images by container. */
function anEcs(images: Record<string, string>[], deployments: readonly Partial<ObservedDeployment>[]) {
  const registered: RawDefinition[] = images.map((each, index) => definition(each, index + 1));
  const ran: RunTaskInput[] = [];
  const [observed] = [anObservedService('web-app')];
  const ecs: Ecs = {
    services: async () => [
      {
        ...observed,
        deployments: deployments.map((one) => ({ ...observed.deployments[0], ...one }) as ObservedDeployment),
      },
    ],
    networkAndCapacity: async () => ({ capacity: { launchType: 'FARGATE' } }),
    taskDefinition: async (reference) => {
      const found = registered.find((one) => one.taskDefinitionArn === reference) ?? registered.at(-1) ?? {};
      const tags = Array.isArray(found.tags) ? [{ key: 'fairway:release-id', value: 'run-1' }] : [];
      return { taskDefinition: found, tags };
    },
    register: async (input) => {
      const arn = revision('web-app', registered.length + 1);
      registered.push({ ...input, taskDefinitionArn: arn, revision: registered.length + 1 });
      return arn;
    },
    findMade: async (_family, isWanted) => {
      const made = registered.findLast((one) => Array.isArray(one.tags) && isWanted(one));
      return made && String(made.taskDefinitionArn);
    },
    run: async (input) => {
      ran.push(input);
      return { taskArns: ['task/1'] };
    },
    findRegistered: notAsked,
    newestOfOthers: notAsked,
    update: notAsked,
    platformOverride: notAsked,
    traffic: notAsked,
    serviceDeployments: notAsked,
    deploymentsNamed: notAsked,
    stopDeployment: notAsked,
    answerPause: notAsked,
    task: notAsked,
    tasks: notAsked,
    tasksStartedBy: notAsked,
    stop: notAsked,
    countHealthy: notAsked,
    firstCause: notAsked,
    troubleOf: notAsked,
    targetHealth: notAsked,
    runningDigests: notAsked,
  };
  return { ecs, registered, ran };
}

function definition(images: Record<string, string>, number: number): RawDefinition {
  return {
    family: 'web-app',
    taskDefinitionArn: revision('web-app', number),
    revision: number,
    containerDefinitions: Object.entries(images).map(([name, of]) => ({ name, image: of })),
  };
}

function performerOf(ecs: Ecs) {
  const images = {
    inspect: async () => ({
      image: anImage('0.9.0'),
      storage: 'ACTIVE' as const,
    }),
    tagged: notAsked,
  };
  const perform = createPerformEcs({
    ecs,
    home: HOME,
    images,
    logs: { tail: notAsked, since: notAsked },
    now: () => START,
  });
  return (app: App) => ({
    prepare: (tag?: string): Promise<Answer> => {
      const live = tag === undefined ? {} : { image: { tag, digest: digestOf(tag) } };
      return perform(app, { kind: 'prepareRun', run: 'run-1', task: 'report', release: 1, ...live }, 0);
    },
    start: (count: number, attempt = 1): Promise<Answer> => {
      const what = { run: 'run-1', task: 'report', attempt: 1, container: 'web', count } as const;
      return perform(app, { kind: 'startRun', ...what, revision: 'r', firstAt: START }, attempt);
    },
  });
}

const appWith = (task: Partial<Task>) => anApp({ tasks: [aScheduledTask('report', task)] });
const primary = (number: number) => ({
  status: 'PRIMARY' as const,
  taskDefinition: revision('web-app', number),
});
const active = (number: number) => ({
  status: 'ACTIVE' as const,
  taskDefinition: revision('web-app', number),
});

describe('preparing a run', () => {
  it('takes the revision that the service runs where that is pinned to what is live', async () => {
    const { ecs, registered } = anEcs([{ web: image('1.0.0') }], [primary(1)]);
    const answer = await performerOf(ecs)(appWith({})).prepare('1.0.0');
    expect(answer).toMatchObject({ kind: 'runPrepared', revision: revision('web-app', 1) });
    expect(registered).toHaveLength(1);
  });

  it('takes what the service still runs while a release is in progress', async () => {
    const { ecs, registered } = anEcs(
      [{ web: image('1.0.0') }, { web: image('1.1.0') }],
      [primary(2), active(1)],
    );
    const answer = await performerOf(ecs)(appWith({})).prepare('1.0.0');
    expect(answer).toMatchObject({ revision: revision('web-app', 1) });
    expect(registered).toHaveLength(2);
  });

  it('takes the revision of the service where ECS lists no deployment while traffic shifts', async () => {
    const { ecs } = anEcs([{ web: image('1.0.0') }], []);
    const [observed = anObservedService('web-app')] = await ecs.services('prod', ['web-app']);
    const shifting = { ...observed, strategy: 'BLUE_GREEN', taskDefinition: revision('web-app', 1) };
    const performer = performerOf({ ...ecs, services: async () => [shifting] });
    const answer = await performer(appWith({})).prepare('1.0.0');
    expect(answer).toMatchObject({ kind: 'runPrepared', revision: revision('web-app', 1) });
  });

  it('takes a copy where the revision that the service runs was deregistered', async () => {
    const { ecs, registered } = anEcs([{ web: image('1.0.0') }], [primary(1)]);
    registered[0] = { ...registered[0], status: 'INACTIVE' };
    const { prepare } = performerOf(ecs)(appWith({}));
    for (let runs = 0; runs < 2; runs += 1)
      expect(await prepare('1.0.0')).toMatchObject({ kind: 'runPrepared', revision: revision('web-app', 2) });
    expect(registered).toHaveLength(2);
    expect(containersOf(registered[1] ?? {})).toEqual(containersOf(registered[0] ?? {}));
  });

  it('registers one revision for a tag that it is pinned to, however often it runs', async () => {
    const { ecs, registered } = anEcs([{ web: image('1.0.0') }], [primary(1)]);
    const { prepare } = performerOf(ecs)(appWith({ pinned: '0.9.0' }));
    for (let runs = 0; runs < 3; runs += 1)
      expect(await prepare()).toMatchObject({ revision: revision('web-app', 2) });
    expect(registered).toHaveLength(2);
  });

  it('registers one revision for each of two tasks that share a family and run different images', async () => {
    const { ecs, registered } = anEcs([{ web: image('1.0.0') }], []);
    const perform = performerOf(ecs);
    const own: Task = aScheduledTask('report', {});
    const { like: _, ...apart } = own;
    const live = perform(anApp({ tasks: [apart] }));
    const pinned = perform(anApp({ tasks: [{ ...apart, pinned: '0.9.0' }] }));
    for (let runs = 0; runs < 3; runs += 1) {
      await live.prepare('1.1.0');
      await pinned.prepare();
    }
    expect(registered.map((one) => containersOf(one)[0]?.image)).toEqual(
      ['1.0.0', '1.1.0', '0.9.0'].map((tag) => image(tag)),
    );
  });

  it('gives the image to the containers of the service that it is like, and to no others', async () => {
    const sidecar = `${REGISTRY}/web-app:tools`;
    const { ecs, registered } = anEcs([{ web: image('1.0.0'), tools: sidecar }], [primary(1)]);
    const { prepare } = performerOf(ecs)(appWith({}));
    expect(await prepare('1.0.0')).toMatchObject({ revision: revision('web-app', 1) });
    await prepare('1.1.0');
    expect(containersOf(registered[1] ?? {})).toEqual([
      { name: 'web', image: image('1.1.0') },
      { name: 'tools', image: sidecar },
    ]);
  });
});

describe('the network of a run', () => {
  const network = { subnets: ['subnet-1'], securityGroups: [], assignPublicIp: false };
  const { like: _, ...apart } = aScheduledTask('report');

  it.each([
    ['awsvpc', network],
    ['bridge', undefined],
    ['host', undefined],
  ])("is the first service's only if its task definition needs one: %s", async (networkMode, expected) => {
    const { ecs, registered } = anEcs([{ web: image('1.0.0') }], []);
    registered[0] = { ...registered[0], networkMode };
    const around: Ecs = {
      ...ecs,
      networkAndCapacity: async () => ({ network, capacity: { launchType: 'EC2' } }),
    };
    for (const tag of ['1.0.0', '1.1.0']) {
      const answer = await performerOf(around)(anApp({ tasks: [apart] })).prepare(tag);
      expect(answer).toMatchObject({ kind: 'runPrepared', capacity: { launchType: 'EC2' } });
      expect(Object(answer).network).toEqual(expected);
    }
  });
});

describe('starting a run', () => {
  it('asks for as many tasks as are left to start', async () => {
    const { ecs, ran } = anEcs([], []);
    const answer = await performerOf(ecs)(appWith({ count: 5 })).start(1);
    expect(answer).toEqual({ kind: 'runStarted', taskArns: ['task/1'] });
    expect(ran[0]).toMatchObject({ count: 1, container: 'web' });
  });

  it('adopts the tasks of a lost answer, and reports if there are too few', async () => {
    const { ecs } = anEcs([], []);
    const lost: Ecs = {
      ...ecs,
      run: async () => {
        throw new AwsFault('ConflictException', 'ecs:RunTask: other parameters', false, ['task/1', 'task/2']);
      },
    };
    const { start } = performerOf(lost)(appWith({ count: 3 }));
    expect(await start(2)).toEqual({ kind: 'runStarted', taskArns: ['task/1', 'task/2'] });
    expect(await start(3)).toMatchObject({
      taskArns: ['task/1', 'task/2'],
      missing: { sentence: expect.stringContaining('ECS started 2 of the 3 tasks of report') },
    });
  });

  it.each([
    ['RESOURCE:MEMORY', true],
    ['ATTRIBUTE', false],
  ])('says whether tasks that were not started can be started later: %s', async (failure, canHeal) => {
    const { ecs } = anEcs([], []);
    const few: Ecs = { ...ecs, run: async () => ({ taskArns: ['task/1'], failure }) };
    const { start } = performerOf(few)(appWith({ count: 2 }));
    expect(await start(2)).toMatchObject({ taskArns: ['task/1'], missing: { canHeal, evidence: [failure] } });
  });

  it.each([
    'You’ve reached the limit on the number of vCPUs you can run concurrently',
    'Capacity is unavailable at this time. Please try again later or in a different availability zone',
    'RESOURCE:ENI',
    'AGENT',
  ])('asks again where there is no room for it: %s', async (failure) => {
    const { ecs } = anEcs([], []);
    const full: Ecs = { ...ecs, run: async () => ({ taskArns: [], failure }) };
    expect(await performerOf(full)(appWith({})).start(1)).toMatchObject({
      kind: 'taskNotStarted',
      capacity: true,
      cause: { sentence: `There was no capacity to start report: ${failure}.` },
    });
  });

  it.each(['LOCATION', 'ATTRIBUTE', 'The requested CPU configuration is above your limit'])(
    'does not retry what waiting does not fix: %s',
    async (failure) => {
      const { ecs } = anEcs([], []);
      const refusing: Ecs = { ...ecs, run: async () => ({ taskArns: [], failure }) };
      expect(await performerOf(refusing)(appWith({})).start(1)).toMatchObject({ capacity: false });
    },
  );

  it('asks again where too many tasks of the cluster are provisioning', async () => {
    const { ecs } = anEcs([], []);
    const full: Ecs = {
      ...ecs,
      run: async () => {
        throw new AwsFault('ClientException', 'Tasks provisioning capacity limit exceeded.', false);
      },
    };
    expect(await performerOf(full)(appWith({})).start(1)).toMatchObject({ capacity: true });
  });

  it('says that a task which was removed from fairway.yml may run where ECS was asked to start it', async () => {
    const { ecs, ran } = anEcs([], []);
    const { start } = performerOf(ecs)(anApp());
    expect(await start(1, 0)).toMatchObject({ kind: 'refused', cause: { kind: 'notConfigured' } });
    expect(await start(1, 1)).toMatchObject({ kind: 'taskNotStarted', cause: { kind: 'unknownStart' } });
    expect(ran).toEqual([]);
  });
});
