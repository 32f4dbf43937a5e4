import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join, normalize, sep } from 'node:path';
import { inflateRawSync } from 'node:zlib';

interface Entry {
  readonly path: string;
  readonly content: Buffer;
}

const END_OF_DIRECTORY = 0x06054b50;
const DIRECTORY_ENTRY = 0x02014b50;
const STORED = 0;
const DEFLATED = 8;

/** Unpacks a zip file into a directory. Throws for encrypted and ZIP64 archives, and for paths outside the directory. */
export async function unpackZip(zipPath: string, directory: string): Promise<void> {
  const zip = await readFile(zipPath);
  for (const { path, content } of readEntries(zip, zipPath)) {
    const target = normalize(join(directory, path));
    if (!target.startsWith(directory + sep))
      throw new Error(`failed to unpack ${zipPath}: ${path} leaves the archive`);
    await mkdir(dirname(target), { recursive: true });
    await writeFile(target, content);
  }
}

/** Reads the central directory, since the local headers may have no sizes (PKWARE APPNOTE 4.3). */
function readEntries(zip: Buffer, zipPath: string): readonly Entry[] {
  const end = zip.lastIndexOf(Buffer.from([0x50, 0x4b, 0x05, 0x06]));
  if (end < 0 || zip.readUInt32LE(end) !== END_OF_DIRECTORY) {
    throw new Error(`failed to unpack ${zipPath}: not a zip file`);
  }
  const entries: Entry[] = [];
  let at = zip.readUInt32LE(end + 16);
  for (let count = zip.readUInt16LE(end + 10); count > 0; count -= 1) {
    if (at + 46 > zip.length || zip.readUInt32LE(at) !== DIRECTORY_ENTRY) {
      throw new Error(`failed to unpack ${zipPath}: its directory is damaged`);
    }
    const pathLength = zip.readUInt16LE(at + 28);
    const path = zip.toString('utf8', at + 46, at + 46 + pathLength);
    if (!path.endsWith('/')) entries.push({ path, content: readContent(zip, at, path, zipPath) });
    at += 46 + pathLength + zip.readUInt16LE(at + 30) + zip.readUInt16LE(at + 32);
  }
  return entries;
}

function readContent(zip: Buffer, at: number, path: string, zipPath: string): Buffer {
  const method = zip.readUInt16LE(at + 10);
  const size = zip.readUInt32LE(at + 20);
  const local = zip.readUInt32LE(at + 42);
  const start = local + 30 + zip.readUInt16LE(local + 26) + zip.readUInt16LE(local + 28);
  const packed = zip.subarray(start, start + size);
  if (method === STORED) return packed;
  if (method === DEFLATED) return inflateRawSync(packed);
  throw new Error(`failed to unpack ${zipPath}: ${path} is packed by method ${method}`);
}
