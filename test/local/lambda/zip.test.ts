import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { unpackZip } from '../../../local/lambda/zip.ts';
import { writeZip } from './zips.ts';

let directory = '';
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'fairway-test-zip-'));
});
afterEach(() => rm(directory, { recursive: true }));

describe('unpacking a zip', () => {
  it('restores deflated and stored files in their folders', async () => {
    const zip = join(directory, 'x.zip');
    await writeZip(zip, { 'a/b/handler.mjs': 'x'.repeat(10_000), 'c.txt': 'ü' });
    await unpackZip(zip, join(directory, 'out'));
    expect(await readFile(join(directory, 'out/a/b/handler.mjs'), 'utf8')).toBe('x'.repeat(10_000));
    expect(await readFile(join(directory, 'out/c.txt'), 'utf8')).toBe('ü');
  });

  it('refuses a path that leaves the archive', async () => {
    const zip = join(directory, 'x.zip');
    await writeZip(zip, { '../evil': 'x' });
    await expect(unpackZip(zip, join(directory, 'out'))).rejects.toThrow('../evil leaves the archive');
  });

  it('refuses a file that is not a zip', async () => {
    const zip = join(directory, 'x.zip');
    await writeFile(zip, 'hello');
    await expect(unpackZip(zip, join(directory, 'out'))).rejects.toThrow('not a zip file');
  });
});
