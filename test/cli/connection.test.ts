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

  it.each([
    [{ stage: 'staging' }, 'fairway-payments-staging-operate'],
    [{}, 'fairway-payments-production-operate'],
  ])('with %j invokes %s of an installation with a name', async (options, name) => {
    const named = { stack: 'fairway-payments-production', service: 'fairway-payments' };
    const { functionName } = await connectionFor(
      { json: false, ...options },
      { ...sources, installation: () => named },
    );
    expect(functionName).toBe(name);
  });

  describe('to a file that names region and account', () => {
    const owned: Sources = {
      ...sources,
      installation: () => ({ stack: 'fairway-production', region: 'eu-west-1', account: '111111111111' }),
    };
    const owner = { stack: 'fairway-production', account: '111111111111' };
    const connect = (options: object, isKnown: boolean) =>
      connectionFor({ json: false, ...options }, { ...owned, isKnown });

    it.each([
      [{}, true],
      [{}, false],
      [{ stage: 'production' }, true],
      [{ stage: 'production' }, false],
      [{ stage: 'production', region: 'eu-west-1' }, true],
      [{ stage: 'production', region: 'eu-west-1' }, false],
      [{ function: 'mine', region: 'eu-west-1' }, true],
    ])('with %j keeps the account (command that works with the file: %s)', async (options, isKnown) => {
      expect((await connect(options, isKnown)).owner).toEqual(owner);
    });

    it.each([true, false])(
      'refuses another region (command that works with the file: %s)',
      async (isKnown) => {
        await expect(connect({ stage: 'production', region: 'us-east-1' }, isKnown)).rejects.toThrow(
          /--region us-east-1 contradicts/,
        );
      },
    );

    it('refuses another stage where the command works with the file', async () => {
      await expect(connect({ stage: 'staging' }, true)).rejects.toMatchObject({
        exit: exitCode.usage,
        message: expect.stringMatching(/^--stage staging is not .* fairway-production: .*--config$/),
      });
    });

    it('refuses the function of another stack where the command works with the file', async () => {
      await expect(connect({ function: 'fairway-staging-operate' }, true)).rejects.toMatchObject({
        exit: exitCode.usage,
        message: expect.stringContaining('is of the stack fairway-staging, and'),
      });
      expect(await connect({ function: 'fairway-production-operate' }, true)).toMatchObject({ owner });
      expect(await connect({ function: 'mine' }, true)).toMatchObject({ functionName: 'mine' });
    });

    it.each([
      [{ function: 'fairway-staging-operate' }, 'eu-north-1', 'fairway-staging-operate'],
      [{ stage: 'staging' }, 'eu-west-1', 'fairway-staging-operate'],
      [{ stage: 'staging', region: 'us-east-1' }, 'us-east-1', 'fairway-staging-operate'],
      [{ function: 'mine', region: 'us-east-1' }, 'us-east-1', 'mine'],
    ])('applies neither to what only the options name: %j', async (options, region, name) => {
      const { owner: none, settings, functionName } = await connect(options, false);
      expect({ none, region: settings.region, functionName }).toEqual({
        none: undefined,
        region,
        functionName: name,
      });
    });
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
