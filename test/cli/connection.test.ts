import { join } from 'node:path';
import { configurationFile, connectionFor, environmentOf } from '../../cli/connection.ts';
import { exitCode } from '../../cli/failure.ts';

const environment = () => 'production';

describe('connectionFor', () => {
  it('asks the function of the environment, unless a stage or the function is named', () => {
    const nameFor = (options: object) =>
      connectionFor({ json: false, ...options }, environment, {}).functionName;
    expect(nameFor({})).toBe('fairway-production-operate');
    expect(nameFor({ stage: 'staging' })).toBe('fairway-staging-operate');
    expect(nameFor({ function: 'mine', stage: 'staging' })).toBe('mine');
  });

  it('needs no readable configuration where the stage is named', () => {
    const broken = () => {
      throw new Error('unreadable');
    };
    expect(() => connectionFor({ json: false }, broken, {})).toThrow('unreadable');
    expect(() => connectionFor({ json: false, stage: 'staging' }, broken, {})).not.toThrow();
  });

  it('never sends real credentials to the local cloud', () => {
    const local = { json: false, local: 'http://127.0.0.1:1' };
    expect(connectionFor(local, environment, { AWS_REGION: 'eu-west-1' }).settings).toEqual({
      endpoint: 'http://127.0.0.1:1',
      region: 'us-east-1',
      credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    });
  });

  it('prefers --region to the environment, and leaves the profile its say', () => {
    const regionFor = (options: object, env: Record<string, string>) =>
      connectionFor({ json: false, ...options }, environment, env).settings;
    expect(regionFor({ region: 'eu-west-1' }, { AWS_REGION: 'x' })).toEqual({ region: 'eu-west-1' });
    expect(regionFor({}, { AWS_DEFAULT_REGION: 'y' })).toEqual({ region: 'y' });
    expect(regionFor({}, {})).toEqual({});
  });
});

describe('configurationFile', () => {
  it('is the one that packaging takes', () => {
    expect(configurationFile('/here', {})).toBe(join('/here', 'fairway.yml'));
    expect(configurationFile('/here', { FAIRWAY_CONFIG: 'staging.yml' })).toBe(join('/here', 'staging.yml'));
  });
});

describe('environmentOf', () => {
  it('says what to do where the file cannot be used', () => {
    const missing = join(import.meta.dirname, 'missing.yml');
    expect(() => environmentOf(missing)).toThrow(expect.objectContaining({ exit: exitCode.failed }));
    expect(() => environmentOf(missing)).toThrow(/missing\.yml[\s\S]*--stage/);
  });
});
