import { createClock, type SimClock } from '../../../local/clock.ts';
import type { Call, JsonObject } from '../../../local/contract.ts';
import { type Bus, createBus } from '../../../local/events/bus.ts';
import type { BusOptions } from '../../../local/events/busState.ts';
import type { DeadLetter } from '../../../local/events/delivery.ts';
import { parsePolicy } from '../../../local/iam/policy.ts';
import { createRecorder } from '../../../local/iam/recorder.ts';
import { createIds } from '../../../local/ids.ts';
import type { RuleTarget, StackRule, StackSchedule } from '../../../local/stack/stack.ts';

const START = Date.parse('2026-11-23T12:00:30.400Z');
const call: Call = { caller: 'external', callerArn: 'x', account: '123456789012', region: 'us-east-1' };

function target(changes: Partial<RuleTarget> = {}): RuleTarget {
  return {
    id: 't',
    functionName: 'pushed',
    retryPolicy: { maximumRetryAttempts: 185, maximumEventAgeSeconds: 86_400 },
    permitted: true,
    deadLetterPermitted: true,
    ...changes,
  };
}

function rule(changes: Partial<StackRule> = {}): StackRule {
  return {
    name: 'pushes',
    arn: 'arn:aws:events:us-east-1:123456789012:rule/pushes',
    pattern: { source: ['aws.ecr'] },
    state: 'ENABLED',
    targets: [target()],
    ...changes,
  };
}

interface Setup {
  readonly clock: SimClock;
  readonly bus: Bus;
  readonly delivered: { at: number; name: string; payload: string; trigger: string }[];
  readonly letters: DeadLetter[];
}

function setUp(rules: readonly StackRule[], options: Partial<BusOptions> = {}): Setup {
  const clock = createClock(START);
  const delivered: Setup['delivered'] = [];
  const letters: DeadLetter[] = [];
  const bus = createBus({
    clock,
    ids: createIds(1),
    account: '123456789012',
    region: 'us-east-1',
    rules,
    deliver: (name, payload, trigger) => delivered.push({ at: clock.now(), name, payload, trigger }),
    onDeadLetter: (letter) => letters.push(letter),
    ...options,
  });
  return { clock, bus, delivered, letters };
}

const push = { source: 'aws.ecr', 'detail-type': 'ECR Image Action', resources: [], detail: { tag: '1' } };

describe('the event bus', () => {
  it('adds the envelope of an event and delivers it a little later to each matching rule', () => {
    const { clock, bus, delivered } = setUp([
      rule(),
      rule({ name: 'other', pattern: { source: ['aws.ecs'] } }),
    ]);
    bus.emit(push);
    expect(delivered).toEqual([]);
    expect(clock.idle()).toBe(false);
    clock.runUntil(START + 500);
    expect(delivered).toHaveLength(1);
    expect(delivered[0]).toMatchObject({ name: 'pushed', trigger: 'pushes' });
    expect(delivered[0]?.at).toBeGreaterThanOrEqual(START + 200);
    expect(JSON.parse(delivered[0]?.payload ?? '')).toEqual({
      ...push,
      version: '0',
      id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      account: '123456789012',
      region: 'us-east-1',
      time: '2026-11-23T12:00:30Z',
    });
  });

  it('ignores disabled rules', () => {
    const { clock, bus, delivered } = setUp([rule({ state: 'DISABLED' })]);
    bus.emit(push);
    clock.runUntil(START + 500);
    expect(delivered).toEqual([]);
  });

  it.each([
    ['a constant', { input: '{"x":1}' }, { x: 1 }],
    ['a part of the event', { inputPath: '$.detail' }, { tag: '1' }],
  ])('sends %s if the target is configured so', (_name, changes, expected) => {
    const { clock, bus, delivered } = setUp([rule({ targets: [target(changes)] })]);
    bus.emit(push);
    clock.runUntil(START + 500);
    expect(JSON.parse(delivered[0]?.payload ?? '')).toEqual(expected);
  });

  it('does not invoke a function whose permission is missing', () => {
    const unpermitted = target({ permitted: false, deadLetterArn: 'arn:queue' });
    const { clock, bus, delivered, letters } = setUp([rule({ targets: [unpermitted] })]);
    bus.emit(push);
    clock.runUntil(START + 3_600_000);
    expect(delivered).toEqual([]);
    expect(letters).toHaveLength(1);
    expect(letters[0]).toMatchObject({ queueArn: 'arn:queue', attributes: { ERROR_CODE: 'NO_PERMISSIONS' } });
  });

  it('loses a dead letter if the policy of the queue does not allow the rule', () => {
    const barred = target({ permitted: false, deadLetterArn: 'arn:queue', deadLetterPermitted: false });
    const { clock, bus, letters } = setUp([rule({ targets: [barred] })]);
    bus.emit(push);
    clock.runUntil(START + 1000);
    expect(letters[0]?.queueArn).toBeUndefined();
  });

  it('retries within the retry policy, then gives up', () => {
    let tries = 0;
    const policy = { maximumRetryAttempts: 3, maximumEventAgeSeconds: 3600 };
    const { clock, bus, letters } = setUp([rule({ targets: [target({ retryPolicy: policy })] })], {
      deliver: () => {
        tries += 1;
        throw new Error('not there');
      },
    });
    bus.emit(push);
    clock.runUntil(START + 3_600_000);
    expect(tries).toBe(4);
    expect(letters[0]?.attributes).toMatchObject({
      EXHAUSTED_RETRY_CONDITION: 'MaximumRetryAttempts',
      RETRY_ATTEMPTS: '3',
      ERROR_MESSAGE: 'not there',
    });
  });

  it('builds no event that no rule can match', () => {
    const wanted = rule({ pattern: { source: ['aws.ecs'], detail: { lastStatus: ['STOPPED'] } } });
    const { clock, bus, delivered } = setUp([wanted]);
    let built = 0;
    const emit = (lastStatus: string, more: object = {}) =>
      bus.emit(
        {
          ...push,
          source: 'aws.ecs',
          ...more,
          get detail() {
            built += 1;
            return { lastStatus };
          },
        },
        { lastStatus },
      );
    emit('RUNNING');
    emit('STOPPED', { source: 'aws.ecr' });
    expect([built, clock.idle()]).toEqual([0, true]);
    emit('STOPPED');
    clock.runUntil(START + 1_000);
    expect([built, delivered.length]).toEqual([1, 1]);
  });

  it.each([
    [{ copies: 0, delay: 0 }, 0],
    [{ copies: 2, delay: 0 }, 2],
    [{ copies: 1, delay: 30_000 }, 0],
  ])('lets faults interfere: %j', (interference, expected) => {
    const { clock, bus, delivered } = setUp([rule()], { interfere: () => interference });
    bus.emit(push);
    clock.runUntil(START + 1000);
    expect(delivered).toHaveLength(expected);
    clock.runUntil(START + 31_000);
    expect(delivered).toHaveLength(interference.copies);
  });

  it('names the rule with an invalid pattern', () => {
    expect(() => setUp([rule({ pattern: { source: 'aws.ecr' } })])).toThrow(
      'rule pushes: invalid event pattern at source',
    );
  });

  it('drops events in transit on reset', () => {
    const { clock, bus, delivered } = setUp([rule()]);
    bus.emit(push);
    bus.reset();
    clock.runUntil(START + 1000);
    expect(delivered).toEqual([]);
  });
});

