import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { clones } from './clones.ts';

describe('the command', () => {
  const clone = clones();

  it('once built runs without any TypeScript and without what it does not need', () => {
    const { folder, build, fairway, remove } = clone();
    expect(build()).toEqual({ status: 0, out: '', err: '' });
    expect(existsSync(join(folder, 'compiled', 'main.js'))).toBe(true);
    remove('node_modules');
    expect(fairway('version')).toEqual({ status: 0, out: 'fairway 0.1.0\n', err: '' });
    expect(fairway('check')).toMatchObject({ status: 0, err: '' });
    expect(fairway('why')).toMatchObject({ status: 64, err: expect.stringContaining('missing argument') });
  }, 60_000);

  it('never runs code that is older than its sources', () => {
    const { build, change, fairway, folder } = clone();
    build();
    change('cli/help.ts', 'push an image, and it goes live', 'a changed sentence');
    expect(fairway('help').out).toContain('a changed sentence');
    const compiled = readFileSync(join(folder, 'compiled', 'main.js'), 'utf8');
    expect(compiled).toContain('a changed sentence');
  }, 60_000);

  it('runs from its sources where it cannot be compiled, and says what is wrong with them', () => {
    const { change, fairway, folder } = clone();
    writeFileSync(join(folder, 'compiled'), 'in the way');
    expect(fairway('version')).toMatchObject({ status: 0, out: 'fairway 0.1.0\n' });
    change('cli/help.ts', 'import', 'immport');
    expect(fairway('help')).toMatchObject({ status: 1, err: expect.stringContaining('cli/help.ts') });
  }, 60_000);

  it('compiles itself where it was installed without scripts', () => {
    const { fairway, folder } = clone();
    expect(fairway('version').out).toBe('fairway 0.1.0\n');
    expect(existsSync(join(folder, 'compiled', 'sources.json'))).toBe(true);
  }, 60_000);
});
