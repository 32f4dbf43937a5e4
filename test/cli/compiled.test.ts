import { existsSync } from 'node:fs';
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
});
