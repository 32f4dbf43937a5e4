import type { TaskCapacity } from '../../shared/domain/app.ts';
import { platformFits, type RawDefinition } from '../../shared/domain/revision.ts';
import { readBases } from '../../shared/perform/revisions.ts';
import type { Ecs } from '../../shared/ports.ts';
import { anApp, aTask, REGISTRY, revision } from '../builders.ts';

const ARM = { os: 'linux', architecture: 'arm64' };
const AMD = { os: 'linux', architecture: 'amd64' };
const IMAGE = '123456789012.dkr.ecr.us-east-1.amazonaws.com/web-app:1';

/** ECS with one definition, and services with these capacities; undefined: that of the cluster. */
type BasesEcs = Pick<
  Ecs,
  'taskDefinition' | 'newestOfOthers' | 'networkAndCapacity' | 'platformOverride' | 'traffic'
>;

function anEcs(
  definition: RawDefinition,
  capacities: Readonly<Record<string, TaskCapacity | undefined>>,
  override?: string,
) {
  const ecs: BasesEcs = {
    platformOverride: async () => override,
    traffic: async () => [],
    taskDefinition: async (reference) => ({
      taskDefinition: {
        taskDefinitionArn: reference,
        containerDefinitions: [{ name: 'web', image: IMAGE }],
        ...definition,
      },
      tags: [],
    }),
    newestOfOthers: async () => undefined,
    networkAndCapacity: async (_, service) => {
      const capacity = capacities[service];
      return capacity === undefined ? {} : { capacity };
    },
  };
  return ecs;
}

const providers = (...names: readonly string[]): TaskCapacity => ({
  providers: names.map((provider) => ({ provider, weight: 1, base: 0 })),
});
const FARGATE: TaskCapacity = { launchType: 'FARGATE' };
const EC2: TaskCapacity = { launchType: 'EC2' };

/** Why the image of these platforms cannot run there. */
async function misfit(
  definition: RawDefinition,
  capacity: TaskCapacity | undefined,
  platforms = [ARM],
  task?: TaskCapacity,
) {
  const app = anApp({ before: [aTask('db-migrate', { ...(task && { capacity: task }) })] });
  const what = task === undefined ? 'service:web-app' : 'task:db-migrate';
  const bases = [{ reference: revision('web-app', 10), containers: ['web'], for: [what] }];
  const ecs = anEcs(definition, { 'web-app': capacity });
  const answer = await readBases(ecs, REGISTRY, app, { kind: 'readBases', bases });
  const [base] = answer.kind === 'basesRead' ? answer.bases : [];
  if (!base) throw new Error('no base was read');
  return platformFits(platforms, base.platform);
}

describe('the platform of a definition without runtimePlatform', () => {
  it.each<[string, TaskCapacity]>([
    ['the launch type FARGATE', FARGATE],
    ['FARGATE_SPOT', providers('FARGATE', 'FARGATE_SPOT')],
  ])('is linux/amd64 on %s', async (_, capacity) => {
    expect(await misfit({}, capacity)).toMatch(/linux\/arm64, and the task runs on linux\/amd64/);
    expect(await misfit({}, capacity, [AMD])).toBeUndefined();
  });

  it.each<[string, TaskCapacity | undefined]>([
    ['EC2', EC2],
    ['EXTERNAL', { launchType: 'EXTERNAL' }],
    ['instances of a capacity provider', providers('graviton')],
    ['the default of the cluster', undefined],
  ])('is unknown on %s: the image is released', async (_, capacity) => {
    expect(await misfit({}, capacity)).toBeUndefined();
    expect(await misfit({}, capacity, [{ os: 'windows', architecture: 'amd64' }])).toBeUndefined();
  });

  it('is decided by where the service runs, not by what the definition is compatible with', async () => {
    const both = { requiresCompatibilities: ['EC2', 'FARGATE'], compatibilities: ['EC2', 'FARGATE'] };
    expect(await misfit(both, EC2)).toBeUndefined();
    expect(await misfit(both, FARGATE)).toBeDefined();
    expect(await misfit({ requiresCompatibilities: ['FARGATE'] }, providers('graviton'))).toBeUndefined();
  });

  it("is decided by a task's own capacity where it has one", async () => {
    expect(await misfit({}, FARGATE, [ARM], EC2)).toBeUndefined();
    expect(await misfit({}, EC2, [ARM], FARGATE)).toBeDefined();
  });
});

describe('the platform of a definition with runtimePlatform', () => {
  it.each<[RawDefinition, TaskCapacity]>([
    [{ cpuArchitecture: 'X86_64', operatingSystemFamily: 'LINUX' }, EC2],
    [{ cpuArchitecture: 'X86_64' }, EC2],
    [{ operatingSystemFamily: 'WINDOWS_SERVER_2022_CORE' }, providers('instances')],
    [{ operatingSystemFamily: 'LINUX' }, FARGATE],
  ])('is what %j says, wherever it runs', async (runtimePlatform, capacity) => {
    expect(await misfit({ runtimePlatform }, capacity)).toBeDefined();
  });

  it('is unknown in the part that it leaves out', async () => {
    expect(await misfit({ runtimePlatform: { operatingSystemFamily: 'LINUX' } }, EC2)).toBeUndefined();
    expect(await misfit({ runtimePlatform: { cpuArchitecture: 'ARM64' } }, EC2)).toBeUndefined();
  });
});

describe('the platform of a service in Express Mode', () => {
  it('is what ECS runs it on, whatever its task definition says', async () => {
    const runtimePlatform = { cpuArchitecture: 'X86_64', operatingSystemFamily: 'LINUX' };
    const ecs = anEcs({ runtimePlatform }, { 'web-app': FARGATE }, 'ARM64');
    const bases = [{ reference: revision('web-app', 10), containers: [], for: ['service:web-app'] }];
    const answer = await readBases(ecs, REGISTRY, anApp(), { kind: 'readBases', bases });
    expect(answer).toMatchObject({ bases: [{ platform: { architecture: 'arm64' } }] });
  });
});

describe('the images of a base', () => {
  const foreign = '210987654321.dkr.ecr.us-east-1.amazonaws.com/web-app:1';
  const read = async (what: string) => {
    const ecs = anEcs({ containerDefinitions: [{ name: 'web', image: foreign }] }, { 'web-app': FARGATE });
    const bases = [{ reference: revision('web-app', 10), containers: [], for: [what] }];
    const answer = await readBases(ecs, REGISTRY, anApp(), { kind: 'readBases', bases });
    return answer.kind === 'basesRead' ? answer.bases[0] : undefined;
  };

  it('refuse a service that runs the image of another registry', async () => {
    expect(await read('service:web-app')).toMatchObject({
      takesImage: false,
      refusal: expect.stringContaining(foreign),
    });
  });

  it('leave a release task alone that does', async () => {
    const base = await read('task:db-migrate');
    expect(base).toMatchObject({ takesImage: false });
    expect(base).not.toHaveProperty('refusal');
  });
});
