import type { Cloud } from '../../../local/cloud.ts';
import { FUNCTION, startWorld } from '../../models/world.ts';

const THROTTLED = { operation: 'ListClusters', error: 'ThrottlingException', times: 2 };
const LOST = { event: 'ECS Deployment State Change', do: 'drop', times: 100 };
const CRASHING = { image: 'web-app:1.4.*', exit: { after: '3s', code: 1 }, logs: ['no'] };
const DENIED = { family: 'web', pull: 'denied' };

describe('injected faults and behaviors', () => {
  let cloud: Cloud;
  beforeAll(async () => {
    cloud = await startWorld();
  });
  afterAll(() => cloud.stop());
  beforeEach(async () => {
    await control('DELETE', 'faults');
    await control('DELETE', 'behaviours');
  });

  async function control(method: string, name: string, body?: object) {
    const text = body === undefined ? '' : JSON.stringify(body);
    const request = { method, path: `/_local/${name}`, headers: {}, body: Buffer.from(text) };
    const answer = await cloud.answer(request);
    return { status: answer?.status, body: JSON.parse(String(answer?.body)) };
  }

  async function listClusters() {
    const headers = { 'x-amz-target': 'AmazonEC2ContainerServiceV20141113.ListClusters' };
    return (await cloud.answer({ method: 'POST', path: '/', headers, body: Buffer.from('{}') }))?.status;
  }

  it('are listed as they were requested, oldest first', async () => {
    await control('POST', 'faults', THROTTLED);
    await control('POST', 'faults', LOST);
    await control('POST', 'behaviours', CRASHING);
    await control('POST', 'behaviours', DENIED);
    expect(await control('GET', 'faults')).toEqual({ status: 200, body: [THROTTLED, LOST] });
    expect(await control('GET', 'behaviours')).toEqual({ status: 200, body: [CRASHING, DENIED] });
  });

  it('show the remaining count of a fault until it is used up', async () => {
    await control('POST', 'faults', { ...THROTTLED, skip: 1 });
    const left = async () => (await control('GET', 'faults')).body;
    expect(await listClusters()).toBe(200);
    expect(await left()).toEqual([{ ...THROTTLED, skip: 0 }]);
    expect(await listClusters()).toBe(400);
    expect(await left()).toEqual([{ ...THROTTLED, skip: 0, times: 1 }]);
    expect(await listClusters()).toBe(400);
    expect(await left()).toEqual([]);
  });

  it('can be removed', async () => {
    await control('POST', 'faults', THROTTLED);
    await control('POST', 'behaviours', CRASHING);
    expect(await control('DELETE', 'faults')).toEqual({ status: 200, body: {} });
    expect((await control('GET', 'behaviours')).body).toEqual([CRASHING]);
    expect(await control('DELETE', 'behaviours')).toEqual({ status: 200, body: {} });
    expect((await control('GET', 'faults')).body).toEqual([]);
    expect((await control('GET', 'behaviours')).body).toEqual([]);
    expect(await listClusters()).toBe(200);
  });

  it.each([
    [{ operation: 'UpdateServce', error: 'x', times: 1 }, /UpdateServce.*did you mean "UpdateService"/],
    [{ operation: 'updateService', error: 'x', times: 1 }, /updateService.*did you mean "UpdateService"/],
    [{ operation: 'ecs:UpdateService', error: 'x', times: 1 }, /ecs:UpdateService/],
    [{ operation: 'TransactWriteItems', error: 'x', times: 1 }, /TransactWriteItems/],
    [{ operation: 'chat.postMesage', error: 'x', times: 1 }, /did you mean "chat.postMessage"/],
    [{ operation: 'RunTask', caller: 'image-pushd', error: 'x', times: 1 }, /image-pushd.*did you mean/],
    [{ event: 'ECS Task State Chnge', do: 'drop', times: 1 }, /did you mean "ECS Task State Change"/],
  ])('are refused for unknown names: %j', async (fault, words) => {
    const { status, body } = await control('POST', 'faults', fault);
    expect(status).toBe(400);
    expect(body.error).toMatch(words);
    expect((await control('GET', 'faults')).body).toEqual([]);
  });

  it.each([
    { operation: 'GetItem', error: 'x', times: 1 },
    { operation: 'chat.update', status: 429, times: 1 },
    { operation: 'Invoke', latency: '1s', times: 1 },
    { operation: 'RunTask', caller: FUNCTION, error: 'x', times: 1 },
    { operation: 'RunTask', caller: 'image-pushed', error: 'x', times: 1 },
    { operation: 'RunTask', caller: 'external', error: 'x', times: 1 },
    { event: 'Schedule', do: 'drop', times: 1 },
  ])('are accepted for known names: %j', async (fault) => {
    expect(await control('POST', 'faults', fault)).toEqual({ status: 200, body: {} });
  });
});
