import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeZip } from '../local/lambda/zips.ts';
import { packagedExample } from '../packaged/example.ts';
import { startTestCloud, type TestCloud } from './cloud.ts';
import { shiftTraffic, weights } from './shifts.ts';

const TEMPLATE = 'cloudformation-template-update-stack.json';
/** Lambda hooks: one that needs a second call, and one that refuses. */
const CODE = `
export const slow = async ({ lifecycleStage, executionDetails, hookDetails }) =>
  hookDetails?.calls === 1 && lifecycleStage === 'POST_SCALE_UP' && executionDetails.targetServiceRevisionArn
    ? { hookStatus: 'SUCCEEDED' }
    : { hookStatus: 'IN_PROGRESS', callBackDelay: 10, hookDetails: { calls: 1 } };
export const strict = async () => ({ hookStatus: 'FAILED' });
export const broken = async () => ({ ok: true });
`;
const HOOKS = ['slow', 'strict', 'broken'];

/** The packaged example with these functions beside those of Fairway. */
async function packagedWithHooks(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'fairway-test-hooks-'));
  await cp(join(await packagedExample(), '.serverless'), directory, { recursive: true });
  const template = JSON.parse(await readFile(join(directory, TEMPLATE), 'utf8'));
  const { SweepLambdaFunction: sweep } = template.Resources;
  for (const name of HOOKS) {
    const Code = { ...sweep.Properties.Code, S3Key: 'hooks.zip' };
    const Properties = { ...sweep.Properties, FunctionName: name, Handler: `hooks.${name}`, Code };
    template.Resources[`${name}Hook`] = { ...sweep, Properties };
  }
  await writeFile(join(directory, TEMPLATE), JSON.stringify(template));
  await writeZip(join(directory, 'hooks.zip'), { 'hooks.mjs': CODE });
  return directory;
}

describe('a Lambda hook whose function is packaged', () => {
  let cloud: TestCloud;
  let directory = '';

  beforeAll(async () => {
    directory = await packagedWithHooks();
    cloud = await startTestCloud(undefined, undefined, { packageDirectory: directory });
  }, 180_000);
  afterAll(async () => {
    await cloud?.stop();
    await rm(directory, { recursive: true, force: true });
  });
  beforeEach(() => cloud.fresh(), 60_000);

  async function releaseWith(name: string) {
    const lifecycleHooks = [
      {
        targetType: 'AWS_LAMBDA',
        hookTargetArn: `arn:aws:lambda:us-east-1:123456789012:function:${name}`,
        roleArn: 'arn:aws:iam::123456789012:role/hooks',
        lifecycleStages: ['POST_SCALE_UP'],
      },
    ];
    await shiftTraffic(cloud, 'BLUE_GREEN', { lifecycleHooks });
    await cloud.push('1.1.0');
    return cloud.settled('1.1.0');
  }

  it('lets the deployment go on once it succeeds, after a call that asked for a second one', async () => {
    expect(await releaseWith('slow')).toMatchObject({ state: 'live' });
    const invocations = await cloud.control<{ function: string }[]>('invocations');
    expect(invocations.filter((each) => each.function === 'slow')).toHaveLength(2);
    expect(await weights(cloud)).toEqual([0, 100]);
  }, 120_000);

  it.each([
    ['strict', /returned FAILED status/],
    ['broken', /HookStatus must not be null/],
  ])(
    'fails the release where it does not succeed: %s',
    async (name, words) => {
      expect(await releaseWith(name)).toMatchObject({ state: 'failed' });
      expect(JSON.stringify(await cloud.messages())).toMatch(words);
      expect(await weights(cloud)).toEqual([100, 0]);
    },
    120_000,
  );
});
