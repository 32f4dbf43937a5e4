import type { Cloud } from '../../../local/cloud.ts';
import { createBucket } from '../../../local/quotas/bucket.ts';
import { createQuotas } from '../../../local/quotas/quotas.ts';
import { startWorld } from '../../models/world.ts';

function aClock() {
  let time = 0;
  return {
    now: () => time,
    pass(span: number) {
      time += span;
    },
  };
}

describe('a token bucket', () => {
  it('accepts a burst, then as many calls as were refilled', () => {
    const clock = aClock();
    const bucket = createBucket({ burst: 3, refill: 2 }, clock.now);
    const taken = () => [1, 2, 3, 4].filter(() => bucket.take()).length;
    expect(taken()).toBe(3);
    clock.pass(400);
    expect(taken()).toBe(0);
    clock.pass(100);
    expect(taken()).toBe(1);
    clock.pass(60_000);
    expect(taken()).toBe(3);
  });

  it('is not emptied further by calls that it refuses', () => {
    const clock = aClock();
    const bucket = createBucket({ burst: 1, refill: 1 }, clock.now);
    expect(bucket.take()).toBe(true);
    for (let ms = 0; ms < 990; ms += 10) {
      clock.pass(10);
      expect(bucket.take()).toBe(false);
    }
    clock.pass(10);
    expect(bucket.take()).toBe(true);
  });
});

describe('quotas', () => {
  const THROTTLED = { code: 'ThrottlingException', message: 'Rate exceeded', status: 400 };

  it('throttle the operations of one category together, and no others', () => {
    const quotas = createQuotas({ now: () => 0, enforced: 'aws' });
    const check = (operation: string, region = 'us-east-1') => quotas.check('ecs', operation, region);
    for (let call = 0; call < 20; call += 1) check('RegisterTaskDefinition');
    expect(() => check('DeregisterTaskDefinition')).toThrow(expect.objectContaining(THROTTLED));
    expect(() => check('DescribeTaskDefinition')).not.toThrow();
    expect(() => check('RegisterTaskDefinition', 'eu-west-1')).not.toThrow();
    expect(() => quotas.check('ecr', 'DescribeImages', 'us-east-1')).not.toThrow();
  });

  it('leave only a share where others use the rest', () => {
    const quotas = createQuotas({ now: () => 0, enforced: 'aws', share: 0.1 });
    const check = () => quotas.check('ecs', 'RegisterTaskDefinition', 'us-east-1');
    check();
    check();
    expect(check).toThrow('Rate exceeded');
  });
});

describe('POST /_local/quotas', () => {
  let cloud: Cloud;
  beforeAll(async () => {
    cloud = await startWorld();
  });
  afterAll(() => cloud.stop());

  async function control(method: string, name: string, body?: object) {
    const text = body === undefined ? '' : JSON.stringify(body);
    const request = { method, path: `/_local/${name}`, headers: {}, body: Buffer.from(text) };
    const answer = await cloud.answer(request);
    return { status: answer?.status, body: JSON.parse(String(answer?.body)) };
  }

  async function listClusters() {
    const headers = { 'x-amz-target': 'AmazonEC2ContainerServiceV20141113.ListClusters' };
    const answer = await cloud.answer({ method: 'POST', path: '/', headers, body: Buffer.from('{}') });
    return { status: answer?.status, body: JSON.parse(String(answer?.body)) };
  }

  it('enforces the rates that AWS documents, until it is withdrawn', async () => {
    expect((await control('GET', 'quotas')).body).toEqual({ ecs: 'none' });
    expect(await control('POST', 'quotas', { ecs: 'aws' })).toEqual({ status: 200, body: { ecs: 'aws' } });
    const answers = [];
    for (let call = 0; call < 60; call += 1) answers.push(await listClusters());
    const refused = answers.filter(({ status }) => status === 400);
    expect(refused.length).toBeGreaterThan(0);
    expect(refused[0]?.body).toEqual({ __type: 'ThrottlingException', message: 'Rate exceeded' });
    expect((await control('POST', 'quotas', { ecs: 'none' })).body).toEqual({ ecs: 'none' });
    expect((await listClusters()).status).toBe(200);
  });

  it('refuses what it does not have', async () => {
    const { status, body } = await control('POST', 'quotas', { ecs: 'half' });
    expect(status).toBe(400);
    expect(body.error).toMatch(/aws.*none/);
  });
});
