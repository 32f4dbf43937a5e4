import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const cli = join(import.meta.dirname, '..', '..', 'cli');

describe('the launcher', () => {
  it('says in one sentence that dependencies are missing', () => {
    const empty = mkdtempSync(join(tmpdir(), 'fairway-'));
    for (const file of ['bootstrap.mjs', 'run.mjs', 'fairway.mjs'])
      cpSync(join(cli, file), join(empty, 'cli', file));
    const ended = spawnSync(process.execPath, ['cli/fairway.mjs', 'status'], {
      cwd: empty,
      encoding: 'utf8',
    });
    rmSync(empty, { recursive: true });
    expect(ended.status).toBe(1);
    expect(ended.stderr).toBe(`The dependencies are not installed: run "npm ci" in ${empty} first.\n`);
  });

  it('says which Node it needs', () => {
    const script = `import { nodeFault } from ${JSON.stringify(join(cli, 'bootstrap.mjs'))};
      console.log(JSON.stringify(['18.20.1', '20.18.3', '20.19.0', '22.0.0', '24.1.0'].map((v) => nodeFault(v) ?? 'fine')))`;
    const out = execFileSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' });
    const [old, almost, ...fine] = JSON.parse(out);
    expect(old).toContain('needs Node 20.19 or newer, and this is Node 18.20.1');
    expect(almost).toContain('20.18.3');
    expect(fine).toEqual(['fine', 'fine', 'fine']);
  });

  it('says how it is used when no file is named', () => {
    const ended = spawnSync(process.execPath, [join(cli, 'run.mjs')], { encoding: 'utf8' });
    expect(ended.status).toBe(2);
    expect(ended.stderr).toContain('node cli/run.mjs FILE.ts');
  });

  it.each([
    ['`fairway … | head`', 'help'],
    ['`fairway … 2>&1 | head`', 'nonsense 2>&1'],
  ])('ends quietly when the reader has gone, as in %s', (_, words) => {
    const line = `{ sleep 0.2; "${process.execPath}" "${join(cli, 'fairway.mjs')}" ${words}; echo "ended $?" >&2; } | true`;
    const ended = spawnSync('sh', ['-c', line], { encoding: 'utf8' });
    expect(ended.stderr).toBe('ended 141\n');
  });
});
