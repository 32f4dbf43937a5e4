import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { run } from '../../cli/fairway.ts';
import { isRead } from '../../shared/infrastructure/retrying.ts';
import { recorded } from '../cli/fake-cloud.ts';
import { startTestCloud, type TestCloud } from './cloud.ts';

const FILE = join(import.meta.dirname, '..', '..', 'examples', 'infrastructure', 'fairway.yml');

let cloud: TestCloud;
beforeAll(async () => {
  cloud = await startTestCloud(await readFile(FILE, 'utf8'), undefined, { empty: true });
});
afterAll(() => cloud.stop());

async function fairway(...words: string[]) {
  const { around, written } = recorded();
  const code = await run([...words, '--local', cloud.url, '--config', FILE], around);
  return { code, ...written };
}

async function changes(): Promise<number> {
  const calls = await cloud.calls();
  return calls.filter(({ caller, operation }) => caller === 'external' && !isRead(operation)).length;
}

test('from an empty cloud to a service that deploys itself', async () => {
  expect((await fairway('plan')).code).toBe(2);
  const made = await fairway('apply', '--yes', '--no-wait');
  expect(made).toMatchObject({ code: 0, err: '' });
  await cloud.push('1.0.0');
  await cloud.quiet();
  expect(await fairway('apply', '--yes')).toMatchObject({ code: 0, err: '' });
  await cloud.quiet();
  expect((await cloud.service()).runningCount).toBe(3);
  await cloud.control('clock', { advance: '10m' });
  console.log(
    JSON.stringify(await cloud.status(), null, 1),
    JSON.stringify(await cloud.releases()),
    JSON.stringify(await cloud.operate({ command: 'why', app: 'web' })),
  );
  const before = await changes();
  expect(await fairway('apply', '--yes')).toMatchObject({ code: 0 });
  expect(await changes()).toBe(before);
  await cloud.push('1.1.0');
  console.log(JSON.stringify(await cloud.settled('1.1.0')));
  console.log((await fairway('plan')).out);
}, 120_000);
