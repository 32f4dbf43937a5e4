import { startTestCloud, type TestCloud } from './cloud.ts';

const FAIRWAY = `
environment: production
channels:
  deploys: { slack: { channel: C0123456789, token: { ssm: /fairway/slack-token } } }
defaults: { cluster: app-prod, channels: [deploys], taskRole: app-task, executionRole: app-execution }
apps:
  web:
    image: { repository: web-app, tags: { semver: ">=1.0.0" } }
    before: [{ name: db-migrate, container: db-migrate, command: [migrate] }]
    services: [{ name: web-app, containers: [web-app] }]
    tasks:
      - { name: report, like: web-app, container: web-app, command: [report], volumeRole: infra/volumes }
      - { name: denied, like: web-app, container: web-app, command: [report] }
`;

const CLUSTER = 'app-prod';
const WHO = 'arn:aws:iam::123456789012:user/op';

/** What ECS has of tasks with this `startedBy`. */
interface Seen {
  readonly startedBy?: string;
  readonly lastStatus?: string;
  readonly stoppedReason?: string;
  readonly platformVersion?: string;
  readonly enableExecuteCommand?: boolean;
  readonly createdAt?: number;
  readonly stoppedAt?: number;
  readonly group?: string;
  readonly tags?: readonly { readonly key: string; readonly value: string }[];
  readonly attachments?: readonly { readonly type: string }[];
}

describe('a task on ECS', () => {
  let cloud: TestCloud;

  beforeAll(async () => {
    cloud = await startTestCloud(FAIRWAY);
  }, 120_000);
  afterAll(() => cloud?.stop());
  beforeEach(async () => {
    await cloud.fresh();
    await cloud.push('1.1.0');
    await cloud.settled('1.1.0');
  }, 60_000);

  async function tasksOf(family: string): Promise<readonly Seen[]> {
    const tasks: Seen[] = [];
    for (const desiredStatus of ['RUNNING', 'STOPPED']) {
      const { taskArns } = await cloud.raw('ListTasks', { cluster: CLUSTER, family, desiredStatus });
      if (!Array.isArray(taskArns) || taskArns.length === 0) continue;
      const described = await cloud.raw('DescribeTasks', {
        cluster: CLUSTER,
        tasks: taskArns,
        include: ['TAGS'],
      });
      if (Array.isArray(described.tasks)) tasks.push(...described.tasks);
    }
    return tasks.filter(({ startedBy }) => startedBy?.startsWith('fairway/'));
  }

  async function until<T>(what: string, look: () => Promise<T | undefined | false>): Promise<T> {
    for (let tries = 0; tries < 300; tries += 1) {
      const found = await look();
      if (found) return found;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    throw new Error(`never: ${what}`);
  }

  describe('that is like a service', () => {
    const role = 'arn:aws:iam::123456789012:role/infra/volumes';

    /** The service, as infrastructure code may have it: with a volume configured at launch, and tags for its tasks. */
    async function furnish() {
      const { image, serviceArn } = await cloud.service();
      const { taskDefinition } = await cloud.raw('DescribeTaskDefinition', { taskDefinition: 'web-app' });
      const { cpu, memory, networkMode, requiresCompatibilities, taskRoleArn, executionRoleArn } =
        Object(taskDefinition);
      const mountPoints = [{ sourceVolume: 'data', containerPath: '/data' }];
      await cloud.raw('RegisterTaskDefinition', {
        family: 'web-app',
        cpu,
        memory,
        networkMode,
        requiresCompatibilities,
        taskRoleArn,
        executionRoleArn,
        containerDefinitions: [{ name: 'web-app', image, essential: true, mountPoints }],
        volumes: [{ name: 'data', configuredAtLaunch: true }],
      });
      await cloud.raw('TagResource', { resourceArn: serviceArn, tags: [{ key: 'CostCenter', value: '42' }] });
      await cloud.raw('UpdateService', {
        cluster: CLUSTER,
        service: 'web-app',
        taskDefinition: 'web-app',
        propagateTags: 'SERVICE',
        enableECSManagedTags: true,
        volumeConfigurations: [{ name: 'data', managedEBSVolume: { roleArn: role, sizeInGiB: 20 } }],
      });
      await cloud.control('clock', { advance: '10m' });
      await cloud.quiet();
    }

    async function run(task: string) {
      await furnish();
      await cloud.operate({ command: 'run', app: 'web', task, id: `${task}-00000001`, who: WHO });
      await cloud.control('clock', { advance: '3m' });
      await cloud.quiet();
      const answer = await cloud.operate({ command: 'runs', app: 'web', task });
      return answer.ok ? answer.runs?.[0] : undefined;
    }

    it('takes its tags and its volumes', async () => {
      expect(await run('report')).toMatchObject({ state: 'succeeded' });
      const [task] = await tasksOf('web-app');
      expect(task?.tags).toEqual(expect.arrayContaining([{ key: 'CostCenter', value: '42' }]));
      expect(task?.attachments?.map(({ type }) => type)).toContain('AmazonElasticBlockStorage');
    }, 60_000);

    it('is refused, and says how to fix it, where it may not pass the role of a volume', async () => {
      expect(await run('denied')).toMatchObject({
        state: 'neverStarted',
        reason: expect.stringContaining('set volumeRole: infra/volumes'),
      });
    }, 60_000);

    it('takes the tags as a release task, too', async () => {
      await furnish();
      await cloud.push('1.2.0');
      expect(await cloud.settled('1.2.0')).toMatchObject({ state: 'live' });
      const tasks = await tasksOf('db-migrate');
      const tagged = tasks.filter(({ tags }) => tags?.some(({ key }) => key === 'CostCenter'));
      expect(tagged).toHaveLength(1);
    }, 60_000);
  });

  describe('whose start is not answered', () => {
    it('is found and stopped when its release is canceled, before the next release starts', async () => {
      await cloud.behave({ for: 'task', container: 'db-migrate', exit: { after: '10m', code: 0 } });
      await cloud.fault({ operation: 'RunTask', crash: 'after', times: 1 });
      await cloud.control('clock', { speed: 15 });
      await cloud.push('1.2.0');
      await until('the migration', async () => (await cloud.status()).open?.state === 'migrating');
      expect(await cloud.operate({ command: 'cancel', app: 'web', who: WHO })).toMatchObject({ ok: true });
      await cloud.push('1.3.0');
      await cloud.control('clock', { speed: 'max' });
      await cloud.settled('1.3.0');
      const tasks = await tasksOf('db-migrate');
      const spans = tasks.map(({ createdAt = 0, stoppedAt = 0 }) => ({ createdAt, stoppedAt }));
      spans.sort((a, b) => a.createdAt - b.createdAt);
      for (const [index, { createdAt }] of spans.entries())
        expect(createdAt).toBeGreaterThanOrEqual(spans[index - 1]?.stoppedAt ?? 0);
      const canceled = (await cloud.releases()).find(({ tag }) => tag === '1.2.0');
      expect(canceled?.reason).toMatch(/canceled|cancelled/);
    }, 90_000);

    it('is not said to have been stopped, and the next release is not kept waiting', async () => {
      await cloud.fault({ operation: 'RunTask', status: 500, times: 100_000 });
      await cloud.push('1.2.0');
      const release = await cloud.settled('1.2.0');
      expect(release).toMatchObject({ state: 'failed', reason: expect.stringMatching(/unknown/) });
      expect(release.reason).not.toMatch(/was stopped/);
      expect(JSON.stringify(await cloud.messages())).not.toMatch(/and was stopped/);
      expect(await tasksOf('db-migrate')).toHaveLength(1);
    }, 90_000);
  });
});
