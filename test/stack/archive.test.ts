import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { unpackZip } from '../../local/lambda/zip.ts';
import { addToArchive, createArchive } from '../../stack/archive.ts';

const code = Buffer.from('export const handler = () => "ünïcode";\n'.repeat(50));
const archive = () =>
  createArchive([
    { name: 'functions/sweep/handler.mjs', content: code },
    { name: 'functions/sweep/handler.logs.mjs', content: Buffer.from('export {};\n') },
  ]);
const withConfiguration = (text: string) =>
  addToArchive(archive(), { name: 'configuration.json', content: Buffer.from(text) });

describe('an archive of a function', () => {
  let directory = '';
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'fairway-test-archive-'));
  });
  afterAll(() => rm(directory, { recursive: true }));

  async function unpacked(zip: Buffer) {
    const path = join(directory, `${createHash('sha256').update(zip).digest('hex')}.zip`);
    await writeFile(path, zip);
    await unpackZip(path, `${path}.d`);
    return (file: string) => readFile(join(`${path}.d`, file), 'utf8');
  }

  it('has the code and the configuration that was added', async () => {
    const read = await unpacked(withConfiguration('{"apps":[]}'));
    expect(await read('functions/sweep/handler.mjs')).toBe(code.toString());
    expect(await read('functions/sweep/handler.logs.mjs')).toBe('export {};\n');
    expect(await read('configuration.json')).toBe('{"apps":[]}');
  });

  it('has the same bytes for the same input, whatever the time', () => {
    expect(withConfiguration('{}').equals(withConfiguration('{}'))).toBe(true);
    expect(withConfiguration('{}').equals(withConfiguration('{ }'))).toBe(false);
  });

  it('keeps the bytes of the code when a configuration is added', () => {
    const [before, after] = [archive(), withConfiguration('{}')];
    const packed = before.subarray(0, before.readUInt32LE(before.length - 6));
    expect(after.subarray(0, packed.length).equals(packed)).toBe(true);
  });

  it('lets everyone read the files, as Lambda requires', () => {
    const zip = withConfiguration('{}');
    const directoryAt = zip.readUInt32LE(zip.length - 6);
    expect(zip.toString('latin1', directoryAt, directoryAt + 4)).toBe('PK\x01\x02');
    expect(zip.readUInt32LE(directoryAt + 38) >>> 16).toBe(0o100644);
  });

  it('is not made of what is no archive', () => {
    expect(() => addToArchive(Buffer.alloc(40), { name: 'a', content: code })).toThrow(
      'failed to add a: not an archive',
    );
  });
});