describe('schedules', () => {
  const sweep: StackRule = {
    name: 'sweep',
    arn: 'arn:aws:events:us-east-1:123456789012:rule/sweep',
    schedule: 'rate(1 minute)',
    state: 'ENABLED',
    targets: [target({ functionName: 'sweep' })],
  };

  it('fire repeatedly, and are periodic', () => {
    const { clock, delivered } = setUp([sweep]);
    expect(clock.idle()).toBe(true);
    clock.runUntil(START + 180_000);
    expect(delivered.map(({ at }) => at - START)).toEqual([60_000, 120_000, 180_000]);
    expect(clock.idle()).toBe(true);
    expect(JSON.parse(delivered[0]?.payload ?? '')).toMatchObject({
      source: 'aws.events',
      'detail-type': 'Scheduled Event',
      resources: [sweep.arn],
      detail: {},
    });
  });

  it('restart once after a reset', () => {
    const { clock, bus, delivered } = setUp([sweep]);
    bus.reset();
    clock.runUntil(START + 60_000);
    expect(delivered).toHaveLength(1);
  });

  const role = (action: string) =>
    parsePolicy('p', { Statement: { Effect: 'Allow', Action: action, Resource: '*' } });
  const nightly: StackSchedule = {
    name: 'nightly',
    arn: 'arn:aws:scheduler:us-east-1:123456789012:schedule/default/nightly',
    schedule: 'cron(0 2 * * ? *)',
    timeZone: 'Europe/Berlin',
    window: 0,
    state: 'ENABLED',
    functionName: 'report',
    functionArn: 'arn:aws:lambda:us-east-1:123456789012:function:report',
    input: '{"at":"<aws.scheduler.scheduled-time>"}',
    retryPolicy: { maximumRetryAttempts: 0, maximumEventAgeSeconds: 60 },
    roleName: 'scheduler',
    rolePolicies: [role('lambda:InvokeFunction')],
    trusted: true,
  };

  it('of EventBridge Scheduler use their time zone, input and role', () => {
    const recorder = createRecorder();
    const { clock, delivered } = setUp([], { schedules: [nightly], recorder });
    clock.runUntil(START + 86_400_000);
    expect(delivered).toHaveLength(1);
    expect(delivered[0]).toMatchObject({
      name: 'report',
      trigger: 'nightly',
      payload: '{"at":"2026-11-24T01:00:00Z"}',
    });
    expect(recorder.unused('scheduler', nightly.rolePolicies)).toEqual([]);
  });

  it('of EventBridge Scheduler respect their start, end and window', () => {
    const hour = 3_600_000;
    const hourly = {
      ...nightly,
      schedule: 'rate(1 hour)',
      start: START + 2.5 * hour,
      end: START + 5 * hour,
      window: 10 * 60_000,
    };
    const { clock, delivered } = setUp([], { schedules: [hourly] });
    const calls: number[] = [];
    for (let minute = 1; minute <= 480; minute += 1) {
      const before = delivered.length;
      clock.runUntil(START + minute * 60_000);
      if (delivered.length > before) calls.push(minute);
    }
    expect(delivered.map(({ payload }) => payload)).toEqual(
      [2.5, 3.5, 4.5].map((h) => `{"at":"${new Date(START + h * hour).toISOString().slice(0, 19)}Z"}`),
    );
    expect(calls[0]).toBeGreaterThanOrEqual(150);
    expect(calls[0]).toBeLessThanOrEqual(160);
  });

  it('of EventBridge Scheduler call a rate immediately without a start, and in its phase after a past start', () => {
    const hour = 3_600_000;
    for (const [more, expected] of [
      [{}, [0, 1, 2]],
      [{ start: START - 0.5 * hour }, [0.5, 1.5, 2.5]],
    ] as const) {
      const { clock, delivered } = setUp([], {
        schedules: [{ ...nightly, schedule: 'rate(1 hour)', ...more }],
      });
      clock.runUntil(START + 2.6 * hour);
      expect(delivered.map(({ payload }) => payload)).toEqual(
        expected.map((h) => `{"at":"${new Date(START + h * hour).toISOString().slice(0, 19)}Z"}`),
      );
    }
  });

  it('of EventBridge Scheduler use the dead-letter queue only if their role allows it', () => {
    const queue = 'arn:aws:sqs:us-east-1:123456789012:parked';
    for (const [actions, parked] of [
      [['sqs:SendMessage'], queue],
      [['sqs:GetQueueUrl'], undefined],
    ] as const) {
      const rolePolicies = actions.map(role);
      const { clock, letters } = setUp([], {
        schedules: [{ ...nightly, deadLetterArn: queue, rolePolicies }],
      });
      clock.runUntil(START + 86_400_000);
      expect(letters.map(({ queueArn }) => queueArn)).toEqual([parked]);
    }
  });

  it.each([
    ['may not invoke the function', { rolePolicies: [role('lambda:GetFunction')] }],
    ['does not trust the scheduler', { trusted: false }],
  ])('fail when their role %s', (_name, changes) => {
    const { clock, delivered, letters } = setUp([], { schedules: [{ ...nightly, ...changes }] });
    clock.runUntil(START + 86_400_000);
    expect(delivered).toEqual([]);
    expect(letters).toHaveLength(1);
  });
});

