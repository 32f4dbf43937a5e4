import { join } from 'node:path';
import { packagedExample } from '../packaged/example.ts';
import { packagedPrevious } from '../packaged/previous.ts';
import { startTestCloud, type TestCloud } from './cloud.ts';

/** The packages of the previous version and of this one, while one replaces the other in the middle of releases. */
describe('an upgrade from the previous version, and the way back', () => {
  const FUNCTIONS = ['sweep', 'ecs-changed', 'operate', 'image-pushed', 'run-task'];
  let cloud: TestCloud;
  let previous = '';
  let current = '';

  beforeAll(async () => {
    previous = join((await packagedPrevious()).project, '.serverless');
    current = join(await packagedExample(), '.serverless');
    cloud = await startTestCloud(undefined, undefined, { packageDirectory: previous });
    await cloud.control('clock', { advance: '6m' });
    await cloud.behave({ for: 'task', exit: { after: '60s', code: 0 } });
    await cloud.behave({ family: 'web-app', startAfter: '90s' });
  }, 240_000);
  afterAll(() => cloud?.stop());

  const replace = (directory: string, name: string) =>
    cloud.control('update', { package: directory, functions: [`fairway-production-${name}`] });

  /** Replaces the functions one by one, while a release of the tag goes on. */
  async function replaceDuring(tag: string, directory: string): Promise<void> {
    await cloud.control('clock', { speed: 1 });
    await cloud.push(tag);
    for (const name of FUNCTIONS) {
      await cloud.control('clock', { advance: '20s' });
      expect((await cloud.status()).open).toMatchObject({ tag });
      await replace(directory, name);
    }
    await cloud.control('clock', { speed: 'max' });
  }

  const migrated = () => cloud.migrations();

  it('ends a release right that began before the upgrade', async () => {
    const before = await migrated();
    await replaceDuring('1.1.0', current);
    expect(await cloud.settled('1.1.0')).toMatchObject({ state: 'live' });
    expect((await cloud.service()).image).toContain('@sha256:');
    expect((await migrated()) - before).toBe(1);
  }, 120_000);

  it('rolls back an image that crashes while the functions are those of before again', async () => {
    const { taskDefinition } = await cloud.service();
    await cloud.behave({
      image: 'web-app:1.2.0',
      for: 'service',
      startAfter: '90s',
      exit: { after: '5s', code: 1 },
    });
    await replaceDuring('1.2.0', previous);
    expect(await cloud.settled('1.2.0')).toMatchObject({ state: 'failed' });
    expect((await cloud.service()).taskDefinition).toBe(taskDefinition);
  }, 120_000);

  it('releases with the earlier version what comes afterwards, and keeps the history of both', async () => {
    await cloud.push('1.3.0');
    expect(await cloud.settled('1.3.0')).toMatchObject({ state: 'live' });
    const releases = await cloud.releases();
    expect(releases.map(({ tag, state }) => `${tag} ${state}`)).toEqual([
      '1.3.0 live',
      '1.2.0 failed',
      '1.1.0 live',
    ]);
  }, 120_000);

  it('leaves no failed invocation and no dead letter behind', async () => {
    const invocations = await cloud.control<{ function: string; error?: string }[]>('invocations');
    expect(invocations.filter(({ error }) => error !== undefined)).toEqual([]);
  });
});
