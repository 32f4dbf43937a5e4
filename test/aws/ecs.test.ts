import { ECSClient } from '@aws-sdk/client-ecs';
import { serve } from '../../local/front/server.ts';
import { createEcs } from '../../shared/aws/ecs.ts';
import { nextRevision } from '../../shared/domain/revision.ts';
import { AwsFault } from '../../shared/ports.ts';
import { aTime, digestOf } from '../builders.ts';

const REPOSITORY = '123456789012.dkr.ecr.us-east-1.amazonaws.com/web-app';
const ARN = 'arn:aws:ecs:us-east-1:123456789012:task-definition/web-app:10';

/** A definition with members that are not in the SDK, at every depth. */
const definition = {
  taskDefinitionArn: ARN,
  family: 'web-app',
  revision: 10,
  status: 'ACTIVE',
  registeredAt: 1772360000.123,
  registeredBy: 'arn:aws:iam::123456789012:user/someone',
  compatibilities: ['EC2', 'FARGATE'],
  requiresAttributes: [{ name: 'ecs.capability.task-eni' }],
  futureTaskSetting: { deep: [1, { deeper: null }], empty: '' },
  containerDefinitions: [
    {
      name: 'web',
      image: `${REPOSITORY}:1.0.0`,
      environment: [{ name: 'EMPTY', value: '' }],
      futureContainerSetting: true,
      portMappings: [{ containerPort: 8080, futurePortSetting: 'x' }],
    },
    { name: 'sidecar', image: 'public.example/envoy:v1', cpu: 0 },
  ],
};

type Handler = (operation: string, input: unknown) => { status?: number; body: unknown };