describe('the API of EventBridge', () => {
  const entry = { Source: 'my.app', DetailType: 'Something', Detail: '{"a":1}' };

  async function ask(setup: Setup, operation: string, input: JsonObject): Promise<unknown> {
    return setup.bus.api.operations[operation]?.(input, call);
  }

  it('PutEvents sends events like any other', async () => {
    const setup = setUp([rule({ pattern: { source: ['my.app'], detail: { a: [1] } } })]);
    const answer = await ask(setup, 'PutEvents', { Entries: [entry] });
    expect(answer).toEqual({ FailedEntryCount: 0, Entries: [{ EventId: expect.any(String) }] });
    setup.clock.runUntil(START + 500);
    expect(setup.delivered).toHaveLength(1);
  });

  it.each([
    [{ Source: 'aws.ecs' }, 'NotAuthorizedForSourceException'],
    [{ Detail: '[1]' }, 'MalformedDetail'],
    [{ Detail: 'x' }, 'MalformedDetail'],
    [{ DetailType: '' }, 'InvalidArgument'],
  ])('PutEvents refuses an entry with %j', async (changes, code) => {
    const answer = await ask(setUp([]), 'PutEvents', { Entries: [{ ...entry, ...changes }] });
    expect(answer).toMatchObject({ FailedEntryCount: 1, Entries: [{ ErrorCode: code }] });
  });

  it('an event for another bus is accepted and lost', async () => {
    const setup = setUp([rule({ pattern: { source: ['my.app'] } })]);
    await ask(setup, 'PutEvents', { Entries: [{ ...entry, EventBusName: 'other' }] });
    setup.clock.runUntil(START + 1000);
    expect(setup.delivered).toEqual([]);
  });

  it('lists its rules', async () => {
    const setup = setUp([rule()]);
    const members = { Name: 'pushes', State: 'ENABLED', EventPattern: '{"source":["aws.ecr"]}' };
    expect(await ask(setup, 'ListRules', {})).toMatchObject({ Rules: [members] });
    expect(await ask(setup, 'DescribeRule', { Name: 'pushes' })).toMatchObject(members);
    await expect(ask(setup, 'DescribeRule', { Name: 'nope' })).rejects.toThrow('Rule nope does not exist');
  });
});
