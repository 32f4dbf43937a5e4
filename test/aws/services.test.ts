import { ECSClient } from '@aws-sdk/client-ecs';
import { serve } from '../../local/front/server.ts';
import { createEcs } from '../../shared/aws/ecs.ts';
import { aTime, digestOf, revision } from '../builders.ts';

type Answers = Readonly<Record<string, (input: Record<string, unknown>) => object>>;

describe('createEcs, services', () => {
  let server: Awaited<ReturnType<typeof serve>>;
  let answers: Answers = {};
  const seen: { operation: string; input: Record<string, unknown> }[] = [];

  beforeAll(async () => {
    server = await serve(0, async (request) => {
      const operation = (request.headers['x-amz-target'] ?? '').split('.')[1] ?? '';
      const input = JSON.parse(request.body.toString());
      seen.push({ operation, input });
      const answer = answers[operation];
      return {
        status: answer ? 200 : 400,
        headers: { 'content-type': 'application/x-amz-json-1.1' },
        body: JSON.stringify(answer ? answer(input) : { __type: 'AccessDeniedException', message: 'no' }),
      };
    });
  });
  afterAll(() => server.stop());
  beforeEach(() => {
    seen.length = 0;
  });

  function ecs(given: Answers) {
    answers = given;
    const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
    const client = new ECSClient({ endpoint: server.url, region: 'us-east-1', credentials });
    return createEcs({ ecs: client }, aTime());
  }

  const PRIMARY = { id: 'ecs-svc/2', status: 'PRIMARY', taskDefinition: revision('web-app', 11) };
  const describing = (members: object) => ({
    DescribeServices: () => ({ services: [{ serviceName: 'web-app', deployments: [PRIMARY], ...members }] }),
  });
  const revisionOf = (number: number, digest: string) => ({
    serviceRevisionArn: `arn:aws:ecs:us-east-1:123456789012:service-revision/prod/web-app/${number}`,
    taskDefinition: revision('web-app', number),
    containerImages: [{ containerName: 'web', image: 'web-app:1', imageDigest: digest }],
  });
  const tasks = {
    ListTasks: (input: Record<string, unknown>) =>
      input.startedBy === PRIMARY.id ? { taskArns: ['task/1'] } : { taskArns: [] },
    DescribeTasks: () => ({
      tasks: [
        {
          taskArn: 'task/1',
          lastStatus: 'RUNNING',
          containers: [{ name: 'web', imageDigest: digestOf('1.1.0') }],
        },
      ],
    }),
  };

  describe('why ECS ended a deployment', () => {
    const meaningOf = async (rolloutStateReason: string) => {
      const [observed] = await ecs(
        describing({ deployments: [{ ...PRIMARY, rolloutStateReason }] }),
      ).services('prod', ['web-app']);
      return observed?.deployments[0]?.means?.kind;
    };

    it('is looked up in the tables of causes', async () => {
      expect(await meaningOf('ECS deployment failed: alarm detected.')).toBe('deploymentAlarm');
    });

    it.each([
      'ECS deployment ecs-svc/2 in progress.',
      'ECS deployment ecs-svc/2 completed.',
      'ECS deployment circuit breaker: tasks failed to start.',
    ])('is not known: %s', async (reason) => {
      expect(await meaningOf(reason)).toBeUndefined();
    });
  });

  describe('the digests that a service runs', () => {
    it('are those of the revision of its PRIMARY deployment', async () => {
      const revisions = [revisionOf(10, digestOf('1.0.0')), revisionOf(11, digestOf('1.1.0'))];
      const port = ecs({
        ...describing({
          currentServiceRevisions: revisions.map(({ serviceRevisionArn: arn }) => ({ arn })),
        }),
        DescribeServiceRevisions: () => ({ serviceRevisions: revisions }),
      });
      expect(await port.runningDigests('prod', 'web-app')).toEqual({ web: digestOf('1.1.0') });
      expect(seen.map(({ operation }) => operation)).toEqual([
        'DescribeServices',
        'DescribeServiceRevisions',
      ]);
    });

    it('are those of its tasks if DescribeServices has no revisions', async () => {
      const port = ecs({ ...describing({}), ...tasks });
      expect(await port.runningDigests('prod', 'web-app')).toEqual({ web: digestOf('1.1.0') });
    });

    it('are not those of a revision of another deployment', async () => {
      const old = revisionOf(10, digestOf('1.0.0'));
      const port = ecs({
        ...describing({ currentServiceRevisions: [{ arn: old.serviceRevisionArn }] }),
        ...tasks,
        DescribeServiceRevisions: () => ({ serviceRevisions: [old] }),
      });
      expect(await port.runningDigests('prod', 'web-app')).toEqual({ web: digestOf('1.1.0') });
    });

    it('are unknown if no task is running yet', async () => {
      const port = ecs({ ...describing({}), ...tasks, ListTasks: () => ({ taskArns: [] }) });
      expect(await port.runningDigests('prod', 'web-app')).toEqual({});
    });
  });

  describe('service deployments', () => {
    const ARN = 'arn:aws:ecs:us-east-1:123456789012:service-deployment/prod/web-app/';

    it('are read newest first, with the task definition of their target, and what ended them', async () => {
      const target = (number: number) => ({
        targetServiceRevision: { arn: revisionOf(number, '').serviceRevisionArn },
      });
      const port = ecs({
        ListServiceDeployments: () => ({
          serviceDeployments: [{ serviceDeploymentArn: `${ARN}a` }, { serviceDeploymentArn: `${ARN}b` }],
        }),
        DescribeServiceDeployments: () => ({
          serviceDeployments: [
            { serviceDeploymentArn: `${ARN}a`, createdAt: 100, status: 'SUCCESSFUL', ...target(10) },
            {
              serviceDeploymentArn: `${ARN}b`,
              createdAt: 200,
              status: 'ROLLBACK_SUCCESSFUL',
              statusReason: 'ended',
              rollback: { reason: 'rolled back' },
              deploymentCircuitBreaker: { status: 'TRIGGERED', failureCount: 3, threshold: 3 },
              alarms: { status: 'TRIGGERED', alarmNames: ['a', 'b'], triggeredAlarmNames: ['b'] },
              ...target(11),
            },
          ],
        }),
        DescribeServiceRevisions: () => ({ serviceRevisions: [revisionOf(10, ''), revisionOf(11, '')] }),
      });
      expect(await port.serviceDeployments('prod', 'web-app', 5_000)).toEqual([
        {
          arn: `${ARN}b`,
          watched: false,
          hooks: [],
          taskDefinition: revision('web-app', 11),
          status: 'ROLLBACK_SUCCESSFUL',
          words: ['ended', 'rolled back'],
          breaker: true,
          alarms: ['b'],
        },
        {
          arn: `${ARN}a`,
          watched: false,
          hooks: [],
          taskDefinition: revision('web-app', 10),
          status: 'SUCCESSFUL',
          words: [],
          breaker: false,
          alarms: [],
        },
      ]);
      expect(seen[0]?.input).toMatchObject({ cluster: 'prod', service: 'web-app', createdAt: { after: 5 } });
    });

    it('are read by ARN, with how far the traffic has shifted and what waits for a person', async () => {
      const hook = { hookId: 'ecs-pause-1', targetType: 'PAUSE', status: 'AWAITING_ACTION', expiresAt: 300 };
      const port = ecs({
        DescribeServiceDeployments: () => ({
          serviceDeployments: [
            {
              serviceDeploymentArn: `${ARN}a`,
              status: 'IN_PROGRESS',
              lifecycleStage: 'PRE_PRODUCTION_TRAFFIC_SHIFT',
              lifecycleHookDetails: [{ ...hook, timeoutAction: 'ROLLBACK' }],
              targetServiceRevision: {
                requestedProductionTrafficWeight: 10,
                requestedTestTrafficWeight: 100,
                runningTaskCount: 3,
              },
              alarms: { status: 'MONITORING', alarmNames: ['a'] },
            },
          ],
        }),
      });
      const named = await port.deploymentsNamed([`${ARN}a`, `${ARN}gone`]);
      expect([...named.keys()]).toEqual([`${ARN}a`]);
      expect(named.get(`${ARN}a`)).toMatchObject({
        stage: 'PRE_PRODUCTION_TRAFFIC_SHIFT',
        share: 10,
        testShare: 100,
        running: 3,
        watched: true,
        hooks: [{ id: 'ecs-pause-1', type: 'PAUSE', expiresAt: 300_000, timeoutAction: 'ROLLBACK' }],
      });
    });

    it('are asked for in batches of 20', async () => {
      const port = ecs({ DescribeServiceDeployments: () => ({ serviceDeployments: [] }) });
      await port.deploymentsNamed(Array.from({ length: 21 }, (_, index) => `${ARN}${index}`));
      expect(seen).toHaveLength(2);
      expect(await port.deploymentsNamed([])).toEqual(new Map());
      expect(seen).toHaveLength(2);
    });

    it('are stopped so that the traffic returns, and continued by the hook that a person saw', async () => {
      const done = () => ({ serviceDeploymentArn: `${ARN}a` });
      const port = ecs({ StopServiceDeployment: done, ContinueServiceDeployment: done });
      await port.stopDeployment(`${ARN}a`);
      await port.answerPause(`${ARN}a`, 'ecs-pause-1', 'CONTINUE');
      expect(seen.map(({ input }) => input)).toEqual([
        { serviceDeploymentArn: `${ARN}a`, stopType: 'ROLLBACK' },
        { serviceDeploymentArn: `${ARN}a`, hookId: 'ecs-pause-1', action: 'CONTINUE' },
      ]);
    });

    it('are empty if ECS lists none', async () => {
      const port = ecs({ ListServiceDeployments: () => ({ serviceDeployments: [] }) });
      expect(await port.serviceDeployments('prod', 'web-app', 0)).toEqual([]);
      expect(seen).toHaveLength(1);
    });
  });
});
