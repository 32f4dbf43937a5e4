import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClock, type SimClock } from '../../../local/clock.ts';
import type { JsonObject } from '../../../local/contract.ts';
import { parsePolicy } from '../../../local/iam/policy.ts';
import { createRecorder } from '../../../local/iam/recorder.ts';
import { createIds } from '../../../local/ids.ts';
import { createRuntime, type Runtime, type RuntimeOptions } from '../../../local/lambda/runtime.ts';
import { isObject } from '../../../local/stack/json.ts';
import type { StackFunction } from '../../../local/stack/stack.ts';
import { functionNamed } from './functions.ts';
import { writeZip } from './zips.ts';

/** Does what its event asks for. */
const HANDLER = `
const loadedAt = Date.now();
let count = 0;
export const handler = async (event, context) => {
  count += 1;
  if (event.log) console.log(event.log);
  if (event.fail) throw new TypeError(event.fail);
  if (event.exit) process.exit(event.exit);
  if (event.hang) await new Promise((resolve) => setTimeout(resolve, event.hang));
  if (event.spin) for (;;);
  if (event.url) await fetch(event.url);
  if (event.far) return { refused: await fetch(event.far).catch((error) => error.cause.message) };
  return {
    count, loadedAt, now: Date.now(), fresh: new Date().getTime(), text: Date(),
    isDate: new Date() instanceof Date, own: new Date().constructor === Date,
    fixed: new Date(0).toISOString(), left: context.getRemainingTimeInMillis(),
    id: context.awsRequestId, arn: context.invokedFunctionArn, client: context.clientContext,
    env: process.env,
  };
};
`;

const START = Date.parse('2030-01-01T00:00:00Z');
let directory = '';
let runtime: Runtime | undefined;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'fairway-test-runtime-'));
  await writeZip(join(directory, 'f.zip'), { 'src/handler.mjs': HANDLER });
  await writeZip(join(directory, 'cjs.zip'), {
    'src/handler.js': 'exports.handler = async () => ({ kind: typeof require });',
  });
  await writeZip(join(directory, 'broken.zip'), { 'src/handler.mjs': 'throw new Error("cannot load");' });
});
afterEach(() => runtime?.close());
afterAll(() => rm(directory, { recursive: true }));

interface Setup {
  readonly clock: SimClock;
  readonly runtime: Runtime;
  readonly logs: { group: string; stream: string; line: string }[];
  readonly letters: { arn: string; body: string }[];
  readonly busy: boolean[];
}

function setUp(changes: Partial<StackFunction> = {}, options: Partial<RuntimeOptions> = {}): Setup {
  const clock = createClock(START);
  const logs: Setup['logs'] = [];
  const letters: Setup['letters'] = [];
  const busy: boolean[] = [];
  const made = createRuntime({
    clock,
    ids: createIds(1),
    account: '123456789012',
    region: 'us-east-1',
    functions: [functionNamed('f', { zipPath: join(directory, 'f.zip'), ...changes })],
    endpoint: () => 'http://127.0.0.1:1',
    slackUrl: () => 'http://127.0.0.1:1/_slack/',
    writeLog: (group, stream, line) => logs.push({ group, stream, line }),
    deadLetter: (arn, body) => letters.push({ arn, body }),
    onBusyChange: (each) => busy.push(each),
    ...options,
  });
  runtime = made;
  return { clock, runtime: made, logs, letters, busy };
}

async function run({ runtime: to }: Setup, event: JsonObject = {}): Promise<Record<string, unknown>> {
  const { payload, functionError } = await to.invokeSync('f', JSON.stringify(event));
  return { ...JSON.parse(payload), ...(functionError === undefined ? {} : { functionError }) };
}

/** An environment variable that the handler answered. */
function variable(answer: Record<string, unknown>, name: string): string {
  const { env } = answer;
  return isObject(env) && typeof env[name] === 'string' ? env[name] : '';
}

/** Waits until nothing runs: an asynchronous invocation has no answer to wait for. */
async function calm({ runtime: of }: Setup): Promise<void> {
  while (of.busy()) await new Promise((resolve) => setTimeout(resolve, 5));
}

