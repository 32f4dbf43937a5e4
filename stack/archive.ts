import { crc32, deflateRawSync } from 'node:zlib';

export interface Entry {
  /** Path in the archive: "functions/sweep/handler.mjs". */
  readonly name: string;
  readonly content: Uint8Array;
}

const STORED = 0;
const DEFLATED = 8;
const VERSION = 20;
/** PKWARE APPNOTE 4.4.2: made on Unix, so that the mode below counts. */
const MADE_ON_UNIX = (3 << 8) | VERSION;
/** A regular file that everyone may read, as Lambda requires. */
const MODE = 0o100644;
/** 1 January 1980: the time must not change the bytes. */
const DATE = (1 << 5) | 1;
const UTF8_NAMES = 1 << 11;
const END_SIZE = 22;

/** An archive with these files. The compressed bytes depend on zlib's version. */
export function createArchive(entries: readonly Entry[]): Buffer {
  return entries.reduce((archive, entry) => withEntry(archive, entry, DEFLATED), emptyArchive());
}

/**
 * The archive with another file at its end. The other files' bytes stay as they are, and the new one is not
 * compressed: the same input gives the same bytes with every version of Node.js.
 */
export function addToArchive(archive: Buffer, entry: Entry): Buffer {
  return withEntry(archive, entry, STORED);
}

function emptyArchive(): Buffer {
  const end = Buffer.alloc(END_SIZE);
  end.write('PK\x05\x06', 'latin1');
  return end;
}

function withEntry(archive: Buffer, { name, content }: Entry, method: number): Buffer {
  const end = archive.subarray(-END_SIZE);
  if (end.toString('latin1', 0, 4) !== 'PK\x05\x06') throw new Error(`failed to add ${name}: not an archive`);
  const at = end.readUInt32LE(16);
  const packed = method === DEFLATED ? deflateRawSync(content, { level: 9 }) : content;
  const path = Buffer.from(name);
  const common = commonHeader({ method, path, content, packed });
  const local = Buffer.concat([Buffer.from('PK\x03\x04', 'latin1'), common, path, packed]);
  const directory = Buffer.concat([archive.subarray(at, -END_SIZE), directoryEntry(common, path, at)]);
  return Buffer.concat([
    archive.subarray(0, at),
    local,
    directory,
    endOf(end.readUInt16LE(10) + 1, directory.length, at + local.length),
  ]);
}

interface Packed {
  readonly method: number;
  readonly path: Buffer;
  readonly content: Uint8Array;
  readonly packed: Uint8Array;
}

/** What a file's header and its entry in the directory have in common. */
function commonHeader({ method, path, content, packed }: Packed): Buffer {
  const common = Buffer.alloc(26);
  common.writeUInt16LE(VERSION, 0);
  common.writeUInt16LE(UTF8_NAMES, 2);
  common.writeUInt16LE(method, 4);
  common.writeUInt16LE(DATE, 8);
  common.writeUInt32LE(crc32(content), 10);
  common.writeUInt32LE(packed.length, 14);
  common.writeUInt32LE(content.length, 18);
  common.writeUInt16LE(path.length, 22);
  return common;
}

function directoryEntry(common: Buffer, path: Buffer, offset: number): Buffer {
  const head = Buffer.from('PK\x01\x02\0\0', 'latin1');
  head.writeUInt16LE(MADE_ON_UNIX, 4);
  const tail = Buffer.alloc(14);
  tail.writeUInt32LE(MODE * 0x10000, 6);
  tail.writeUInt32LE(offset, 10);
  return Buffer.concat([head, common, tail, path]);
}

function endOf(count: number, size: number, offset: number): Buffer {
  const end = emptyArchive();
  end.writeUInt16LE(count, 8);
  end.writeUInt16LE(count, 10);
  end.writeUInt32LE(size, 12);
  end.writeUInt32LE(offset, 16);
  return end;
}
