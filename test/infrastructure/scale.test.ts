import { changeBounds, scaleTo } from '../../shared/infrastructure/scale.ts';
import { EXAMPLE } from './example.ts';
import { aRunningExample, type EmptyCloud } from './world.ts';

let cloud: EmptyCloud;
beforeEach(async () => {
  cloud = await aRunningExample(EXAMPLE);
});

async function service() {
  const { services } = await cloud.read('ecs', 'DescribeServices', {
    cluster: 'app-prod',
    services: ['web-app'],
  });
  return services[0];
}

test('scale sets the count within the bounds, and deploys nothing', async () => {
  const before = (await service()).deployments.length;
  await scaleTo('app-prod', 'web-app', 5, cloud.aws);
  expect(await service()).toMatchObject({ desiredCount: 5 });
  expect((await service()).deployments).toHaveLength(before);
});

test.each([1, 21])('scale refuses %d tasks, which scaling would change back', async (count) => {
  const refused = scaleTo('app-prod', 'web-app', count, cloud.aws);
  await expect(refused).rejects.toThrow('web-app scales between 2 and 20 tasks');
  expect(await service()).toMatchObject({ desiredCount: 3 });
});

test('scale changes one bound and keeps the other', async () => {
  await changeBounds('app-prod', 'web-app', { max: 10 }, cloud.aws);
  const { ScalableTargets } = await cloud.read('application-autoscaling', 'DescribeScalableTargets', {
    ServiceNamespace: 'ecs',
  });
  expect(ScalableTargets).toMatchObject([{ MinCapacity: 2, MaxCapacity: 10 }]);
});

test('scale refuses bounds for a service without scaling, and bounds that cross', async () => {
  await expect(changeBounds('app-prod', 'other', { max: 10 }, cloud.aws)).rejects.toThrow(
    'has no auto scaling',
  );
  await expect(changeBounds('app-prod', 'web-app', { min: 30 }, cloud.aws)).rejects.toThrow(
    'above the highest',
  );
});