describe('a function in its worker', () => {
  it('has the packaged environment, and the variables of Lambda and the local cloud', async () => {
    const { env } = await run(setUp({ environment: { TABLE: 't', AWS_REGION: 'nowhere' } }));
    expect(env).toMatchObject({
      TABLE: 't',
      AWS_REGION: 'us-east-1',
      AWS_LAMBDA_FUNCTION_NAME: 'f',
      AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs22.x',
      AWS_ENDPOINT_URL: 'http://127.0.0.1:1',
      SLACK_API_URL: 'http://127.0.0.1:1/_slack/',
      AWS_ACCESS_KEY_ID: expect.stringMatching(/^ASIA[0-9A-F]{16}$/),
    });
    expect(env).not.toHaveProperty('JEST_WORKER_ID');
  });

  it.each(['https://hooks.example.com/fairway', 'http://127.0.0.1.example.com/'])(
    'calls no other machine: %s',
    async (far) => {
      expect(await run(setUp(), { far })).toEqual({
        refused: 'the local cloud calls no other machine, use http://127.0.0.1 here',
      });
    },
  );

  it('uses simulated time, even while it loads', async () => {
    const setup = setUp();
    const first = await run(setup);
    for (const key of ['loadedAt', 'now', 'fresh']) {
      expect(Number(first[key]) - START).toBeGreaterThanOrEqual(0);
      expect(Number(first[key]) - START).toBeLessThan(5000);
    }
    expect(first).toMatchObject({ isDate: true, own: true, fixed: '1970-01-01T00:00:00.000Z' });
    expect(String(first.text)).toMatch(/20(29|30)/);
    setup.clock.runUntil(START + 86_400_000);
    const { now } = await run(setup);
    expect(Number(now) - START - 86_400_000).toBeGreaterThanOrEqual(0);
    expect(Number(now) - START - 86_400_000).toBeLessThan(1000);
  });

  it('has the context of Lambda', async () => {
    const { left, id, arn } = await run(setUp());
    expect(Number(left)).toBeGreaterThan(2000);
    expect(Number(left)).toBeLessThanOrEqual(3000);
    expect(id).toMatch(/^[0-9a-f-]{36}$/);
    expect(arn).toBe('arn:aws:lambda:us-east-1:123456789012:function:f');
  });

  it('is reused while warm', async () => {
    const setup = setUp();
    expect(await run(setup)).toMatchObject({ count: 1 });
    expect(await run(setup)).toMatchObject({ count: 2 });
    expect(setup.runtime.invocations().map(({ coldStart }) => coldStart)).toEqual([true, false]);
  });

  it('has a separate worker for each concurrent execution', async () => {
    const setup = setUp();
    const both = await Promise.all([run(setup, { hang: 50 }), run(setup, { hang: 50 })]);
    expect(both.map(({ count }) => count)).toEqual([1, 1]);
    const keys = both.map((answer) => variable(answer, 'AWS_ACCESS_KEY_ID'));
    expect(new Set(keys).size).toBe(2);
  });

  it('can be CommonJS', async () => {
    expect(await run(setUp({ zipPath: join(directory, 'cjs.zip') }))).toEqual({ kind: 'function' });
  });

  it('writes its log, line by line, before its answer', async () => {
    const setup = setUp();
    await run(setup, { log: 'one\ntwo' });
    expect(setup.logs.map(({ group, line }) => [group, line])).toEqual([
      ['/aws/lambda/f', 'one'],
      ['/aws/lambda/f', 'two'],
    ]);
    expect(setup.logs[0]?.stream).toMatch(/^2030\/01\/01\/\[\$LATEST\][0-9a-f]{32}$/);
  });

  it('writes no log when its role does not allow that', async () => {
    const warnings: string[] = [];
    const setup = setUp({ policies: [] }, { warn: (message) => warnings.push(message) });
    await run(setup, { log: 'one' });
    expect(setup.logs).toEqual([]);
    expect(warnings).toEqual([expect.stringContaining('logs:CreateLogStream')]);
  });

  it('is known by its access key', async () => {
    const recorder = createRecorder();
    const setup = setUp({}, { recorder });
    const key = variable(await run(setup), 'AWS_ACCESS_KEY_ID');
    const caller = setup.runtime.callerOf(key);
    expect(caller).toMatchObject({
      caller: 'f',
      callerArn: 'arn:aws:sts::123456789012:assumed-role/f-role/f',
      roleName: 'f-role',
      alive: true,
    });
    expect(recorder.unused('f-role', caller?.policies ?? [])).toEqual([]);
    expect(setup.runtime.callerOf('AKIAOTHER')).toBeUndefined();
  });

  it('says when it is busy', async () => {
    const setup = setUp();
    const both = Promise.all([run(setup, { hang: 20 }), run(setup)]);
    expect(setup.runtime.busy()).toBe(true);
    await both;
    await calm(setup);
    expect(setup.busy).toEqual([true, false]);
  });
});

