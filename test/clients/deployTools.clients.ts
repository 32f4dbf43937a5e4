import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CreateServiceCommand, RegisterTaskDefinitionCommand } from '@aws-sdk/client-ecs';
import { startTestCloud, type TestCloud } from '../system/cloud.ts';
import { TASK_DEFINITION } from './example.ts';
import { describeWith } from './programs.ts';
import { openShell, type Shell } from './shell.ts';

let cloud: TestCloud;
let shell: Shell;

beforeAll(async () => {
  cloud = await startTestCloud();
}, 120_000);

afterAll(() => cloud?.stop());

beforeEach(async () => {
  await cloud.reset();
  // Fairway sees the app for the first time.
  await cloud.control('clock', { advance: '2m' });
  shell = await openShell(cloud.url);
});

afterEach(() => shell.close());

/** A service outside all apps, whose circuit breaker stops a failed deployment without a rollback. */
async function aService(name: string): Promise<void> {
  await cloud.ecs.send(new RegisterTaskDefinitionCommand({ ...TASK_DEFINITION, family: name } as never));
  await cloud.ecs.send(
    new CreateServiceCommand({
      cluster: 'app-prod',
      serviceName: name,
      taskDefinition: name,
      desiredCount: 2,
      launchType: 'FARGATE',
      networkConfiguration: { awsvpcConfiguration: { subnets: ['subnet-12345678'] } },
      deploymentConfiguration: { deploymentCircuitBreaker: { enable: true, rollback: false } },
    }),
  );
  await cloud.quiet();
}

async function push(tag: string, works: boolean): Promise<void> {
  if (!works) await cloud.behave({ image: `web-app:${tag}`, exit: { after: '3s', code: 1 } });
  await cloud.push(tag);
}

describeWith('ecspresso', (ecspresso) => {
  const command = (verb: string) => `'${ecspresso}' --config ecspresso.yml ${verb}`;

  async function edit(tag: string): Promise<void> {
    const file = join(shell.directory, 'ecs-task-def.json');
    const definition = await readFile(file, 'utf8');
    await shell.write('ecs-task-def.json', definition.replace(/web-app:[0-9.]+/, `web-app:${tag}`));
  }

  it('deploys a good image, shows the status, waits and rolls back', async () => {
    await aService('shop');
    await shell.ok(command('init --region us-east-1 --cluster app-prod --service shop'));
    await push('0.9.1', true);
    await edit('0.9.1');
    const { stderr } = await shell.run(command('deploy'));
    expect(stderr).toContain('Service is stable now. Completed!');
    expect((await cloud.service('shop')).image).toMatch(/web-app:0\.9\.1$/);
    expect(await shell.ok(command('status'))).toContain('PRIMARY shop:2 desired:2 pending:0 running:2');
    await shell.ok(command('rollback'));
    expect((await cloud.service('shop')).image).toMatch(/web-app:1\.0\.0$/);
    await shell.ok(command('wait'));
  });

  it('fails on a bad image', async () => {
    await aService('shop');
    await shell.ok(command('init --region us-east-1 --cluster app-prod --service shop'));
    await push('0.9.2', false);
    await edit('0.9.2');
    expect((await shell.run(command('--timeout 40s deploy'))).code).not.toBe(0);
    expect((await cloud.service('shop')).deployments?.[0]?.rolloutState).toBe('FAILED');
  });

  it('is seen by Fairway, which holds the app until a person resumes it', async () => {
    await shell.ok(command('init --region us-east-1 --cluster app-prod --service web-app'));
    await push('0.9.3', true);
    await edit('0.9.3');
    await shell.ok(command('deploy'));
    await expectFairwayToHold();
  });
});

describeWith('ecs-deploy', (ecs) => {
  const command = (service: string, tag: string) => `'${ecs}' deploy app-prod ${service} --tag ${tag}`;

  it('deploys a good image', async () => {
    await aService('shop');
    await push('0.9.1', true);
    expect(await shell.ok(command('shop', '0.9.1'))).toContain('Deployment successful');
    expect((await cloud.service('shop')).image).toMatch(/web-app:0\.9\.1$/);
  });

  it('fails on a bad image', async () => {
    await aService('shop');
    await push('0.9.2', false);
    const { code, stdout, stderr } = await shell.run(command('shop', '0.9.2'));
    expect(code).not.toBe(0);
    expect(stdout + stderr).toContain('Deployment Failed!');
  });

  it('is seen by Fairway, which holds the app until a person resumes it', async () => {
    await push('0.9.3', true);
    await shell.ok(command('web-app', '0.9.3'));
    await expectFairwayToHold();
  });
});

/** A person's word stands: the next push waits, and goes live when the app is resumed. */
async function expectFairwayToHold(): Promise<void> {
  await cloud.quiet();
  const { hold } = await cloud.status();
  expect(hold).toMatchObject({
    by: 'Fairway',
    reason: expect.stringMatching(/^web-app:2, with another image, was deployed to web-app outside Fairway/),
  });
  await cloud.push('1.1.0');
  await cloud.quiet();
  expect((await cloud.status()).waiting).toMatchObject({ tag: '1.1.0' });
  await cloud.operate({ command: 'resume', app: 'web', who: 'arn:aws:iam::123456789012:user/op' });
  expect(await cloud.settled('1.1.0')).toMatchObject({ state: 'live' });
}
