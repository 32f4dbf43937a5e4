import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { prepare, type ServerlessOptions, stackOfFile } from '../../stack/serverless.ts';
import { aSource } from './configurations.ts';

const CHINA = '210987654321.dkr.ecr.cn-north-1.amazonaws.com.cn';

describe('prepare', () => {
  const root = mkdtempSync(join(tmpdir(), 'fairway-prepare-'));
  writeFileSync(join(root, 'fairway.yml'), aSource({ apps: 1, services: 1 }));
  afterAll(() => rmSync(root, { recursive: true }));
  const prepared = (options: ServerlessOptions) => prepare(root, options, 'fairway.yml');

  it('uses the region that every other command uses', async () => {
    expect((await prepared({ region: 'eu-west-2', stage: null })).region).toBe('eu-west-2');
  });

  it('refuses a registry of another partition than the region, which the file does not name', async () => {
    const text = aSource({ apps: 1, services: 1 }).replace('team/', `${CHINA}/team/`);
    writeFileSync(join(root, 'china.yml'), text);
    await expect(prepare(root, { region: 'us-east-1' }, 'china.yml')).rejects.toThrow(
      /^apps\.\S+\.image\.repository: expected a repository that us-east-1 can read/,
    );
    await expect(prepare(root, { region: 'cn-northwest-1' }, 'china.yml')).resolves.toBeDefined();
  });

  it('refuses a stage that contradicts FAIRWAY_ENVIRONMENT', async () => {
    process.env.FAIRWAY_ENVIRONMENT = 'production';
    try {
      await expect(prepared({ stage: 'staging' })).rejects.toThrow(
        /^--stage staging contradicts FAIRWAY_ENVIRONMENT=production/,
      );
    } finally {
      delete process.env.FAIRWAY_ENVIRONMENT;
    }
  });

  it('refuses a stage that is not the environment', async () => {
    await expect(prepared({ stage: 'staging' })).rejects.toThrow(
      /^--stage staging does not match `environment: production`/,
    );
    writeFileSync(
      join(root, 'several.yml'),
      aSource({ apps: 1, services: 1 }).replace('{', '{ environments: { production: {}, staging: {} },'),
    );
    await expect(stackOfFile(join(root, 'several.yml'), { stage: 'staging' }, 'production')).rejects.toThrow(
      '--stage staging contradicts --environment production: leave one of them out',
    );
    await expect(prepared({ stage: 'production', region: 'eu-west-2' })).resolves.toBeDefined();
  });
});
