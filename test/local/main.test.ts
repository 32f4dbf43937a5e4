import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

const ROOT = join(__dirname, '..', '..');

/** `npm run local -- …` as npm runs it, to its end. */
function local(...args: string[]) {
  const line = ['cli/run.mjs', 'local/main.ts', ...args];
  const { status, stdout, stderr } = spawnSync(process.execPath, line, { cwd: ROOT, encoding: 'utf8' });
  return { code: status, out: stdout, err: stderr };
}

describe('npm run local', () => {
  it.each([
    [['--prot', '1'], /--prot.*expected npm run local/],
    [['--port', '70000'], /--port 70000: expected 0 to 65535/],
    [['--speed', '0'], /--speed 0: expected a number from 1 to 1000000, or max/],
    [['--quotas', 'half'], /--quotas half: expected aws or none/],
    [['--config', 'nowhere.yml'], /nowhere\.yml/],
  ])(
    'refuses %j with one clear error',
    (args, message) => {
      const { code, out, err } = local(...args);
      expect(code).toBe(1);
      expect(out).toBe('');
      expect(err).toMatch(message);
      expect(err).not.toMatch(/\n\s+at /);
    },
    60_000,
  );
});
