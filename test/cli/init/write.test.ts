import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { existingText, writeTogether } from '../../../cli/init/write.ts';

describe('files that are written together', () => {
  let directory = '';
  const path = (name: string) => join(directory, name);
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'fairway-test-write-'));
  });
  afterEach(() => rmSync(directory, { recursive: true }));

  const created = (name: string) => ({ name, before: undefined, after: 'new', adds: false });
  const changed = (name: string) => ({ name, before: 'old', after: 'new', adds: true });

  it('are created and changed, through links and with their permissions', () => {
    writeFileSync(path('real'), 'old', { mode: 0o600 });
    symlinkSync('real', path('link'));
    writeTogether([created('a'), changed('link')], directory);
    expect(readFileSync(path('a'), 'utf8')).toBe('new');
    expect(readFileSync(path('real'), 'utf8')).toBe('new');
    expect(statSync(path('real')).mode & 0o777).toBe(0o600);
    expect(readdirSync(directory).toSorted()).toEqual(['a', 'link', 'real']);
  });

  it('are as before if one of them cannot be written', () => {
    writeFileSync(path('file'), 'old');
    // The second of both finds that the file exists.
    expect(() =>
      writeTogether([created('a'), changed('file'), created('b'), created('b')], directory),
    ).toThrow(/^failed to write b: a file of that name exists: .*Nothing was written$/);
    expect(readdirSync(directory)).toEqual(['file']);
    expect(readFileSync(path('file'), 'utf8')).toBe('old');
  });

  it('are not begun if the folder of one does not exist', () => {
    expect(() => writeTogether([created('a'), created('none/b')], directory)).toThrow(
      /^failed to write none\/b: its folder does not exist: create it/,
    );
    expect(readdirSync(directory)).toEqual([]);
  });

  it('are read, or there is a reason why not', () => {
    expect(existingText('none', directory)).toBeUndefined();
    mkdirSync(path('folder'));
    expect(() => existingText('folder', directory)).toThrow(
      /^failed to read folder: it is a folder: move it away/,
    );
    symlinkSync(path('elsewhere'), path('link'));
    expect(() => existingText('link', directory)).toThrow(
      /^failed to read link: it is a symbolic link to a file that/,
    );
    expect(existsSync(path('elsewhere'))).toBe(false);
    writeFileSync(path('file'), '');
    expect(() => existingText('file/below', directory)).toThrow(
      /^failed to read file\/below: a part of the path/,
    );
  });
});
