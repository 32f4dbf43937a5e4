import type { EffectOf } from '../../shared/domain/effects.ts';
import type { ObservedDeployment, ObservedServiceDeployment } from '../../shared/domain/observations.ts';
import { rollBack, updateService } from '../../shared/perform/services.ts';
import { AwsFault } from '../../shared/ports.ts';
import { anApp, anObservedService, HOME, MINUTE, revision, START } from '../builders.ts';
import { anEcs } from '../fakes.ts';

const OLD = revision('web-app', 10);
const NEW = revision('web-app', 11);
const SECOND = 1_000;

/** ECS with these deployments, which records the orders to deploy. */
function ecsWith(...deployments: Partial<ObservedDeployment>[]) {
  const ordered: string[] = [];
  const [usual] = anObservedService('web-app').deployments;
  const ecs = anEcs({
    services: async () => [
      anObservedService('web-app', {
        overrides: { deployments: deployments.map((one) => ({ ...usual, ...one }) as ObservedDeployment) },
      }),
    ],
    taskDefinition: async () => ({
      taskDefinition: { status: 'ACTIVE', containerDefinitions: [] },
      tags: [],
    }),
    update: async (_cluster, _service, taskDefinition) => {
      ordered.push(taskDefinition);
      return { deploymentId: 'ecs-svc/3', createdAt: START + 1 };
    },
  });
  return { ecs, ordered };
}

describe('rollBack', () => {
  const order: EffectOf<'rollBack'> = {
    kind: 'rollBack',
    service: 'web-app',
    revision: OLD,
    target: NEW,
    expected: 'ecs-svc/1',
    ours: ['ecs-svc/2'],
    orderedAt: START,
    releaseId: 'r-1',
    release: 1,
  };
  const earlier = {
    id: 'ecs-svc/1',
    taskDefinition: OLD,
    createdAt: START - 60 * SECOND,
    updatedAt: START - 1,
  };

  async function perform(
    deployments: Partial<ObservedDeployment>[],
    more: Partial<EffectOf<'rollBack'>> = {},
    now = START + SECOND,
  ) {
    const { ecs, ordered } = ecsWith(...deployments);
    return { answer: await rollBack({ ecs, home: HOME, now }, anApp(), { ...order, ...more }, 0), ordered };
  }

  it('takes one look at the earlier deployment alone for no proof, and orders nothing', async () => {
    const { answer, ordered } = await perform([earlier]);
    expect(answer).toEqual({ kind: 'unproven' });
    expect(ordered).toEqual([]);
  });

  it.each<[string, Partial<ObservedDeployment>[], Partial<EffectOf<'rollBack'>>, number]>([
    [
      'ECS shows our deployment as well',
      [earlier, { id: 'ecs-svc/2', status: 'ACTIVE', taskDefinition: NEW }],
      {},
      START,
    ],
    [
      'ECS has changed the earlier one since ours was created',
      [{ ...earlier, updatedAt: START + 1 }],
      {},
      START,
    ],
    ['a second look 30 s later shows the same', [earlier], { doubtedAt: START }, START + 30 * SECOND],
    ['the same revision was deployed anew', [{ ...earlier, id: 'ecs-svc/9' }], {}, START],
  ])('takes it for rolled back where %s', async (_, deployments, more, now) => {
    const { answer, ordered } = await perform(deployments, more, now);
    expect(answer).toMatchObject({ kind: 'rollingBack', revision: OLD, completed: true });
    expect(ordered).toEqual([]);
  });

  it('orders nothing over what was deployed outside Fairway', async () => {
    const theirs = { id: 'ecs-svc/9', taskDefinition: revision('web-app', 99) };
    const { answer, ordered } = await perform([theirs]);
    expect(answer).toEqual({
      kind: 'foreign',
      deploymentId: theirs.id,
      taskDefinition: theirs.taskDefinition,
    });
    expect(ordered).toEqual([]);
  });

  it('looks again where the second look comes too early', async () => {
    const { answer } = await perform([earlier], { doubtedAt: START }, START + 29 * SECOND);
    expect(answer).toEqual({ kind: 'unproven' });
  });

  describe('over a deployment that ECS does not stop', () => {
    const open: ObservedServiceDeployment = {
      arn: 'arn:ours',
      taskDefinition: NEW,
      status: 'IN_PROGRESS',
      words: [],
      breaker: false,
      alarms: [],
      watched: true,
    };
    const theirs = { ...open, arn: 'arn:theirs', taskDefinition: revision('web-app', 99) };

    async function roll(listed: Partial<ObservedDeployment>[], ...since: ObservedServiceDeployment[]) {
      const { ecs, ordered } = ecsWith(...listed);
      const port = {
        ...ecs,
        serviceDeployments: async () => since,
        stopDeployment: async () => {
          throw new AwsFault('UnsupportedFeatureException', 'managed by Amazon ECS', false);
        },
      };
      const effect = { ...order, shift: { since: START } };
      return { answer: await rollBack({ ecs: port, home: HOME, now: START }, anApp(), effect, 0), ordered };
    }

    it.each<[string, Partial<ObservedDeployment>[]]>([
      ['nothing', []],
      ['ours', [{ id: 'ecs-svc/2', taskDefinition: NEW }]],
      [
        'the earlier one as PRIMARY, and ours',
        [earlier, { id: 'ecs-svc/2', status: 'ACTIVE', taskDefinition: NEW }],
      ],
    ])('orders the earlier revision while ECS lists %s', async (_, listed) => {
      const { answer, ordered } = await roll(listed, open);
      expect(ordered).toEqual([OLD]);
      expect(answer).toMatchObject({ kind: 'rollingBack', revision: OLD, completed: false });
    });

    it.each<[string, ObservedServiceDeployment[]]>([
      ['over ours', [theirs, open]],
      ['instead of ours', [theirs]],
    ])('leaves what others deploy %s, although ECS lists nothing', async (_, since) => {
      const { answer, ordered } = await roll([], ...since);
      expect(ordered).toEqual([]);
      expect(answer).toMatchObject({ kind: 'foreign', deploymentId: 'arn:theirs' });
    });

    it('leaves what ECS lists of others', async () => {
      const { answer, ordered } = await roll(
        [{ id: 'ecs-svc/9', taskDefinition: theirs.taskDefinition }],
        open,
      );
      expect(ordered).toEqual([]);
      expect(answer).toMatchObject({ kind: 'foreign', deploymentId: 'ecs-svc/9' });
    });

    it('finds the earlier revision that was ordered before', async () => {
      const back = { ...open, arn: 'arn:back', taskDefinition: OLD };
      const { answer, ordered } = await roll([], back, { ...open, status: 'STOPPED' });
      expect(ordered).toEqual([]);
      expect(answer).toMatchObject({ kind: 'rollingBack', deploymentId: 'arn:back' });
    });

    it('fails where the service is gone', async () => {
      expect((await roll([])).answer).toMatchObject({ kind: 'refused', cause: { kind: 'serviceMissing' } });
    });
  });

  it('rolls back what the second look shows, although the first one did not', async () => {
    const ours = { id: 'ecs-svc/2', taskDefinition: NEW };
    const { answer, ordered } = await perform([ours], { doubtedAt: START }, START + 30 * SECOND);
    expect(ordered).toEqual([OLD]);
    expect(answer).toMatchObject({ deploymentId: 'ecs-svc/3', createdAt: START + 1, completed: false });
  });
});

