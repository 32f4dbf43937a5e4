import { startTestCloud, type TestCloud } from './cloud.ts';

/** How often a release of the example calls each operation, at most. */
const CALLS: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  'image-pushed': {
    GetItem: 1,
    DescribeImages: 1,
    BatchGetImage: 1,
    GetDownloadUrlForLayer: 1,
    DescribeServices: 1,
    DescribeTaskDefinition: 2,
    RegisterTaskDefinition: 2,
    RunTask: 1,
    GetParameter: 1,
    PutItem: 12,
  },
  'ecs-changed': {
    GetItem: 4,
    DescribeTasks: 1,
    UpdateService: 1,
    DescribeServices: 1,
    GetParameter: 1,
    Publish: 1,
    PutItem: 13,
  },
};

const sites = Object.entries(CALLS).flatMap(([caller, operations]) =>
  Object.entries(operations).flatMap(([operation, times]) =>
    Array.from({ length: times }, (_, index) => [caller, operation, index + 1] as const),
  ),
);

describe('a release during which functions die', () => {
  let cloud: TestCloud;

  beforeAll(async () => {
    cloud = await startTestCloud();
  }, 120_000);
  afterAll(() => cloud?.stop());
  beforeEach(() => cloud.fresh(), 60_000);

  it('is tried around every call that a release makes', async () => {
    const before = (await cloud.calls()).length;
    await cloud.push('1.1.0');
    await cloud.settled('1.1.0');
    for (const [caller, expected] of Object.entries(CALLS)) {
      const calls = (await cloud.calls(before)).filter((call) => call.caller.endsWith(caller));
      const counts: Record<string, number> = {};
      for (const { operation } of calls) counts[operation] = (counts[operation] ?? 0) + 1;
      expect(Object.keys(counts).toSorted()).toEqual(Object.keys(expected).toSorted());
      const missed = Object.entries(counts).filter(([name, count]) => count > (expected[name] ?? 0));
      expect(missed).toEqual([]);
    }
  }, 60_000);

  it.each(sites)(
    'ends right: %s dies before %s number %i, and after it when that is repeated',
    async (caller, operation, nth) => {
      await cloud.fault({ caller, operation, skip: nth - 1, times: 1, crash: 'before' });
      await cloud.fault({ caller, operation, skip: nth, times: 1, crash: 'after' });
      const digest = await cloud.push('1.1.0');
      const release = await cloud.settled('1.1.0');
      expect(release).toMatchObject({ tag: '1.1.0', state: 'live' });
      expect((await cloud.service()).image).toContain(digest);
      expect(await cloud.migrations()).toBe(1);
      // Lambda delivers the event of a function that died again, after a minute and after two more.
      await cloud.control('clock', { advance: '5m' });
      const told = (await cloud.messages()).filter(({ kind }) => kind === 'sns');
      expect(JSON.stringify(told)).toMatch(/is live/);
    },
    90_000,
  );
});
