import { createClock } from '../../../local/clock.ts';
import type { Outcome } from '../../../local/lambda/environment.ts';
import { failureMessages } from '../../../local/lambda/failures.ts';
import { type Abandoned, createQueue, type QueuedEvent } from '../../../local/lambda/queue.ts';
import type { EventInvoke } from '../../../local/stack/stack.ts';
import { functionNamed } from './functions.ts';

const good: Outcome = { ok: true, payload: 'null' };
const bad: Outcome = { ok: false, payload: '{"errorType":"Error","errorMessage":"no"}', error: 'Error: no' };

/** A queue whose function gives these answers; `undefined` is a throttle. After the last answer it repeats that. */
function setUp(answers: readonly (Outcome | undefined)[], eventInvoke: Partial<EventInvoke> = {}) {
  const clock = createClock(0);
  const starts: number[] = [];
  const abandoned: { event: QueuedEvent; why: Abandoned }[] = [];
  const queue = createQueue({
    clock,
    start(_event, settle) {
      const answer = answers[Math.min(starts.length, answers.length - 1)];
      starts.push(clock.now() / 1000);
      if (answer) settle(answer);
      return answer !== undefined;
    },
    abandon: (event, why) => abandoned.push({ event, why }),
  });
  const defaults = { maximumRetryAttempts: 2, maximumEventAgeSeconds: 21_600 };
  const definition = functionNamed('f', { eventInvoke: { ...defaults, ...eventInvoke } });
  queue.submit({ definition, payload: '{"a":1}', trigger: 'rule', requestId: 'id-1' });
  return { clock, queue, starts, abandoned };
}

describe('an asynchronous event', () => {
  it('that succeeds is not retried', () => {
    const { clock, starts } = setUp([good]);
    clock.runUntil(86_400_000);
    expect(starts).toEqual([0]);
  });

  it('that fails is retried after one and two more minutes, then dropped', () => {
    const { clock, starts, abandoned } = setUp([bad]);
    clock.runUntil(86_400_000);
    expect(starts).toEqual([0, 60, 180]);
    expect(abandoned).toMatchObject([{ why: 'RetriesExhausted', event: { tries: 3, requestId: 'id-1' } }]);
  });

  it('that fails once is retried once', () => {
    const { clock, starts, abandoned } = setUp([bad, good]);
    clock.runUntil(86_400_000);
    expect(starts).toEqual([0, 60]);
    expect(abandoned).toEqual([]);
  });

  it('keeps the clock busy while it waits for its retry', () => {
    expect(setUp([bad]).clock.idle()).toBe(false);
  });

  it('is not retried if the function has no retries', () => {
    const { clock, starts, abandoned } = setUp([bad], { maximumRetryAttempts: 0 });
    clock.runUntil(86_400_000);
    expect(starts).toEqual([0]);
    expect(abandoned).toHaveLength(1);
  });

  it('is dropped when it would be too old', () => {
    const { clock, starts, abandoned } = setUp([bad], { maximumEventAgeSeconds: 90 });
    clock.runUntil(86_400_000);
    expect(starts).toEqual([0, 60]);
    expect(abandoned).toMatchObject([{ why: 'EventAgeExceeded' }]);
  });

  it('that is throttled waits longer each time, up to five minutes, without using up retries', () => {
    const throttles = Array<undefined>(11).fill(undefined);
    const { clock, starts } = setUp([...throttles, bad, good]);
    clock.runUntil(86_400_000);
    const waits = starts.slice(1).map((start, index) => start - (starts[index] ?? 0));
    expect(waits).toEqual([1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300, 60]);
  });

  it('is dropped on reset', () => {
    const { clock, queue, starts } = setUp([bad]);
    queue.reset();
    expect(clock.idle()).toBe(true);
    clock.runUntil(86_400_000);
    expect(starts).toEqual([0]);
  });
});

describe('a dropped event', () => {
  const event: QueuedEvent = {
    definition: functionNamed('f', {
      deadLetterArn: 'arn:aws:sqs:us-east-1:1:dlq',
      eventInvoke: {
        maximumRetryAttempts: 2,
        maximumEventAgeSeconds: 60,
        onFailure: 'arn:aws:sns:us-east-1:1:t',
      },
    }),
    payload: '{"a":1}',
    trigger: 'rule',
    requestId: 'id-1',
    acceptedAt: 0,
    tries: 3,
    throttles: 0,
    lastOutcome: bad,
  };

  it('is sent to the destination as a record, and to the dead-letter queue unchanged', () => {
    const [destination, queue] = failureMessages(event, 'RetriesExhausted', 0);
    expect(destination).toMatchObject({
      arn: 'arn:aws:sns:us-east-1:1:t',
      requirement: { action: 'sns:Publish' },
    });
    expect(JSON.parse(destination?.body ?? '')).toMatchObject({
      version: '1.0',
      requestContext: { requestId: 'id-1', condition: 'RetriesExhausted', approximateInvokeCount: 3 },
      requestPayload: { a: 1 },
      responseContext: { functionError: 'Unhandled' },
      responsePayload: { errorMessage: 'no' },
    });
    expect(queue).toMatchObject({
      arn: 'arn:aws:sqs:us-east-1:1:dlq',
      body: '{"a":1}',
      attributes: { RequestID: 'id-1', ErrorMessage: 'Error: no' },
      requirement: { action: 'sqs:SendMessage' },
    });
  });
});
