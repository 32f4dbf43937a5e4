import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from '../../../cli/fairway.ts';
import { aSource, type Size } from '../../stack/configurations.ts';
import { recorded } from '../fake-cloud.ts';

const directory = mkdtempSync(join(tmpdir(), 'fairway-test-check-'));
afterAll(() => rmSync(directory, { recursive: true }));

async function check(size: Size) {
  writeFileSync(join(directory, 'fairway.yml'), aSource(size));
  const { around, written } = recorded(directory);
  return { code: await run(['check'], around), ...written };
}

describe('fairway check', () => {
  it('fails for a stack that packaging would refuse', async () => {
    const { code, err } = await check({ apps: 10, services: 1, schedules: 50 });
    expect(code).toBe(1);
    expect(err).toMatch(/it needs \d+ resources, 500 of them schedules, and CloudFormation allows 500/);
  });

  it('warns of a quota that AWS can increase', async () => {
    const nameOf = (service: number) => `service-${service}-`.padEnd(255, 'x');
    const { code, out } = await check({ apps: 40, services: 10, nameOf });
    expect(code).toBe(0);
    expect(out).toMatch(/is valid: 40 apps, 400 services\.\n\nWarnings\n {2}! the stack needs \d+ rules/);
  });
});
