import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClock } from '../../../local/clock.ts';
import { createIds } from '../../../local/ids.ts';
import { createRuntime, type Runtime } from '../../../local/lambda/runtime.ts';
import { functionNamed } from './functions.ts';
import { writeZip } from './zips.ts';

/** Takes a while to load, and answers when that was. */
const SLOW = `
const loading = Date.now();
await new Promise((resolve) => setTimeout(resolve, 300));
const loaded = Date.now();
export const handler = async (event) => {
  if (event.hang) await new Promise((resolve) => setTimeout(resolve, event.hang));
  return { loading, loaded };
};
`;

interface Loaded {
  readonly loading: number;
  readonly loaded: number;
}

describe('starts of workers', () => {
  let directory = '';
  let runtime: Runtime;
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'fairway-test-starts-'));
    await writeZip(join(directory, 'slow.zip'), { 'src/handler.mjs': SLOW });
    await writeZip(join(directory, 'broken.zip'), { 'src/handler.mjs': 'throw new Error("cannot load");' });
  });
  beforeEach(() => {
    const slow = (name: string, zip = 'slow') =>
      functionNamed(name, { zipPath: join(directory, `${zip}.zip`), timeoutSeconds: 10 });
    runtime = createRuntime({
      clock: createClock(0),
      ids: createIds(1),
      account: '123456789012',
      region: 'us-east-1',
      functions: [slow('f'), slow('g'), slow('broken', 'broken')],
      endpoint: () => 'http://127.0.0.1:1',
      slackUrl: () => 'http://127.0.0.1:1/_slack/',
      writeLog: () => {},
      deadLetter: () => {},
      mostStarting: 2,
    });
  });
  afterEach(() => runtime.close());
  afterAll(() => rm(directory, { recursive: true }));

  async function run(name: string, event: object): Promise<Loaded> {
    const { payload } = await runtime.invokeSync(name, JSON.stringify(event));
    return JSON.parse(payload);
  }

  it('are limited, however many invocations there are', async () => {
    const answers = await Promise.all(
      Array.from({ length: 8 }, (_, index) => run(index % 2 ? 'f' : 'g', { hang: 3_000 })),
    );
    const most = answers.map(
      ({ loading }) => answers.filter((other) => other.loading <= loading && loading < other.loaded).length,
    );
    expect(Math.max(...most)).toBeLessThanOrEqual(2);
    const environments = new Set(answers.map(({ loading }) => loading));
    expect(environments.size).toBeGreaterThan(2);
  }, 30_000);

  it('are replaced by environments that become free', async () => {
    await Promise.all(Array.from({ length: 12 }, () => run('f', {})));
    const records = runtime.invocations();
    expect(records).toHaveLength(12);
    expect(records.filter(({ coldStart }) => coldStart).length).toBeLessThanOrEqual(4);
    // Waiting for a turn is no part of the invocation.
    expect(
      Math.max(...records.filter(({ coldStart }) => !coldStart).map(({ durationMs }) => durationMs)),
    ).toBeLessThan(250);
  }, 30_000);

  it('that fail free their turn', async () => {
    const failed = Array.from({ length: 4 }, () => runtime.invokeSync('broken', '{}'));
    expect((await Promise.all(failed)).every(({ functionError }) => functionError !== undefined)).toBe(true);
    expect(await run('f', {})).toHaveProperty('loaded');
  }, 30_000);

  it('that wait end with a reset', async () => {
    const waiting = Array.from({ length: 6 }, () => runtime.invokeSync('f', '{}'));
    await new Promise((resolve) => setTimeout(resolve, 50));
    await runtime.reset();
    expect((await Promise.all(waiting)).every(({ functionError }) => functionError !== undefined)).toBe(true);
    expect(runtime.busy()).toBe(false);
    expect(await run('f', {})).toHaveProperty('loaded');
  }, 30_000);
});
