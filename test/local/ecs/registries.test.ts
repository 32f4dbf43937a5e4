import { aSteadyWorld, aWorld, definition, IMAGE, service, task } from './world.ts';

const [container] = definition.containerDefinitions;
const ACCOUNT = '210987654321.dkr.ecr.us-east-1.amazonaws.com/web-app:1';
const REGION = '123456789012.dkr.ecr.eu-west-1.amazonaws.com/web-app:1';

function running(world: ReturnType<typeof aWorld>, image: string) {
  world.call('RegisterTaskDefinition', { ...definition, containerDefinitions: [{ ...container, image }] });
  const { tasks } = world.call('RunTask', task);
  world.after(90);
  return world.call('DescribeTasks', { cluster: 'prod', tasks: [tasks[0].taskArn] }).tasks[0];
}

describe('an image of another registry', () => {
  it.each([
    ['another account', ACCOUNT],
    ['another region', REGION],
    ['another partition', '123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn/web-app:1'],
    ['another account, dual-stack', '210987654321.dkr-ecr.us-east-1.on.aws/web-app:1'],
    [
      'another account, by digest',
      `210987654321.dkr.ecr.us-east-1.amazonaws.com/web-app@sha256:${'0'.repeat(64)}`,
    ],
  ])('cannot be pulled if it is private: %s', (_, image) => {
    expect(running(aWorld(), image)).toMatchObject({
      lastStatus: 'STOPPED',
      stopCode: 'TaskFailedToStart',
      stoppedReason: expect.stringMatching(
        /^CannotPullContainerError: pull image manifest has been retried 1 time\(s\): failed to resolve ref .*: pulling from host .* failed with status code \[manifests .*\]: 403 Forbidden$/,
      ),
    });
  });

  it('is pulled if a behavior allows it', () => {
    const world = aWorld();
    world.behaviours.push({ image: '210987654321.dkr.ecr.us-east-1.amazonaws.com/*', pull: 'ok' });
    expect(running(world, ACCOUNT)).toMatchObject({ lastStatus: 'RUNNING' });
    expect(running(world, REGION)).toMatchObject({ lastStatus: 'STOPPED' });
  });

  it.each([
    'nginx:1.27',
    'public.ecr.aws/nginx/nginx:1.27',
    'ghcr.io/acme/shop:1',
    'registry.example:5000/shop:1',
  ])('runs if it is public: %s', (image) => {
    expect(running(aWorld(), image)).toMatchObject({ lastStatus: 'RUNNING' });
  });

  it('fails a deployment, which rolls back', () => {
    const world = aSteadyWorld();
    world.call('RegisterTaskDefinition', {
      ...definition,
      containerDefinitions: [{ ...container, image: ACCOUNT }],
    });
    world.update({ taskDefinition: 'web-app:3', deploymentConfiguration: service.deploymentConfiguration });
    world.after(3_600);
    expect(world.service().taskDefinition).toMatch(/web-app:1$/);
    expect(world.named('SERVICE_DEPLOYMENT_FAILED')).toHaveLength(1);
  });
});

describe('the account’s own registry', () => {
  it.each([
    '123456789012.dkr.ecr-fips.us-east-1.amazonaws.com/web-app:1',
    '123456789012.dkr-ecr.us-east-1.on.aws/web-app:1',
    '123456789012.dkr-ecr-fips.us-east-1.on.aws/web-app:1',
  ])('has several hosts: %s', (image) => {
    const usual = running(aWorld(), `${IMAGE}:1`).containers[0].imageDigest;
    expect(running(aWorld(), image).containers[0].imageDigest).toBe(usual);
    expect(running(aWorld(), image.replace(':1', ':none')).stoppedReason).toMatch(/not found$/);
  });
});
