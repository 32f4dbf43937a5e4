import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { exitCode } from '../../cli/failure.ts';
import { run } from '../../cli/fairway.ts';
import { fairwayLines, ROOT, wordsOf } from '../documentedCommands.ts';
import { denyingCloud, recorded, restoreVariables, useOnly } from './fake-cloud.ts';

/**
 * Documented lines that ask AWS something. A name alone may only mention its command, and the Serverless Framework is
 * what asks for `deploy-stack`. A saved plan is read before anything is asked.
 */
const LINES = [...new Set(fairwayLines.map(({ line }) => line))].filter(
  (line) =>
    !/^(check|deploy-stack|docs|help|init --(example|foundation)|local|migrate|package|version)\b/.test(
      line,
    ) &&
    !/^(apply plan\.json|permissions --for import)$/.test(line) &&
    !/^(deploy|resume|run|why|show)$|--(local|region)/.test(line),
);

describe('where a documented command acts', () => {
  const before = { ...process.env };
  let cloud: Awaited<ReturnType<typeof denyingCloud>>;
  let folder: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'fairway-places-'));
    await writeFile(join(folder, 'config'), '[default]\nregion = eu-north-1\n');
    cloud = await denyingCloud();
  });
  beforeEach(() => {
    useOnly(cloud);
    cloud.received.length = 0;
  });
  afterAll(async () => {
    restoreVariables(before);
    await cloud.stop();
    await rm(folder, { recursive: true });
  });

  async function act(line: string, env: Readonly<Record<string, string>>) {
    Object.assign(process.env, env);
    const { around, written } = recorded(ROOT);
    const code = await run(wordsOf(line.replace(/\bvN\b/, 'v1')), { ...around, env: process.env });
    return {
      code,
      said: written.out + written.err,
      regions: [...new Set(cloud.received.map(({ region }) => region))],
    };
  }

  it('is tried with many lines', () => {
    expect(LINES.length).toBeGreaterThan(25);
  });

  it.each(LINES)('is the region of the profile: %s', async (line) => {
    const { regions } = await act(line, { AWS_CONFIG_FILE: join(folder, 'config') });
    expect(regions).toEqual(['eu-north-1']);
  });

  it.each(LINES)('is AWS_DEFAULT_REGION, where only that is set: %s', async (line) => {
    expect((await act(line, { AWS_DEFAULT_REGION: 'ap-south-1' })).regions).toEqual(['ap-south-1']);
  });

  it.each(LINES)('is nowhere, and it says what to set, where no region is set: %s', async (line) => {
    const { code, said, regions } = await act(line, {});
    expect(regions).toEqual([]);
    expect(code).toBe(exitCode.usage);
    expect(said).toContain(
      'no AWS region is set: pass --region, set AWS_REGION, set a region in your AWS profile',
    );
  });
});
