import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Failure } from '../../cli/failure.ts';
import { writeFailure, writeText } from '../../cli/writing.ts';

const directory = mkdtempSync(join(tmpdir(), 'fairway-writing-'));
afterAll(() => rmSync(directory, { recursive: true }));

describe('a file that cannot be written', () => {
  it.each([
    ['is a folder', directory, 'failed to migrate it: it is a folder: choose another name (EISDIR)'],
    [
      'is in a folder that does not exist',
      join(directory, 'none', 'file'),
      'failed to migrate it: its folder does not exist: create it, then try again (ENOENT)',
    ],
  ])('is a failure that says what to do: it %s', (_, path, message) => {
    expect(() => writeText(path, '', 'migrate it')).toThrow(message);
  });

  it.each(['EACCES', 'EPERM', 'EROFS', 'ENOSPC'])('is a failure that shows no raw error: %s', (code) => {
    const raw = Object.assign(new Error(`${code}: raw`), { code });
    const failure = writeFailure(raw, 'migrate fairway.yml');
    expect(failure).toBeInstanceOf(Failure);
    expect(String(failure)).toMatch(/failed to migrate fairway\.yml: \w/);
    expect(String(failure)).not.toContain('raw');
  });

  it('is another error where it is not the file', () => {
    const error = new TypeError('a bug');
    expect(writeFailure(error, 'migrate fairway.yml')).toBe(error);
  });
});
