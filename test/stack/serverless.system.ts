import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fakeCloud } from '../cli/fake-cloud.ts';
import { aSource } from './configurations.ts';
import { type Project, projectWith } from './packaged.ts';

let project: Project;
beforeAll(async () => {
  project = await projectWith(aSource({ apps: 1, services: 1 }));
});
afterAll(() => project?.remove());

describe('the commands of the Serverless Framework', () => {
  it('do not guess a region if they use an account', async () => {
    const { code, output } = await project.serverless(['deploy']);
    expect(code).toBe(1);
    expect(output).toContain('no AWS region is set: pass --region, set AWS_REGION');
    expect(output).not.toMatch(/us-east-1|\n {4}at /);
  }, 60_000);
});

describe('a stack that belongs to another configuration', () => {
  /** Deploys to an account that has such a stack. */
  async function deploy(args: readonly string[], env: Readonly<Record<string, string>>) {
    const template = JSON.stringify({ Metadata: { Fairway: { apps: ['billing'] } } });
    const body = `<GetTemplateResponse xmlns="http://cloudformation.amazonaws.com/doc/2010-05-15/"><GetTemplateResult>
      <TemplateBody>${template.replaceAll('"', '&quot;')}</TemplateBody></GetTemplateResult></GetTemplateResponse>`;
    const aws = await fakeCloud(() => ({ headers: { 'content-type': 'text/xml' }, body }));
    const { code, output } = await project.serverless(['deploy', ...args], {
      AWS_ENDPOINT_URL: aws.url,
      AWS_ACCESS_KEY_ID: 'test',
      AWS_SECRET_ACCESS_KEY: 'test',
      ...env,
    });
    await aws.stop();
    // The framework asks for the account as well.
    const received = aws.received.filter(({ body }) => !body.includes('GetCallerIdentity'));
    return { code, output, received };
  }

  it('is not changed', async () => {
    const { code, output, received } = await deploy(['--region', 'eu-west-1'], {});
    expect(code).toBe(1);
    expect(output).toContain(
      'the stack fairway-production belongs to another configuration: it has the app billing',
    );
    expect(received.map(({ body }) => /Action=(\w+)/.exec(body)?.[1])).toEqual(['GetTemplate']);
  }, 60_000);

  it('is looked for where `fairway` acts: in the region of the profile, or AWS_DEFAULT_REGION', async () => {
    const config = join(project.directory, 'aws-config');
    await writeFile(config, '[default]\nregion = eu-north-1\n');
    const ofProfile = await deploy([], { AWS_CONFIG_FILE: config });
    expect(ofProfile.received.map(({ region }) => region)).toEqual(['eu-north-1']);
    const ofVariable = await deploy([], { AWS_DEFAULT_REGION: 'ap-south-1' });
    expect(ofVariable.received.map(({ region }) => region)).toEqual(['ap-south-1']);
  }, 120_000);
});

describe('a fault of the configuration', () => {
  it('is shown as `fairway verify` shows it, without a stack trace', async () => {
    const broken = await projectWith(aSource({ apps: 1, services: 1 }).replace('environment', 'enviroment'));
    const { code, output } = await broken.serverless(['package']);
    await broken.remove();
    expect(code).toBe(1);
    expect(output).toMatch(/^fairway: failed to read large\.yml: \d mistakes?\n {2}large\.yml:1:/);
    expect(output).not.toContain('    at ');
  }, 60_000);
});
