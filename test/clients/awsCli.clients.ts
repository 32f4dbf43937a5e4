import { startTestCloud, type TestCloud } from '../system/cloud.ts';
import { CREATE_SERVICE, RUN_TASK, TASK_DEFINITION } from './example.ts';
import { describeWith, type Program } from './programs.ts';
import { openShell, type Shell } from './shell.ts';

const CLIS: readonly Program[] = ['AWS CLI of Debian', 'newest AWS CLI of PyPI'];

let cloud: TestCloud;

beforeAll(async () => {
  cloud = await startTestCloud();
}, 120_000);

afterAll(() => cloud?.stop());

for (const cli of CLIS) {
  describeWith(cli, (path) => {
    let aws: Shell;

    beforeAll(async () => {
      await cloud.reset();
      aws = await openShell(cloud.url, path);
      await aws.write('task-definition.json', JSON.stringify(TASK_DEFINITION));
    });

    afterAll(() => aws.close());

    it('creates a cluster with capacity providers', async () => {
      const { cluster } = await aws.json(
        'aws ecs create-cluster --cluster-name staging --capacity-providers FARGATE FARGATE_SPOT --default-capacity-provider-strategy capacityProvider=FARGATE,weight=1,base=1 capacityProvider=FARGATE_SPOT,weight=3',
      );
      expect(cluster).toMatchObject({ clusterName: 'staging', status: 'ACTIVE' });
      const { clusters } = await aws.json('aws ecs describe-clusters --clusters staging');
      expect(clusters[0].capacityProviders).toEqual(['FARGATE', 'FARGATE_SPOT']);
      expect(clusters[0].defaultCapacityProviderStrategy).toHaveLength(2);
    });

    it('registers the task definition of a file', async () => {
      const { taskDefinition } = await aws.json(
        'aws ecs register-task-definition --cli-input-json file://task-definition.json',
      );
      expect(taskDefinition).toMatchObject({ family: 'shop', revision: 1, status: 'ACTIVE', cpu: '512' });
      expect(taskDefinition.containerDefinitions[0]).toMatchObject(
        TASK_DEFINITION.containerDefinitions[0] ?? {},
      );
    });

    it('creates a service behind a target group, and waits until it is stable', async () => {
      const { service } = await aws.json(`aws ecs create-service --service-name shop ${CREATE_SERVICE}`);
      expect(service).toMatchObject({ status: 'ACTIVE', desiredCount: 3, launchType: 'FARGATE' });
      await aws.ok('aws ecs wait services-stable --cluster app-prod --services shop');
      const { services } = await aws.json('aws ecs describe-services --cluster app-prod --services shop');
      expect(services[0]).toMatchObject({ runningCount: 3, pendingCount: 0 });
      expect(services[0].deployments).toHaveLength(1);
      expect(services[0].events[0].message).toMatch(/^\(service shop\) has reached a steady state\.$/);
    });

    it('deploys it again by force, and scales it', async () => {
      await aws.ok(
        'aws ecs update-service --cluster app-prod --service shop --task-definition shop:1 --force-new-deployment',
      );
      await aws.ok('aws ecs wait services-stable --cluster app-prod --services shop');
      const scaled = await aws.json(
        'aws ecs update-service --cluster app-prod --service shop --desired-count 5',
      );
      expect(scaled.service.desiredCount).toBe(5);
      await aws.ok('aws ecs wait services-stable --cluster app-prod --services shop');
      const { taskArns } = await aws.json(
        'aws ecs list-tasks --cluster app-prod --service-name shop --desired-status RUNNING',
      );
      expect(taskArns).toHaveLength(5);
    });

    it('runs a task with overrides, and waits for its end', async () => {
      const { tasks, failures } = await aws.json(RUN_TASK);
      expect(failures).toEqual([]);
      const [{ taskArn }] = tasks;
      await aws.ok(`aws ecs wait tasks-stopped --cluster app-prod --tasks ${taskArn}`);
      const described = await aws.json(`aws ecs describe-tasks --cluster app-prod --tasks ${taskArn}`);
      expect(described.tasks[0]).toMatchObject({
        lastStatus: 'STOPPED',
        stopCode: 'EssentialContainerExited',
        containers: [{ name: 'migrate', exitCode: 0 }],
      });
    });

    it('waits until a task runs, and stops it', async () => {
      const started = await aws.json(
        'aws ecs run-task --cluster app-prod --task-definition shop --launch-type FARGATE --network-configuration "awsvpcConfiguration={subnets=[subnet-12345678]}"',
      );
      const { taskArn } = started.tasks[0];
      await aws.ok(`aws ecs wait tasks-running --cluster app-prod --tasks ${taskArn}`);
      await aws.ok(`aws ecs stop-task --cluster app-prod --task ${taskArn} --reason "seen enough"`);
      await aws.ok(`aws ecs wait tasks-stopped --cluster app-prod --tasks ${taskArn}`);
      const { tasks } = await aws.json(`aws ecs describe-tasks --cluster app-prod --tasks ${taskArn}`);
      expect(tasks[0]).toMatchObject({ stopCode: 'UserInitiated', stoppedReason: 'seen enough' });
    });

    it('makes a repository that scans on push, and logs in to it', async () => {
      const { repository } = await aws.json(
        'aws ecr create-repository --repository-name shop --image-scanning-configuration scanOnPush=true',
      );
      expect(repository).toMatchObject({
        repositoryUri: '123456789012.dkr.ecr.us-east-1.amazonaws.com/shop',
        imageScanningConfiguration: { scanOnPush: true },
      });
      expect(await aws.ok('aws ecr get-login-password')).not.toBe('');
      expect(await aws.ok('aws ecr get-login-password --region us-east-1')).not.toBe('');
      const listed = await aws.json('aws ecr describe-repositories --repository-names shop web-app');
      expect(listed.repositories).toHaveLength(2);
      const images = await aws.json(
        'aws ecr describe-images --repository-name web-app --image-ids imageTag=1.0.0',
      );
      expect(images.imageDetails[0].imageTags).toEqual(['1.0.0']);
      const tags = await aws.json('aws ecr list-images --repository-name web-app --filter tagStatus=TAGGED');
      expect(tags.imageIds).toEqual([expect.objectContaining({ imageTag: '1.0.0' })]);
    });

    it('pages through everything that is listed', async () => {
      for (const name of ['a', 'b', 'c']) await aws.ok(`aws ecs create-cluster --cluster-name page-${name}`);
      const clusters = await aws.json('aws ecs list-clusters --page-size 2');
      expect(clusters.clusterArns).toHaveLength(5);
      const first = await aws.json('aws ecs list-clusters --max-items 2');
      expect(first.clusterArns).toHaveLength(2);
      const rest = await aws.json(`aws ecs list-clusters --starting-token ${first.NextToken}`);
      expect([...first.clusterArns, ...rest.clusterArns].toSorted()).toEqual(clusters.clusterArns.toSorted());
      const tasks = await aws.json('aws ecs list-tasks --cluster app-prod --service-name shop --page-size 2');
      expect(new Set(tasks.taskArns).size).toBe(5);
      const services = await aws.json('aws ecs list-services --cluster app-prod --page-size 1');
      expect(services.serviceArns).toHaveLength(2);
      const families = await aws.json('aws ecs list-task-definition-families --page-size 1');
      expect(families.families).toEqual(['db-migrate', 'shop', 'web-app']);
      const revisions = await aws.json('aws ecs list-task-definitions --page-size 1 --sort DESC');
      expect(revisions.taskDefinitionArns).toHaveLength(3);
      const repositories = await aws.json('aws ecr describe-repositories --page-size 1');
      expect(repositories.repositories).toHaveLength(2);
    });

    it('tags and untags', async () => {
      const arn = 'arn:aws:ecs:us-east-1:123456789012:service/app-prod/shop';
      await aws.ok(
        `aws ecs tag-resource --resource-arn ${arn} --tags key=team,value=shop key=tier,value=front`,
      );
      await aws.ok(`aws ecs untag-resource --resource-arn ${arn} --tag-keys tier`);
      const { tags } = await aws.json(`aws ecs list-tags-for-resource --resource-arn ${arn}`);
      expect(tags).toEqual([{ key: 'team', value: 'shop' }]);
    });

    it.each([
      ['run-task --cluster nowhere --task-definition shop', 'ClusterNotFoundException', 'Cluster not found.'],
      [
        'run-task --cluster app-prod --task-definition shop --launch-type FARGATE',
        'InvalidParameterException',
        "Network Configuration must be provided when networkMode 'awsvpc' is specified.",
      ],
      [
        'update-service --cluster app-prod --service nothing',
        'ServiceNotFoundException',
        'Service not found.',
      ],
      [
        'update-service --cluster app-prod --service shop --task-definition shop:99',
        'ClientException',
        'TaskDefinition not found.',
      ],
      [
        `create-service --service-name other ${CREATE_SERVICE} --capacity-provider-strategy capacityProvider=FARGATE,weight=1`,
        'InvalidParameterException',
        'Specifying both a launch type and capacity provider strategy is not supported.',
      ],
      [
        `register-task-definition --family odd --network-mode awsvpc --requires-compatibilities FARGATE --cpu 256 --memory 8192 --container-definitions '[{"name":"a","image":"b"}]'`,
        'ClientException',
        'No Fargate configuration exists for given values.',
      ],
      [
        `register-task-definition --family odd --network-mode awsvpc --requires-compatibilities FARGATE --cpu 256 --memory 512 --container-definitions '[{"name":"a","image":"b"},{"name":"a","image":"c"}]'`,
        'ClientException',
        "Container name 'a' is duplicated.",
      ],
      [
        'describe-task-definition --task-definition nothing',
        'ClientException',
        'Unable to describe task definition.',
      ],
      [
        'stop-task --cluster app-prod --task 0123',
        'InvalidParameterException',
        'The referenced task was not found.',
      ],
      [
        'list-attributes --target-type container-instance',
        'UnknownOperationException',
        'ecs:ListAttributes is not simulated by the local cloud',
      ],
    ])('is refused as AWS refuses it: %s', async (command, code, message) => {
      const error = await aws.fails(`aws ecs ${command}`);
      expect(error).toContain(`(${code})`);
      expect(error).toContain(message);
    });

    it('scales by a target tracking policy when the metric says so', async () => {
      const target =
        '--service-namespace ecs --resource-id service/app-prod/shop --scalable-dimension ecs:service:DesiredCount';
      await aws.ok(
        `aws application-autoscaling register-scalable-target ${target} --min-capacity 2 --max-capacity 10`,
      );
      await aws.write(
        'scaling.json',
        JSON.stringify({
          TargetValue: 70,
          PredefinedMetricSpecification: { PredefinedMetricType: 'ECSServiceAverageCPUUtilization' },
          ScaleOutCooldown: 300,
          ScaleInCooldown: 120,
        }),
      );
      const { Alarms } = await aws.json(
        `aws application-autoscaling put-scaling-policy ${target} --policy-name cpu --policy-type TargetTrackingScaling --target-tracking-scaling-policy-configuration file://scaling.json`,
      );
      expect(Alarms).toHaveLength(2);
      const count = async () =>
        (await aws.json('aws ecs describe-services --cluster app-prod --services shop')).services[0]
          .desiredCount;
      const before = await count();
      await cloud.control('metrics', { cluster: 'app-prod', service: 'shop', cpu: 85 });
      await cloud.control('clock', { advance: '4m' });
      expect(await count()).toBe(Math.ceil((before * 85) / 70));
      await cloud.control('metrics', { cluster: 'app-prod', service: 'shop', cpu: 5 });
      await cloud.control('clock', { advance: '20m' });
      expect(await count()).toBe(2);
      const { ScalingActivities } = await aws.json(
        'aws application-autoscaling describe-scaling-activities --service-namespace ecs --page-size 1',
      );
      expect(ScalingActivities[0].Description).toBe('Setting desired count to 2.');
      const targets = await aws.json(
        'aws application-autoscaling describe-scalable-targets --service-namespace ecs',
      );
      expect(targets.ScalableTargets).toHaveLength(1);
      await aws.ok(`aws application-autoscaling deregister-scalable-target ${target}`);
    });

    it('deregisters a revision, which then starts nothing new', async () => {
      const copy = { ...TASK_DEFINITION, family: 'gone' };
      await aws.write('gone.json', JSON.stringify(copy));
      await aws.ok('aws ecs register-task-definition --cli-input-json file://gone.json');
      const { taskDefinition } = await aws.json(
        'aws ecs deregister-task-definition --task-definition gone:1',
      );
      expect(taskDefinition.status).toBe('INACTIVE');
      const error = await aws.fails(
        'aws ecs update-service --cluster app-prod --service shop --task-definition gone:1',
      );
      expect(error).toContain('(ClientException)');
      expect(error).toContain('TaskDefinition is inactive');
    });

    it('deletes a service, and waits until it is inactive', async () => {
      const { service } = await aws.json('aws ecs delete-service --cluster app-prod --service shop --force');
      expect(service.status).toBe('DRAINING');
      await aws.ok('aws ecs wait services-inactive --cluster app-prod --services shop');
      const { services } = await aws.json('aws ecs describe-services --cluster app-prod --services shop');
      expect(services[0].status).toBe('INACTIVE');
    });
  });
}