describe('a function that fails', () => {
  it('returns its error, and its worker continues', async () => {
    const setup = setUp();
    expect(await run(setup, { fail: 'no' })).toMatchObject({
      functionError: 'Unhandled',
      errorType: 'TypeError',
      errorMessage: 'no',
    });
    expect(await run(setup)).toMatchObject({ count: 2 });
    expect(setup.runtime.invocations()[0]).toMatchObject({
      function: 'f',
      trigger: 'Invoke',
      error: 'TypeError: no',
    });
  });

  it.each([
    [{ exit: 3 }, 'Runtime exited with error: exit status 3'],
    [{ hang: 5000 }, 'Task timed out after 0.30 seconds'],
    [{ spin: true }, 'Task timed out after 0.30 seconds'],
  ])('by %j ends its worker', async (event, message) => {
    const setup = setUp({ timeoutSeconds: 0.3 });
    expect(await run(setup, event)).toMatchObject({ errorMessage: expect.stringContaining(message) });
    expect(await run(setup)).toMatchObject({ count: 1 });
  });

  it.each([
    [{ zipPath: 'broken.zip' }, 'cannot load'],
    [{ handler: 'src/other.handler' }, "Cannot find module 'src/other'"],
    [{ handler: 'src/handler.nope' }, 'src/handler.nope is undefined or not exported'],
  ])('to load, with %j, says why', async (changes, message) => {
    const zipPath = join(directory, 'zipPath' in changes ? changes.zipPath : 'f.zip');
    expect(await run(setUp({ ...changes, zipPath }))).toMatchObject({
      functionError: 'Unhandled',
      errorMessage: expect.stringContaining(message),
    });
  });
});

