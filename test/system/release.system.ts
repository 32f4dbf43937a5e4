import { ListServiceDeploymentsCommand, StopServiceDeploymentCommand } from '@aws-sdk/client-ecs';
import { startTestCloud, type TestCloud } from './cloud.ts';
import { PAUSE, shiftTraffic, untilStatus } from './shifts.ts';

/** What ships, on the local cloud, driven over HTTP. */
describe('a release of the example', () => {
  let cloud: TestCloud;

  beforeAll(async () => {
    cloud = await startTestCloud();
  }, 120_000);
  afterAll(() => cloud?.stop());
  beforeEach(() => cloud.fresh(), 60_000);

  const ran = (calls: readonly { operation: string }[], operation: string) =>
    calls.filter((call) => call.operation === operation).length;

  async function deploy(tag: string, more: object = {}) {
    const digest = await cloud.push(tag, more);
    return { digest, release: await cloud.settled(tag) };
  }

  it.each([
    ['cannot be pulled', { pull: 'notFound' }, /does not exist/],
    [
      'does not answer the load balancer',
      { targetHealth: 'unhealthy' },
      /checks on port \d+: it cannot connect/,
    ],
    ['is unhealthy', { health: 'unhealthy', targetHealth: 'unhealthy' }, /health/],
  ])(
    'rolls back an image that %s, and says why',
    async (_, rule, why) => {
      const { release: good } = await deploy('1.1.0');
      expect(good?.state).toBe('live');
      const before = await cloud.service();
      await cloud.behave({ image: 'web-app:1.2.0', for: 'service', ...rule });
      const { release } = await deploy('1.2.0');
      expect(release).toMatchObject({ tag: '1.2.0', state: 'failed' });
      expect(release?.reason).toMatch(why);
      const after = await cloud.service();
      expect(after.taskDefinition).toBe(before.taskDefinition);
      expect(after.deployments?.find((deployment) => deployment.status === 'PRIMARY')?.rolloutState).toBe(
        'COMPLETED',
      );
      const told = JSON.stringify(await cloud.messages());
      expect(told).toMatch(why);
      const { release: next } = await deploy('1.3.0');
      expect(next).toMatchObject({ tag: '1.3.0', state: 'live' });
    },
    60_000,
  );

  it('that fails shows the last lines of its containers, and no secret in them', async () => {
    const logs = [
      'connecting to postgres://app:s3cr3t-pass@db/app',
      'FATAL: relation "users" does not exist',
    ];
    await cloud.behave({ image: 'web-app:1.1.0', for: 'service', exit: { after: '3s', code: 1 }, logs });
    expect((await deploy('1.1.0')).release).toMatchObject({ state: 'failed' });
    const told = JSON.stringify(await cloud.messages());
    expect(told).toContain('does not exist');
    expect(told).not.toContain('s3cr3t-pass');
  }, 60_000);

  it('that fails in its migration shows the last lines of that', async () => {
    await cloud.behave({
      family: 'db-migrate',
      for: 'task',
      exit: { after: '5s', code: 3 },
      logs: ['migrating users', 'deadlock detected'],
    });
    expect((await deploy('1.1.0')).release).toMatchObject({ state: 'failed' });
    expect(JSON.stringify(await cloud.messages())).toContain('deadlock detected');
  }, 60_000);

  it('never starts an image of another platform', async () => {
    const before = await cloud.service();
    const { release } = await deploy('1.1.0', { platforms: ['linux/arm64'] });
    expect(release).toMatchObject({ state: 'failed', reason: expect.stringMatching(/linux\/arm64/) });
    expect((await cloud.service()).taskDefinition).toBe(before.taskDefinition);
    expect(ran(await cloud.calls(), 'RegisterTaskDefinition')).toBe(0);
  }, 60_000);

  it.each([
    ['fails', { exit: { after: '5s', code: 3 } }, /code 3/],
    ['never starts', { pull: 'notFound' }, /does not exist/],
    ['hangs', { exit: 'never' }, /did not end within/],
  ])(
    'leaves the services untouched when the migration %s',
    async (_, rule, why) => {
      const before = await cloud.service();
      await cloud.behave({ family: 'db-migrate', for: 'task', ...rule });
      const { release } = await deploy('1.1.0');
      expect(release).toMatchObject({ state: 'failed', reason: expect.stringMatching(why) });
      expect((await cloud.service()).taskDefinition).toBe(before.taskDefinition);
      expect(ran(await cloud.calls(), 'UpdateService')).toBe(0);
    },
    60_000,
  );

  it('lets the newest of several behaviors win', async () => {
    await cloud.behave({ image: 'web-app:1.1.0', exit: { after: '3s', code: 1 } });
    await cloud.behave({ image: 'web-app:1.1.0', exit: 'never', for: 'service' });
    await cloud.behave({ image: 'web-app:1.1.0', exit: { after: '3s', code: 0 }, for: 'task' });
    expect((await deploy('1.1.0')).release).toMatchObject({ state: 'live' });
  }, 60_000);

  it('finds a push whose event was lost', async () => {
    await cloud.fault({ event: 'ECR Image Action', do: 'drop', times: 10 });
    await cloud.push('1.1.0');
    await cloud.control('clock', { advance: '6m' });
    expect(await cloud.settled('1.1.0')).toMatchObject({ tag: '1.1.0', state: 'live' });
  }, 60_000);

  it('ends right although every event of ECS is lost', async () => {
    for (const event of ['ECS Task State Change', 'ECS Deployment State Change']) {
      await cloud.fault({ event, do: 'drop', times: 1000 });
    }
    expect((await deploy('1.1.0')).release).toMatchObject({ tag: '1.1.0', state: 'live' });
  }, 60_000);

  it.each(['ECR Image Action', 'ECS Task State Change', 'ECS Deployment State Change'])(
    'changes nothing when each %s comes twice',
    async (event) => {
      await cloud.fault({ event, do: 'duplicate', times: 1000 });
      await deploy('1.1.0');
      expect((await cloud.releases()).map((release) => release.state)).toEqual(['live']);
      const calls = await cloud.calls();
      expect(ran(calls, 'UpdateService')).toBe(1);
      expect(ran(calls, 'RunTask')).toBe(1);
    },
    60_000,
  );

  it('finds its revision again when ECS registered it and the answer was lost', async () => {
    await cloud.fault({ operation: 'RegisterTaskDefinition', crash: 'after', times: 1 });
    expect((await deploy('1.1.0')).release).toMatchObject({ state: 'live' });
    expect(ran(await cloud.calls(), 'RegisterTaskDefinition')).toBe(2);
    expect((await cloud.service()).taskDefinition).toMatch(/web-app:2$/);
  }, 60_000);

  it('calls an image that cannot be pulled failed within a minute of its first stopped task', async () => {
    await cloud.behave({ image: 'web-app:1.1.0', for: 'service', pull: 'notFound' });
    await deploy('1.1.0');
    const stopped = (await cloud.stoppedTasks()).filter(({ stopCode }) => stopCode === 'TaskFailedToStart');
    const first = Math.min(...stopped.map(({ stoppedAt }) => stoppedAt?.getTime() ?? Number.NaN));
    const told = (await cloud.messages()).find(({ payload }) =>
      /does not exist/.test(JSON.stringify(payload)),
    );
    const seconds = (Date.parse(told?.at ?? '') - first) / 1000;
    expect(seconds).toBeGreaterThanOrEqual(0);
    expect(seconds).toBeLessThanOrEqual(60);
  }, 60_000);

  it('invariant 8, lossless: keeps what no SDK knows of a task definition registered outside Fairway', async () => {
    const before = await cloud.raw('DescribeTaskDefinition', {
      taskDefinition: 'web-app',
      include: ['TAGS'],
    });
    const { taskDefinitionArn, revision, status, registeredAt, registeredBy, ...rest } = Object(
      before.taskDefinition,
    );
    const { compatibilities, requiresAttributes, ...definition } = rest;
    const [container] = definition.containerDefinitions;
    const unusual = {
      ...definition,
      futureSetting: { deep: [1, { deeper: null }], empty: '' },
      containerDefinitions: [{ ...container, futureContainerSetting: [true] }],
      tags: [{ key: 'team', value: 'payments' }],
    };
    await cloud.raw('RegisterTaskDefinition', unusual);
    await cloud.raw('UpdateService', { cluster: 'app-prod', service: 'web-app', taskDefinition: 'web-app' });
    await cloud.control('clock', { advance: '10m' });
    await cloud.quiet();

    const { digest } = await deploy('1.1.0');
    const after = await cloud.raw('DescribeTaskDefinition', { taskDefinition: 'web-app', include: ['TAGS'] });
    const { tags: _, ...expected } = unusual;
    const [first] = expected.containerDefinitions;
    const image = `${String(first.image).replace(/:[^/]*$/, '')}@${digest}`;
    expect(after.taskDefinition).toMatchObject({ family: 'web-app', revision: 3 });
    const outputOnly = { taskDefinitionArn, revision, status, registeredAt, registeredBy };
    const kept = Object.entries(Object(after.taskDefinition)).filter(
      ([name]) => !(name in outputOnly) && name !== 'compatibilities' && name !== 'requiresAttributes',
    );
    expect(Object.fromEntries(kept)).toEqual({ ...expected, containerDefinitions: [{ ...first, image }] });
    expect(after.tags).toContainEqual({ key: 'team', value: 'payments' });
  }, 60_000);

  it("lets a person's rollback stand against the next push until resumed", async () => {
    await deploy('1.1.0');
    const who = 'arn:aws:iam::123456789012:user/op';
    expect(await cloud.operate({ command: 'rollback', app: 'web', who })).toMatchObject({ ok: true });
    await cloud.settled('1.0.0');
    expect((await cloud.status()).live?.tag).toBe('1.0.0');
    await cloud.push('1.2.0');
    await cloud.quiet();
    expect((await cloud.status()).waiting?.tag).toBe('1.2.0');
    await cloud.operate({ command: 'resume', app: 'web', who });
    expect(await cloud.settled('1.2.0')).toMatchObject({ tag: '1.2.0', state: 'live' });
  }, 60_000);

  it('ends right although two functions fail whatever they do, and parks their events', async () => {
    for (const caller of ['image-pushed', 'ecs-changed']) {
      await cloud.fault({ operation: 'GetItem', caller, error: 'AccessDeniedException', times: 100 });
    }
    await cloud.push('1.1.0');
    await cloud.settled('1.1.0');
    expect((await cloud.service()).deployments).toHaveLength(1);
    const who = 'arn:aws:iam::123456789012:user/op';
    // Deliveries fail for as long as six minutes: a minute and two between the three attempts of each.
    await cloud.control('clock', { advance: '10m' });
    const answer = await cloud.operate({ command: 'redrive', who });
    expect(answer).toMatchObject({ ok: true, sentence: expect.stringMatching(/^[1-9]\d* parked event/) });
    expect(await cloud.operate({ command: 'redrive', who })).toMatchObject({
      sentence: expect.stringMatching(/^0 parked event/),
    });
    expect(await cloud.releases()).toHaveLength(1);
  }, 60_000);

  it('asks ECS who stopped its deployment', async () => {
    const before = await cloud.service();
    await cloud.behave({ image: 'web-app:1.1.0', for: 'service', startAfter: '3m' });
    await cloud.control('clock', { speed: 15 });
    await cloud.push('1.1.0');
    await cloud.until(async () => (await cloud.service()).taskDefinition !== before.taskDefinition);
    const at = { cluster: 'app-prod', service: 'web-app' };
    const { serviceDeployments } = await cloud.ecs.send(new ListServiceDeploymentsCommand(at));
    const serviceDeploymentArn = serviceDeployments?.[0]?.serviceDeploymentArn;
    await cloud.ecs.send(new StopServiceDeploymentCommand({ serviceDeploymentArn, stopType: 'ROLLBACK' }));
    await cloud.control('clock', { speed: 'max' });
    expect(await cloud.settled('1.1.0')).toMatchObject({
      state: 'superseded',
      reason: expect.stringMatching(/was stopped in ECS by a person/),
    });
  }, 60_000);

  it('continues a deployment that waits for a person, and stops one that is canceled', async () => {
    const who = 'arn:aws:iam::123456789012:user/op';
    await cloud.control('clock', { speed: 'max' });
    await shiftTraffic(cloud, 'BLUE_GREEN', PAUSE);
    for (const [command, tag, state] of [
      ['continue', '1.1.0', 'live'],
      ['cancel', '1.2.0', 'rolledBack'],
    ] as const) {
      await cloud.control('clock', { speed: 1 });
      await cloud.push(tag);
      await untilStatus(cloud, /waits for a person/);
      expect(await cloud.operate({ command, app: 'web', who })).toMatchObject({ ok: true });
      await cloud.control('clock', { speed: 'max' });
      expect(await cloud.settled(tag)).toMatchObject({ tag, state });
    }
    const calls = await cloud.calls();
    expect(ran(calls, 'ContinueServiceDeployment')).toBe(1);
    expect(ran(calls, 'StopServiceDeployment')).toBe(1);
  }, 60_000);

  /** Last, because it looks back on all that was done before. */
  describe('invariant 10, least privilege', () => {
    /** Rights that Lambda itself uses, or that only some functions have. */
    const OWN = ['logs:CreateLogStream', 'logs:PutLogEvents', 'sqs:', 'dynamodb:Query'];
    const isOwn = (action: string) => OWN.some((prefix) => action.startsWith(prefix));
    const allowed = (policies: TestCloud['cloud']['functions'][number]['policies']) =>
      new Set(
        policies.flatMap((policy) => policy.statements.flatMap((statement) => statement.actions.values)),
      );

    it.each(['image-pushed', 'ecs-changed', 'sweep', 'operate'])(
      'has given %s every right the loop needs, and none that nothing needs',
      (name) => {
        const { recorder, functions } = cloud.cloud;
        const role = functions.find((other) => other.name.endsWith(name));
        if (!role) throw new Error(`${name} was not deployed`);
        const roles = new Set(functions.map(({ roleName }) => roleName));
        // EventBridge Scheduler has a separate role.
        const uses = recorder.uses().filter(({ owner }) => roles.has(owner));
        const mine = uses.filter((use) => use.owner === role.roleName).map((use) => use.action);
        const anyone = uses.map((use) => use.action).filter((action) => !isOwn(action));
        // All functions run the same loop: whatever one of them needed, the next release may need in another.
        const needed = [...new Set([...mine, ...anyone])].toSorted();
        expect([...allowed(role.policies)].toSorted()).toEqual(needed);
      },
    );
  });
});
