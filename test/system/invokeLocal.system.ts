import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { payload } from '../intake/payloads.ts';
import { copyProject } from '../packaged/example.ts';
import { startTestCloud, type TestCloud } from './cloud.ts';

const EVENTS = join(import.meta.dirname, '..', '..', 'events');

describe('serverless invoke local', () => {
  let cloud: TestCloud;
  let project = '';
  beforeAll(async () => {
    project = await mkdtemp(join(tmpdir(), 'fairway-test-project-'));
    await copyProject(project);
    cloud = await startTestCloud(undefined, 0);
    await cloud.adopted();
  }, 180_000);
  afterAll(async () => {
    await cloud?.stop();
    await rm(project, { recursive: true, force: true });
  });

  /** Calls a function with a payload of `events/`. */
  function invoke(name: string, event: string): Promise<{ code: number | null; out: string }> {
    const program = join(project, 'node_modules', 'serverless', 'bin', 'serverless.js');
    const line = [program, 'invoke', 'local', '-f', name, '-p', join(EVENTS, `${event}.json`)];
    const set = { AWS_ENDPOINT_URL: cloud.url, AWS_REGION: 'us-east-1', AWS_EC2_METADATA_DISABLED: 'true' };
    const keys = { AWS_ACCESS_KEY_ID: 'local', AWS_SECRET_ACCESS_KEY: 'local' };
    const child = spawn(process.execPath, line, {
      cwd: project,
      env: { ...process.env, ...set, ...keys, SLS_TELEMETRY_DISABLED: '1' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let out = '';
    child.stdout.on('data', (chunk) => (out += String(chunk)));
    child.stderr.on('data', (chunk) => (out += String(chunk)));
    return new Promise((resolve) => child.once('exit', (code) => resolve({ code, out })));
  }

  it('answers a request to operate from the local cloud', async () => {
    const { code, out } = await invoke('operate', 'operate-status');
    expect([code, out]).toEqual([0, expect.stringContaining('"sentence": "1 app"')]);
    expect(out).toContain('"revision": "web-app:1"');
  }, 120_000);

  it('takes an event of ECR', async () => {
    expect(payload('ecr-push')).toMatchObject({ detail: { 'repository-name': 'web-app' } });
    const { code, out } = await invoke('image-pushed', 'ecr-push');
    expect([code, out]).toEqual([0, expect.stringContaining('looking up what 1.1.0 points to')]);
  }, 120_000);
});
