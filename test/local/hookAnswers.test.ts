import type { HookCall } from '../../local/ecs/shifting/model.ts';
import { createHookAnswers } from '../../local/hookAnswers.ts';

const ARN = 'arn:aws:lambda:us-east-1:123456789012:function:check-web';
const CALL: HookCall = {
  id: 'ecs-lambda-1',
  functionArn: ARN,
  stage: 'POST_TEST_TRAFFIC_SHIFT',
  payload: { lifecycleStage: 'POST_TEST_TRAFFIC_SHIFT' },
};

/** A package with one function, which answers like this. */
function packaged(answer: () => Promise<{ payload: string; functionError?: string }>) {
  const calls: string[] = [];
  const hooks = createHookAnswers();
  hooks.connect({
    has: (name) => name === ARN,
    invokeSync: (_, payload) => {
      calls.push(payload);
      return answer();
    },
  });
  return { hooks, calls };
}

/** What ECS hears first, and once the function has ended. */
async function asked(answer: () => Promise<{ payload: string; functionError?: string }>) {
  const { hooks } = packaged(answer);
  const first = hooks.answer(CALL);
  await new Promise(process.nextTick);
  return [first, hooks.answer(CALL)];
}

const says = (answer: object | null) => async () => ({ payload: JSON.stringify(answer) });

describe('a Lambda hook whose function is packaged', () => {
  it('runs it once, and ECS asks again a second later until it has answered', async () => {
    const { hooks, calls } = packaged(says({ hookStatus: 'SUCCEEDED' }));
    const running = { status: 'IN_PROGRESS', callBackDelay: 1 };
    expect([hooks.answer(CALL), hooks.answer(CALL)]).toEqual([running, running]);
    await new Promise(process.nextTick);
    expect(hooks.answer(CALL)).toEqual({ status: 'SUCCEEDED' });
    expect(calls).toEqual(['{"lifecycleStage":"POST_TEST_TRAFFIC_SHIFT"}']);
  });

  it('runs it again after a delay of its choice', async () => {
    const answer = { hookStatus: 'IN_PROGRESS', callBackDelay: 45, hookDetails: { step: 2 } };
    const { hooks, calls } = packaged(says(answer));
    hooks.answer(CALL);
    await new Promise(process.nextTick);
    expect(hooks.answer(CALL)).toEqual({ status: 'IN_PROGRESS', callBackDelay: 45, details: { step: 2 } });
    hooks.answer(CALL);
    expect(calls).toHaveLength(2);
  });

  it.each([
    ['says so', says({ hookStatus: 'FAILED' }), undefined],
    ['answers no status', says({ ok: true }), /unable to parse the response from .*check-web/],
    ['answers nothing', says(null), /HookStatus must not be null/],
    ['throws', async () => ({ payload: '{}', functionError: 'Unhandled' }), /unable to invoke .* Unhandled/],
    ['cannot start', async () => Promise.reject(new Error('Rate Exceeded.')), /due to Error: Rate Exceeded/],
  ])('has failed where it %s', async (_, answer, reason) => {
    const [, last] = await asked(answer);
    expect(last).toEqual({ status: 'FAILED', ...(reason && { reason: expect.stringMatching(reason) }) });
  });

  it('is not run where a rule answers', () => {
    const { hooks, calls } = packaged(says({ hookStatus: 'SUCCEEDED' }));
    hooks.add({ function: 'check-web', answer: 'FAILED' });
    expect(hooks.answer(CALL)).toEqual({ status: 'FAILED' });
    expect(calls).toEqual([]);
  });

  it('succeeds where it is not packaged', () => {
    const { hooks } = packaged(says({ hookStatus: 'FAILED' }));
    expect(hooks.answer({ ...CALL, functionArn: `${ARN}-else` })).toEqual({ status: 'SUCCEEDED' });
  });
});