describe('a crash', () => {
  it('by an injected fault ends the worker during a call, and the event is retried', async () => {
    const setup = setUp();
    let calls = 0;
    const server = createServer((_request, response) => {
      calls += 1;
      // The first call is never answered.
      if (calls === 1) setup.runtime.kill('f');
      else response.end('ok');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    setup.runtime.invokeAsync('f', JSON.stringify({ url: `http://127.0.0.1:${port}/` }), 'rule');
    await calm(setup);
    expect(setup.runtime.invocations()).toMatchObject([
      { trigger: 'rule', error: expect.stringContaining('Runtime exited') },
    ]);
    expect(setup.clock.nextWork()).toBe(START + 60_000);
    setup.clock.runUntil(START + 60_000);
    await calm(setup);
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    expect(calls).toBe(2);
    expect(setup.runtime.invocations()[1]).not.toHaveProperty('error');
    expect(setup.clock.idle()).toBe(true);
  });
});

describe('asynchronous invocations', () => {
  it('are retried before the runtime counts as idle, and end in the destination', async () => {
    const onFailure = 'arn:aws:sqs:us-east-1:123456789012:dead';
    const send = { Effect: 'Allow', Action: 'sqs:SendMessage', Resource: onFailure };
    const due: (number | undefined)[] = [];
    const setup = setUp(
      {
        policies: [parsePolicy('p', { Statement: send })],
        eventInvoke: { maximumRetryAttempts: 1, maximumEventAgeSeconds: 3600, onFailure },
      },
      { onBusyChange: (busy) => busy || due.push(setup.clock.nextWork()) },
    );
    setup.runtime.invokeAsync('f', '{"fail":"no"}', 'rule');
    await calm(setup);
    expect(due).toEqual([START + 60_000]);
    setup.clock.runUntil(START + 60_000);
    await calm(setup);
    expect(setup.letters).toMatchObject([{ arn: onFailure }]);
    expect(JSON.parse(setup.letters[0]?.body ?? '')).toMatchObject({ requestPayload: { fail: 'no' } });
  });

  it('are lost if the role does not allow sending to the destination', async () => {
    const onFailure = 'arn:aws:sqs:us-east-1:123456789012:dead';
    const setup = setUp({
      eventInvoke: { maximumRetryAttempts: 0, maximumEventAgeSeconds: 3600, onFailure },
    });
    setup.runtime.invokeAsync('f', '{"fail":"no"}', 'rule');
    await calm(setup);
    expect(setup.letters).toEqual([]);
  });

  it('beyond the reserved concurrency wait; synchronous ones are refused', async () => {
    const setup = setUp({ reservedConcurrency: 1 });
    const first = run(setup, { hang: 30 });
    setup.runtime.invokeAsync('f', '{}', 'rule');
    await expect(run(setup)).rejects.toMatchObject({ code: 'TooManyRequestsException', status: 429 });
    await first;
    expect(setup.runtime.invocations()).toHaveLength(1);
    setup.clock.runUntil(START + 1000);
    await calm(setup);
    expect(setup.runtime.invocations()).toHaveLength(2);
  });
});

describe('the API of Lambda', () => {
  const call = { caller: 'external', callerArn: 'x', account: '123456789012', region: 'us-east-1' };
  async function invoke({ runtime: of }: Setup, input: JsonObject): Promise<unknown> {
    return of.api.operations.Invoke?.(input, call);
  }

  it('runs a function by name or ARN, with the client context', async () => {
    const setup = setUp();
    const context = Buffer.from('{"custom":{"who":"me"}}').toString('base64');
    const answer = await invoke(setup, {
      FunctionName: 'arn:aws:lambda:us-east-1:123456789012:function:f',
      Payload: '{}',
      ClientContext: context,
    });
    expect(answer).toMatchObject({ StatusCode: 200, Payload: expect.stringContaining('"who":"me"') });
    expect(answer).not.toHaveProperty('FunctionError');
  });

  it.each([
    ['a member beside the name', { FunctionName: 'f', Qualifier: 'read' }, ':read'],
    ['a part of the name', { FunctionName: 'f:read' }, ':read'],
    [
      'a part of the ARN, and a member',
      { FunctionName: 'arn:aws:lambda:us-east-1:123456789012:function:f:read', Qualifier: 'read' },
      ':read',
    ],
    ['$LATEST', { FunctionName: 'f', Qualifier: '$LATEST' }, ':$LATEST'],
    ['nothing', { FunctionName: '123456789012:function:f' }, ''],
  ])('puts the qualifier into the context: %s', async (_, input, qualifier) => {
    const answer = await invoke(setUp({ aliases: ['read'] }), { ...input, Payload: '{}' });
    expect(answer).toMatchObject({
      StatusCode: 200,
      Payload: expect.stringContaining(`"arn:aws:lambda:us-east-1:123456789012:function:f${qualifier}"`),
    });
  });

  it('refuses an unknown alias, and two contradictory ones', async () => {
    const setup = setUp({ aliases: ['read', 'tasks'] });
    await expect(invoke(setup, { FunctionName: 'f', Qualifier: 'other' })).rejects.toMatchObject({
      code: 'ResourceNotFoundException',
      status: 404,
      message: 'Function not found: arn:aws:lambda:us-east-1:123456789012:function:f:other',
    });
    await expect(invoke(setup, { FunctionName: 'f:read', Qualifier: 'tasks' })).rejects.toMatchObject({
      code: 'InvalidParameterValueException',
    });
  });

  it('reports that the function failed', async () => {
    expect(await invoke(setUp(), { FunctionName: 'f', Payload: '{"fail":"no"}' })).toMatchObject({
      StatusCode: 200,
      FunctionError: 'Unhandled',
    });
  });

  it('accepts an event and answers immediately', async () => {
    const setup = setUp();
    expect(await invoke(setup, { FunctionName: 'f', InvocationType: 'Event' })).toEqual({ StatusCode: 202 });
    await calm(setup);
    expect(setup.runtime.invocations()).toHaveLength(1);
  });

  it.each([
    [{ FunctionName: 'g' }, 'Function not found: arn:aws:lambda:us-east-1:123456789012:function:g'],
    [{ FunctionName: 'f', Payload: '{' }, 'Could not parse request body into json'],
    [{ FunctionName: 'f', InvocationType: 'Later' }, 'Unsupported invocation type Later'],
  ])('refuses %j', async (input, message) => {
    await expect(invoke(setUp(), input)).rejects.toThrow(message);
  });
});

describe('a reset', () => {
  it('ends running workers, drops records and events, and starts cold', async () => {
    const setup = setUp();
    await run(setup);
    setup.runtime.invokeAsync('f', '{"hang":5000}', 'rule');
    await setup.runtime.reset();
    expect(setup.runtime.busy()).toBe(false);
    expect(setup.runtime.invocations()).toEqual([]);
    expect(setup.clock.idle()).toBe(true);
    expect(await run(setup)).toMatchObject({ count: 1 });
    expect(setup.busy.at(-1)).toBe(false);
  });

  it('keeps idle environments warm if requested, and ends working ones', async () => {
    const setup = setUp();
    await run(setup);
    await setup.runtime.reset(true);
    expect(setup.runtime.invocations()).toEqual([]);
    expect(await run(setup)).toMatchObject({ count: 2 });
    setup.runtime.invokeAsync('f', '{"hang":5000}', 'rule');
    await setup.runtime.reset(true);
    expect(setup.runtime.busy()).toBe(false);
    expect(await run(setup)).toMatchObject({ count: 1 });
  });

  it('refuses calls of an ended worker under another identity', async () => {
    const setup = setUp();
    const key = variable(await run(setup), 'AWS_ACCESS_KEY_ID');
    await setup.runtime.reset();
    expect(setup.runtime.callerOf(key)).toMatchObject({ caller: 'f', alive: false });
  });

  it('on close removes the unpacked code', async () => {
    const setup = setUp();
    const root = variable(await run(setup), 'LAMBDA_TASK_ROOT');
    expect(existsSync(root)).toBe(true);
    await setup.runtime.close();
    expect(existsSync(root)).toBe(false);
  });
});
