import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { portOf, quotasOf, speedOf } from '../../local/options.ts';

const ROOT = join(import.meta.dirname, '..', '..');

describe('npm run local', () => {
  it('refuses a value that an option cannot have', () => {
    expect(() => portOf('70000')).toThrow('--port 70000: expected 0 to 65535');
    expect(() => speedOf('0')).toThrow('--speed 0: expected a number from 1 to 1000000, or max');
    expect(() => quotasOf('half')).toThrow('--quotas half: expected aws or none');
  });

  it.each([
    [['--prot', '1'], /--prot.*expected npm run local/],
    [['--config', 'nowhere.yml'], /nowhere\.yml/],
  ])(
    'refuses %j with one clear error',
    (args, message) => {
      const line = ['cli/run.mjs', 'local/main.ts', ...args];
      const { status, stdout, stderr } = spawnSync(process.execPath, line, { cwd: ROOT, encoding: 'utf8' });
      expect([status, stdout]).toEqual([1, '']);
      expect(stderr).toMatch(message);
      expect(stderr).not.toMatch(/\n\s+at /);
    },
    60_000,
  );
});
