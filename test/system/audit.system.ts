import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Cloud, startCloud } from '../../local/cloud.ts';
import type { CallRecord } from '../../local/contract.ts';
import { writeDeliverable } from '../../stack/deliverable.ts';
import { stackOfFile } from '../../stack/serverless.ts';

const SOURCE = `
environment: production
region: us-east-1
channels: { mail: { sns: {} } }
defaults: { cluster: app-prod, channels: [mail], taskRole: app-task, executionRole: app-execution }
apps: { web: { image: { repository: web-app, tags: { semver: ">=1.0.0" } }, services: [{ name: web-app }] } }
audit: { daily: { at: "06:00" } }
`;

/** The next day at 05:58 UTC. */
function beforeTheAudit(): number {
  const day = 24 * 3_600_000;
  return (Math.floor(Date.now() / day) + 1) * day + 6 * 3_600_000 - 120_000;
}

describe('the function audit, as it is deployed', () => {
  let cloud: Cloud;
  let directory: string;

  async function control<Answer>(path: string, body?: object): Promise<Answer> {
    const post = { method: 'POST', body: JSON.stringify(body) };
    const response = await fetch(`${cloud.url}/_local/${path}`, body === undefined ? {} : post);
    return JSON.parse(await response.text());
  }

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'fairway-audit-'));
    const file = join(directory, 'fairway.yml');
    await writeFile(file, SOURCE);
    const stack = await stackOfFile(file);
    await writeDeliverable(stack, directory);
    const { configuration } = stack;
    const startAt = beforeTheAudit();
    cloud = await startCloud({ port: 0, speed: 'max', configuration, packageDirectory: directory, startAt });
    await control('clock', { advance: '10m' });
  }, 120_000);
  afterAll(async () => {
    await cloud?.stop();
    await rm(directory, { recursive: true, force: true });
  });

  it('runs at its time, and announces what it finds once', async () => {
    const messages = await control<{ kind: string; payload: { Message?: string } }[]>('messages');
    const audits = messages.filter((message) => JSON.stringify(message).includes('the audit has'));
    expect(audits).toHaveLength(1);
    expect(JSON.stringify(audits)).toMatch(/new findings?.*fairway audit web/);
  });

  it('is denied nothing, and changes nothing but its memory', async () => {
    const calls = await control<CallRecord[]>('calls');
    const mine = calls.filter(({ caller }) => caller.endsWith('-audit'));
    expect(mine.length).toBeGreaterThan(10);
    expect(mine.filter(({ status }) => status === 403)).toEqual([]);
    const changes = mine.filter(({ operation }) => !/^(?:Describe|Get|List|BatchGet)/.test(operation));
    expect(new Set(changes.map(({ operation }) => operation))).toEqual(new Set(['PutItem', 'Publish']));
    const invocations = await control<{ function: string; error?: string }[]>('invocations');
    const failed = invocations.filter(({ function: name, error }) => name.endsWith('-audit') && error);
    expect(failed).toEqual([]);
  });
});
