import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { prepare, type ServerlessOptions } from '../../stack/serverless.ts';
import { fakeCloud } from '../cli/fake-cloud.ts';
import { aSource } from './configurations.ts';
import { type Project, projectWith } from './packaged.ts';

let project: Project;
beforeAll(async () => {
  project = await projectWith(aSource({ apps: 1, services: 1 }));
});
afterAll(() => project?.remove());

describe('the commands of the Serverless Framework', () => {
  it('refuse to guess a region where they touch an account', async () => {
    const { code, output } = await project.serverless(['deploy']);
    expect(code).toBe(1);
    expect(output).toContain('no AWS region is set: pass --region, set AWS_REGION');
    expect(output).not.toMatch(/us-east-1|\n {4}at /);
  }, 60_000);
});

describe('a stack that belongs to another configuration', () => {
  it('is not changed', async () => {
    const template = JSON.stringify({ Metadata: { Fairway: { apps: ['billing'] } } });
    const body = `<GetTemplateResponse xmlns="http://cloudformation.amazonaws.com/doc/2010-05-15/"><GetTemplateResult>
      <TemplateBody>${template.replaceAll('"', '&quot;')}</TemplateBody></GetTemplateResult></GetTemplateResponse>`;
    const aws = await fakeCloud(() => ({ headers: { 'content-type': 'text/xml' }, body }));
    const { code, output } = await project.serverless(['deploy', '--region', 'eu-west-1'], {
      AWS_ENDPOINT_URL: aws.url,
      AWS_ACCESS_KEY_ID: 'test',
      AWS_SECRET_ACCESS_KEY: 'test',
    });
    await aws.stop();
    expect(code).toBe(1);
    expect(output).toContain(
      'the stack fairway-production belongs to another configuration: it has the app billing',
    );
    expect(aws.received.map(({ body }) => /Action=(\w+)/.exec(body)?.[1])).toEqual(['GetTemplate']);
  }, 60_000);
});

describe('a fault of the configuration', () => {
  it('is shown as `fairway verify` shows it, without a stack trace', async () => {
    const broken = await projectWith(aSource({ apps: 1, services: 1 }).replace('environment', 'enviroment'));
    const { code, output } = await broken.serverless(['package']);
    await broken.remove();
    expect(code).toBe(1);
    expect(output).toMatch(/^fairway: failed to read large\.yml: \d faults?\n {2}large\.yml:1:/);
    expect(output).not.toContain('    at ');
  }, 60_000);
});

describe('prepare', () => {
  const root = mkdtempSync(join(tmpdir(), 'fairway-prepare-'));
  writeFileSync(join(root, 'fairway.yml'), aSource({ apps: 1, services: 1 }));
  afterAll(() => rmSync(root, { recursive: true }));
  const prepared = (options: ServerlessOptions) => prepare(root, options, 'fairway.yml');

  it('takes the region that every other command takes', async () => {
    expect((await prepared({ region: 'eu-west-2', stage: null })).region).toBe('eu-west-2');
  });

  it('refuses a stage that is not the environment', async () => {
    await expect(prepared({ stage: 'staging' })).rejects.toThrow(
      /^--stage staging does not match `environment: production`/,
    );
    await expect(prepared({ stage: 'production', region: 'eu-west-2' })).resolves.toBeDefined();
  });
});
