import { join } from 'node:path';
import { connectionFor, installationOf, type Sources } from '../../cli/connection.ts';
import { exitCode } from '../../cli/failure.ts';
import { configurationFile } from '../../shared/config/load.ts';

const sources: Sources = {
  installation: () => ({ stack: 'fairway-production' }),
  env: {},
  profile: async () => 'eu-north-1',
};

const broken: Sources = {
  ...sources,
  installation: () => {
    throw new Error('unreadable');
  },
};

describe('connectionFor', () => {
  it.each([
    [{}, 'fairway-production-operate'],
    [{ stage: 'staging' }, 'fairway-staging-operate'],
    [{ function: 'mine', stage: 'staging' }, 'mine'],
  ])('with %j invokes %s', async (options, name) => {
    expect((await connectionFor({ json: false, ...options }, sources)).functionName).toBe(name);
  });

  it('needs no readable configuration where the options name the stack and the region', async () => {
    const stage = { json: false, stage: 'staging' };
    await expect(connectionFor({ json: false }, broken)).rejects.toThrow('unreadable');
    await expect(connectionFor(stage, broken)).rejects.toThrow('unreadable');
    await expect(connectionFor({ ...stage, region: 'eu-west-1' }, broken)).resolves.toBeDefined();
  });

  it('never sends real credentials to the local cloud', async () => {
    const local = { json: false, local: 'http://127.0.0.1:1' };
    const { settings } = await connectionFor(local, { ...sources, env: { AWS_REGION: 'eu-west-1' } });
    expect(settings).toEqual({
      endpoint: 'http://127.0.0.1:1',
      region: 'us-east-1',
      credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    });
  });

  it.each([
    ['eu-west-1', 'eu-west-1'],
    ['cn-north-1', 'us-east-1'],
  ])('signs for the region of the local cloud of a file with the region %s: %s', async (region, signed) => {
    const fixed = { ...sources, installation: () => ({ stack: 'fairway-production', region }) };
    const { settings } = await connectionFor({ json: false, local: 'http://127.0.0.1:1' }, fixed);
    expect(settings.region).toBe(signed);
  });

  it('works in the region that the configuration fixes, whatever the shell says', async () => {
    const fixed = {
      ...sources,
      installation: () => ({ stack: 'fairway-production', region: 'eu-west-1' }),
      env: { AWS_REGION: 'us-west-2' },
    };
    expect((await connectionFor({ json: false }, fixed)).where).toBe('AWS in eu-west-1');
    await expect(connectionFor({ json: false, region: 'us-west-2' }, fixed)).rejects.toThrow(
      /--region us-west-2 contradicts `region: eu-west-1`/,
    );
  });

  it('refuses to guess a region', async () => {
    const nowhere = { ...sources, profile: async () => undefined };
    await expect(connectionFor({ json: false }, nowhere)).rejects.toMatchObject({
      exit: exitCode.usage,
      message: expect.stringMatching(/^no AWS region is set: pass --region/),
    });
  });
});

describe('configurationFile', () => {
  it('is the one that packaging takes', () => {
    expect(configurationFile('/here', {})).toBe(join('/here', 'fairway.yml'));
    expect(configurationFile('/here', { FAIRWAY_CONFIG: 'staging.yml' })).toBe(join('/here', 'staging.yml'));
    expect(configurationFile('/here', { FAIRWAY_CONFIG: '' })).toBe(join('/here', 'fairway.yml'));
    expect(configurationFile('/here', { FAIRWAY_CONFIG: 'staging.yml' }, '../prod.yml')).toBe('/prod.yml');
  });
});

describe('installationOf', () => {
  it('says what to do where the file cannot be used', () => {
    const missing = join(import.meta.dirname, 'missing.yml');
    expect(() => installationOf(missing)).toThrow(expect.objectContaining({ exit: exitCode.failed }));
    expect(() => installationOf(missing)).toThrow(
      /missing\.yml[\s\S]*`fairway init` writes one, --config[\s\S]*\nWrite the file, or pass --region together with --stage/,
    );
  });
});