describe('createEcs', () => {
  let server: Awaited<ReturnType<typeof serve>>;
  let handler: Handler = () => ({ body: {} });
  const seen: { operation: string; body: string }[] = [];

  beforeAll(async () => {
    server = await serve(0, async (request) => {
      const operation = (request.headers['x-amz-target'] ?? '').split('.')[1] ?? '';
      seen.push({ operation, body: request.body.toString() });
      const { status = 200, body } = handler(operation, JSON.parse(request.body.toString()));
      return {
        status,
        headers: { 'content-type': 'application/x-amz-json-1.1' },
        body: JSON.stringify(body),
      };
    });
  });
  afterAll(() => server.stop());
  beforeEach(() => {
    seen.length = 0;
  });

  function ecs() {
    const client = new ECSClient({
      endpoint: server.url,
      region: 'us-east-1',
      credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    });
    return createEcs({ ecs: client }, aTime());
  }

  it('invariant 8, lossless: registers what it described, except image, tags and output-only members', async () => {
    handler = (operation) =>
      operation === 'DescribeTaskDefinition'
        ? {
            body: {
              taskDefinition: definition,
              tags: [
                { key: 'team', value: 'a' },
                { key: 'aws:x', value: 'y' },
              ],
            },
          }
        : { body: { taskDefinition: { taskDefinitionArn: `${ARN}1` } } };
    const port = ecs();
    const base = await port.taskDefinition(ARN);
    const next = nextRevision({
      ...base,
      app: 'web',
      stack: 'fairway-production',
      containers: [],
      repository: { account: '123456789012', region: 'us-east-1', name: 'web-app' },
      image: { tag: '1.1.0', digest: digestOf('1.1.0') },
      release: { id: 'r1', number: 1 },
    });
    if ('refused' in next) throw new Error(next.refused);
    expect(await port.register(next.register)).toBe(`${ARN}1`);

    const sent = JSON.parse(seen.at(-1)?.body ?? '{}');
    const {
      taskDefinitionArn,
      revision,
      status,
      registeredAt,
      registeredBy,
      compatibilities,
      requiresAttributes,
      ...rest
    } = definition;
    const [web, sidecar] = rest.containerDefinitions;
    expect({ ...sent, tags: undefined }).toEqual({
      ...rest,
      containerDefinitions: [{ ...web, image: `${REPOSITORY}@${digestOf('1.1.0')}` }, sidecar],
      tags: undefined,
    });
    expect(sent.tags).toContainEqual({ key: 'team', value: 'a' });
    expect(JSON.stringify(sent.tags)).not.toContain('aws:');
  });

  it('describes a revision once', async () => {
    handler = () => ({ body: { taskDefinition: definition, tags: [] } });
    const port = ecs();
    await port.taskDefinition('web-app');
    await port.taskDefinition(ARN);
    expect(seen).toHaveLength(1);
  });

  it('describes services in batches of ten and reports missing ones', async () => {
    handler = (_, input) => ({ body: { services: [], failures: [], input } });
    const names = Array.from({ length: 23 }, (_, index) => `s${index}`);
    const observations = await ecs().services('prod', names);
    expect(seen).toHaveLength(3);
    expect(observations.every((observed) => !observed.found)).toBe(true);
  });

  it('describes tasks by ID in batches of a hundred, with the time and cause of each stop', async () => {
    const stoppingAt = 1772360000;
    handler = (_, input) => {
      const { tasks } = input as { tasks: string[] };
      const known = tasks.filter((id) => id !== 't7');
      const task = (id: string) => ({
        taskArn: `arn:aws:ecs:us-east-1:1:task/prod/${id}`,
        lastStatus: 'STOPPED',
        startedBy: 'ecs-svc/1',
        stoppingAt,
        stoppedReason: 'Essential container in task exited',
        containers: [{ name: 'web', exitCode: 1 }],
      });
      return { body: { tasks: known.map(task), failures: [] } };
    };
    const ids = Array.from({ length: 230 }, (_, index) => `t${index}`);
    const observations = await ecs().tasks('prod', ids);
    expect(seen).toHaveLength(3);
    expect(observations.map(({ taskArn }) => taskArn)).toEqual(ids);
    expect(observations.filter(({ found }) => !found).map(({ taskArn }) => taskArn)).toEqual(['t7']);
    expect(observations[0]).toMatchObject({ stoppedAt: stoppingAt * 1000, cause: { kind: 'crash' } });
  });

  it('reads the current problem from the events of a service, not an earlier one', async () => {
    const now = 1772360000;
    const events = [
      { createdAt: now, message: '(service web) was unable to place a task. Reason: RESOURCE:FARGATE.' },
      { createdAt: now - 3600, message: '(service web) (task 1) failed container health checks.' },
    ];
    handler = () => ({ body: { services: [{ serviceName: 'web', events }], failures: [] } });
    expect(await ecs().troubleOf('prod', 'web', (now - 600) * 1000)).toMatchObject({ kind: 'capacity' });
    expect(await ecs().troubleOf('prod', 'web', (now + 1) * 1000)).toBeUndefined();
  });

  it('invariant 9, scaling is not ours: UpdateService gets cluster, service and revision only', async () => {
    const primary = { id: 'ecs-svc/2', status: 'PRIMARY', createdAt: 1772360000.5 };
    handler = () => ({ body: { service: { deployments: [primary] } } });
    expect(await ecs().update('prod', 'web-app', ARN)).toEqual({
      deploymentId: 'ecs-svc/2',
      createdAt: 1772360000500,
    });
    expect(JSON.parse(seen[0]?.body ?? '')).toEqual({
      cluster: 'prod',
      service: 'web-app',
      taskDefinition: ARN,
    });
  });

  it('sends the settings of an order beside the revision, members that the SDK does not know included', async () => {
    handler = () => ({ body: { service: { deployments: [{ id: 'ecs-svc/2', status: 'PRIMARY' }] } } });
    await ecs().update('prod', 'web-app', ARN, '{"platformVersion":"1.4.0","newMember":{"a":1}}');
    expect(JSON.parse(seen[0]?.body ?? '')).toEqual({
      cluster: 'prod',
      service: 'web-app',
      taskDefinition: ARN,
      platformVersion: '1.4.0',
      newMember: { a: 1 },
    });
  });

  it('retries when two registrations of one family collide', async () => {
    let refusals = 1;
    handler = () => {
      refusals -= 1;
      return refusals >= 0
        ? {
            status: 400,
            body: {
              __type: 'ClientException',
              message: 'Too many concurrent attempts to create a new revision of the specified family.',
            },
          }
        : { body: { taskDefinition: { taskDefinitionArn: ARN } } };
    };
    expect(await ecs().register({ family: 'web-app' })).toBe(ARN);
  });

  it.each([
    ['ThrottlingException', 400, true],
    ['ServerException', 500, true],
    ['AccessDeniedException', 400, false],
    ['ServiceNotFoundException', 400, false],
  ])('classifies %s as temporary or not: %s %s', async (type, status, passing) => {
    handler = () => ({ status, body: { __type: type, message: 'no' } });
    const fault = await ecs()
      .update('prod', 'web-app', ARN)
      .then(
        () => undefined,
        (error: unknown) => error,
      );
    expect(fault).toBeInstanceOf(AwsFault);
    expect(fault).toMatchObject({ code: type, passing });
  });

  it.each([
    ['default', 4, {}, 3],
    ['default of many tasks', 25, {}, 13],
    ['most', 800, {}, 200],
    ['a count', 10, { type: 'COUNT', value: 7 }, 7],
    ['unbounded', 800, { type: 'UNBOUNDED_PERCENT', value: 50 }, 400],
  ])(
    "knows the circuit breaker's threshold: %s",
    async (_, desiredCount, thresholdConfiguration, threshold) => {
      const deploymentConfiguration = {
        deploymentCircuitBreaker: { enable: true, rollback: true, thresholdConfiguration },
      };
      handler = () => ({ body: { services: [{ serviceName: 's', desiredCount, deploymentConfiguration }] } });
      expect((await ecs().services('prod', ['s']))[0]).toMatchObject({ threshold, breaker: true });
    },
  );

  const stopped = (containers: readonly object[]) => ({
    tasks: [
      {
        taskArn: 'task/1',
        taskDefinitionArn: ARN,
        lastStatus: 'STOPPED',
        stopCode: 'EssentialContainerExited',
        containers,
      },
    ],
  });

  it('reports the essential container as the cause, not a sidecar', async () => {
    const { containerDefinitions } = definition;
    const sidecarsMayEnd = containerDefinitions.map((one) => ({ ...one, essential: one.name === 'web' }));
    handler = (operation) => ({
      body:
        operation === 'DescribeTasks'
          ? stopped([
              { name: 'sidecar', exitCode: 1 },
              { name: 'web', exitCode: 3 },
            ])
          : { taskDefinition: { ...definition, containerDefinitions: sidecarsMayEnd } },
    });
    expect((await ecs().task('app-prod', 'task/1')).cause).toMatchObject({ container: 'web', exitCode: 3 });
  });

  it('does not treat a container that AWS adds to a task as nonessential', async () => {
    handler = (operation) => ({
      body:
        operation === 'DescribeTasks'
          ? stopped([
              { name: 'web', exitCode: 143 },
              { name: 'ecs-service-connect-abc', exitCode: 1 },
            ])
          : { taskDefinition: definition },
    });
    const { cause } = await ecs().task('app-prod', 'task/1');
    expect(cause).toMatchObject({ container: 'ecs-service-connect-abc', exitCode: 1 });
  });

  describe('the first cause of a deployment', () => {
    const SCALED_IN = 'Scaling activity initiated by (deployment ecs-svc/1)';
    const task = (id: number, at: number, stoppedReason: string, exitCode: number) => ({
      taskArn: `task/${id}`,
      stoppingAt: 1772360000 + at,
      stoppedReason,
      containers: [{ name: 'web', exitCode }],
    });
    const message =
      '(service web) (task 1) (port 8080) is unhealthy in (target-group arn:x) due to (reason Request timed out)';
    const answer = (tasks: readonly object[], event = message, settings: object = {}) => {
      handler = (operation) => {
        if (operation === 'ListTasks') return { body: { taskArns: ['task/1'] } };
        if (operation === 'DescribeTasks') return { body: { tasks } };
        const service = { serviceName: 'web', events: [{ createdAt: 1772360001, message: event }] };
        const deployments = [{ id: 'ecs-svc/1', createdAt: 1772360000 }];
        return { body: { services: [{ ...service, ...settings, deployments }], failures: [] } };
      };
      return ecs().firstCause('app-prod', 'web', 'ecs-svc/1');
    };

    it('is that of the task that failed first; its logs are read first, and not those of tasks that were scaled in', async () => {
      const exited = 'Essential container in task exited';
      const found = await answer([
        task(1, 1, SCALED_IN, 143),
        task(2, 9, exited, 1),
        task(3, 5, exited, 2),
        task(4, 2, exited, 143),
      ]);
      expect(found?.cause).toMatchObject({ kind: 'crash', exitCode: 2 });
      expect(found?.taskArns).toEqual(['task/3', 'task/2', 'task/4']);
      expect(seen.map(({ operation }) => operation)).not.toContain('DescribeServices');
    });

    it("shows how the health checks of the load balancer failed, from the service's events", async () => {
      const [stopped, startedAt] = [
        task(1, 9, 'Task failed ELB health checks in (target-group arn:x)', 143),
        1772359964,
      ];
      const found = await answer([{ ...stopped, startedAt }]);
      expect(found).toMatchObject({
        cause: { kind: 'targetHealth', container: 'web' },
        taskArns: ['task/1'],
      });
      expect(found?.cause.sentence).toBe(
        'Nothing of web answers the load balancer in time on port 8080: its health checks time out, 45 s after it had started.',
      );
      expect(found?.cause.evidence).toEqual([stopped?.stoppedReason, message]);
    });

    it.each([
      ['names the grace period', 45, 30, 'raise healthCheckGracePeriodSeconds (now 30 s).'],
      ['says that there is none', 45, 0, 'raise healthCheckGracePeriodSeconds (now 0 s).'],
      ['does not blame the start of a task that ran for long', 3600, 30, 'the timeout of the check.'],
      ['counts from the end of the grace period', 700, 600, '(now 600 s).'],
    ])('of a failed health check %s', async (_, age, healthCheckGracePeriodSeconds, end) => {
      const stopped = task(1, 9, 'Task failed ELB health checks in (target-group arn:x)', 143);
      const found = await answer([{ ...stopped, startedAt: stopped.stoppingAt - age }], message, {
        healthCheckGracePeriodSeconds,
      });
      expect(found?.cause.advice).toMatch(new RegExp(`${end.replace(/[().]/g, '\\$&')}$`));
    });

    it("comes from the service's events if tasks show only symptoms", async () => {
      const found = await answer([task(1, 1, 'Essential container in task exited', 143)]);
      expect(found).toMatchObject({ cause: { kind: 'targetHealth' }, taskArns: ['task/1'] });
    });

    it('is the symptom if the event is unknown', async () => {
      const event = '(service web) was unable to place a task. Reason: something new.';
      const found = await answer([task(1, 1, 'Essential container in task exited', 143)], event);
      expect(found).toMatchObject({ cause: { kind: 'terminated' } });
      expect(await answer([], event)).toMatchObject({ cause: { kind: 'unknown', sentence: event } });
    });
  });

  it('reads no definition if there is one container, or all succeeded', async () => {
    for (const containers of [
      [{ name: 'web', exitCode: 1 }],
      [
        { name: 'web', exitCode: 0 },
        { name: 'sidecar', exitCode: 0 },
      ],
    ]) {
      seen.length = 0;
      handler = () => ({ body: stopped(containers) });
      await ecs().task('app-prod', 'task/1');
      expect(seen.map(({ operation }) => operation)).toEqual(['DescribeTasks']);
    }
  });

  it('diagnoses a task even if its definition cannot be read', async () => {
    handler = (operation) =>
      operation === 'DescribeTasks'
        ? { body: stopped([{ name: 'web', exitCode: 3 }, { name: 'sidecar' }]) }
        : { status: 400, body: { __type: 'AccessDeniedException', message: 'no' } };
    expect((await ecs().task('app-prod', 'task/1')).cause).toMatchObject({ container: 'web', exitCode: 3 });
  });

  it('sends only overrides of the definition', async () => {
    handler = () => ({ body: { tasks: [{ taskArn: 'task/1' }, { taskArn: 'task/2' }], failures: [] } });
    const input = {
      cluster: 'app-prod',
      taskDefinition: ARN,
      clientToken: 't'.repeat(64),
      startedBy: 'fairway/x',
      container: 'web',
    };
    await ecs().run(input);
    expect(JSON.parse(seen[0]?.body ?? '')).not.toHaveProperty('overrides');
    const more = {
      command: ['work'],
      environment: { A: '1' },
      cpu: 1024,
      memory: 2048,
      ephemeralStorage: 50,
      count: 2,
    };
    expect(await ecs().run({ ...input, ...more })).toEqual({ taskArns: ['task/1', 'task/2'] });
    expect(JSON.parse(seen[1]?.body ?? '')).toMatchObject({
      count: 2,
      overrides: {
        cpu: '1024',
        memory: '2048',
        ephemeralStorage: { sizeInGiB: 50 },
        containerOverrides: [{ name: 'web', command: ['work'], environment: [{ name: 'A', value: '1' }] }],
      },
    });
  });

  it('finds the tasks of a release by startedBy, running and stopped, each once', async () => {
    const tasks = [
      { taskArn: 'task/1', lastStatus: 'RUNNING' },
      { taskArn: 'task/2', lastStatus: 'STOPPED', stopCode: 'EssentialContainerExited', containers: [] },
    ];
    handler = (operation, input) => {
      const text = JSON.stringify(input);
      if (operation === 'DescribeTasks')
        return { body: { tasks: tasks.filter(({ taskArn }) => text.includes(taskArn)) } };
      expect(input).toMatchObject({ cluster: 'app-prod', startedBy: 'fairway/x' });
      // A task that has just stopped.
      return { body: { taskArns: text.includes('RUNNING') ? ['task/1', 'task/2'] : ['task/2'] } };
    };
    expect(await ecs().tasksStartedBy('app-prod', 'fairway/x')).toMatchObject([
      { taskArn: 'task/1', lastStatus: 'RUNNING' },
      { taskArn: 'task/2', lastStatus: 'STOPPED', stopCode: 'EssentialContainerExited' },
    ]);
  });

  it('reads the launch settings of a service, and sends them to RunTask', async () => {
    const managedEBSVolume = {
      roleArn: 'arn:aws:iam::123456789012:role/volumes',
      sizeInGiB: 20,
      filesystemType: 'ext4',
      tagSpecifications: [{ resourceType: 'volume', propagateTags: 'TASK_DEFINITION' }],
    };
    const service = {
      serviceName: 'web',
      launchType: 'FARGATE',
      platformVersion: '1.4.0',
      propagateTags: 'SERVICE',
      enableECSManagedTags: true,
      enableExecuteCommand: true,
      tags: [{ key: 'CostCenter', value: '42' }],
      placementConstraints: [{ type: 'distinctInstance' }],
      loadBalancers: [{ targetGroupArn: 'tg' }],
      deployments: [{ status: 'PRIMARY', volumeConfigurations: [{ name: 'data', managedEBSVolume }] }],
    };
    handler = (operation) =>
      operation === 'RunTask'
        ? { body: { tasks: [{ taskArn: 'task/1' }] } }
        : { body: { services: [service], failures: [] } };
    const port = ecs();
    const { launch } = await port.networkAndCapacity('app-prod', 'web');
    expect(JSON.parse(seen[0]?.body ?? '')).toMatchObject({ include: ['TAGS'] });
    expect(launch).toMatchObject({
      platformVersion: '1.4.0',
      propagateTags: 'SERVICE',
      managedTags: true,
      exec: true,
      tags: service.tags,
      placementConstraints: service.placementConstraints,
      ofServicesOnly: ['load balancers'],
      volumes: [{ name: 'data', role: managedEBSVolume.roleArn, sizeInGiB: 20 }],
    });
    await port.run({
      cluster: 'app-prod',
      taskDefinition: ARN,
      clientToken: 't'.repeat(64),
      startedBy: 'fairway/x',
      container: 'web',
      launch: {
        platformVersion: '1.4.0',
        tags: service.tags,
        managedTags: true,
        exec: true,
        volumes: launch?.volumes ?? [],
      },
    });
    const sent = JSON.parse(seen.at(-1)?.body ?? '');
    expect(sent).toMatchObject({
      platformVersion: '1.4.0',
      tags: service.tags,
      enableECSManagedTags: true,
      enableExecuteCommand: true,
      volumeConfigurations: [{ name: 'data', managedEBSVolume }],
    });
    expect(sent).not.toHaveProperty('propagateTags');
  });

  it('reports why ECS started fewer tasks than requested', async () => {
    handler = () => ({ body: { tasks: [{ taskArn: 'task/1' }], failures: [{ reason: 'RESOURCE:MEMORY' }] } });
    const input = {
      cluster: 'app-prod',
      taskDefinition: ARN,
      clientToken: 't'.repeat(64),
      startedBy: 'fairway/x',
      container: 'web',
      count: 2,
    };
    expect(await ecs().run(input)).toEqual({ taskArns: ['task/1'], failure: 'RESOURCE:MEMORY' });
  });

  it.each([
    [
      true,
      'security group information for [sg-1]: Request limit exceeded. (ErrorCode: RequestLimitExceeded)',
    ],
    [
      true,
      'security group information for [sg-1]: An internal error has occurred (ErrorCode: InternalError)',
    ],
    [
      false,
      "subnet information for [subnet-1]: The subnet ID 'subnet-1' does not exist (ErrorCode: InvalidSubnetID.NotFound)",
    ],
  ])('distinguishes a throttled EC2 from a wrong request: %s, %s', async (passing, words) => {
    const message = `Error retrieving ${words}`;
    handler = () => ({ status: 400, body: { __type: 'InvalidParameterException', message } });
    const input = {
      cluster: 'app-prod',
      taskDefinition: ARN,
      clientToken: 't'.repeat(64),
      startedBy: 'fairway/x',
      container: 'web',
    };
    await expect(ecs().run(input)).rejects.toMatchObject({ code: 'InvalidParameterException', passing });
  });
});