describeWith('newest AWS CLI of PyPI', (path) => {
  let aws: Shell;

  beforeAll(async () => {
    await cloud.reset();
    aws = await openShell(cloud.url, path);
  });

  afterAll(() => aws.close());

  it('lists and describes service deployments and revisions', async () => {
    await aws.ok('aws ecs update-service --cluster app-prod --service web-app --force-new-deployment');
    await cloud.quiet();
    const { serviceDeployments } = await aws.json(
      'aws ecs list-service-deployments --cluster app-prod --service web-app',
    );
    const [{ serviceDeploymentArn: arn, targetServiceRevisionArn: revision }] = serviceDeployments;
    const described = await aws.json(`aws ecs describe-service-deployments --service-deployment-arns ${arn}`);
    expect(described.serviceDeployments[0]).toMatchObject({
      serviceDeploymentArn: arn,
      status: 'SUCCESSFUL',
      deploymentConfiguration: { deploymentCircuitBreaker: { enable: true, rollback: true } },
    });
    const revisions = await aws.json(
      `aws ecs describe-service-revisions --service-revision-arns ${revision}`,
    );
    expect(revisions.serviceRevisions[0].containerImages[0].imageDigest).toMatch(/^sha256:[0-9a-f]{64}$/);
    expect(await aws.fails(`aws ecs stop-service-deployment --service-deployment-arn ${arn}`)).toMatch(
      /\(ConflictException\)|\(ClientException\)|\(InvalidParameterException\)/,
    );
  });

  it('stops a service deployment, which rolls back', async () => {
    await cloud.control('clock', { speed: 20 });
    await cloud.behave({ image: 'web-app:*', startAfter: '20m' });
    await aws.ok('aws ecs update-service --cluster app-prod --service web-app --force-new-deployment');
    const listed = await aws.json(
      'aws ecs list-service-deployments --cluster app-prod --service web-app --status PENDING IN_PROGRESS',
    );
    const [{ serviceDeploymentArn: arn }] = listed.serviceDeployments;
    await aws.ok(`aws ecs stop-service-deployment --service-deployment-arn ${arn} --stop-type ROLLBACK`);
    await cloud.control('clock', { speed: 'max' });
    await cloud.quiet();
    const described = await aws.json(`aws ecs describe-service-deployments --service-deployment-arns ${arn}`);
    expect(described.serviceDeployments[0].status).toBe('ROLLBACK_SUCCESSFUL');
  });
});

describeWith('AWS CLI of Debian', (path) => {
  let aws: Shell;

  beforeAll(async () => {
    await cloud.reset();
    aws = await openShell(cloud.url, path);
    await cloud.behave({ image: 'web-app:*', logs: ['listening on 8080'] });
    await aws.ok('aws ecs update-service --cluster app-prod --service web-app --force-new-deployment');
    await aws.ok('aws ecs wait services-stable --cluster app-prod --services web-app');
  });

  afterAll(() => aws.close());

  it('tails the logs of the containers', async () => {
    const lines = (await aws.ok('aws logs tail /ecs/web-app --since 1h')).split('\n');
    expect(lines).toHaveLength(3);
    expect(lines[0]).toMatch(/ ecs\/web\/[0-9a-f]{32} listening on 8080$/);
  });

  it('follows the logs while they are written', async () => {
    const following = aws.run('aws logs tail /ecs/web-app --since 1h --follow', 20_000);
    await aws.ok('sleep 4');
    await cloud.behave({ image: 'web-app:*', logs: ['listening once more'] });
    await aws.ok('aws ecs update-service --cluster app-prod --service web-app --force-new-deployment');
    expect((await following).stdout).toContain('listening once more');
  });
});
