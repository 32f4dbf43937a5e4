import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { regionFrom, regionOfProfile } from '../../stack/region.ts';

const profile = async () => 'eu-north-1';

describe('regionFrom', () => {
  it.each([
    ['--region', { option: 'eu-west-1', env: { AWS_REGION: 'us-west-2' } }, 'eu-west-1'],
    ['the configuration', { configured: 'eu-west-2', env: { AWS_REGION: 'us-west-2' } }, 'eu-west-2'],
    ['AWS_REGION', { env: { AWS_REGION: 'us-west-2', AWS_DEFAULT_REGION: 'us-west-1' } }, 'us-west-2'],
    ['AWS_DEFAULT_REGION', { env: { AWS_DEFAULT_REGION: 'us-west-1' } }, 'us-west-1'],
    [
      'AWS_DEFAULT_REGION, where AWS_REGION is empty',
      { env: { AWS_REGION: '', AWS_DEFAULT_REGION: 'us-west-1' } },
      'us-west-1',
    ],
    ['the profile', { env: {} }, 'eu-north-1'],
  ])('uses %s', async (_, sources, region) => {
    expect(await regionFrom({ ...sources, profile })).toBe(region);
  });

  it('has no default', async () => {
    expect(await regionFrom({ env: {}, profile: async () => undefined })).toBeUndefined();
  });

  it('refuses an option that contradicts the configuration', async () => {
    const sources = { option: 'us-east-1', configured: 'eu-west-1', env: {}, profile };
    await expect(regionFrom(sources)).rejects.toThrow(/us-east-1 contradicts `region: eu-west-1`/);
  });
});

describe('regionOfProfile', () => {
  const before = process.env;
  const directory = mkdtempSync(join(tmpdir(), 'fairway-profile-'));
  const file = join(directory, 'config');
  writeFileSync(
    file,
    '[default]\nregion = eu-central-1\n[profile other]\nregion = sa-east-1\n[profile none]\n',
  );

  beforeEach(() => {
    const kept = Object.entries(before).filter(([name]) => !name.startsWith('AWS_'));
    process.env = { ...Object.fromEntries(kept), AWS_CONFIG_FILE: file };
  });
  afterAll(() => {
    process.env = before;
    rmSync(directory, { recursive: true });
  });

  it('reads the default profile, or the given one', async () => {
    expect(await regionOfProfile()).toBe('eu-central-1');
    expect(await regionOfProfile('other')).toBe('sa-east-1');
    process.env.AWS_PROFILE = 'other';
    expect(await regionOfProfile()).toBe('sa-east-1');
  });

  it('does not ask the network', async () => {
    const asked = jest.fn();
    const server = createServer(asked).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    process.env.AWS_EC2_METADATA_SERVICE_ENDPOINT = `http://127.0.0.1:${port}`;
    expect(await regionOfProfile('none')).toBeUndefined();
    server.close();
    expect(asked).not.toHaveBeenCalled();
  });

  it('returns undefined for a profile without a region', async () => {
    expect(await regionOfProfile('none')).toBeUndefined();
  });
});