describe('updateService', () => {
  const lost = async () => {
    throw new AwsFault('TimeoutError', 'socket hang up', true);
  };
  const order = { kind: 'updateService', service: 'web-app', revision: NEW, expected: 'ecs-svc/1' } as const;

  it('answers when ECS created the deployment', async () => {
    const { ecs } = ecsWith({});
    expect(await updateService(ecs, anApp(), order, 0)).toEqual({
      kind: 'serviceUpdated',
      deploymentId: 'ecs-svc/3',
      createdAt: START + 1,
    });
  });

  it('answers it also where a repeat finds the deployment of the first attempt', async () => {
    const { ecs, ordered } = ecsWith({ id: 'ecs-svc/2', taskDefinition: NEW, createdAt: START });
    expect(await updateService({ ...ecs, update: lost }, anApp(), order, 0)).toEqual({
      kind: 'serviceUpdated',
      deploymentId: 'ecs-svc/2',
      createdAt: START,
    });
    expect(ordered).toEqual([]);
  });

  it('sends the settings of an order, and rolls back with those of before', async () => {
    const sent: (string | undefined)[] = [];
    const { ecs } = ecsWith({ id: 'ecs-svc/2', taskDefinition: NEW, createdAt: START });
    const recording = {
      ...ecs,
      update: async (_cluster: string, _service: string, _revision: string, settings?: string) => {
        sent.push(settings);
        return { deploymentId: 'ecs-svc/3' };
      },
    };
    await updateService(recording, anApp(), { ...order, settings: '{"to":1}' }, 0);
    const before = { revision: OLD, target: NEW, expected: 'ecs-svc/1', ours: ['ecs-svc/2'] };
    const back = { ...before, kind: 'rollBack', service: 'web-app', releaseId: 'r-1', release: 1 } as const;
    const from = { ...back, settings: '{"from":1}' };
    await rollBack({ ecs: recording, home: HOME, now: START }, anApp(), from, 0);
    expect(sent).toEqual(['{"to":1}', '{"from":1}']);
  });

  it('is not repeated over what was deployed outside Fairway', async () => {
    const theirs = { id: 'ecs-svc/9', taskDefinition: revision('web-app', 99) };
    const { ecs, ordered } = ecsWith(theirs);
    expect(await updateService(ecs, anApp(), order, 1)).toEqual({
      kind: 'foreign',
      deploymentId: theirs.id,
      taskDefinition: theirs.taskDefinition,
    });
    expect(ordered).toEqual([]);
  });

  describe('repeated where PRIMARY is the deployment of before', () => {
    const earlier = { id: 'ecs-svc/1', taskDefinition: OLD, createdAt: START - MINUTE };
    const rolledBack = {
      taskDefinition: NEW,
      status: 'ROLLBACK_SUCCESSFUL',
      words: [],
      breaker: true,
      alarms: [],
      arn: 'arn:deployment',
      watched: false,
    };

    async function repeat(updatedAt: number, ...read: ObservedServiceDeployment[]) {
      const { ecs, ordered } = ecsWith({ ...earlier, updatedAt });
      const port = { ...ecs, serviceDeployments: async () => read };
      const answer = await updateService(port, anApp(), { ...order, expectedAt: START }, 1);
      return { answer, ordered };
    }

    it('sends it where ECS has not touched that one since', async () => {
      expect((await repeat(START)).ordered).toEqual([NEW]);
    });

    it('does not deploy again what ECS has rolled back in the meantime', async () => {
      const { answer, ordered } = await repeat(START + SECOND, rolledBack);
      expect(ordered).toEqual([]);
      expect(answer).toEqual({ kind: 'serviceDeploymentsRead', deployments: [rolledBack] });
    });

    it('sends it where that one changed for another reason', async () => {
      const other = { ...rolledBack, taskDefinition: OLD };
      expect((await repeat(START + SECOND, other)).ordered).toEqual([NEW]);
    });
  });
});
