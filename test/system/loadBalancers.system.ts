import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { startTestCloud, type TestCloud } from './cloud.ts';
import { resetWeights, shiftTraffic } from './shifts.ts';

const example = readFileSync(join(import.meta.dirname, '../../fairway.yml'), 'utf8');

describe('the example, where target groups may be read', () => {
  let cloud: TestCloud;
  beforeAll(async () => {
    cloud = await startTestCloud(`${example}\ndiagnosis: { loadBalancers: true }\n`);
    await cloud.adopted();
  }, 180_000);
  afterAll(() => cloud?.stop());

  it('says which check an image failed, and reads nothing for another failure', async () => {
    const calls = async () =>
      (await cloud.calls()).filter(({ service }) => service === 'elasticloadbalancing');
    await cloud.behave({ image: 'web-app:1.1.0', for: 'service', exit: { after: '3s', code: 1 } });
    await cloud.push('1.1.0');
    expect(await cloud.settled('1.1.0')).toMatchObject({ state: 'failed' });
    expect(await calls()).toEqual([]);

    await cloud.behave({ image: 'web-app:1.2.0', for: 'service', targetHealth: 'unhealthy 404' });
    await cloud.push('1.2.0');
    const release = await cloud.settled('1.2.0');
    expect(release).toMatchObject({ state: 'failed' });
    expect(release?.reason).toContain('codes [404]');
    expect(JSON.stringify(await cloud.messages())).toContain(
      'target group web-app expects 200 for GET /health by HTTP on port 8080 (every 10 s, within 5 s, unhealthy after 2 failures)',
    );
    const read = await calls();
    expect(read).not.toEqual([]);
    expect(read.filter(({ caller, status }) => caller === 'external' || status !== 200)).toEqual([]);
  }, 120_000);

  it('warns where users are sent elsewhere than to what runs', async () => {
    await cloud.reset();
    await cloud.control('clock', { advance: '6m' });
    await shiftTraffic(cloud, 'BLUE_GREEN');
    await cloud.push('1.1.0');
    expect(await cloud.settled('1.1.0')).toMatchObject({ state: 'live' });
    expect(JSON.stringify(await cloud.messages())).not.toContain('reset the weights');
    await resetWeights(cloud);
    await cloud.push('1.2.0');
    await cloud.settled('1.2.0');
    expect(JSON.stringify(await cloud.messages())).toContain(
      'The production listener rule of web-app points to web-app, but its revision serves from web-app-green',
    );
  }, 120_000);
});
