import type { JsonObject } from '../../../local/contract.ts';
import { aWorld, IMAGE } from './world.ts';

const roles = {
  infrastructureRoleArn: 'arn:aws:iam::123456789012:role/infrastructure',
  executionRoleArn: 'arn:aws:iam::123456789012:role/execution',
};

/** An Express service that runs web-app:1. */
function anExpressWorld(more: JsonObject = {}) {
  const world = aWorld();
  const created = world.call('CreateExpressGatewayService', {
    cluster: 'prod',
    serviceName: 'shop',
    primaryContainer: { image: `${IMAGE}:1`, containerPort: 8080 },
    scalingTarget: { minTaskCount: 2, maxTaskCount: 4 },
    ...roles,
    ...more,
  }).service;
  world.after(1_200);
  const serviceArn = created.serviceArn;
  return {
    ...world,
    created,
    serviceArn,
    shown: () => world.call('DescribeExpressGatewayService', { serviceArn }).service,
    shop: () => world.service('shop'),
    express: (input: JsonObject) =>
      world.call('UpdateExpressGatewayService', { serviceArn, ...input }).service,
    newest() {
      const { serviceDeployments } = world.call('ListServiceDeployments', {
        cluster: 'prod',
        service: 'shop',
      });
      const serviceDeploymentArns = [serviceDeployments[0].serviceDeploymentArn];
      return world.call('DescribeServiceDeployments', { serviceDeploymentArns }).serviceDeployments[0];
    },
  };
}

describe('a service in Express Mode', () => {
  it('runs the image in a container named Main, behind what ECS manages', () => {
    const world = anExpressWorld();
    expect(world.created).toMatchObject({ serviceName: 'shop', status: { statusCode: 'ACTIVE' } });
    expect(world.shown().activeConfigurations).toMatchObject([
      { primaryContainer: { image: `${IMAGE}:1` }, ingressPaths: [{ accessType: 'PUBLIC' }] },
    ]);
    const service = world.shop();
    expect(service).toMatchObject({ resourceManagementType: 'ECS', runningCount: 2 });
    expect(service.taskDefinition).toBeUndefined();
    const { taskDefinition } = world.call('DescribeTaskDefinition', {
      taskDefinition: service.deployments[0].taskDefinition,
    });
    expect(taskDefinition.containerDefinitions).toMatchObject([{ name: 'Main', image: `${IMAGE}:1` }]);
  });

  it('is deployed as CANARY by its own update', () => {
    const world = anExpressWorld();
    world.express({ primaryContainer: { image: `${IMAGE}:2`, containerPort: 8080 } });
    world.after(120);
    expect(world.newest()).toMatchObject({
      status: 'IN_PROGRESS',
      deploymentConfiguration: { strategy: 'CANARY' },
      targetServiceRevision: { requestedProductionTrafficWeight: 5 },
    });
    world.after(1_200);
    expect(world.newest()).toMatchObject({ status: 'SUCCESSFUL' });
  });

  it('takes a task definition by UpdateService, and nothing that ECS manages', () => {
    const world = anExpressWorld();
    const { taskDefinition } = world.call('DescribeTaskDefinition', {
      taskDefinition: world.shop().deployments[0].taskDefinition,
    });
    const { family, networkMode, requiresCompatibilities, cpu, memory, executionRoleArn } = taskDefinition;
    const next = world.call('RegisterTaskDefinition', {
      ...{ family, networkMode, requiresCompatibilities, cpu, memory, executionRoleArn },
      containerDefinitions: [{ ...taskDefinition.containerDefinitions[0], image: `${IMAGE}:2` }],
    }).taskDefinition.taskDefinitionArn;
    const update = (input: JsonObject) =>
      world.call('UpdateService', { cluster: 'prod', service: 'shop', ...input });
    update({ taskDefinition: next });
    world.after(1_200);
    expect(world.shop().deployments).toMatchObject([{ taskDefinition: next, rolloutState: 'COMPLETED' }]);
    expect(() => update({ deploymentConfiguration: { strategy: 'ROLLING' } })).toThrow(/managed by ECS/);
    expect(() => update({ taskDefinition: 'web-app:2' })).toThrow(/container named Main/);
  });

  it('says which architecture its tasks run on, where that was set', () => {
    const world = anExpressWorld({ cpuArchitecture: 'ARM64' });
    const [{ arn }] = world.shop().currentServiceRevisions;
    const { serviceRevisions } = world.call('DescribeServiceRevisions', { serviceRevisionArns: [arn] });
    expect(serviceRevisions[0].overrides).toEqual({ runtimePlatform: { cpuArchitecture: 'ARM64' } });
  });

  it('may refuse a stop: that is disputed', () => {
    const world = anExpressWorld();
    world.ecs.setDisputed({ stopOfExpress: 'unsupported' });
    world.express({ cpu: '512', memory: '1024' });
    world.after(60);
    const { serviceDeploymentArn } = world.newest();
    expect(() => world.call('StopServiceDeployment', { serviceDeploymentArn })).toThrow(
      /managed by Amazon ECS/,
    );
  });

  it.each([
    [{ primaryContainer: undefined }, /image cannot be empty/],
    [{ taskDefinitionArn: 'web-app:1' }, /together with taskDefinitionArn/],
    [
      { primaryContainer: undefined, executionRoleArn: undefined, taskDefinitionArn: 'web-app:1' },
      /container named Main/,
    ],
    [{ infrastructureRoleArn: '' }, /infrastructureRoleArn/],
  ])('is refused with %j', (more, words) => {
    expect(() => anExpressWorld(more as never)).toThrow(words);
  });

  it('is deleted', () => {
    const world = anExpressWorld();
    world.call('DeleteExpressGatewayService', { serviceArn: world.serviceArn });
    world.after(600);
    expect(world.shown().status).toEqual({ statusCode: 'INACTIVE' });
    expect(() => world.call('DescribeExpressGatewayService', { serviceArn: `${world.serviceArn}x` })).toThrow(
      expect.objectContaining({ code: 'ResourceNotFoundException' }),
    );
  });
});
